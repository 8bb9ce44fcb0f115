"""Slots that a random secret opens on any machine: the one of the sealed envelope, and the one of the county.

Each is sealed for a private key that only HKDF(secret) gives; the slot keeps its public half, so that a new
database key is sealed for it without the secret. The county's slot also holds its secret, wrapped for the
county's own key: what the county opens is a secret of one store, to be told over the telephone.
"""

import base64
from typing import TYPE_CHECKING, Any

from app.domain.ids import Randomness
from app.storage.sealing import PRIVATE_LENGTH, SealBroken, public_of, seal, unseal

if TYPE_CHECKING:
    from app.domain.county_key import CountyRequest

Slot = dict[str, Any]
ENVELOPE, COUNTY = b"recovery", b"county"
"""What each slot's seal is bound to: neither stands in the other's place."""


def make_slot(secret: bytes, made_at: str, key: bytes, label: bytes, random: Randomness) -> Slot:
    """Return a slot in which the database key is sealed for who has the secret."""
    public = text_of(public_of(_private(secret)))
    return {"made_at": made_at, "public": public, **seal_anew(public, key, label, random)}


def seal_anew(public: str, key: bytes, label: bytes, random: Randomness) -> Slot:
    """Return what changes in a slot of this public half when it holds another key."""
    return {"sealed": text_of(seal(bytes_of(public), key, label, random))}


def make_county_slot(request: "CountyRequest", secret: bytes, key: bytes, random: Randomness) -> Slot:
    """Return the county's slot; ``request`` holds the same secret, wrapped."""
    return make_slot(secret, request.sealed_at, key, COUNTY, random) | {"request": request.items()}


def resealed(slot: Slot | None, key: bytes, label: bytes, random: Randomness) -> Slot | None:
    """Return the slot with another database key in it; its secret is not needed."""
    return slot and slot | seal_anew(slot["public"], key, label, random)


def open_either(envelope: Slot | None, county: Slot | None, secret: bytes) -> bytes:
    """Return the database key from the slot this secret is for.

    Raises SealBroken if it is for neither, ValueError for what is no slot.
    """
    slot, label = (county, COUNTY) if is_for(county, secret) else (envelope, ENVELOPE)
    if slot is None:
        raise SealBroken
    return unseal(_private(secret), bytes_of(slot["sealed"]), label)


def is_for(slot: Slot | None, secret: bytes) -> bool:
    """Return whether this secret is the slot's."""
    return slot is not None and bytes_of(slot["public"]) == public_of(_private(secret))


def checked(slot: object) -> Slot | None:
    """Return a slot as a file has it, its fields in place; raises KeyError, TypeError, ValueError."""
    if slot is None:
        return None
    if not isinstance(slot, dict):
        raise TypeError("a slot")
    known = {name: str(slot[name]) for name in ("made_at", "public", "sealed")}
    return known | ({"request": dict(slot["request"])} if "request" in slot else {})


def text_of(data: bytes) -> str:
    """Return bytes as the key file has them."""
    return base64.b64encode(data).decode()


def bytes_of(text: str) -> bytes:
    """Return the bytes of a text of the key file; raises ValueError."""
    return base64.b64decode(text)


def _private(secret: bytes) -> bytes:
    """The secret is random through and through: nothing has to be stretched."""
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(SHA256(), PRIVATE_LENGTH, None, b"vaxpost-recovery/1").derive(secret)
