"""What the centre has for a device without a line comes by stick: once, to it alone (SYN-1, SYN-2, SEC-1)."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.feed import START
from app.storage import feed, feedback, immunizations, patients, projections
from app.storage.local import put_secret
from app.storage.receipts import count_durable
from app.storage.store import Store
from app.sync.bundle import BundleOfOtherCentre, key_of, read_bundle
from app.sync.envelope import BundleDamaged
from app.sync.identity import new_key
from app.sync.pages import Page
from app.sync.puller import FeedRepaired
from app.sync.reply import ReplyForAnother, read_reply, write_reply
from app.sync.stick_files import Carried, read_stick, write_file
from app.sync.stick_reply import BundleQuarantined, ReplyDoesNotFollow, Taken
from app.sync.store_identity import KEY, get_identity, put_identity
from app.sync.store_inbox import StoreInbox
from app.sync.transport import CentreDeclined, CentreUnreachable
from server.authority import make_authority
from server.database import Database
from server.devices import revoke
from server.feed import is_in_feed
from server.handing_in import decide, hand_in, see_quarantine
from tests.clocks import ManualClock
from tests.factories import KEY as STORE_KEY
from tests.factories import SmallSite
from tests.server.carried_site import BY, CarriedSite, CentreLine
from tests.server.desk import AUTHORITY, admit, push
from tests.server.trips import Trips, end, give, place
from tests.storage.other_site import AREA, OtherSite
from tests.sync.local_journal import LocalJournal
from tests.workflows.copied_site import everything

OTHER = make_authority(ManualClock().now())


@pytest.fixture
def carried(small_site: SmallSite, database: Database) -> CarriedSite:
    """Return a site without a line, all of whose own records the centre has."""
    carried = CarriedSite(small_site, database)
    reply = read_reply(carried.carry(carried.pack()), carried.identity)
    receipts = replace(reply, answers=reply.answers[:1], partings={})
    carried.take(write_reply(receipts, key_of(carried.identity.certificate), AUTHORITY.key))
    assert (carried.waiting(), place(carried)) == (0, START)
    return carried


@pytest.fixture
def giver(database: Database) -> LocalJournal:
    """Return a device of the same area with a line."""
    journal = LocalJournal(3)
    admit(database, journal)
    return journal


def fetch(carried: CarriedSite) -> Taken:
    """Let the stick go to the centre and back."""
    return carried.take(carried.carry(carried.pack()))


def whole(carried: CarriedSite) -> bool:
    """Whether what is held is the beginning of the centre's feed, and whole."""
    feed.verify(carried.site.store.read())
    return is_in_feed(carried.database, AREA, place(carried))


def test_a_dose_given_elsewhere_comes_by_stick_and_counts(
    small_site: SmallSite, database: Database, giver: LocalJournal, tmp_path: Path
) -> None:
    """All in one trip: what goes up, and what the others of the area recorded."""
    there = OtherSite(tmp_path / "there")
    patient_id = there.newcomer()
    dose = there.vaccinate(patient_id)
    for seq, event in enumerate(there.told(), start=1):
        giver.append(replace(event, seq=seq))
    there.site.close()
    push(database, giver)
    carried = CarriedSite(small_site, database)
    waiting = carried.waiting()
    taken = fetch(carried)
    assert (taken.receipts, taken.told) == (waiting, end(database))
    db = small_site.desk.read()
    (shown,) = immunizations.history_of(db, patient_id)
    assert shown["immunization_id"] == dose["immunization_id"]
    assert patients.get_patient(db, patient_id)
    assert whole(carried)
    assert fetch(carried) == Taken(), "and there is no more"


def test_what_lies_in_a_second_place_is_told_by_stick_too(carried: CarriedSite) -> None:
    fetch(carried)
    db = carried.site.desk.read()
    assert count_durable(db) is None
    carried.database.execute(
        "insert into wal_mark values ('0/1', '', %s, %s, 1, true, true)", (carried.now, carried.now)
    )
    known = carried.held()
    carried.site.clock.go(minutes=1)
    carried.site.vaccinated()
    fetch(carried)
    assert count_durable(db) == known < carried.held()


def test_what_comes_back_of_its_own_changes_nothing_here(carried: CarriedSite) -> None:
    carried.site.vaccinated()
    before = everything(carried.site.desk.read())
    assert fetch(carried).told == end(carried.database) > 30
    after = everything(carried.site.desk.read())
    own = {"dose_elsewhere"}
    assert {table: rows for table, rows in after.items() if table not in own} == {
        table: rows for table, rows in before.items() if table not in own
    }
    carried.site.store.write(lambda work: projections.rebuild(work.db))
    assert everything(carried.site.desk.read()) == after


def test_a_restored_device_has_its_receipts_for_what_it_still_holds(
    small_site: SmallSite, database: Database, tmp_path: Path
) -> None:
    """The centre holds more of its stream than the device: it proves the end of what was pushed."""
    carried, old = CarriedSite(small_site, database), tmp_path / "old"
    carried.pack()  # its key to seal with is made
    old.mkdir()
    for file in small_site.folder.glob("store.db*"):
        shutil.copy(file, old)
    small_site.vaccinated()
    assert fetch(carried).receipts == carried.held()
    newer, small_site.store = small_site.store, Store(old / "store.db", STORE_KEY)
    waiting = carried.waiting()
    assert 0 < waiting < carried.held()
    assert fetch(carried).receipts == waiting
    assert carried.waiting() == 0
    small_site.store.close()
    small_site.store = newer


@pytest.fixture
def trips(carried: CarriedSite, giver: LocalJournal) -> Trips:
    return Trips(carried, giver)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=12)
@given(order=st.lists(st.integers(0, 3), min_size=1, max_size=4))
def test_replies_twice_late_and_in_any_order_leave_a_whole_copy(trips: Trips, order: list[int]) -> None:
    trips.forget()
    carried, reached = trips.carried, 0
    for which in order:
        taken = carried.take(trips.files[which])
        if trips.starts[which] <= reached:
            assert (taken.told, taken.notes) == (max(0, trips.ends[which] - reached), ())
            reached = max(reached, trips.ends[which])
        else:
            assert taken == Taken(notes=(ReplyDoesNotFollow(AREA, reached),))
        assert place(carried).pos == reached
        assert whole(carried)


def test_on_one_stick_the_order_of_the_files_does_not_matter(trips: Trips, tmp_path: Path) -> None:
    trips.forget()
    for name, which in (("a", 2), ("b", 0)):
        (tmp_path / f"{name}.vxr").write_bytes(trips.files[which])
    came = read_stick(tmp_path, trips.carried.take, None)
    assert came == Carried(Taken(told=trips.ends[2]))
    trips.forget()
    (tmp_path / "b.vxr").unlink()
    came = read_stick(tmp_path, trips.carried.take, None)
    assert came == Carried(told=(ReplyDoesNotFollow(AREA, 0),))


def test_findings_come_by_stick_once(carried: CarriedSite) -> None:
    event_id = carried.site.store.read().execute("select max(event_id) from journal").fetchone()[0]
    row = carried.database.execute(
        "select device_id, epoch, seq from journal where event_id = %s", (event_id,)
    )
    device_id, epoch, seq = row.fetchone() or ("", "", 0)
    heard = START.after([f"{event_id} name missing".encode()])
    signed = heard.digest - (1 << 64) if heard.digest >> 63 else heard.digest
    carried.database.execute(
        "insert into semantic_error (device_id, epoch, seq, field, reason, pos, digest) "
        "values (%s, %s, %s, 'name', 'missing', 1, %s)",
        (device_id, epoch, seq, signed),
    )
    carried.database.execute("insert into feedback_head values (%s, 1, %s)", (device_id, signed))
    packed = carried.pack()
    reply = carried.carry(packed)
    assert carried.take(reply).findings == 1
    assert feedback.position(carried.site.store.read()) == heard
    assert carried.take(reply).findings == 0
    assert carried.site.store.read().execute("select * from finding").fetchall() == [
        (event_id, "name", "missing")
    ]
    assert fetch(carried).findings == 0


@pytest.fixture
def kept(carried: CarriedSite) -> CarriedSite:
    """Return a site that keeps its identity in its store."""
    carried.site.store.write(lambda work: put_secret(work.db, KEY, carried.identity.key))
    put_identity(carried.site.store, carried.identity)
    return carried


def expiry(carried: CarriedSite) -> object:
    identity = get_identity(carried.site.store)
    return identity and identity.expires_at


def test_the_next_certificate_comes_by_stick_with_whom_to_trust(kept: CarriedSite) -> None:
    """From half of its life on; a device that never has a network is not out after a year."""
    assert read_bundle(kept.pack().data, AUTHORITY.key).question.csr == b""  # type: ignore[union-attr]
    kept.site.clock.go(minutes=60 * 24 * 200)
    packed = kept.pack()
    wider = replace(AUTHORITY, server_trust=(AUTHORITY.certificate, OTHER.certificate))
    first = hand_in(kept.database, wider, packed.data, BY, kept.now).reply
    kept.site.clock.go(minutes=60 * 24)
    second = kept.carry(packed)
    assert kept.take(second).renewed
    renewed = get_identity(kept.site.store)
    assert renewed is not None
    assert renewed.expires_at > kept.now + timedelta(days=364)
    assert not kept.take(first).renewed, "an older certificate does not take the place of a newer"
    assert expiry(kept) == renewed.expires_at
    kept.identity = renewed
    assert fetch(kept).told == 0, "and it counts at the centre"
    kept.site.clock.go(minutes=60 * 24 * 200)
    told = hand_in(kept.database, wider, kept.pack().data, BY, kept.now).reply
    kept.take(told)
    newest = get_identity(kept.site.store)
    assert newest is not None
    assert newest.trust == wider.trust


def test_nobody_else_reads_a_reply_and_no_other_centre_writes_one(carried: CarriedSite) -> None:
    fetch(carried)
    data = carried.carry(carried.pack())
    reply = read_reply(data, carried.identity)
    stranger = replace(carried.identity, key=new_key())
    with pytest.raises(ReplyForAnother):
        read_reply(data, stranger)
    to = key_of(carried.identity.certificate)
    with pytest.raises(BundleOfOtherCentre):
        carried.take(write_reply(reply, to, OTHER.key))
    with pytest.raises(ReplyForAnother):
        carried.take(write_reply(replace(reply, device_id="somebody-else"), to, AUTHORITY.key))


def test_a_persons_name_is_not_to_be_read_on_the_stick(small_site: SmallSite, database: Database) -> None:
    carried = CarriedSite(small_site, database)
    carried.carry(carried.pack())
    reply = carried.carry(carried.pack())
    assert len(reply) > 2000
    assert small_site.patient().name.encode() not in reply


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(
    kind=st.sampled_from(["cut", "flipped", "tail", "longer"]),
    far=st.integers(0, 10**6),
    bit=st.integers(0, 7),
)
def test_a_damaged_reply_is_refused_and_nothing_is_taken(trips: Trips, kind: str, far: int, bit: int) -> None:
    whole = trips.files[3]
    spot = far % len(whole)
    torn = {
        "cut": whole[:spot],
        "flipped": whole[:spot] + bytes([whole[spot] ^ (1 << bit)]) + whole[spot + 1 :],
        "tail": whole[spot + 1 :],
        "longer": whole + bytes([bit]),
    }[kind]
    before = place(trips.carried)
    with pytest.raises((BundleDamaged, ReplyForAnother)):
        trips.carried.take(torn)
    assert place(trips.carried) == before


def test_a_centre_restored_and_filled_otherwise_is_followed_and_nothing_held_is_lost(
    carried: CarriedSite, giver: LocalJournal
) -> None:
    """What the centre lost stays here, to be offered when there is a line."""
    database = carried.database
    fetch(carried)
    stood, asked = place(carried), carried.pack()
    give(database, giver, 3)
    fetch(carried)
    database.execute("delete from area_feed where area = %s and last_pos > %s", (AREA, stood.pos))
    signed = stood.digest - (1 << 64) if stood.digest >> 63 else stood.digest
    database.execute("update area_head set pos = %s, digest = %s where area = %s", (stood.pos, signed, AREA))
    newer = LocalJournal(9)
    admit(database, newer)
    give(database, newer, 5)
    early = carried.carry(asked)
    assert carried.take(early) == Taken(notes=(ReplyDoesNotFollow(AREA, stood.pos + 3),)), "its own is other"
    late = carried.carry(carried.pack())
    assert carried.take(late) == Taken(told=5, notes=(FeedRepaired(AREA, stood.pos),))
    assert whole(carried)
    assert carried.take(late) == Taken()
    offer = StoreInbox(carried.site.store, carried.site.clock).next_offer()
    assert offer is not None
    assert len(offer.events) == 3


def test_who_was_withdrawn_is_told_nothing_of_others(carried: CarriedSite, giver: LocalJournal) -> None:
    """SEC-1: a stolen laptop does not get the area's records for a stick."""
    give(carried.database, giver, 3)
    asks = carried.pack()
    carried.site.vaccinated()
    brings = carried.pack()
    revoke(carried.database, carried.device_id, carried.now)
    with pytest.raises(CentreDeclined, match="DeviceRevoked"):
        carried.take(carried.carry(asks))
    apart = carried.carry(brings)
    assert read_reply(apart, carried.identity).answers == ()
    (held,) = see_quarantine(carried.database, 10)
    decide(carried.database, (held.device_id, held.digest), (True, "纸质记录相符"), "陈一", carried.now)
    assert carried.take(carried.carry(brings)) == Taken(receipts=brings.count)
    assert place(carried) == START


def test_what_was_kept_apart_is_handed_in_again_after_the_decision(
    carried: CarriedSite, tmp_path: Path
) -> None:
    carried.site.vaccinated()
    packed = carried.pack()
    write_file(tmp_path, carried.device_id, carried.now, packed.data)
    revoke(carried.database, carried.device_id, carried.now)
    nobody: Callable[[bytes], Taken] = lambda data: Taken()  # noqa: E731
    assert read_stick(tmp_path, nobody, CentreLine(carried)).handed_in == 1
    assert read_stick(tmp_path, carried.take, None) == Carried(told=(BundleQuarantined(),))
    (held,) = see_quarantine(carried.database, 10)
    decide(carried.database, (held.device_id, held.digest), (True, "相符"), "陈一", carried.now)
    assert read_stick(tmp_path, nobody, CentreLine(carried)).handed_in == 1
    assert read_stick(tmp_path, carried.take, None).taken.receipts == packed.count


def test_what_has_no_room_comes_with_the_next_trip(carried: CarriedSite, giver: LocalJournal) -> None:
    database, packed = carried.database, carried.pack()
    give(database, giver, 20, "X" * 250_000)
    answers = read_reply(carried.carry(packed), carried.identity).answers
    assert len(answers) == 2
    first = hand_in(database, AUTHORITY, packed.data, BY, carried.now, room=len(answers[0]) + 9).reply
    taken = carried.take(first)
    assert 0 < taken.told < end(database)
    assert taken.more
    assert carried.take(first) == Taken()
    assert fetch(carried) == Taken(told=end(database) - taken.told)
    assert whole(carried)


def test_replies_are_taken_from_a_stick_that_holds_more_than_the_line_can_hand_in(
    carried: CarriedSite, giver: LocalJournal, tmp_path: Path
) -> None:
    give(carried.database, giver, 1)
    (tmp_path / "answered.vxb").write_bytes(b"the stick came back")
    (tmp_path / "answered.vxr").write_bytes(carried.carry(carried.pack()))
    write_file(tmp_path, carried.device_id, carried.now, carried.pack().data)
    line = CentreLine(carried)
    line.fault = CentreUnreachable("connect")
    came = read_stick(tmp_path, carried.take, line)
    assert came.taken.told > 0
    assert (came.handed_in, came.told) == (0, (line.fault,))


def test_a_page_that_the_line_has_brought_meanwhile_is_kept_once(carried: CarriedSite) -> None:
    inbox = StoreInbox(carried.site.store, carried.site.clock)
    lines = (b"{}",)
    page = Page(AREA, START, START.after(lines), START, lines)
    for written in [inbox.keep(page), inbox.keep(page)]:
        written()
    assert place(carried) == page.next
    assert len(inbox.ends(AREA)) == 1


@pytest.mark.long
def test_a_new_device_is_filled_by_stick_in_long_runs(carried: CarriedSite, giver: LocalJournal) -> None:
    database = carried.database
    for _ in range(3):
        give(database, giver, 1700)
    early = carried.carry(carried.pack())
    assert len(read_reply(early, carried.identity).answers) == 2
    give(database, giver, 1700)
    assert carried.take(early).told == end(database) - 1700
    assert fetch(carried).told == 1700
    assert whole(carried)
