"""How a device makes itself known to a centre: a one-time code, and a secret it makes itself.

The device makes its token and shows the centre only the token's hash, so a repeated enrolment (its answer was
lost) is the same as one.
"""

import hashlib
from dataclasses import dataclass
from typing import Protocol

from app.domain.ids import Randomness
from app.domain.ids import token as random_text
from app.domain.journal import canonical
from app.sync import frame
from app.sync.fields import Fields, digest_text
from app.sync.transport import CentreDeclined
from app.sync.wire import Declined, read_declined

TOKEN_LENGTH = 26
"""130 bits."""


@dataclass(frozen=True)
class Enrolment:
    """What a device sends to become known."""

    code: str
    device_id: str
    token_hash: bytes


class Post(Protocol):
    """The part of a transport that enrolment needs."""

    def post(self, path: str, body: bytes) -> bytes:
        """Post to a path of the centre and return the frame that answers."""
        ...


def new_token(random: Randomness) -> str:
    """Return a fresh device token."""
    return random_text(TOKEN_LENGTH, random)


def token_hash(token: str) -> bytes:
    """Return what the centre keeps of a token."""
    return hashlib.sha256(token.encode()).digest()


def enrol(line: Post, code: str, device_id: str, token: str) -> str:
    """Make a device known by a one-time code; return the site the code was issued for.

    Raises CentreDeclined (``EnrolmentCodeUnknown`` …), the refusals of the transport, or MessageMalformed.
    """
    enrolment = Enrolment(code, device_id, token_hash(token))
    answer = decode_enrolled(line.post("/v1/enrol", encode_enrolment(enrolment)))
    if isinstance(answer, Declined):
        raise CentreDeclined(answer.name, answer.reason)
    return answer


def encode_enrolment(enrolment: Enrolment) -> bytes:
    """Return the frame of an enrolment."""
    items = {
        "code": enrolment.code,
        "device_id": enrolment.device_id,
        "token_hash": digest_text(enrolment.token_hash),
    }
    return frame.pack(canonical({"enrol": items}))


def decode_enrolment(data: bytes) -> Enrolment:
    """Return the enrolment in a frame; raises a refusal on anything else."""
    fields = Fields.of(frame.unpack(data)[0]).child("enrol")
    return Enrolment(fields.text("code"), fields.text("device_id"), fields.digest("token_hash"))


def encode_enrolled(site: str) -> bytes:
    """Return the frame that answers an enrolment."""
    return frame.pack(canonical({"enrolled": {"site": site}}))


def decode_enrolled(data: bytes) -> str | Declined:
    """Return the site in a frame, or the centre's no; raises a refusal on anything else."""
    header = Fields.of(frame.unpack(data)[0])
    return read_declined(header) or header.child("enrolled").text("site")
