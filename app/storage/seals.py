"""The seals in the store: how far each stream reached when, by this device's own signature."""

from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlite_utils import Database

from app.domain.journal import Stream
from app.domain.seal import ED25519, sealed_bytes
from app.storage.local import get_secret
from app.storage.receipts import stream_states

SEAL_KEY = "seal.key"
"""The secret that signs: 32 bytes, made the first time it is needed."""


@dataclass(frozen=True)
class KeptSeal:
    """A signature over how far a stream reached at an instant."""

    stream: Stream
    seq: int
    head: bytes
    sealed_at_ms: int
    """Since 1970, on this device's clock."""
    algorithm: str
    public_key: bytes
    signature: bytes

    @property
    def sealed_at(self) -> datetime:
        """When, on this device's clock."""
        return datetime.fromtimestamp(self.sealed_at_ms / 1000, UTC)


@dataclass(frozen=True)
class Sealed:
    """What the seals of a store come to."""

    entries: int
    """Under a seal that holds; a stream's newest covers all before it."""
    broken: int
    """Seals that do not hold: another head stands there, or this device did not sign it."""


def kept_seals(db: Database) -> list[KeptSeal]:
    """Return the seals kept, in order: those over what has no receipt yet, and those of the last backup."""
    rows = db.execute(
        """select device_id, epoch, seq, head, sealed_at, algorithm, public_key, signature from seal
        order by device_id, epoch, seq"""
    )
    return [
        KeptSeal(Stream(device_id, epoch), seq, bytes(head), at, algorithm, bytes(key), bytes(signature))
        for device_id, epoch, seq, head, at, algorithm, key, signature in rows
    ]


def unsealed_heads(db: Database, *, receipted: bool) -> list[tuple[Stream, int]]:
    """Return how far each stream reaches whose end has no seal; ``receipted``: whatever the centre has."""
    sealed = {(kept.stream, kept.seq) for kept in kept_seals(db)}
    states = [state for state in stream_states(db) if state.last_seq > (0 if receipted else state.acked)]
    return [place for state in states if (place := (state.stream, state.last_seq)) not in sealed]


def check_seals(db: Database) -> Sealed:
    """Hold every seal against the chains of the store and against this device's own key."""
    key = get_secret(db, SEAL_KEY)
    reached: dict[Stream, int] = {}
    broken = 0
    for kept in kept_seals(db):
        if key is not None and _holds(db, kept, Ed25519PrivateKey.from_private_bytes(key)):
            reached[kept.stream] = max(reached.get(kept.stream, 0), kept.seq)
        else:
            broken += 1
    return Sealed(sum(reached.values()), broken)


def _holds(db: Database, kept: KeptSeal, key: Ed25519PrivateKey) -> bool:
    entry = db.execute(
        "select hash from stream_entry where device_id = ? and epoch = ? and seq = ?",
        [kept.stream.device_id, kept.stream.epoch, kept.seq],
    ).fetchone()
    own = key.public_key()
    if entry is None or bytes(entry[0]) != kept.head or kept.algorithm != ED25519:
        return False
    try:
        own.verify(kept.signature, sealed_bytes(kept.stream, kept.seq, kept.head, kept.sealed_at))
    except InvalidSignature:
        return False
    return kept.public_key == own.public_bytes_raw()


def put_seal(db: Database, seal: KeptSeal) -> None:
    """Keep a seal; those of its stream over what has a receipt by now go."""
    db.execute(
        """delete from seal where device_id = ? and epoch = ? and seq <= (select coalesce(max(last_seq), 0)
        from receipt_run as run where run.device_id = seal.device_id and run.epoch = seal.epoch)""",
        [seal.stream.device_id, seal.stream.epoch],
    )
    db.execute(
        "insert or ignore into seal values (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            seal.stream.device_id, seal.stream.epoch, seal.seq, seal.head, seal.sealed_at_ms,
            seal.algorithm, seal.public_key, seal.signature,
        ],
    )  # fmt: skip
