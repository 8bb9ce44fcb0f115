"""What a device tells by calling: that it lives, how much it still holds, and which event it stopped at."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from app.sync.wire import Ack, Answer, Hello
from server.database import Database

SETTLED_S = 60
"""A contact that says nothing new is not written again before this."""


@dataclass(frozen=True)
class Contact:
    """One device's call and the answer to it."""

    hello: Hello
    answer: Answer

    @property
    def waiting(self) -> int:
        """Events the device has and the centre has not, over all its streams, after this answer."""
        held = _held(self.answer)
        return sum(max(0, last_seq - held.get(epoch, 0)) for epoch, last_seq in self.hello.tips.items())


def note_contacts(database: Database, contacts: Iterable[Contact], now: datetime) -> None:
    """Write down the calls of a group, always in one order and after every other lock."""
    by_device = {contact.hello.device_id: contact for contact in contacts}
    ordered = [by_device[device_id] for device_id in sorted(by_device)]
    if not ordered:
        return
    heard = [{"device_id": contact.hello.device_id, "waiting": contact.waiting} for contact in ordered]
    database.execute(
        """
        insert into device_contact as held (device_id, heard_at, waiting)
        select device_id, %s, waiting from json_to_recordset(%s) as x(device_id text, waiting bigint)
        order by device_id
        on conflict (device_id) do update set heard_at = excluded.heard_at, waiting = excluded.waiting
        where held.waiting <> excluded.waiting
            or held.heard_at < excluded.heard_at - make_interval(secs => %s)
        """,
        (now, json.dumps(heard), SETTLED_S),
    )
    refused = [item for contact in ordered for item in _refused(contact)]
    if refused:
        database.execute(
            """
            insert into refused_event (device_id, epoch, seq, name, reason, refused_at)
            select device_id, epoch, seq, name, reason, %s from json_to_recordset(%s)
                as x(device_id text, epoch text, seq bigint, name text, reason text)
            on conflict (device_id, epoch) do update set
                seq = excluded.seq, name = excluded.name, reason = excluded.reason,
                refused_at = excluded.refused_at
            """,
            (now, json.dumps(refused)),
        )


def _held(answer: Answer) -> dict[str, int]:
    held = {epoch: standing.acked for epoch, standing in answer.welcome.standings.items()}
    if answer.push is not None:
        held[answer.push.epoch] = answer.push.acked
    return held


def _refused(contact: Contact) -> Iterable[Mapping[str, object]]:
    push = contact.answer.push
    if isinstance(push, Ack) and push.refused is not None:
        refused = push.refused
        yield {
            "device_id": contact.hello.device_id, "epoch": push.epoch, "seq": refused.seq,
            "name": refused.name, "reason": refused.reason,
        }  # fmt: skip
