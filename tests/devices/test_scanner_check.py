"""One code told from what a scanner makes of it: each setting that is wrong is named, no other is."""

import pytest

from app.devices.scanner_check import CHECK_TEXT, Outcome, Point, check_scan

HEAD, TAIL = CHECK_TEXT.split("\x1d")


def wrong(text: str, *, ended: bool = True, fast: bool = True) -> dict[Point, Outcome]:
    check = check_scan(text, ended=ended, fast=fast)
    assert check is not None
    assert set(check.outcomes) == set(Point)
    return {point: outcome for point, outcome in check.outcomes.items() if outcome is not Outcome.RIGHT}


@pytest.mark.parametrize("aim_id", ["", "]d2"])
def test_a_scanner_that_is_set_up_well_passes(aim_id: str) -> None:
    check = check_scan(aim_id + CHECK_TEXT)
    assert check is not None
    assert check.is_right


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        (HEAD + TAIL, {Point.SEPARATOR: Outcome.WRONG}),
        (f"{HEAD}|{TAIL}", {Point.SEPARATOR: Outcome.REPLACED}),
        (f"{HEAD}<GS>{TAIL}", {Point.SEPARATOR: Outcome.REPLACED}),
        (HEAD, {Point.SEPARATOR: Outcome.BREAKS}),
        (TAIL, {Point.SEPARATOR: Outcome.BREAKS}),
        (CHECK_TEXT.upper(), {Point.CASE: Outcome.WRONG}),
        (CHECK_TEXT.swapcase(), {Point.CASE: Outcome.WRONG}),
        ((HEAD + TAIL).lower(), {Point.SEPARATOR: Outcome.WRONG, Point.CASE: Outcome.WRONG}),
    ],
)
def test_what_became_of_the_text_is_told(text: str, faults: dict[Point, Outcome]) -> None:
    assert wrong(text) == faults


def test_line_end_and_speed_are_told_by_themselves() -> None:
    assert wrong(CHECK_TEXT, ended=False) == {Point.LINE_END: Outcome.WRONG}
    assert wrong(CHECK_TEXT, fast=False) == {Point.SPEED: Outcome.WRONG}
    assert wrong(HEAD, ended=False)[Point.LINE_END] is Outcome.UNKNOWN


@pytest.mark.parametrize("text", ["", "81234567890123456789", HEAD[:-1], CHECK_TEXT + "1", "VXT1:ZZZZZZZZZZ"])
def test_any_other_code_tells_nothing(text: str) -> None:
    assert check_scan(text) is None
