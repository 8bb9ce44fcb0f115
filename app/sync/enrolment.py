"""How a device becomes known to a centre: a one-time code, a key it makes itself, a certificate it is given.

Before it is enrolled a device cannot know the centre's certificate, so the connection of an enrolment proves
nothing. The code does: it never travels, request and answer are both authenticated with it, and the answer
brings whom to trust from then on (docs/decisions/0008-a-code-vouches-for-both.md).
"""

import binascii
import hashlib
import hmac
from base64 import b64decode, urlsafe_b64encode
from dataclasses import dataclass, replace
from typing import Protocol

from app.domain.journal import Json, canonical
from app.domain.refusals import Refusal
from app.sync import frame
from app.sync.fields import Fields, as_items, digest_text
from app.sync.frame import MessageMalformed
from app.sync.transport import CentreDeclined
from app.sync.wire import read_declined

MAX_DER = 16384
"""Characters of one certificate or request."""
MAX_TRUST = 8
LOOKALIKES = str.maketrans("ILO", "110")
"""Letters the alphabet of codes leaves out, as what they were misread from."""


@dataclass(unsafe_hash=True)
class CentreUnproven(Refusal):
    """What answered the enrolment does not know the code: it is not the centre that issued it."""


@dataclass(frozen=True)
class Enrolment:
    """What a device sends to become known."""

    code_id: bytes
    """Names the code without telling it."""
    csr: bytes
    """PKCS#10, DER: names the device, signed with its key."""
    mac: bytes
    """Over the rest, keyed by the code."""

    @classmethod
    def made(cls, code: str, csr: bytes) -> "Enrolment":
        """Return the enrolment of a device by a code as a person typed it."""
        bare = cls(code_id(code), csr, b"")
        return replace(bare, mac=_mac(code_key(code), "request", bare.items()))

    def items(self) -> Json:
        """Return what the request says, without its proof."""
        return {"code_id": digest_text(self.code_id), "csr": der_text(self.csr)}

    def is_from(self, key: bytes) -> bool:
        """Whether who made it knew the code of this key."""
        return hmac.compare_digest(self.mac, _mac(key, "request", self.items()))


@dataclass(frozen=True)
class Enrolled:
    """What a centre gives: the device's certificate, and whom to trust as the centre; DER."""

    certificate: bytes
    trust: tuple[bytes, ...]
    mac: bytes = b""
    """Of the answer to an enrolment: over the rest and the request, keyed by the code."""

    def proven(self, key: bytes, enrolment: Enrolment) -> "Enrolled":
        """Return the answer to this very enrolment, by who knows the code of this key."""
        answer = {"request": digest_text(enrolment.mac), **self.items()}
        return replace(self, mac=_mac(key, "answer", answer))

    def items(self) -> Json:
        """Return what the answer says, without its proof."""
        return {"certificate": der_text(self.certificate), "trust": [der_text(der) for der in self.trust]}


class Post(Protocol):
    """The part of a transport that enrolment needs."""

    def post(self, path: str, body: bytes) -> bytes:
        """Post to a path of the centre and return the frame that answers."""
        ...


def code_id(code: str) -> bytes:
    """Return the name of a code."""
    return hashlib.sha256(b"vaxpost enrolment id\n" + _typed(code)).digest()


def code_key(code: str) -> bytes:
    """Return the key both sides make of a code."""
    return hashlib.sha256(b"vaxpost enrolment key\n" + _typed(code)).digest()


def enrol(line: Post, code: str, csr: bytes) -> Enrolled:
    """Make a device known by a one-time code; the line need not be proven, the answer is.

    Raises CentreDeclined (``EnrolmentCodeUnknown`` …), CentreUnproven, MessageMalformed or the refusals of
    the transport.
    """
    enrolment = Enrolment.made(code, csr)
    enrolled = decode_enrolled(line.post("/v1/enrol", encode_enrolment(enrolment)))
    if not hmac.compare_digest(enrolled.mac, enrolled.proven(code_key(code), enrolment).mac):
        raise CentreUnproven
    return enrolled


def renew(line: Post, csr: bytes) -> Enrolled:
    """Ask for the next certificate over a line that proves both sides; raises as ``enrol``."""
    return decode_enrolled(line.post("/v1/renew", encode_renewal(csr)))


def encode_enrolment(enrolment: Enrolment) -> bytes:
    """Return the frame of an enrolment."""
    return frame.pack(canonical({"enrol": {**enrolment.items(), "mac": digest_text(enrolment.mac)}}))


def decode_enrolment(data: bytes) -> Enrolment:
    """Return the enrolment in a frame; raises a refusal on anything else."""
    fields = Fields.of(frame.unpack(data)[0]).child("enrol")
    return Enrolment(fields.digest("code_id"), der_of(fields.value("csr"), "csr"), fields.digest("mac"))


def encode_renewal(csr: bytes) -> bytes:
    """Return the frame of a certificate request of a device that is known."""
    return frame.pack(canonical({"renew": {"csr": der_text(csr)}}))


def decode_renewal(data: bytes) -> bytes:
    """Return the certificate request in a frame; raises a refusal on anything else."""
    return der_of(Fields.of(frame.unpack(data)[0]).child("renew").value("csr"), "csr")


def encode_enrolled(enrolled: Enrolled) -> bytes:
    """Return the frame that answers an enrolment or a renewal."""
    proof = {"mac": digest_text(enrolled.mac)} if enrolled.mac else {}
    return frame.pack(canonical({"enrolled": {**enrolled.items(), **proof}}))


def decode_enrolled(data: bytes) -> Enrolled:
    """Return what the centre gives; raises CentreDeclined, or a refusal on anything else."""
    header = Fields.of(frame.unpack(data)[0])
    declined = read_declined(header)
    if declined is not None:
        raise CentreDeclined(declined.name, declined.reason)
    fields = header.child("enrolled")
    trust = as_items(fields.value("trust"), "trust", tuple(range(1, MAX_TRUST + 1)))
    return Enrolled(
        der_of(fields.value("certificate"), "certificate"),
        tuple(der_of(item, "trust") for item in trust),
        fields.digest("mac") if "mac" in fields.raw else b"",
    )


def _mac(key: bytes, label: str, items: Json) -> bytes:
    return hmac.digest(key, canonical({label: items}), "sha256")


def _typed(code: str) -> bytes:
    """Return a code as it was meant: blanks, dashes and small letters do not count."""
    return code.upper().replace("-", "").replace(" ", "").strip().translate(LOOKALIKES).encode()


def der_text(der: bytes) -> str:
    """Return DER as it travels."""
    return urlsafe_b64encode(der).decode()


def der_of(value: object, key: str) -> bytes:
    """Return the DER that ``der_text`` wrote; raises MessageMalformed."""
    if not isinstance(value, str) or not 0 < len(value) <= MAX_DER:
        raise MessageMalformed(key)
    try:
        return b64decode(value, b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise MessageMalformed(key) from error
