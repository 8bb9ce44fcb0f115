"""The county's private key: one file under a password, at the county alone, and what it opens (SEC-3)."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app.domain.county_key import (
    CountyFileUnreadable,
    CountyKey,
    CountyRequest,
    file_content,
    file_text,
    key_of,
)
from app.domain.ids import Randomness
from app.domain.refusals import Refusal
from app.storage.county import CountyFileUnwritable
from app.storage.disk import write_new
from app.storage.recovery_slots import bytes_of, text_of
from app.storage.sealing import PRIVATE_LENGTH, SealBroken, public_of, seal, unseal
from app.storage.stretching import stretched

PRIVATE = "vaxpost-county-private-key/1"
COST = {"time_cost": 4, "memory_cost_kib": 262144, "lanes": 2}
"""Four times that of a slot: the file is opened a few times a year, and opens many sites."""
LEAST_PASSWORD = 12


@dataclass(unsafe_hash=True)
class CountyPasswordShort(Refusal):
    """The password of the county's key has fewer characters than it must have."""

    least: int


@dataclass(unsafe_hash=True)
class CountyPasswordWrong(Refusal):
    """The password does not open the county's private key."""


@dataclass(unsafe_hash=True)
class CountyKeyThere(Refusal):
    """There is a file already where the county's private key was to be written; it is left as it is."""

    path: str


@dataclass(unsafe_hash=True)
class CountyKeyOther(Refusal):
    """The request is sealed for another key of the county."""

    name: str
    wanted: str
    """Fingerprint of the key it is sealed for."""


@dataclass(unsafe_hash=True)
class CountyRequestBroken(Refusal):
    """The request names this key and does not open with it: it was changed, or says another site."""

    site_name: str


def make_county_key(name: str, made_at: str, password: str, path: Path, random: Randomness) -> CountyKey:
    """Make a pair of keys, write the private one into a new file under the password, return the public one.

    Raises CountyPasswordShort, CountyKeyThere: nothing is written over a key; CountyFileUnwritable.
    """
    if len(password) < LEAST_PASSWORD:
        raise CountyPasswordShort(LEAST_PASSWORD)
    private, salt = random(PRIVATE_LENGTH), random(16)
    key = CountyKey(name, made_at, public_of(private))
    lock = public_of(stretched(password, salt, COST))
    content = {
        "kind": PRIVATE,
        **key.items(),
        "salt": text_of(salt),
        "argon2": COST,
        "sealed": text_of(seal(lock, private, _label(key), random)),
    }
    try:
        write_new(path, file_text(content))
    except FileExistsError:
        raise CountyKeyThere(str(path)) from None
    except OSError as error:
        raise CountyFileUnwritable(str(path), type(error).__name__) from error
    return key


def read_public(data: bytes) -> CountyKey:
    """Return the public half beside a private key, unproven; raises as ``open_private``, asks no password."""
    return key_of(file_content(data, PRIVATE))


def open_private(data: bytes, password: str) -> "Opener":
    """Return what opens requests with the private key in a file.

    Raises CountyFileUnreadable, CountyAlgorithmUnknown, CountyPasswordWrong.
    """
    from argon2.exceptions import HashingError

    content = file_content(data, PRIVATE)
    key = key_of(content)
    try:
        lock = stretched(password, bytes_of(content["salt"]), content["argon2"])
        private = unseal(lock, bytes_of(content["sealed"]), _label(key))
    except SealBroken:
        raise CountyPasswordWrong from None
    except (ValueError, KeyError, TypeError, OverflowError, HashingError) as error:
        raise CountyFileUnreadable(PRIVATE) from error
    if public_of(private) != key.public:
        raise CountyFileUnreadable(PRIVATE)
    return lambda request: _open(key, private, request)


Opener = Callable[[CountyRequest], bytes]
"""Returns the secret in a request; raises CountyKeyOther, CountyRequestBroken."""


def _open(key: CountyKey, private: bytes, request: CountyRequest) -> bytes:
    if request.key != key:
        raise CountyKeyOther(request.key.name, request.key.fingerprint)
    try:
        return unseal(private, request.wrapped, request.bound)
    except SealBroken:
        raise CountyRequestBroken(request.site_name) from None


def _label(key: CountyKey) -> bytes:
    return PRIVATE.encode() + key.fingerprint.encode()
