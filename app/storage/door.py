"""The way in: every try is counted before it is made, and after too many there is a wait."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from app.domain.clock import Clock
from app.domain.ids import Randomness
from app.domain.refusals import Refusal
from app.storage.attempts import Attempts, Tally
from app.storage.device_secret import find_device_secret
from app.storage.keys import KEYS, PasswordWrong
from app.storage.opening import check_password, open_store
from app.storage.store import Store

T = TypeVar("T")


class Door:
    """The door of one data folder; screens and commands go through it, never past it."""

    def __init__(self, folder: Path, clock: Clock, random: Randomness, *, use_keyring: bool = True) -> None:
        self._folder, self._random, self._use_keyring = folder, random, use_keyring
        self._keys = folder / KEYS
        self._attempts = Attempts(
            folder, lambda: find_device_secret(folder, use_keyring=use_keyring), clock, random
        )

    def open(self, staff_id: str, password: str) -> Store:
        """Open the store; raises TooManyTries and as ``open_store`` does."""
        return self._try(
            staff_id,
            lambda: open_store(self._folder, staff_id, password, self._random, use_keyring=self._use_keyring),
        )

    def check(self, store: Store, staff_id: str, password: str) -> None:
        """Pass the password of somebody at an open store; raises TooManyTries and as ``check_password``."""
        self._try(
            staff_id,
            lambda: check_password(store, staff_id, password, self._random, use_keyring=self._use_keyring),
        )

    def tally(self) -> Tally:
        """Return the wrong tries the journal has not been told of."""
        return self._attempts.tally()

    def settle(self, tally: Tally, at_least: int) -> None:
        """Drop the tries the journal has been told of."""
        self._attempts.settle(tally, at_least)

    def _try(self, staff_id: str, work: Callable[[], T]) -> T:
        """Make a try; where there is no key file there is nothing to try, and ``work`` says so."""
        if not self._keys.exists():
            return work()
        self._attempts.begin(staff_id)
        try:
            done = work()
        except PasswordWrong:
            raise
        except Refusal:
            self._attempts.take_back(staff_id)
            raise
        self._attempts.succeed(staff_id)
        return done
