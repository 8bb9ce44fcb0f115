"""What may be a password or a PIN, and how waits grow (SEC-2)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.passwords import (
    FIRST_WAIT,
    FREE_TRIES,
    LONGEST_WAIT,
    PasswordNamesOwner,
    PasswordTooPlain,
    PasswordTooShort,
    PinTooPlain,
    check_new_password,
    check_new_pin,
    elapsed,
    wait_after,
)
from app.domain.refusals import Refusal
from app.practice.facts import PASSWORD

OWNER = ("周敏", "zhoumin")


@pytest.mark.parametrize("password", [PASSWORD, "Yunxi2026", "杨柳青青江水平A1", "aB3$efgh"])
def test_a_good_password_passes(password: str) -> None:
    check_new_password(password, OWNER)


@pytest.mark.parametrize(
    ("password", "refusal"),
    [
        ("aB3$efg", PasswordTooShort),
        ("", PasswordTooShort),
        ("abcdefgh1", PasswordTooPlain),
        ("12345678", PasswordTooPlain),
        ("aA1aA1aA1", PasswordTooPlain),
        ("ZhouMin-2026", PasswordNamesOwner),
        ("我是周敏-aB3x", PasswordNamesOwner),
    ],
)
def test_a_bad_password_is_refused_by_what_is_bad(password: str, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        check_new_password(password, OWNER)


@pytest.mark.parametrize("pin", ["204817", "00112233", "909091"])
def test_a_good_pin_passes(pin: str) -> None:
    check_new_pin(pin)


@pytest.mark.parametrize(
    "pin", ["", "20481", "111111", "123456", "87654321", "20481a", "２０４８１７", "-20481"]
)
def test_a_bad_pin_is_refused(pin: str) -> None:
    with pytest.raises(PinTooPlain):
        check_new_pin(pin)


def test_waits_begin_after_five_and_double_to_half_an_hour() -> None:
    waits = [wait_after(failures).total_seconds() / 60 for failures in range(FREE_TRIES - 1, FREE_TRIES + 8)]
    assert waits == [0, 1, 2, 4, 8, 16, 30, 30, 30]


@given(st.integers(0, 10_000))
def test_a_wait_never_shrinks_and_never_ends_the_day(failures: int) -> None:
    assert wait_after(failures) <= wait_after(failures + 1) <= LONGEST_WAIT
    assert failures < FREE_TRIES or wait_after(failures) >= FIRST_WAIT


SECONDS = st.floats(0, 10**7)


@given(SECONDS, SECONDS, SECONDS)
def test_no_restart_makes_more_time_go_by_than_did(booted: float, ran: float, since_boot: float) -> None:
    """Down for ``booted`` seconds between the two readings."""
    assert elapsed(ran, since_boot) <= booted + since_boot
    assert elapsed(ran, ran + since_boot) == pytest.approx(since_boot, abs=1e-6)
