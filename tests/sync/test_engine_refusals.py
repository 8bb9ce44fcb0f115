"""What the engine makes of a centre that went back, of copies, backups and answers that prove nothing."""

from collections.abc import Sequence

from app.sync import wire
from app.sync.engine import EventNotTaken
from app.sync.frame import BEST_CODEC, CODEC_ZLIB, MAX_EVENT_BYTES, MessageMalformed, codec_of
from app.sync.outbox import OutboxUnavailable, Written
from app.sync.pace import BATCH_BYTES, FIRST_BATCH
from app.sync.state import Idle, Offline, Refused
from app.sync.transport import CentreDeclined
from app.sync.unfit import UnfitRun
from tests.sync.local_journal import LocalJournal
from tests.sync.one_site import Site, answering
from tests.sync.picky_centre import PickyCentre


def test_a_centre_that_went_back_is_given_what_it_lost() -> None:
    """SYN-1: the centre was restored from its backup."""
    site = Site()
    site.journal.record_many(10)
    site.sync()
    site.centre.cut_back(site.journal.stream.epoch, 4)
    site.journal.record_many(2)
    assert isinstance(site.sync(), Idle)
    held = site.centre.journal[site.journal.stream.epoch]
    assert held == [entry.data for entry in site.journal.entries[site.journal.stream]]


def test_a_centre_that_lost_much_is_given_it_without_asking_twice() -> None:
    site = Site()
    site.journal.record_many(FIRST_BATCH * 2)
    site.sync()
    site.centre.cut_back(site.journal.stream.epoch, 0)
    site.centre.requests.clear()
    site.engine = site.new_engine()
    site.sync()
    pushes = [request.push.after for request in site.centre.requests if request.push]
    assert pushes == [0, FIRST_BATCH]
    assert len(site.centre.requests) == 3


def test_old_streams_are_listed_and_sent_again_when_the_centre_lost_them() -> None:
    """Regression 1 of the prototype: an old stream that was no longer offered was lost."""
    site = Site()
    site.journal.record_many(6)
    site.sync()
    old = site.journal.stream
    site.journal.open_stream()
    site.journal.record_many(2)
    site.sync()
    site.centre.cut_back(old.epoch, 1)
    assert isinstance(site.sync(), Idle)
    assert len(site.centre.journal[old.epoch]) == 6
    assert site.in_step()


def test_an_event_the_centre_cannot_file_is_named_with_its_receipt_and_those_behind_it_go() -> None:
    """SYN-1: one bad record holds up no other."""
    site = Site()
    site.journal.record_many(2)
    site.journal.append(site.journal.event("note.made", {}, site="another place"))
    site.journal.record_many(2)
    assert isinstance(site.sync(), Idle)
    assert site.in_step()
    assert site.journal.unfit == [UnfitRun(3, 3, "SiteOutOfScope", "site")]
    site.journal.record()
    site.sync()
    assert site.in_step(), "the next sync works"


def test_an_event_a_centre_of_an_older_release_stops_at_is_named_and_those_before_it_are_kept() -> None:
    journal = LocalJournal()
    site = Site(journal, PickyCentre(journal.clock, dislikes={"odd": ("SiteOutOfScope", "site")}))
    site.journal.record_many(2)
    site.journal.record("odd")
    site.journal.record_many(2)
    state = site.sync()
    assert isinstance(state, Refused)
    assert state.refusals == (EventNotTaken(site.journal.stream.epoch, 3, "SiteOutOfScope", "site"),)
    assert len(site.journal.receipted()) == 2
    asked = len(site.centre.requests)
    assert site.engine.step() > 0
    assert len(site.centre.requests) == asked, "it is not asked again at once"


def test_an_event_too_large_for_the_wire_is_named_and_those_before_it_go() -> None:
    site = Site()
    site.journal.record_many(2)
    site.journal.record(body={"text": "x" * MAX_EVENT_BYTES})
    state = site.sync()
    assert isinstance(state, Refused)
    assert state.refusals == (EventNotTaken(site.journal.stream.epoch, 3, "MessageTooLarge", "event"),)
    assert len(site.journal.receipted()) == 2


def test_large_events_are_spread_over_several_pushes() -> None:
    site = Site()
    count = BATCH_BYTES // MAX_EVENT_BYTES * 2 + 3
    for _ in range(count):
        site.journal.record(body={"text": "x" * (MAX_EVENT_BYTES - 1000)})
    site.sync()
    assert site.in_step()
    pushes = [request.push for request in site.centre.requests if request.push]
    assert all(sum(map(len, push.events)) <= BATCH_BYTES for push in pushes)


def test_a_declined_device_is_told_by_the_centres_own_word() -> None:
    site = Site()
    site.journal.record()
    site.centre.faults = [answering(wire.Declined("DeviceUnknown"))]
    state = site.sync()
    assert isinstance(state, Refused)
    assert state.refusals == (CentreDeclined("DeviceUnknown", ""),)


def test_a_centre_of_an_older_release_is_spoken_to_in_the_codec_it_reads() -> None:
    """SYN-1: old and new meet, and nobody has to wait."""
    site = Site()
    codecs: list[int] = []

    def older(request: bytes) -> bytes | None:
        codecs.append(codec_of(request))
        site.centre.faults.append(older)
        return wire.encode_answer(wire.CODEC_UNKNOWN) if codecs[-1] != CODEC_ZLIB else None

    site.journal.record()
    site.centre.faults = [older]
    assert isinstance(site.sync(), Idle)
    assert codecs == [BEST_CODEC, CODEC_ZLIB]
    site.journal.record()
    site.sync()
    assert codecs == [BEST_CODEC, CODEC_ZLIB, CODEC_ZLIB]
    assert site.in_step()


def forged(site: Site, change: "wire.PushResult | None") -> wire.Answer:
    return wire.Answer(wire.Welcome("1" * 16, site.clock.now()), change)


def test_an_ack_that_does_not_prove_the_events_is_no_receipt() -> None:
    """A receipt counts only when the centre's head is this device's own hash."""
    site = Site()
    site.journal.record_many(3)
    epoch, entries = site.journal.stream.epoch, site.journal.entries[site.journal.stream]
    now, head = site.clock.now(), entries[-1].hash
    run = wire.ReceiptRun(1, 3, now)
    forgeries: list[wire.PushResult | None] = [
        None,
        wire.Ack("f" * 16, 3, head, (run,)),
        wire.Ack(epoch, 3, bytes(32), (run,)),
        wire.Ack(epoch, 2, entries[1].hash, (run,)),
        wire.Ack(epoch, 3, head, ()),
        wire.Ack(epoch, 3, head, (wire.ReceiptRun(1, 2, now),)),
        wire.Gap(epoch, 0, site.journal.hash_at(site.journal.stream, 0)),
    ]
    for forgery in forgeries:
        site.centre.faults, site.centre.exchanges_left = [answering(forged(site, forgery))], 1
        assert isinstance(site.sync(), Offline | Refused)
        assert site.journal.receipted() == []
    site.centre.exchanges_left = None
    site.sync()
    assert site.in_step()


class FullDisk(LocalJournal):
    """A store whose disk is full when receipts come."""

    full = True

    def record_receipts(
        self, stream: object, runs: Sequence[wire.ReceiptRun], unfit: Sequence[UnfitRun] = ()
    ) -> Written:
        return self._refuse if self.full else super().record_receipts(self.stream, runs)

    def _refuse(self) -> None:
        raise OutboxUnavailable("disk full")


def test_a_store_that_cannot_take_receipts_is_shown_and_asked_again() -> None:
    journal = FullDisk()
    site = Site(journal)
    journal.record_many(2)
    state = site.sync()
    assert isinstance(state, Refused)
    assert state.refusals == (OutboxUnavailable("disk full"),)
    journal.full = False
    site.sync()
    assert site.in_step()


def test_a_message_the_engine_cannot_place_is_named_as_malformed() -> None:
    site = Site()
    site.journal.record()
    site.centre.faults = [answering(forged(site, None))]
    state = site.sync()
    assert isinstance(state, Offline)
    assert state.cause == MessageMalformed("push")
