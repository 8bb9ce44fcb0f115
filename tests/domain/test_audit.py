"""The audit trail holds together, and a minor's record needs a reason (SEC-5, SEC-6)."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.audit import (
    ASKED,
    GENESIS,
    Access,
    AuditBroken,
    AuditRecord,
    Line,
    Purpose,
    ReasonTooShort,
    check_purpose,
    link,
    reason_is_asked,
    verify_trail,
)

TODAY = date(2026, 11, 1)

lines = st.builds(
    Line,
    at=st.just("2026-11-01T01:00:00Z"),
    staff_id=st.sampled_from(["u-1", "u-2"]),
    desk=st.just("接种台 1"),
    access=st.sampled_from(Access),
    patient_id=st.none() | st.sampled_from(["p-1", "p-2"]),
    purpose=st.none() | st.sampled_from(Purpose),
    words=st.text(max_size=8),
    source=st.text(max_size=8),
)


def trail_of(written: list[Line]) -> list[AuditRecord]:
    head, trail = GENESIS, []
    for seq, line in enumerate(written, 1):
        head = link(head, seq, line)
        trail.append(AuditRecord(seq, line, head))
    return trail


@given(st.lists(lines, max_size=6))
def test_what_was_written_stands(written: list[Line]) -> None:
    trail = trail_of(written)
    assert verify_trail(trail, {record.seq: record.hash for record in trail}) == len(written)


@given(st.lists(lines, min_size=1, max_size=6), st.data())
def test_a_changed_line_is_found_where_it_stands(written: list[Line], data: st.DataObject) -> None:
    trail = trail_of(written)
    place = data.draw(st.integers(0, len(trail) - 1))
    other = data.draw(lines.filter(lambda line: line != written[place]))
    trail[place] = replace(trail[place], line=other)
    with pytest.raises(AuditBroken) as caught:
        verify_trail(trail, {})
    assert caught.value.seq == place + 1


@given(st.lists(lines, min_size=2, max_size=6), st.data())
def test_a_line_taken_out_of_the_middle_is_found(written: list[Line], data: st.DataObject) -> None:
    trail = trail_of(written)
    place = data.draw(st.integers(0, len(trail) - 2))
    del trail[place]
    with pytest.raises(AuditBroken):
        verify_trail(trail, {})


@given(st.lists(lines, min_size=1, max_size=6))
def test_a_trail_cut_short_or_written_anew_is_not_the_one_sealed(written: list[Line]) -> None:
    trail = trail_of(written)
    sealed = {trail[-1].seq: trail[-1].hash}
    with pytest.raises(AuditBroken):
        verify_trail(trail[:-1], sealed)
    changed = [replace(line, staff_id="u-9") for line in written]
    with pytest.raises(AuditBroken):
        verify_trail(trail_of(changed), sealed)


@pytest.mark.parametrize(
    ("birth_on", "visit_open", "asked"),
    [
        (date(2020, 1, 1), False, True),
        (date(2020, 1, 1), True, False),
        (date(2008, 11, 2), False, True),
        (date(2008, 11, 1), False, False),
    ],
)
def test_a_reason_is_asked_for_a_minor_outside_a_visit(birth_on: date, visit_open: bool, asked: bool) -> None:
    assert reason_is_asked(birth_on, TODAY, visit_open=visit_open) is asked


def test_a_reason_of_ones_own_needs_words() -> None:
    for purpose in ASKED:
        if purpose is not Purpose.OTHER:
            check_purpose(purpose, "")
    check_purpose(Purpose.OTHER, "家长报警求助")
    for words in ("", "   ", "看看"):
        with pytest.raises(ReasonTooShort):
            check_purpose(Purpose.OTHER, words)
