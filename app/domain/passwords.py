"""What a password and a PIN must be, how long a password stands, and how long one waits after wrong ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from app.domain.ids import Randomness
from app.domain.refusals import Refusal

LEAST_LENGTH = 8
LEAST_KINDS = 3
"""Of lower case, upper case, digits and others (等保三级: complexity)."""
HISTORY = 5
"""The password in use and four before it are not taken again."""
LEAST_PIN = 6
WARNED_DAYS = 7
"""How long before its end the owner is told that a password runs out."""
FREE_TRIES, FREE_TRIES_OF_ALL = 5, 20
"""How many wrong passwords in a row cost nothing but the try: of one person, of everybody at this machine."""
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(minutes=30)
_LETTERS = "abdefhkmnrtx"
PIN_TRIES = 3
"""So many wrong PINs and only the password opens."""


@dataclass(unsafe_hash=True)
class PasswordTooShort(Refusal):
    """A password of fewer characters than needed."""

    least: int


@dataclass(unsafe_hash=True)
class PasswordTooPlain(Refusal):
    """Too few kinds of characters, or hardly any different ones."""

    kinds: int


@dataclass(unsafe_hash=True)
class PasswordNamesOwner(Refusal):
    """The password holds the owner's own name or account."""


@dataclass(unsafe_hash=True)
class PasswordsDiffer(Refusal):
    """The new password was typed in two ways."""


@dataclass(unsafe_hash=True)
class PasswordUsedBefore(Refusal):
    """One of the owner's last passwords."""

    last: int


@dataclass(unsafe_hash=True)
class PinTooPlain(Refusal):
    """A PIN that is too short, no number, one digit repeated or a run of digits."""

    least: int


@dataclass(unsafe_hash=True)
class TooManyTries(Refusal):
    """After several wrong passwords no other is tried for a while, whatever it is."""

    seconds: int


def check_alike(password: str, again: str) -> None:
    """Pass a password typed twice alike; raises PasswordsDiffer."""
    if password != again:
        raise PasswordsDiffer()


def check_new_password(password: str, owned_by: Sequence[str]) -> None:
    """Pass a password that may be taken (SEC-2); ``owned_by``: name and account it must not hold.

    Raises PasswordTooShort, PasswordTooPlain or PasswordNamesOwner.
    """
    if len(password) < LEAST_LENGTH:
        raise PasswordTooShort(LEAST_LENGTH)
    kinds = {_kind(character) for character in password}
    if len(kinds) < LEAST_KINDS or len(set(password)) < LEAST_LENGTH // 2:
        raise PasswordTooPlain(LEAST_KINDS)
    folded = password.casefold()
    if any(len(word) > 1 and word.casefold() in folded for word in owned_by):
        raise PasswordNamesOwner()


def first_password(random: Randomness) -> str:
    """Return a password to be handed over on paper or by word: no letter is taken for another."""
    picked = [_LETTERS[byte % len(_LETTERS)] for byte in random(6)]
    digits = "".join(str(2 + byte % 8) for byte in random(6))
    return f"{''.join(picked[:3]).upper()}{''.join(picked[3:])}-{digits}"


def check_new_pin(pin: str) -> None:
    """Pass a PIN that may be taken; raises PinTooPlain."""
    digits = [int(digit) for digit in pin if digit in "0123456789"]
    steps = {after - before for before, after in pairwise(digits)}
    is_run = len(steps) == 1 and steps <= {-1, 0, 1}
    if len(digits) < LEAST_PIN or len(digits) != len(pin) or is_run:
        raise PinTooPlain(LEAST_PIN)


def wait_after(failures: int, free: int = FREE_TRIES) -> timedelta:
    """Return how long one waits after so many wrong passwords in a row: nothing, then doubling."""
    if failures < free:
        return timedelta()
    doublings = min(failures - free, 10)
    return min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)


def elapsed(since: float, now: float) -> float:
    """Return how many seconds have certainly gone by between two readings of a machine's running time.

    The running time begins anew when the machine starts, so a smaller reading tells of a restart: then only
    what has run since counts. The wall clock, which people may set, has no say.
    """
    return now - since if now >= since else now


def days_left(changed_on: date, today: date, days: int) -> int:
    """Return how many days a password still stands; negative once it must be changed."""
    return (changed_on + timedelta(days=days) - today).days


def _kind(character: str) -> str:
    if character.islower():
        return "lower"
    if character.isupper():
        return "upper"
    return "digit" if character.isdigit() else "other"
