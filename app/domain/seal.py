"""What a seal says: how far a stream reached at an instant, and with its head everything before."""

from datetime import datetime

from app.domain.clock import epoch_ms
from app.domain.journal import Stream, canonical

ED25519 = "ed25519"
_PURPOSE = b"vaxpost-seal/1\n"


def sealed_bytes(stream: Stream, seq: int, head: bytes, at: datetime) -> bytes:
    """Return the bytes a device signs; ``head`` is its hash at ``seq``, ``at`` in whole milliseconds."""
    place = {"device_id": stream.device_id, "epoch": stream.epoch, "seq": seq}
    return _PURPOSE + canonical({**place, "head": head.hex(), "time": epoch_ms(at)})
