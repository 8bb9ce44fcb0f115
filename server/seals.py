"""Which key each device seals with, and the newest seal of each stream (SQL only, no judgement)."""

import json
from collections.abc import Collection, Mapping
from datetime import datetime

from app.domain.journal import Stream
from app.sync.seal import Seal
from app.sync.wire import Push
from server.database import Database


def read_keys(database: Database, device_ids: Collection[str]) -> dict[str, bytes]:
    """Return the public keys devices are known by."""
    rows = database.execute(
        "select device_id, public_key from device_key where device_id = any(%s)", (list(device_ids),)
    )
    return {device_id: bytes(key) for device_id, key in rows}


def keep_seals(database: Database, sealed: Mapping[Stream, tuple[Push, Seal]], now: datetime) -> None:
    """Keep seals that passed; of each stream the one that reaches furthest, of each device its first key."""
    items = [
        {
            "device_id": stream.device_id,
            "epoch": stream.epoch,
            "seq": push.after + len(push.events),
            "head": push.head.hex(),
            "sealed_at": seal.sealed_at.isoformat(),
            "algorithm": seal.algorithm,
            "signature": seal.signature.hex(),
            "public_key": seal.key.hex(),
        }
        for stream, (push, seal) in sorted(
            sealed.items(), key=lambda item: (item[0].device_id, item[0].epoch)
        )
    ]
    database.execute(
        """
        insert into device_key
        select device_id, algorithm, decode(public_key, 'hex'), %s
        from json_to_recordset(%s) as x(device_id text, algorithm text, public_key text)
        order by device_id on conflict do nothing
        """,
        (now, json.dumps(items)),
    )
    database.execute(
        """
        insert into seal
        select device_id, epoch, seq, decode(head, 'hex'), sealed_at, algorithm, decode(signature, 'hex')
        from json_to_recordset(%s) as x(device_id text, epoch text, seq bigint, head text,
            sealed_at timestamptz, algorithm text, signature text)
        order by device_id, epoch
        on conflict (device_id, epoch) do update
        set seq = excluded.seq, head = excluded.head, sealed_at = excluded.sealed_at,
            algorithm = excluded.algorithm, signature = excluded.signature
        where excluded.seq >= seal.seq
        """,
        (json.dumps(items),),
    )
