"""The county's key as a site sees it: who holds it, its public half, and the groups said over the telephone.

The private half never comes to a site (docs/decisions/0031-the-county-opens-by-telephone.md). Each file names
its algorithm; a site takes none that it does not know.
"""

import binascii
import json
from base64 import b64decode, b64encode
from dataclasses import dataclass
from hashlib import sha256

from app.domain.journal import Json, canonical
from app.domain.recovery_key import spoken, written
from app.domain.refusals import Refusal

X25519 = "x25519"
PUBLIC_BYTES = {X25519: 32}
"""By algorithm, of a public key; ``sm2`` has its place here once a maintained library does it."""
MOST_BYTES = 65536
"""Of a file that is read."""
KEY_FILE, REQUEST_FILE = "vaxpost-county-key/1", "vaxpost-county-request/1"
_FINGERPRINT = 10
"""Bytes: four groups. Another key under the same ones would take 2**80 tries."""


@dataclass(unsafe_hash=True)
class CountyFileUnreadable(Refusal):
    """A file is not what the county made, or is damaged; ``what`` tells which file was wanted."""

    what: str


@dataclass(unsafe_hash=True)
class CountyAlgorithmUnknown(Refusal):
    """The county's key is of a kind this program does not know."""

    algorithm: str


@dataclass(unsafe_hash=True)
class FingerprintDiffers(Refusal):
    """What was said over the telephone is not what this key has: the first group that differs, from one."""

    group: int


@dataclass(frozen=True)
class CountyKey:
    """The public half, and whose it is."""

    name: str
    """Who holds the private half, as people call them: 阜城县疾控中心."""
    made_at: str
    public: bytes
    algorithm: str = X25519

    @property
    def groups(self) -> list[str]:
        """Return the groups that both sides compare; they cover the name as well."""
        told = canonical({"key": KEY_FILE, **self.items()})
        return written(sha256(told).digest()[:_FINGERPRINT])

    @property
    def fingerprint(self) -> str:
        """Return the groups in one line."""
        return " ".join(self.groups)

    def items(self) -> Json:
        """Return what the key is, as it stands in files."""
        public = b64encode(self.public).decode()
        return {"name": self.name, "made_at": self.made_at, "algorithm": self.algorithm, "public": public}

    def check_heard(self, heard: str) -> None:
        """Pass the groups somebody was told; blanks and case do no harm. Raises FingerprintDiffers."""
        letters, own = spoken(heard), self.groups
        size = len(own[0])
        told = [letters[at : at + size] for at in range(0, len(letters), size)]
        for place, group in enumerate(own):
            if place >= len(told) or told[place] != group:
                raise FingerprintDiffers(place + 1)
        if len(told) > len(own):
            raise FingerprintDiffers(len(own))


@dataclass(frozen=True)
class CountyRequest:
    """What a site that cannot get in brings to the county: worth nothing to anybody else."""

    key: CountyKey
    """For whom it is sealed."""
    site_name: str
    device_id: str
    sealed_at: str
    wrapped: bytes
    """What opens the store, sealed for the county's key and bound to all of the above."""

    @property
    def bound(self) -> bytes:
        """Return what the seal is bound to: a request that says another site does not open."""
        return canonical({"request": REQUEST_FILE, **self._facts()})

    def _facts(self) -> Json:
        facts = {"site_name": self.site_name, "device_id": self.device_id, "sealed_at": self.sealed_at}
        return {"for": self.key.items(), **facts}

    def items(self) -> Json:
        """Return the request as it stands in files."""
        return {**self._facts(), "wrapped": b64encode(self.wrapped).decode()}


def key_text(key: CountyKey) -> bytes:
    """Return the file the county gives to its sites."""
    return file_text({"kind": KEY_FILE, **key.items()})


def read_county_key(data: bytes) -> CountyKey:
    """Return the key in a file; raises CountyFileUnreadable, CountyAlgorithmUnknown."""
    return key_of(file_content(data, KEY_FILE))


def request_text(request: CountyRequest) -> bytes:
    """Return the file a site brings to the county."""
    return file_text({"kind": REQUEST_FILE, **request.items()})


def read_request(data: bytes) -> CountyRequest:
    """Return the request in a file; raises as ``read_county_key``."""
    return request_of(file_content(data, REQUEST_FILE))


def key_of(items: object) -> CountyKey:
    """Return the key of its items; raises as ``read_county_key``."""
    name, made_at, algorithm = (_field(items, field, KEY_FILE) for field in ("name", "made_at", "algorithm"))
    if algorithm not in PUBLIC_BYTES:
        raise CountyAlgorithmUnknown(algorithm)
    public = _bytes(items, "public", KEY_FILE)
    if len(public) != PUBLIC_BYTES[algorithm] or not name.strip():
        raise CountyFileUnreadable(KEY_FILE)
    return CountyKey(name, made_at, public, algorithm)


def request_of(items: object) -> CountyRequest:
    """Return the request of its items; raises as ``read_county_key``."""
    if not isinstance(items, dict):
        raise CountyFileUnreadable(REQUEST_FILE)
    site_name, device_id, sealed_at = (
        _field(items, field, REQUEST_FILE) for field in ("site_name", "device_id", "sealed_at")
    )
    wrapped = _bytes(items, "wrapped", REQUEST_FILE)
    return CountyRequest(key_of(items.get("for")), site_name, device_id, sealed_at, wrapped)


def file_text(items: Json) -> bytes:
    """Return a file of the county's: what it holds, and ``kind``."""
    return (json.dumps(items, ensure_ascii=False, indent=1) + "\n").encode()


def file_content(data: bytes, kind: str) -> Json:
    """Return what a file of this kind holds; raises CountyFileUnreadable."""
    try:
        content = json.loads(data)
    except (ValueError, RecursionError):
        raise CountyFileUnreadable(kind) from None
    if not isinstance(content, dict) or content.get("kind") != kind:
        raise CountyFileUnreadable(kind)
    return content


def _field(items: object, name: str, what: str) -> str:
    value = items.get(name) if isinstance(items, dict) else None
    if not isinstance(value, str) or not value.isprintable():
        raise CountyFileUnreadable(what)
    return value


def _bytes(items: object, name: str, what: str) -> bytes:
    try:
        return b64decode(_field(items, name, what), validate=True)
    except (binascii.Error, ValueError):
        raise CountyFileUnreadable(what) from None
