"""The seals made hour by hour in the store: how far each stream reached when (SQL only)."""

from dataclasses import dataclass

from sqlite_utils import Database

from app.domain.journal import Stream
from app.storage.receipts import stream_states


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


def kept_seals(db: Database) -> list[KeptSeal]:
    """Return the seals over what has no receipt yet, in order."""
    rows = db.execute(
        """select device_id, epoch, seq, head, sealed_at, algorithm, public_key, signature from seal
        order by device_id, epoch, seq"""
    )
    return [
        KeptSeal(Stream(device_id, epoch), seq, bytes(head), at, algorithm, bytes(key), bytes(signature))
        for device_id, epoch, seq, head, at, algorithm, key, signature in rows
    ]


def unsealed_heads(db: Database) -> list[tuple[Stream, int]]:
    """Return how far each stream reaches whose end has neither a receipt nor a seal."""
    sealed = {(kept.stream, kept.seq) for kept in kept_seals(db)}
    places = [(state.stream, state.last_seq) for state in stream_states(db) if state.last_seq > state.acked]
    return [place for place in places if place not in sealed]


def put_seal(db: Database, seal: KeptSeal) -> None:
    """Keep a seal; those of its stream over what has a receipt by now go."""
    db.execute(
        """delete from seal where device_id = ? and epoch = ? and seq <= (select coalesce(max(seq), 0)
        from receipt where receipt.device_id = seal.device_id and receipt.epoch = seal.epoch)""",
        [seal.stream.device_id, seal.stream.epoch],
    )
    db.execute(
        "insert or ignore into seal values (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            seal.stream.device_id, seal.stream.epoch, seal.seq, seal.head, seal.sealed_at_ms,
            seal.algorithm, seal.public_key, seal.signature,
        ],
    )  # fmt: skip
