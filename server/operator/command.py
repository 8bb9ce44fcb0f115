"""The operators by command line: ``python -m server operator add NAME --dsn postgresql://…``.

The password is asked for at a terminal, twice; elsewhere it is the first line of standard input.
"""

import argparse
import getpass
import os
import sys
from collections.abc import Sequence

import psycopg

from app.domain.refusals import Refusal
from server.database import Database, open_database
from server.migrate import migrate
from server.operator import accounts
from server.operator.texts import sentence_of
from server.web import utc_now


def main(words: Sequence[str]) -> int:
    """Do one act and return the exit code: 0 done, 1 refused."""
    parser = argparse.ArgumentParser(prog="python -m server operator", description="Operators of the centre.")
    parser.add_argument("act", choices=["add", "password", "withdraw", "list"])
    parser.add_argument("name", nargs="?", default="")
    parser.add_argument("--dsn", required=True, help="PostgreSQL 15 or later, as a libpq URI")
    options = parser.parse_args(words)
    if options.act != "list" and not options.name:
        parser.error("a name is needed")
    try:
        with open_database(options.dsn) as database:
            migrate(database, utc_now(), os.urandom)
            _act(database, options.act, options.name)
    except Refusal as refusal:
        sys.stderr.write(f"{refusal}\n{sentence_of(refusal)}\n")
        return 1
    except psycopg.OperationalError as error:
        sys.stderr.write(f"the database: {error}\n")
        return 1
    return 0


def _act(database: Database, act: str, name: str) -> None:
    by, now = f"cli:{getpass.getuser()}", utc_now()
    if act == "add":
        accounts.add_operator(database, name, _ask_password(), by, now, os.urandom)
    elif act == "password":
        accounts.set_password(database, name, _ask_password(), by, now, os.urandom)
    elif act == "withdraw":
        accounts.withdraw_operator(database, name, by, now, os.urandom)
    else:
        sys.stdout.writelines(f"{line}\n" for line in accounts.list_operators(database))


def _ask_password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass.getpass("密码: ")
    if getpass.getpass("再输一次: ") != password:
        raise accounts.PasswordUnfit
    return password
