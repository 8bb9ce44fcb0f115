"""An audit trail taken out as a file: it reads back as it was, any change shows (SEC-4)."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.documents.audit_file import AuditMark, audit_csv, read_audit_csv
from app.domain.audit import (
    GENESIS,
    Access,
    AuditFileBroken,
    AuditFileUnreadable,
    AuditRecord,
    Line,
    Purpose,
    link,
)
from app.ui.texts.audit import ACCESSES

KEY = bytes(range(32))
MARK = AuditMark("云溪镇卫生院", "钟审言（u-zhongshenyan）", "2026-11-23T01:00:00.000Z", "督导检查")

words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12) | st.sampled_from(
    ["=1+1", "'", "-1", "a,b", 'a"b', "两\n行", "@x", "'=1"]
)
lines = st.builds(
    Line,
    at=st.just("2026-11-23T01:00:00.000Z"),
    staff_id=st.sampled_from(["u-zhoumin", "u-suwanqing"]),
    desk=words,
    access=st.sampled_from(Access),
    patient_id=st.none() | st.just("0190a0b0-0000-7000-8000-000000000001"),
    purpose=st.none() | st.sampled_from(Purpose),
    words=words,
    source=words,
    second_id=st.sampled_from(["", "u-suwanqing"]),
)


def chained(found: list[Line], first: int = 1, before: bytes = GENESIS) -> list[AuditRecord]:
    records = []
    for seq, line in enumerate(found, start=first):
        before = link(before, seq, line)
        records.append(AuditRecord(seq, line, before))
    return records


def written(found: list[Line], first: int = 1, before: bytes = GENESIS) -> bytes:
    return audit_csv(MARK, before, chained(found, first, before), KEY, {"u-zhoumin": "周敏"}, ACCESSES)


@given(st.lists(lines, max_size=5), st.integers(1, 10_000), st.binary(min_size=32, max_size=32), words)
@settings(max_examples=60)
def test_a_run_of_the_trail_comes_back_as_it_was(
    found: list[Line], first: int, before: bytes, why: str
) -> None:
    mark = AuditMark(MARK.site_name, MARK.taken_by, MARK.taken_at, why)
    records = chained(found, first, before)
    content = audit_csv(mark, before, records, KEY, {}, ACCESSES)
    read = read_audit_csv(content)
    assert (read.mark, read.before, list(read.records)) == (mark, before, records)


THREE = [
    Line("2026-11-23T01:00:00.000Z", "u-zhoumin", "接种台 1", Access.READ, words=said)
    for said in ("一", "二", "=三")
]


@given(st.data())
def test_one_character_changed_anywhere_shows(data: st.DataObject) -> None:
    text = written(THREE).decode("utf-8-sig")
    place = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.sampled_from("0a周,'").filter(lambda new: new != text[place]))
    with pytest.raises((AuditFileBroken, AuditFileUnreadable)):
        read_audit_csv((text[:place] + other + text[place + 1 :]).encode())


def test_a_line_taken_out_is_named(audit_lines: list[str]) -> None:
    header = next(place for place, line in enumerate(audit_lines) if line.startswith("序号"))
    with pytest.raises(AuditFileBroken) as caught:
        read_audit_csv("\n".join(audit_lines[: header + 2] + audit_lines[header + 3 :]).encode())
    assert caught.value.seq == 2


@pytest.fixture
def audit_lines() -> list[str]:
    return written(THREE).decode("utf-8-sig").split("\n")


def test_who_rewrites_the_whole_chain_has_no_signature_for_it() -> None:
    """Every hash after the change can be made anew; the device's word on the last one cannot."""
    honest = written(THREE).decode("utf-8-sig").partition("\n\n")
    forged = written([THREE[0], THREE[2]]).decode("utf-8-sig").partition("\n\n")
    with pytest.raises(AuditFileBroken):
        read_audit_csv((honest[0] + "\n\n" + forged[2]).encode())


def test_who_took_it_out_cannot_be_another() -> None:
    text = written(THREE).decode("utf-8-sig").replace("钟审言（u-zhongshenyan）", "周敏（u-zhoumin）")
    with pytest.raises(AuditFileBroken) as caught:
        read_audit_csv(text.encode())
    assert caught.value.seq == 0


def test_no_cell_is_a_formula() -> None:
    rows = csv.reader(io.StringIO(written(THREE).decode("utf-8-sig")))
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", "姓名,电话\n\n1,2".encode(), b"PK\x03\x04"])
def test_another_file_is_no_trail(content: bytes) -> None:
    with pytest.raises(AuditFileUnreadable):
        read_audit_csv(content)
