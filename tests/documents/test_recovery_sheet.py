"""The sheet of the recovery key says all eight groups and what to do with them, and names nobody (SEC-3)."""

from datetime import UTC, datetime

from app.documents.recovery_sheet import RULES, RecoverySheet, recovery_pdf
from app.domain.recovery_key import read, written
from tests.documents.rendering import text

KEY = bytes(range(20))
SHEET = RecoverySheet("云溪镇卫生院", written(KEY), datetime(2026, 11, 23, 1, 0, tzinfo=UTC))


def test_what_is_printed_is_the_key_and_how_to_keep_it() -> None:
    words = text(recovery_pdf(SHEET))
    packed = "".join(words.split())
    assert [group for group in SHEET.groups if group not in packed] == []
    assert read(" ".join(SHEET.groups)) == KEY
    assert "2026-11-2309:00" in packed
    for rule in RULES:
        assert rule.replace(" ", "") in packed


def test_neither_key_nor_site_stands_in_the_title() -> None:
    assert b"/Title (recovery-key)" in recovery_pdf(SHEET)


def test_a_practice_sheet_says_so() -> None:
    assert "练习点" in text(recovery_pdf(RecoverySheet("练习", SHEET.groups, SHEET.made_at, practice=True)))
