"""The key file: one random database key, wrapped once per user (sync.md, *The encrypted store*).

A slot is AES-256-GCM under HKDF(Argon2id(password) ‖ device secret). The file holds names and titles, so that
the sign-in screen can greet before anything is unlocked, and no secret. A MAC under the database key shows an
edited file; a file put back from an earlier day has a right MAC, and is shown by its revision, of which the
store remembers the newest (``app/storage/opening.py``).
"""

import base64
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.domain.ids import Randomness
from app.domain.refusals import Refusal
from app.storage.attempts import first_attempts
from app.storage.device_secret import find_device_secret, make_device_secret

VERSION = 1
KEYS = "keys.json"
DATABASE = "store.db"
"""What they open, in the same folder."""
KEY_LENGTH = 32
ARGON2 = {"time_cost": 3, "memory_cost_kib": 65536, "lanes": 2}
"""RFC 9106's second recommended setting with half its lanes: some 100 ms on a cheap laptop."""
MOST_MEMORY_KIB, MOST_TIME_COST = 1 << 20, 64
"""What a slot may ask of this machine before its MAC can be checked: 1 GiB, 64 rounds."""


@dataclass(frozen=True)
class SlotOwner:
    """Who can sign in here, as the sign-in screen shows them."""

    staff_id: str
    name: str
    title: str


@dataclass(frozen=True)
class Unlocked:
    """What a password opened."""

    key: bytes
    """The database key."""
    revision: int
    """How often this key file had been changed."""


@dataclass(unsafe_hash=True)
class PasswordWrong(Refusal):
    """The password does not open this user's slot."""

    staff_id: str


@dataclass(unsafe_hash=True)
class KeyFileMissing(Refusal):
    """There is no key file: nobody can sign in, and nothing is set up in its place."""

    path: str


@dataclass(unsafe_hash=True)
class KeyFileUnreadable(Refusal):
    """The key file is damaged or of another version of the program; it is left as it is."""

    path: str
    technical: str


@dataclass(unsafe_hash=True)
class KeyFileChanged(Refusal):
    """The key file is not the one this database was last used with."""

    path: str


class KeyFile:
    """The slots on disk; every change is written to a new file that then takes the old one's place."""

    def __init__(self, path: Path, device_secret: Callable[[], bytes]) -> None:
        """``device_secret`` is asked for when a slot is opened or made, not before."""
        self.path = path
        self._device_secret = device_secret

    def exists(self) -> bool:
        """Return whether this installation has been set up."""
        return self.path.exists()

    def owners(self) -> list[SlotOwner]:
        """Return who can sign in, in the order they were added; raises KeyFileMissing or …Unreadable."""
        return [SlotOwner(s["staff_id"], s["name"], s["title"]) for s in self._read()["slots"]]

    def add(self, owner: SlotOwner, password: str, database_key: bytes, random: Randomness) -> int:
        """Give a user a slot, or a new password for the one they have; returns the file's new revision.

        Raises KeyFileChanged rather than seal what somebody else has edited.
        """
        content: dict[str, Any] = {"version": VERSION, "revision": 0, "slots": []}
        if self.exists():
            content = self._read()
            self._check_mac(content, database_key)
        slots = [slot for slot in content["slots"] if slot["staff_id"] != owner.staff_id]
        slots.append(self._wrap(owner, password, database_key, random))
        content |= {"slots": slots, "revision": content["revision"] + 1}
        content["mac"] = _mac(content, database_key)
        self._write(content)
        return int(content["revision"])

    def remove(self, staff_id: str, database_key: bytes) -> int:
        """Take a user's slot away; returns the new revision. Raises KeyFileChanged."""
        content = self._read()
        self._check_mac(content, database_key)
        slots = [slot for slot in content["slots"] if slot["staff_id"] != staff_id]
        content |= {"slots": slots, "revision": content["revision"] + 1}
        content["mac"] = _mac(content, database_key)
        self._write(content)
        return int(content["revision"])

    def unlock(self, staff_id: str, password: str) -> Unlocked:
        """Return the database key; raises PasswordWrong, KeyFileMissing, …Unreadable or …Changed."""
        content = self._read()
        slot = next((slot for slot in content["slots"] if slot["staff_id"] == staff_id), None)
        if slot is None:
            raise PasswordWrong(staff_id)
        key = self._unwrap(slot, password)
        self._check_mac(content, key)
        return Unlocked(key, content["revision"])

    def _check_mac(self, content: dict[str, Any], key: bytes) -> None:
        import hmac

        if not hmac.compare_digest(_mac(content, key), content["mac"]):
            raise KeyFileChanged(str(self.path))

    def _unwrap(self, slot: dict[str, Any], password: str) -> bytes:
        from argon2.exceptions import HashingError
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        staff_id = slot["staff_id"]
        try:
            salt, nonce, wrapped = (_bytes(slot[name]) for name in ("salt", "nonce", "wrapped"))
            wrapping = self._wrapping_key(password, salt, _bearable(slot["argon2"]))
            return AESGCM(wrapping).decrypt(nonce, wrapped, staff_id.encode())
        except InvalidTag:
            raise PasswordWrong(staff_id) from None
        except (ValueError, KeyError, TypeError, OverflowError, HashingError) as error:
            raise self._unreadable(error) from error

    def _wrap(self, owner: SlotOwner, password: str, key: bytes, random: Randomness) -> dict[str, Any]:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        salt, nonce = random(16), random(12)
        wrapping = self._wrapping_key(password, salt, ARGON2)
        return {
            "staff_id": owner.staff_id,
            "name": owner.name,
            "title": owner.title,
            "salt": _text(salt),
            "argon2": ARGON2,
            "nonce": _text(nonce),
            "wrapped": _text(AESGCM(wrapping).encrypt(nonce, key, owner.staff_id.encode())),
        }

    def _wrapping_key(self, password: str, salt: bytes, argon2: dict[str, int]) -> bytes:
        from argon2.low_level import Type, hash_secret_raw
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF

        stretched = hash_secret_raw(
            password.encode("utf-8", "surrogatepass"), salt, argon2["time_cost"],
            argon2["memory_cost_kib"], argon2["lanes"], KEY_LENGTH, Type.ID,
        )  # fmt: skip
        return HKDF(SHA256(), KEY_LENGTH, salt, b"vaxpost-slot/1").derive(stretched + self._device_secret())

    def _read(self) -> dict[str, Any]:
        try:
            content = json.loads(self.path.read_bytes())
            if content["version"] != VERSION:
                raise ValueError(f"version {content['version']}")
            slots = [slot | {name: str(slot[name]) for name in _SHOWN} for slot in content["slots"]]
            return {
                "version": VERSION,
                "revision": int(content["revision"]),
                "slots": slots,
                "mac": str(content["mac"]),
            }
        except FileNotFoundError as error:
            raise KeyFileMissing(str(self.path)) from error
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
            raise self._unreadable(error) from error

    def _unreadable(self, error: Exception) -> KeyFileUnreadable:
        return KeyFileUnreadable(str(self.path), f"{type(error).__name__}: {error}")

    def _write(self, content: dict[str, Any]) -> None:
        beside = self.path.with_suffix(".new")
        with open(
            os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
        ) as file:
            json.dump(content, file, ensure_ascii=False, indent=1)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, self.path)
        sync_folder(self.path.parent)


_SHOWN = ("staff_id", "name", "title")


def key_file(folder: Path, random: Randomness, *, use_keyring: bool = True) -> KeyFile:
    """Return the key file of a data folder, existing or not; nothing is read or made until it is asked."""
    path = folder / KEYS

    def device_secret() -> bytes:
        if path.exists():
            return find_device_secret(folder, use_keyring=use_keyring)
        secret = make_device_secret(folder, random, use_keyring=use_keyring)
        first_attempts(folder, secret, random)
        return secret

    return KeyFile(path, device_secret)


def sync_folder(folder: Path) -> None:
    """Make a rename in this folder survive a power cut, where the system lets a folder be synced."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _bearable(argon2: dict[str, int]) -> dict[str, int]:
    if not (argon2["memory_cost_kib"] <= MOST_MEMORY_KIB and argon2["time_cost"] <= MOST_TIME_COST):
        raise ValueError("a slot asks for too much")
    return argon2


def _mac(content: dict[str, Any], key: bytes) -> str:
    import hmac
    from hashlib import sha256

    covered = json.dumps(
        {name: content[name] for name in ("version", "revision", "slots")}, sort_keys=True, ensure_ascii=False
    )
    return hmac.new(key, b"vaxpost-slots/1" + covered.encode(), sha256).hexdigest()


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text)
