"""Tries to sign in, counted beside the key file before anybody is let in, and told to the journal afterwards.

The file is written before each try, so that pulling the plug saves nobody a wait, and sealed by a MAC under
the device secret, which a program needs no password to read. Deleting it, or editing it, costs everybody a
wait at once and is told to the journal at the next sign-in; an earlier copy put back is told as well, for the
store remembers how far the file had counted.
"""

import hmac
import json
import math
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from errno import ENOSPC, errorcode
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from app.domain.clock import Clock, instant_text
from app.domain.ids import Randomness
from app.domain.passwords import FIRST_WAIT, FREE_TRIES, FREE_TRIES_OF_ALL, TooManyTries, elapsed, wait_after
from app.domain.refusals import Refusal

FILE = "attempts.json"
VERSION = 1
MOST_PENDING = 200
"""Wrong tries told one by one; of more only the number is kept."""
_EVERYBODY = ""


@dataclass(unsafe_hash=True)
class TriesUnwritable(Refusal):
    """The disk is read-only, full or faulty: a try cannot be counted, so none is made."""

    path: str
    technical: str


@dataclass(frozen=True)
class FailedTry:
    """One wrong password, or what befell the file itself (``why``)."""

    serial: int
    staff_id: str
    at: str
    why: str = "password"


@dataclass(frozen=True)
class Tally:
    """What the file has to tell the journal."""

    run: str
    """Of this file, from its making on."""
    serial: int
    tries: tuple[FailedTry, ...]
    untold: int = 0
    """Tries beyond those listed."""


@dataclass
class _State:
    """What the file says."""

    run: str
    serial: int = 0
    failures: dict[str, int] = field(default_factory=dict)
    since: dict[str, float] = field(default_factory=dict)
    held_since: float | None = None
    """Running time at which the file was found missing or changed; nobody is let in for a while."""
    pending: list[dict[str, Any]] = field(default_factory=list)
    untold: int = 0


class Attempts:
    """The file of one data folder."""

    def __init__(self, folder: Path, secret: Callable[[], bytes], clock: Clock, random: Randomness) -> None:
        """``secret`` gives the device secret; its refusal goes through."""
        self.path = folder / FILE
        self._secret, self._clock, self._random = cache(secret), clock, random

    def begin(self, staff_id: str) -> None:
        """Write a try down as a failure before it is made; raises TooManyTries, TriesUnwritable."""
        state = self._read()
        now = self._clock.monotonic()
        waiting = self._waiting(state, staff_id, now)
        if waiting > 0:
            raise TooManyTries(math.ceil(waiting))
        for who in (staff_id, _EVERYBODY):
            state.failures[who] = state.failures.get(who, 0) + 1
            state.since[who] = now
        self._note(state, staff_id, "password")
        self._write(state)

    def take_back(self, staff_id: str) -> None:
        """Forget the last try: the password was not what was wrong."""
        state = self._read()
        for who in (staff_id, _EVERYBODY):
            state.failures[who] = max(state.failures.get(who, 0) - 1, 0)
        self._unnote(state, staff_id)
        self._write(state)

    def succeed(self, staff_id: str) -> None:
        """Forget the last try and every wrong one before it: the right person is in."""
        state = self._read()
        for who in (staff_id, _EVERYBODY):
            state.failures.pop(who, None)
            state.since.pop(who, None)
        state.held_since = None
        self._unnote(state, staff_id)
        self._write(state)

    def tally(self) -> Tally:
        """Return what has not been told to the journal yet."""
        state = self._read()
        tries = tuple(FailedTry(**told) for told in state.pending)
        return Tally(state.run, state.serial, tries, state.untold)

    def settle(self, tally: Tally, at_least: int) -> None:
        """Drop what the journal has been told, and count on from ``at_least``."""
        state = self._read()
        told = {one.serial for one in tally.tries}
        state.pending = [one for one in state.pending if one["serial"] not in told]
        state.untold = max(state.untold - tally.untold, 0)
        state.serial = max(state.serial, at_least)
        self._write(state)

    def _waiting(self, state: _State, staff_id: str, now: float) -> float:
        """Return how many seconds nobody, or not this person, is let in."""
        waits = [0.0]
        for who, free in ((staff_id, FREE_TRIES), (_EVERYBODY, FREE_TRIES_OF_ALL)):
            wait = wait_after(state.failures.get(who, 0), free).total_seconds()
            waits.append(wait - elapsed(state.since.get(who, 0.0), now))
        if state.held_since is not None:
            waits.append(FIRST_WAIT.total_seconds() - elapsed(state.held_since, now))
        return max(waits)

    def _note(self, state: _State, staff_id: str, why: str) -> None:
        state.serial += 1
        if len(state.pending) >= MOST_PENDING:
            state.untold += 1
            return
        told = FailedTry(state.serial, staff_id, instant_text(self._clock.now()), why)
        state.pending.append(asdict(told))

    def _unnote(self, state: _State, staff_id: str) -> None:
        last = state.pending[-1] if state.pending else None
        if last and (last["serial"], last["staff_id"], last["why"]) == (state.serial, staff_id, "password"):
            state.pending.pop()
        elif state.untold:
            state.untold -= 1

    def _read(self) -> _State:
        try:
            content = json.loads(self.path.read_bytes())
            mac = content.pop("mac")
            if content.pop("version") != VERSION or not hmac.compare_digest(self._mac(content), mac):
                return self._begin_anew("changed")
            return _State(**content)
        except FileNotFoundError:
            return self._begin_anew("missing")
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return self._begin_anew("changed")

    def _begin_anew(self, why: str) -> _State:
        """Return a new state that holds everybody back; written at once, so that the wait begins now.

        Whoever comes after the wait has one try before the next, whoever they are.
        """
        state = _State(self._random(8).hex(), held_since=self._clock.monotonic())
        state.failures[_EVERYBODY] = FREE_TRIES_OF_ALL - 1
        state.since[_EVERYBODY] = self._clock.monotonic()
        self._note(state, _EVERYBODY, why)
        self._write(state)
        return state

    def _write(self, state: _State) -> None:
        content = asdict(state)
        _replace(self.path, content | {"version": VERSION, "mac": self._mac(content)})

    def _mac(self, content: dict[str, Any]) -> str:
        return _seal(content, self._secret())


def first_attempts(folder: Path, secret: bytes, random: Randomness) -> None:
    """Make the file of a folder that is being set up: from now on it is missed where it is not."""
    content = asdict(_State(random(8).hex()))
    _replace(folder / FILE, content | {"version": VERSION, "mac": _seal(content, secret)})


def _seal(content: dict[str, Any], secret: bytes) -> str:
    covered = json.dumps(content, sort_keys=True).encode()
    return hmac.new(secret, b"vaxpost-attempts/1" + covered, sha256).hexdigest()


def _replace(path: Path, content: dict[str, Any]) -> None:
    text, beside = json.dumps(content).encode(), path.with_suffix(".new")
    try:
        try:
            _write_through(beside, text, os.O_CREAT | os.O_TRUNC)
            os.replace(beside, path)
        except OSError as error:
            if error.errno != ENOSPC or not path.exists():
                raise
            # In the room it has: torn by a power cut it is a file that was changed, and costs a wait.
            _write_through(path, text, 0)
    except OSError as error:
        technical = errorcode.get(error.errno or 0, type(error).__name__)
        raise TriesUnwritable(str(path), technical) from error


def _write_through(path: Path, text: bytes, flags: int) -> None:
    with open(os.open(path, os.O_WRONLY | flags, 0o600), "wb") as file:
        file.write(text)
        file.truncate()
        file.flush()
        os.fsync(file.fileno())
