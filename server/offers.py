"""Offers: events of other devices that this one pulled and the centre may have lost in a restore.

They are filed in a stream of their own under the device that brought them, for it is who answers for them; an
event that is known by its id is left alone, and one whose own device brings it later is not counted twice.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from app.domain.feed import SHARED_KINDS
from app.domain.journal import Entry, Event, NotCanonical, Stream, decode, link
from server import journal
from server.database import Database
from server.devices import Device
from server.feed import areas_of
from server.stream import Cursor, EnvelopeMalformed, SiteOutOfScope, check_envelope

OFFERED = "offered"
"""In place of the epoch: no stream of a device can be called so."""

Offer = tuple[Device, Sequence[bytes]]


def file_offers(database: Database, offers: Sequence[Offer], now: datetime) -> list[Entry]:
    """Return entries for what is not known yet, in streams already moved on; nothing is projected here.

    What cannot be an event of the device's areas is left out: the offer is answered all the same, for the
    device that pulled it cannot mend it.
    """
    read = [
        (Stream(device.device_id, OFFERED), _readable(database, device, events)) for device, events in offers
    ]
    unknown = _unknown(database, {event.id for _, events in read for event, _ in events})
    wanted = [(stream, [each for each in events if each[0].id in unknown]) for stream, events in read]
    wanted = [(stream, events) for stream, events in wanted if events]
    if not wanted:
        return []
    cursors = journal.lock_cursors(database, [stream for stream, _ in wanted], now)
    entries: list[Entry] = []
    for stream, events in wanted:
        cursor = cursors[stream]
        for event, data in events:
            cursor = Cursor(cursor.acked + 1, link(cursor.head, data))
            entries.append(Entry(stream, replace(event, seq=cursor.acked), data, cursor.head))
        cursors[stream] = cursor
    journal.move_cursors(database, cursors)
    return entries


def _readable(database: Database, device: Device, events: Sequence[bytes]) -> list[tuple[Event, bytes]]:
    """Return the events that may stand in a feed of the device's areas, each id once."""
    own = set(areas_of(database, device.sites).values())
    read: dict[str, tuple[Event, bytes]] = {}
    for data in events:
        try:
            event = decode(data)
            check_envelope(event, {event.site})
        except (NotCanonical, EnvelopeMalformed, SiteOutOfScope):
            continue
        if event.kind in SHARED_KINDS and event.site:
            read.setdefault(event.id, (event, data))
    areas = areas_of(database, {event.site for event, _ in read.values()})
    return [(event, data) for event, data in read.values() if areas[event.site] in own]


def _unknown(database: Database, ids: Collection[str]) -> set[str]:
    rows = database.execute(
        "select event_id::text from event_home where event_id = any(%s::uuid[])", (list(ids),)
    )
    return set(ids) - {event_id for (event_id,) in rows}
