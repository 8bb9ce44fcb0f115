"""Operators' passwords, the pause after wrong ones, and sessions that end (SEC-2)."""

import threading
from datetime import timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.database import Database, open_database
from server.operator import accounts
from server.operator.accounts import (
    FREE_FAILURES,
    IDLE,
    LONGEST_PAUSE_S,
    SHIFT,
    OperatorNameUnfit,
    OperatorUnknown,
    PasswordUnfit,
    SignInTooSoon,
    SignInWrong,
    add_operator,
    find_operator,
    pause_s,
    set_password,
    sign_in,
    withdraw_operator,
)
from server.operator.acts import list_acts
from tests.clocks import ManualClock
from tests.server.operator.visitor import NAME, PASSWORD, put_operator

NOW = ManualClock().now()
RANDOM = Random(5).randbytes
OTHER = "another long password"


@pytest.fixture
def known(database: Database) -> Database:
    put_operator(database)
    return database


def test_of_a_password_only_its_argon2id_hash_is_kept(known: Database) -> None:
    set_password(known, NAME, PASSWORD, NAME, NOW, RANDOM)
    rows = known.execute("select password_hash from operator").fetchall()
    assert [row[0].split("$")[1] for row in rows] == ["argon2id"]
    assert PASSWORD not in rows[0][0]


def test_the_right_password_begins_a_session_of_which_only_a_hash_is_kept(known: Database) -> None:
    secret = sign_in(known, NAME, PASSWORD, NOW, RANDOM)
    assert find_operator(known, secret, NOW) == NAME
    assert find_operator(known, secret + "X", NOW) is None
    row = known.execute("select token_hash from operator_session").fetchone()
    assert row is not None
    assert secret.encode() not in row[0]


@pytest.mark.parametrize(("name", "password"), [(NAME, OTHER), ("nobody", PASSWORD), ("", "")])
def test_a_wrong_name_and_a_wrong_password_are_refused_alike(
    known: Database, name: str, password: str
) -> None:
    with pytest.raises(SignInWrong):
        sign_in(known, name, password, NOW, RANDOM)


def test_a_session_ends_after_half_an_hour_without_a_request_and_after_a_shift(known: Database) -> None:
    secret = sign_in(known, NAME, PASSWORD, NOW, RANDOM)
    at = NOW
    while at + IDLE < NOW + SHIFT:
        at += IDLE - timedelta(seconds=1)
        assert find_operator(known, secret, at) == NAME
    assert find_operator(known, secret, NOW + SHIFT) is None
    known.execute("update operator_session set began_at = %s, seen_at = %s", (NOW, NOW))
    assert find_operator(known, secret, NOW + IDLE) is None


def test_a_withdrawn_operator_is_out_at_once_and_the_name_is_not_reused(known: Database) -> None:
    secret = sign_in(known, NAME, PASSWORD, NOW, RANDOM)
    withdraw_operator(known, NAME, "test", NOW, RANDOM)
    assert find_operator(known, secret, NOW) is None
    with pytest.raises(SignInWrong):
        sign_in(known, NAME, PASSWORD, NOW, RANDOM)
    with pytest.raises(OperatorNameUnfit):
        add_operator(known, NAME, PASSWORD, "test", NOW, RANDOM)
    with pytest.raises(OperatorUnknown):
        withdraw_operator(known, NAME, "test", NOW, RANDOM)


def test_another_password_ends_every_session_and_the_old_one_is_wrong(known: Database) -> None:
    secret = sign_in(known, NAME, PASSWORD, NOW, RANDOM)
    set_password(known, NAME, OTHER, NAME, NOW, RANDOM)
    assert find_operator(known, secret, NOW) is None
    with pytest.raises(SignInWrong):
        sign_in(known, NAME, PASSWORD, NOW, RANDOM)
    assert find_operator(known, sign_in(known, NAME, OTHER, NOW, RANDOM), NOW) == NAME


@pytest.mark.parametrize("password", ["", "short", "x" * 257, f"{NAME} and some more"])
def test_an_unfit_password_changes_nothing(known: Database, password: str) -> None:
    with pytest.raises(PasswordUnfit):
        set_password(known, NAME, password, NAME, NOW, RANDOM)
    sign_in(known, NAME, PASSWORD, NOW, RANDOM)


@pytest.mark.parametrize("name", ["", " x", "x" * 41, "a\nb", NAME])
def test_an_unfit_name_makes_no_operator(known: Database, name: str) -> None:
    with pytest.raises(OperatorNameUnfit):
        add_operator(known, name, OTHER, "test", NOW, RANDOM)


@given(st.integers(0, 2000))
def test_the_pause_grows_from_the_fourth_failure_to_a_quarter_of_an_hour(failures: int) -> None:
    pause = pause_s(failures)
    assert 0 <= pause <= LONGEST_PAUSE_S
    assert (
        pause_s(failures + 1) == LONGEST_PAUSE_S
        or pause_s(failures + 1) >= max(1, 2 * pause) > 0
        or (failures + 1 < FREE_FAILURES)
    )


def test_within_the_pause_even_the_right_password_is_not_looked_at(known: Database) -> None:
    for _ in range(FREE_FAILURES):
        with pytest.raises(SignInWrong):
            sign_in(known, NAME, OTHER, NOW, RANDOM)
    with pytest.raises(SignInTooSoon) as refused:
        sign_in(known, NAME, PASSWORD, NOW, RANDOM)
    assert refused.value.wait_s >= 1
    later = NOW + timedelta(seconds=refused.value.wait_s)
    sign_in(known, NAME, PASSWORD, later, RANDOM)
    with pytest.raises(SignInWrong):
        sign_in(known, NAME, OTHER, later, RANDOM)


def test_attempts_at_one_moment_are_counted_before_they_are_looked_at(known: Database, dsn: str) -> None:
    """Twelve at once are no twelve guesses."""
    outcomes: list[type[Exception]] = []

    def guess() -> None:
        with open_database(dsn) as database, pytest.raises((SignInWrong, SignInTooSoon)) as refused:
            accounts.check_password(database, NAME, OTHER, NOW)
        outcomes.append(refused.type)

    threads = [threading.Thread(target=guess) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count(SignInWrong) == FREE_FAILURES
    assert outcomes.count(SignInTooSoon) == 12 - FREE_FAILURES


def test_a_name_that_was_typed_is_not_kept_in_clear(known: Database) -> None:
    with pytest.raises(SignInWrong):
        sign_in(known, PASSWORD, "", NOW, RANDOM)
    kept = (
        known.execute("select * from sign_in_failure").fetchall()
        + known.execute("select * from operator_act").fetchall()
    )
    assert PASSWORD not in str(kept)
    assert len(kept) == 1


def test_every_act_stands_in_the_book(known: Database) -> None:
    add_operator(known, "second", OTHER, "test", NOW, RANDOM)
    with pytest.raises(SignInWrong):
        sign_in(known, NAME, OTHER, NOW, RANDOM)
    secret = sign_in(known, NAME, PASSWORD, NOW, RANDOM)
    accounts.sign_out(known, secret, NAME, NOW, RANDOM)
    withdraw_operator(known, NAME, "cli:root", NOW, RANDOM)
    assert sorted((act.name, act.act, act.subject) for act in list_acts(known, 10)) == sorted([
        ("test", "operator_added", "second"), (NAME, "sign_in_failed", ""), (NAME, "signed_in", ""),
        (NAME, "signed_out", ""), ("cli:root", "operator_withdrawn", NAME),
    ])  # fmt: skip
