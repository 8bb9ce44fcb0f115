"""Typed reading of what came over the wire: whatever does not fit is malformed, never a crash."""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from app.domain.journal import Json
from app.sync.frame import MessageMalformed
from app.sync.looks import hash_bytes, hash_text

EPOCH_TEXT = re.compile(r"[0-9a-f]{16}")
MAX_NUMBER = 2**53 - 1
MAX_TEXT = 200
HASH_BYTES = 32
YEAR_10000_MS = 253_402_300_800_000
START_1970 = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Fields:
    """The fields of one JSON object; every reader raises MessageMalformed with the name of the field."""

    raw: Json

    @classmethod
    def of(cls, line: bytes) -> "Fields":
        """Return the fields of a JSON object's text."""
        try:
            raw = json.loads(line.decode())
        except (ValueError, RecursionError) as error:
            raise MessageMalformed("header") from error
        return cls(as_object(raw, "header"))

    def value(self, key: str) -> Any:
        """Return a field that has to be there."""
        if key not in self.raw:
            raise MessageMalformed(key)
        return self.raw[key]

    def child(self, key: str) -> "Fields":
        """Return the fields of an object."""
        return Fields(as_object(self.value(key), key))

    def text(self, key: str) -> str:
        """Return a short printable text."""
        return as_text(self.value(key), key)

    def number(self, key: str) -> int:
        """Return a whole number from 0."""
        return as_number(self.value(key), key)

    def digest(self, key: str) -> bytes:
        """Return a hash."""
        return as_digest(self.value(key), key)


def as_object(value: object, key: str) -> Json:
    """Return a JSON object."""
    if not isinstance(value, dict):
        raise MessageMalformed(key)
    return value


def as_text(value: object, key: str) -> str:
    """Return a short printable text."""
    if not isinstance(value, str) or len(value) > MAX_TEXT or not value.isprintable():
        raise MessageMalformed(key)
    return value


def as_items(value: object, key: str, lengths: tuple[int, ...] | None = None) -> list[Any]:
    """Return a JSON array, of one of the given lengths if any are given."""
    if not isinstance(value, list) or (lengths is not None and len(value) not in lengths):
        raise MessageMalformed(key)
    return value


def as_number(value: object, key: str, limit: int = MAX_NUMBER) -> int:
    """Return a whole number from 0 to ``limit``."""
    if type(value) is not int or not 0 <= value <= limit:
        raise MessageMalformed(key)
    return value


def as_instant(value: object, key: str) -> datetime:
    """Return the aware UTC instant of milliseconds since 1970."""
    return START_1970 + timedelta(milliseconds=as_number(value, key, YEAR_10000_MS - 1))


def as_epoch(text: str) -> str:
    """Return a stream's epoch: 16 hexadecimal digits."""
    if not EPOCH_TEXT.fullmatch(text):
        raise MessageMalformed("epoch")
    return text


def as_digest(value: object, key: str) -> bytes:
    """Return the 32 bytes that ``digest_text`` wrote."""
    try:
        written = value.encode("ascii") if isinstance(value, str) else b""
        digest = hash_bytes(written)
    except ValueError as error:
        raise MessageMalformed(key) from error
    if len(digest) != HASH_BYTES or hash_text(digest) != written:
        raise MessageMalformed(key)
    return digest


def as_hex(value: object, key: str, length: int) -> bytes:
    """Return so many bytes written as hexadecimal digits; raises MessageMalformed."""
    if not isinstance(value, str) or not re.fullmatch(rf"[0-9a-f]{{{2 * length}}}", value):
        raise MessageMalformed(key)
    return bytes.fromhex(value)


def digest_text(digest: bytes) -> str:
    """Return a hash as 43 characters of base 64."""
    return hash_text(digest).decode()
