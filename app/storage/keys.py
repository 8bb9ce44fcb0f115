"""The key file: one random database key, sealed once per user, for the recovery key and for the county.

A user's slot is sealed (``app/storage/sealing.py``) for a private key that only HKDF(Argon2id(password) ‖
device secret) gives; the slots of recovery (``recovery_slots.py``) for what opens on any machine. The file
keeps the public halves, so a new database key is sealed for everybody without their passwords (sync.md,
*The encrypted store*). It holds names and titles, so that the sign-in screen can greet before anything is
unlocked, and no secret. A MAC under the database key shows an edited file; a file put back from an earlier
day has a right MAC, and is shown by its revision, of which the store remembers the newest
(``app/storage/opening.py``).
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from app.domain.ids import Randomness
from app.domain.refusals import Refusal
from app.storage.attempts import first_attempts
from app.storage.device_secret import find_device_secret, make_device_secret
from app.storage.disk import replace_file
from app.storage.recovery_slots import (
    COUNTY,
    ENVELOPE,
    Slot,
    bytes_of,
    checked,
    is_for,
    make_slot,
    open_either,
    resealed,
    seal_anew,
    text_of,
)
from app.storage.sealing import SealBroken, public_of, unseal
from app.storage.stretching import ARGON2, KEY_LENGTH, stretched

if TYPE_CHECKING:
    from app.domain.county_key import CountyRequest

VERSION, WITHOUT_COUNTY = 3, 2
"""The older one is read as well, and is the newer one once it is changed."""
KEYS = "keys.json"
DATABASE = "store.db"
"""The name of the first database; each change of the key gives it another (``app/storage/rekeying.py``)."""


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
    database: str = DATABASE
    """The file in the same folder that is under this key."""
    former: str = ""
    """The file it took the place of, to be removed."""


@dataclass(unsafe_hash=True)
class PasswordWrong(Refusal):
    """The password does not open this user's slot."""

    staff_id: str


@dataclass(unsafe_hash=True)
class RecoveryKeyWrong(Refusal):
    """The recovery key is whole and not of this key file; ``made_at`` names the sheet it wants, if any."""

    made_at: str


@dataclass(unsafe_hash=True)
class RecoveryKeyNone(Refusal):
    """No recovery key was ever made for this store."""

    path: str


@dataclass(unsafe_hash=True)
class LastSlot(Refusal):
    """Nobody else could open the store: the last slot stays."""

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


@dataclass(unsafe_hash=True)
class KeyFileUnwritable(Refusal):
    """The disk is full or faulty: the key file could not be changed."""

    path: str
    technical: str


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

    def database(self) -> str:
        """Return which database this file is for, unproven; raises KeyFileMissing or …Unreadable."""
        return str(self._read()["database"])

    def revision(self) -> int:
        """Return how often the file was changed, unproven; raises as ``owners``."""
        return int(self._read()["revision"])

    def recovery_made_at(self) -> str:
        """Return when the recovery key was made, empty if there is none; raises as ``owners``."""
        recovery = self._read()["recovery"]
        return str(recovery["made_at"]) if recovery else ""

    def check(self, database_key: bytes) -> Unlocked:
        """Return what stands in the file, proven by the key; raises KeyFileChanged and as ``owners``."""
        content = self._read()
        self._check_mac(content, database_key)
        return _unlocked(content, database_key)

    def add(self, owner: SlotOwner, password: str, database_key: bytes, random: Randomness) -> int:
        """Give a user a slot, or a new password for the one they have; returns the file's new revision.

        Raises KeyFileChanged rather than seal what somebody else has edited.
        """
        content = self._checked(database_key) if self.exists() else _EMPTY
        slot = self._make_slot(owner, password, database_key, random)
        slots = [slot for slot in content["slots"] if slot["staff_id"] != owner.staff_id]
        return self._change(content, database_key, slots=[*slots, slot])

    def remove(self, staff_id: str, database_key: bytes) -> int:
        """Take a user's slot away; returns the new revision. Raises LastSlot, KeyFileChanged."""
        content = self._checked(database_key)
        slots = [slot for slot in content["slots"] if slot["staff_id"] != staff_id]
        if not slots:
            raise LastSlot(staff_id)
        return self._change(content, database_key, slots=slots)

    def keep_only(self, owner: SlotOwner, password: str, database_key: bytes, random: Randomness) -> int:
        """Leave this user's slot alone, for a machine whose secret is another; returns the new revision."""
        content = self._checked(database_key)
        slot = self._make_slot(owner, password, database_key, random)
        return self._change(content, database_key, slots=[slot])

    def put_recovery(self, secret: bytes, made_at: str, database_key: bytes, random: Randomness) -> int:
        """Seal the database key for a recovery key; the one before opens nothing any more.

        Returns the new revision; raises KeyFileChanged.
        """
        slot = make_slot(secret, made_at, database_key, ENVELOPE, random)
        return self._change(self._checked(database_key), database_key, recovery=slot)

    def put_county(self, slot: Slot | None, database_key: bytes) -> int:
        """Let the county in by this slot, or by none; returns the new revision. Raises KeyFileChanged."""
        return self._change(self._checked(database_key), database_key, county=slot)

    def county_request(self) -> "CountyRequest | None":
        """Return what is brought to the county, unproven; raises as ``owners`` and ``request_of``."""
        from app.domain.county_key import request_of

        county = self._read()["county"]
        return request_of(county["request"]) if county else None

    def is_countys(self, secret: bytes) -> bool:
        """Return whether a secret is what the county opens, not the envelope's; raises as ``owners``."""
        return is_for(self._read()["county"], secret)

    def move(self, database_key: bytes, new_key: bytes, database: str, random: Randomness) -> int:
        """Name another database under another key, sealed for everybody who had the old one.

        Returns the new revision. It is one replaced file: before, the old key opens the old database, after,
        the new key the new one. Raises KeyFileChanged.
        """
        content = self._checked(database_key)
        slots = [
            slot | seal_anew(slot["public"], new_key, slot["staff_id"].encode(), random)
            for slot in content["slots"]
        ]
        return self._change(
            content, new_key, slots=slots, database=database, former=content["database"],
            recovery=resealed(content["recovery"], new_key, ENVELOPE, random),
            county=resealed(content["county"], new_key, COUNTY, random),
        )  # fmt: skip

    def copy_of(self, content: bytes, database_key: bytes, database: str, least_revision: int) -> int:
        """Write another installation's key file here, for its database under another name.

        ``content`` are the bytes of that file. Returns the new revision, ``least_revision`` or above.
        Raises KeyFileChanged, KeyFileUnreadable.
        """
        read = self._parsed(content)
        self._check_mac(read, database_key)
        read["revision"] = max(read["revision"], least_revision - 1)
        return self._put(read, database_key, database=database, former="")

    def unlock(self, staff_id: str, password: str) -> Unlocked:
        """Return the database key; raises PasswordWrong, KeyFileMissing, …Unreadable or …Changed."""
        content = self._read()
        slot = next((slot for slot in content["slots"] if slot["staff_id"] == staff_id), None)
        if slot is None:
            raise PasswordWrong(staff_id)
        key = self._open_slot(slot, password)
        self._check_mac(content, key)
        return _unlocked(content, key)

    def recover(self, secret: bytes) -> Unlocked:
        """Return the database key for the recovery key, or for what the county opened.

        Raises RecoveryKeyNone, RecoveryKeyWrong, KeyFileMissing, …Unreadable or …Changed.
        """
        content = self._read()
        recovery, county = content["recovery"], content["county"]
        if not (recovery or county):
            raise RecoveryKeyNone(str(self.path))
        try:
            key = open_either(recovery, county, secret)
        except SealBroken:
            raise RecoveryKeyWrong(recovery["made_at"] if recovery else "") from None
        except ValueError as error:
            raise self._unreadable(error) from error
        self._check_mac(content, key)
        return _unlocked(content, key)

    def _checked(self, key: bytes) -> dict[str, Any]:
        content = self._read()
        self._check_mac(content, key)
        return content

    def _check_mac(self, content: dict[str, Any], key: bytes) -> None:
        import hmac

        if not hmac.compare_digest(_mac(content, key), content["mac"]):
            raise KeyFileChanged(str(self.path))

    def _change(self, content: dict[str, Any], key: bytes, **changes: Any) -> int:
        """Write ``content`` anew, changed, unless another has come into its place: a key would be lost."""
        with _TURN:
            if content is not _EMPTY and self._read()["mac"] != content["mac"]:
                raise KeyFileChanged(str(self.path))
            return self._put(content, key, **changes)

    def _put(self, content: dict[str, Any], key: bytes, **changes: Any) -> int:
        content = content | changes | {"version": VERSION, "revision": content["revision"] + 1}
        content["mac"] = _mac(content, key)
        self._write(content)
        return int(content["revision"])

    def _open_slot(self, slot: dict[str, Any], password: str) -> bytes:
        from argon2.exceptions import HashingError

        staff_id = slot["staff_id"]
        try:
            private = self._private_key(password, bytes_of(slot["salt"]), slot["argon2"])
            return unseal(private, bytes_of(slot["sealed"]), staff_id.encode())
        except SealBroken:
            raise PasswordWrong(staff_id) from None
        except (ValueError, KeyError, TypeError, OverflowError, HashingError) as error:
            raise self._unreadable(error) from error

    def _make_slot(self, owner: SlotOwner, password: str, key: bytes, random: Randomness) -> dict[str, Any]:
        salt = random(16)
        public = text_of(public_of(self._private_key(password, salt, ARGON2)))
        return {
            "staff_id": owner.staff_id,
            "name": owner.name,
            "title": owner.title,
            "salt": text_of(salt),
            "argon2": ARGON2,
            "public": public,
            **seal_anew(public, key, owner.staff_id.encode(), random),
        }

    def _private_key(self, password: str, salt: bytes, argon2: dict[str, int]) -> bytes:
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF

        key = stretched(password, salt, argon2)
        return HKDF(SHA256(), KEY_LENGTH, salt, b"vaxpost-slot/2").derive(key + self._device_secret())

    def _read(self) -> dict[str, Any]:
        try:
            return self._parsed(self.path.read_bytes())
        except FileNotFoundError as error:
            raise KeyFileMissing(str(self.path)) from error
        except OSError as error:
            raise self._unreadable(error) from error

    def _parsed(self, data: bytes) -> dict[str, Any]:
        try:
            content = json.loads(data)
            if content["version"] not in (VERSION, WITHOUT_COUNTY):
                raise ValueError(f"version {content['version']}")
            for name in (content["database"], content["former"] or DATABASE):
                if not _DATABASE_NAME.fullmatch(name):
                    raise ValueError("the name of the database")
            slots = [slot | {name: str(slot[name]) for name in _SHOWN} for slot in content["slots"]]
            county = content["county"] if content["version"] == VERSION else None
            return {name: content[name] for name in _PLAIN} | {
                "revision": int(content["revision"]),
                "slots": slots,
                "recovery": checked(content["recovery"]),
                "county": checked(county),
                "mac": str(content["mac"]),
            }
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise self._unreadable(error) from error

    def _unreadable(self, error: Exception) -> KeyFileUnreadable:
        return KeyFileUnreadable(str(self.path), f"{type(error).__name__}: {error}")

    def _write(self, content: dict[str, Any]) -> None:
        """Put a new file in the old one's place; raises KeyFileUnwritable."""
        text = json.dumps(content, ensure_ascii=False, indent=1)
        try:
            replace_file(self.path, text.encode())
        except OSError as error:
            raise KeyFileUnwritable(str(self.path), type(error).__name__) from error


_TURN = Lock()
_SHOWN = ("staff_id", "name", "title")
_PLAIN = ("version", "database", "former")
_DATABASE_NAME = re.compile(r"store(-[0-9]{1,9})?\.db")
_EMPTY: dict[str, Any] = {
    "version": VERSION, "revision": 0, "database": DATABASE, "former": "", "slots": [], "recovery": None,
    "county": None,
}  # fmt: skip


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


def _mac(content: dict[str, Any], key: bytes) -> str:
    import hmac
    from hashlib import sha256

    facts = {name: content[name] for name in _EMPTY if name != "county" or content["version"] == VERSION}
    covered = json.dumps(facts, sort_keys=True, ensure_ascii=False)
    return hmac.new(key, b"vaxpost-slots/2" + covered.encode(), sha256).hexdigest()


def _unlocked(content: dict[str, Any], key: bytes) -> Unlocked:
    return Unlocked(key, content["revision"], content["database"], content["former"])
