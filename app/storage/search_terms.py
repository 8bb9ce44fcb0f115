"""What people are found by in the search box: their terms, in the order in which they are looked up.

An id stands in sixteen bytes beside a term, not in the 36 letters it has elsewhere: a person has seven terms
and more, and half of the tree would be ids.
"""

import json
from collections.abc import Sequence
from uuid import UUID

from sqlite_utils import Database

from app.domain.identity import half_width
from app.domain.journal import Json
from app.storage.connecting import LOG_PAGES, LONG_LOG_PAGES, bound_log
from app.storage.local import get_setting, put_setting

_COMPACT = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":"))
_NEVER_TYPED = str.maketrans("", "", " -·•．‧・")

LAST = "\U0010ffff"
"""Behind every letter."""
MANY = 1_000
"""The terms of so many who come at once are put in order together with those of the next."""
MOST_PUT_OFF = 50_000
"""A second of the one writer, and 40 MB."""
_FROM = "search.put_off_from"
"""The setting that remembers the first of those who cannot be found yet, by the number of the row."""


def folded(typed: str) -> str:
    """Return what was typed as it stands in the index: half-width, lower case, no blanks, dots or hyphens."""
    if typed.isascii() and typed.isalnum():
        return typed.lower()
    return half_width(typed).lower().translate(_NEVER_TYPED)


def terms_of(body: Json) -> str:
    """Return every reading of the name, the phone and the tails of the numbers, as a JSON array.

    The birth date and the whole document number are looked up where they stand, in the record itself.
    """
    number, phone = str(body["document_number"]).lower(), folded(str(body["phone"]))
    terms = {
        folded(str(body["name"])), number[-4:], number[-6:], phone[-4:], phone, *body.get("readings", ()),
    }  # fmt: skip
    return _COMPACT.encode(sorted(terms - {"", number, str(body["birth_on"]).replace("-", "")}))


def put(db: Database, ids: Sequence[str]) -> None:
    """Let people be found by their terms; one statement, for hundreds come at once."""
    db.execute(
        """insert or ignore into search_term select term.value, unhex(patient_id, '-')
        from json_each(?) as who cross join patient on patient_id = who.value
        cross join json_each(terms) as term order by 1, 2""",
        [json.dumps(ids)],
    )


def take_back(db: Database, patient_id: str) -> None:
    """Let somebody no longer be found by the terms of the record as it stands."""
    db.execute(
        """delete from search_term where patient_id = unhex(?1, '-') and term in
        (select value from json_each((select terms from patient where patient_id = ?1)))""",
        [patient_id],
    )


def find(db: Database, term: str, limit: int) -> list[str]:
    """Return the ids of people by the terms that begin so, in the order of the terms; one may come twice.

    The limit stands in the statement: for a bound one SQLite plans anew at every letter.
    """
    rows = db.execute(
        f"select patient_id from search_term where term >= ? and term < ? order by term limit {limit}",
        [term, term + LAST],
    )
    return [str(UUID(bytes=patient_id)) for (patient_id,) in rows.fetchall()]


def put_off(db: Database, coming: int) -> bool:
    """Return whether the terms of people about to be added are left to ``catch_up``.

    Terms are chance to the tree they stand in: a page of people touches every leaf of it, and each is
    encrypted and written again. In their order those of many pages cost what those of one do.
    """
    if coming < MANY:
        return False
    (following,) = db.execute("select coalesce(max(rowid), 0) + 1 from patient").fetchone()
    first = _first_put_off(db)
    if first is not None and following - first >= MOST_PUT_OFF:
        catch_up(db)
        first = None
    if first is None:
        put_setting(db, _FROM, str(following))
    bound_log(db, LONG_LOG_PAGES)  # each time: the program may have begun anew since the first
    return True


def is_put_off(db: Database) -> bool:
    """Return whether anybody waits for ``catch_up``."""
    return _first_put_off(db) is not None


def catch_up(db: Database) -> None:
    """Let those be found whose terms were put off; of some amended since, the terms as they stand now."""
    first = _first_put_off(db)
    if first is None:
        return
    db.execute(
        """insert or ignore into search_term select term.value, unhex(patient_id, '-') from patient
        cross join json_each(terms) as term where patient.rowid >= ? order by 1, 2""",
        [first],
    )
    forget_put_off(db)


def forget_put_off(db: Database) -> None:
    """Say that nobody waits: all are found, or there are no people."""
    put_setting(db, _FROM, "")
    bound_log(db, LOG_PAGES)


def _first_put_off(db: Database) -> int | None:
    told = get_setting(db, _FROM)
    return int(told) if told else None
