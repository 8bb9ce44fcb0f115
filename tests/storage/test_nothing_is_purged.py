"""Nothing is purged: every record outlives its lot's expiry and five years (疫苗管理法 art. 46)."""

import ast
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlcipher3.dbapi2 import IntegrityError

from app.storage import immunizations
from tests.factories import SmallSite
from tests.workflows.copied_site import CopiedSite

APP = Path(__file__).parents[2] / "app"
REPLACED = {
    "site", "needle_vial", "check_mark", "observation", "search_term", "search_term_before", "receipt",
    "receipt_run", "shift",
    "same_person", "field_review", "pair_review", "put_aside", "planned_dose", "",
}  # fmt: skip
"""Tables a later event takes a row out of; the event before stays in the journal. Empty: every table, by a
rebuild that fills it again in the same transaction. ``receipt`` became ``receipt_run``."""
OF_THIS_MACHINE = {"credential", "seal", "count_begun", "count_line", "count_pack", "unfit_entry"}
"""What is no record: how somebody signs in here, a seal that a later one covers, a count still under way,
what the centre said of an entry."""
RECORDS = ("journal", "carried", "feed_page")


def deletions() -> Iterator[str]:
    """Yield the table of every SQL text of the program that deletes or drops."""
    for text in (path.read_text("utf-8") for path in APP.rglob("*.py")):
        if not any(verb in text.lower() for verb in ("delete", "drop")):
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                words = " ".join(node.value.lower().split())
                for verb in ("delete from", "drop table"):
                    for rest in words.split(verb)[1:]:
                        yield (rest.split() or [""])[0]


def test_the_program_deletes_no_record_of_what_was_done() -> None:
    assert set(deletions()) == REPLACED | OF_THIS_MACHINE


@pytest.mark.parametrize("statement", ["delete from journal", "update journal set data = x'00'"])
def test_the_journal_refuses_to_lose_or_change_an_entry(statement: str, small_site: SmallSite) -> None:
    with pytest.raises(IntegrityError):
        small_site.store.write(lambda transaction: transaction.db.execute(statement))


def test_every_record_of_others_and_every_carried_one_is_guarded_too(small_site: SmallSite) -> None:
    guarded = small_site.desk.read().execute(
        "select tbl_name from sqlite_master where type = 'trigger' and sql like '%before delete%raise(abort%'"
    )
    assert {table for (table,) in guarded} >= set(RECORDS)


def test_a_dose_is_still_there_long_after_its_lot_has_expired(tmp_path: Path) -> None:
    site = CopiedSite(tmp_path)
    dose = site.vaccinated()
    site.clock.jump(timedelta(days=20 * 365))
    site.close()
    site = CopiedSite(tmp_path, clock=site.clock, seed=3)
    history = immunizations.history_of(site.desk.read(), dose["patient_id"])
    assert [given["immunization_id"] for given in history] == [dose["immunization_id"]]
    site.close()
