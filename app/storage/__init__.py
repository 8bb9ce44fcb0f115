"""What the site remembers: encrypted SQLite through sqlite-utils, one file per kind of record.

The shim must stand before the first import of sqlite_utils: it makes sqlite-utils catch SQLCipher's
exceptions as its own (sync.md, *The encrypted store*).
"""

import sys

import sqlcipher3
from sqlcipher3 import dbapi2

sys.modules.setdefault("pysqlite3", sqlcipher3)
sys.modules.setdefault("pysqlite3.dbapi2", dbapi2)
