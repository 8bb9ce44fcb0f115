"""One bad record among many: the others go, and it is filed once its cause has gone (SYN-1)."""

import json
import threading
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.feed import START, FeedPosition
from app.domain.journal import Json, encode, event_of, genesis, link
from app.domain.unfit import ADMITTED, ENVELOPE
from app.sync import frame, wire
from app.sync.pages import Feedback, Finding, Pull
from app.sync.seal import sealer
from app.sync.unfit import UnfitRun, unfit_runs, unfit_within
from server.database import Database, open_database
from server.feed import put_into_area
from server.reproject import catch_up, reproject
from server.unfit import admit
from tests.server.centre_process import held
from tests.server.desk import CLOCK, job_of, number, push, push_of, take
from tests.server.desk import admit as enrol
from tests.server.test_feedback import ask
from tests.server.test_projection import PERSON, RECORDED
from tests.simulator.world import ELSEWHERE
from tests.sync.local_journal import SITE, LocalJournal

NOW = CLOCK.now()
LATER = NOW + timedelta(hours=3)
OUT_OF_SCOPE = ("SiteOutOfScope", "site")
DOSES = "select count(*) from immunization where recorded_hlc is not null"
REGISTERED: Json = {"patient_id": PERSON, "name": "甲", "sex": "1", "birth_on": "2020-02-29"}


@pytest.fixture
def device(database: Database) -> LocalJournal:
    """Return a device of ``SITE`` that recorded three people's worth of notes."""
    journal = LocalJournal(seed=1)
    enrol(database, journal)
    journal.record_many(3)
    return journal


def elsewhere(journal: LocalJournal, kind: str = "immunization.recorded", body: Json | None = None) -> str:
    """Record something under a site the device may not speak for; return its id."""
    event = journal.event(kind, RECORDED if body is None else body, PERSON, site=ELSEWHERE)
    return journal.append(event).event_id


def acked(result: wire.PushResult) -> tuple[int, tuple[UnfitRun, ...]]:
    assert isinstance(result, wire.Ack)
    assert result.refused is None
    return result.acked, result.unfit


def test_an_event_of_a_foreign_site_keeps_its_place_and_those_behind_it_are_filed(
    database: Database, device: LocalJournal
) -> None:
    event_id = elsewhere(device)
    device.record_many(2)
    assert acked(push(database, device)) == (6, (UnfitRun(4, 4, *OUT_OF_SCOPE),))
    assert held(database, device) == [entry.data for entry in device.entries[device.stream]]
    assert number(database, DOSES) == 0
    assert number(database, "select count(*) from event_home") == 5
    told = ask(database, device)
    assert told is not None
    assert told.findings == (Finding(event_id, ENVELOPE, "SiteOutOfScope"),)
    assert ask(database, device, told.next) is None
    device.record_many(2)
    assert acked(push(database, device, after=6)) == (8, ()), "the next sync works"


def test_the_same_push_again_says_again_what_is_unfit_with_the_first_receipts(
    database: Database, device: LocalJournal
) -> None:
    elsewhere(device)
    device.record()
    first = push(database, device)
    assert push(database, device, at=LATER) == first
    later = push(database, device, after=2, count=1, at=LATER)
    assert acked(later) == (5, ()), "only what is asked about"
    assert number(database, "select count(*) from unfit_entry") == 1
    assert number(database, "select pos from feedback_head") == 1


def test_a_device_that_knows_of_nothing_unfit_stops_there_as_ever(
    database: Database, device: LocalJournal
) -> None:
    """Its release reads ``refused`` alone, and takes the receipts before that."""
    elsewhere(device)
    device.record()
    (answer,) = take(database, [job_of(device, push_of(device))])
    assert isinstance(answer, wire.Answer)
    told, _ = frame.unpack(wire.encode_answer(answer))
    assert json.loads(told)["push"]["refused"] == {"seq": 4, "name": "SiteOutOfScope", "reason": "site"}


def test_a_site_the_device_is_given_admits_what_was_put_aside_for_it(
    database: Database, device: LocalJournal
) -> None:
    """SITE-5: filed as if it had come now, told to the device, and to the area."""
    event_id = elsewhere(device)
    elsewhere(device, "patient.registered", REGISTERED)
    device.append_bytes("none", b"no event")
    push(database, device)
    told = ask(database, device)
    assert told is not None
    enrol(database, device, ELSEWHERE)
    assert number(database, DOSES) == 1
    assert number(database, "select count(*) from person where name = '甲'") == 1
    assert number(database, f"select pos from area_head where area = '{ELSEWHERE}'") == 2
    again = ask(database, device, told.next)
    assert again is not None
    assert again.findings[0] == Finding(event_id, ENVELOPE, ADMITTED)
    assert {finding.reason for finding in again.findings} == {ADMITTED}
    assert acked(push(database, device, at=LATER)) == (
        6,
        (UnfitRun(6, 6, "NotCanonical", "JSONDecodeError"),),
    )
    assert number(database, "select count(*) from journal where event_id is null") == 1


def test_admitting_twice_or_at_once_is_the_same_as_once(
    database: Database, dsn: str, device: LocalJournal
) -> None:
    elsewhere(device)
    push(database, device)
    database.execute("update device_certificate set sites = %s", ([SITE, ELSEWHERE],))
    with open_database(dsn) as other:
        counts: list[int] = []
        thread = threading.Thread(target=lambda: counts.append(admit(other, device.device_id, NOW)))
        with database.transaction():
            counts.append(admit(database, device.device_id, NOW))
            thread.start()
            while not number(database, "select count(*) from pg_locks where not granted"):
                pass
        thread.join()
    assert counts == [1, 0]
    assert number(database, DOSES) == 1
    assert number(database, "select pos from feedback_head") == 2


def test_a_centre_that_went_back_before_the_site_was_given_says_again_that_it_is_not_filed(
    database: Database, device: LocalJournal
) -> None:
    """SYN-1: what a device heard of a centre since restored does not stand."""
    event_id = elsewhere(device)
    push(database, device)
    enrol(database, device, ELSEWHERE)
    told = ask(database, device)
    assert told is not None
    assert told.findings == (Finding(event_id, ENVELOPE, ADMITTED),)
    database.execute("update unfit_entry set admitted_at = null, pos = 1, digest = digest + 1")
    database.execute("update feedback_head set pos = 1, digest = (select digest from unfit_entry)")
    back = ask(database, device, told.next)
    assert back is not None
    assert back.findings == (Finding(event_id, ENVELOPE, "SiteOutOfScope"),)


def test_whoever_has_not_heard_of_the_refusal_yet_is_told_of_the_end_alone(
    database: Database, device: LocalJournal
) -> None:
    """A finding moves: positions before it still count, and what stood behind it is told."""
    first = elsewhere(device)
    wrong = device.record("immunization.voided", {"reason": "x", "immunization_id": "no id"}, person=PERSON)
    push(database, device)
    findings = [
        Finding(wrong.event_id, "immunization_id", "malformed"),
        Finding(first, ENVELOPE, "SiteOutOfScope"),
    ]
    assert ask(database, device) == Feedback(START.after(one.data for one in findings), tuple(findings))
    enrol(database, device, ELSEWHERE)
    findings.append(Finding(first, ENVELOPE, ADMITTED))
    heard = START.after([findings[0].data])
    end = START.after(one.data for one in findings)
    assert ask(database, device, heard) == Feedback(end, (findings[2],))
    assert ask(database, device) == Feedback(end, (findings[0], findings[2]))
    anew = Feedback(end, (findings[0], findings[2]), anew=True)
    assert ask(database, device, FeedPosition(2, end.digest)) == anew, "a place nobody knows"


def test_what_a_later_release_can_read_is_filed_when_the_journal_is_read_once_more(
    database: Database, device: LocalJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    device.record("immunization.recorded", RECORDED, person=PERSON)
    with monkeypatch.context() as older:
        older.setattr("server.stream.MAX_KIND", 5)
        assert acked(push(database, device)) == (4, (UnfitRun(1, 4, "EnvelopeMalformed", "kind"),))
    assert number(database, DOSES) == 0
    catch_up(database, LATER, lambda: False)
    assert number(database, DOSES) == 1
    assert reproject(database, LATER) == 1
    assert acked(push(database, device)) == (4, ())


def test_a_push_under_the_certificate_before_is_filed_for_the_sites_its_device_has_by_now(
    database: Database, device: LocalJournal
) -> None:
    """A bundle written before the move is handed in after it."""
    elsewhere(device)
    written = job_of(device, push_of(device))
    enrol(database, device, ELSEWHERE)
    (answer,) = take(database, [written])
    assert isinstance(answer, wire.Answer)
    assert number(database, DOSES) == 1
    told = ask(database, device)
    assert told is not None
    assert [finding.reason for finding in told.findings] == [ADMITTED]


def offered_by_another(database: Database, device: LocalJournal, data: bytes) -> None:
    """Let a device of that site offer an event that stood in its feed before the centre went back."""
    neighbour = LocalJournal(seed=7)
    enrol(database, neighbour, ELSEWHERE)
    request = wire.Request(wire.Hello(neighbour.device_id, {}), None, None, (data,))
    (answer,) = take(database, [replace(job_of(neighbour), frame=wire.encode_request(request))])
    assert isinstance(answer, wire.Answer)
    assert answer.offered == 1
    assert device.device_id != neighbour.device_id


@pytest.mark.parametrize("offered_first", [False, True])
def test_what_another_device_knew_and_offers_is_filed_whoever_brought_it_first(
    database: Database, device: LocalJournal, offered_first: bool
) -> None:
    """SYN-1: the dose counts at the centre, so the machine that gave it does not say that it is not taken."""
    event_id = elsewhere(device)
    if not offered_first:
        push(database, device)
    offered_by_another(database, device, device.entries[device.stream][3].data)
    if offered_first:
        push(database, device)
    assert number(database, DOSES) == 1
    told = ask(database, device)
    assert told is not None
    assert Finding(event_id, ENVELOPE, ADMITTED) in told.findings
    assert acked(push(database, device)) == (4, ())


def test_another_dose_under_the_id_of_one_that_is_filed_stays_unfit(
    database: Database, device: LocalJournal
) -> None:
    elsewhere(device)
    other = json.loads(device.entries[device.stream][3].data)
    other["body"]["lot_number"] = "another"
    offered_by_another(database, device, encode(event_of(other)))
    push(database, device)
    assert acked(push(database, device)) == (4, (UnfitRun(4, 4, *OUT_OF_SCOPE),))


def test_the_end_of_a_stream_is_given_back_with_what_is_unfit_in_it(
    database: Database, device: LocalJournal
) -> None:
    elsewhere(device)
    device.record()
    push(database, device)
    tips = {device.stream.epoch: 2}
    request = wire.Request(wire.Hello(device.device_id, tips), None, Pull(tail=(device.stream.epoch, 2)))
    (answer,) = take(database, [replace(job_of(device), frame=wire.encode_request(request))])
    assert isinstance(answer, wire.Answer)
    assert answer.feeds is not None
    assert answer.feeds.tail is not None
    assert list(answer.feeds.tail.events) == [entry.data for entry in device.entries[device.stream][2:]]
    standing = answer.welcome.standings[device.stream.epoch]
    assert (standing.acked, standing.head) == (5, device.hash_at(device.stream, 5))


def test_an_area_is_told_nothing_of_what_is_not_filed(database: Database, device: LocalJournal) -> None:
    elsewhere(device)
    push(database, device)
    assert put_into_area(database, ELSEWHERE, "云溪") == 0
    enrol(database, device, ELSEWHERE)
    assert number(database, "select pos from area_head where area = '云溪'") == 1


def test_a_broken_seal_over_something_unfit_still_refuses_the_whole_push(
    database: Database, device: LocalJournal
) -> None:
    elsewhere(device)
    whole = push_of(device)
    seal = sealer(Random(5).randbytes(32))(device.stream, 4, whole.head, NOW)
    (answer,) = take(database, [job_of(device, replace(whole, seal=replace(seal, signature=bytes(64))))])
    assert isinstance(answer, wire.Answer)
    assert isinstance(answer.push, wire.Ack)
    assert (answer.push.acked, answer.push.unfit) == (0, ())
    assert answer.push.refused is not None
    assert answer.push.refused.name == "SealBroken"
    assert number(database, "select count(*) from journal") == 0


def test_another_history_over_something_unfit_is_a_fork(database: Database, device: LocalJournal) -> None:
    twin = device.copy(seed=2)
    elsewhere(device)
    elsewhere(twin)
    push(database, device)
    assert isinstance(push(database, twin), wire.Fork)


ROWS = st.lists(
    st.tuples(st.integers(1, 60), st.sampled_from(["A", "B"]), st.sampled_from(["x", "y"])),
    unique_by=lambda row: row[0],
).map(sorted)


@settings(max_examples=60)
@given(rows=ROWS, span=st.tuples(st.integers(1, 60), st.integers(1, 60)))
def test_runs_say_of_every_number_what_was_said_of_it(
    rows: list[tuple[int, str, str]], span: tuple[int, int]
) -> None:
    runs = unfit_runs(rows)
    first, last = min(span), max(span)
    assert unfit_within(runs, first, last) == {
        seq: (name, reason) for seq, name, reason in rows if first <= seq <= last
    }
    assert all(
        one.last_seq + 1 < two.first_seq or (one.name, one.reason) != (two.name, two.reason)
        for one, two in pairwise(runs)
    )


def test_what_its_device_brings_in_another_stream_and_can_be_filed_there_is_filed_in_both(
    database: Database, device: LocalJournal
) -> None:
    """SYN-1: a copy of the machine goes on in a stream of its own, and has the site by then."""
    event_id = elsewhere(device)
    push(database, device)
    bad = device.entries[device.stream][3].data
    database.execute("update device_certificate set sites = %s", ([SITE, ELSEWHERE],))
    twin = replace(device.stream, epoch="ab" * 8)
    data = encode(event_of(json.loads(bad) | {"seq": 1}))
    genesis_hash = genesis(twin)
    carried = wire.Push(twin.epoch, 0, genesis_hash, link(genesis_hash, data), (data,))
    (answer,) = take(database, [job_of(device, carried)])
    assert isinstance(answer, wire.Answer)
    assert number(database, DOSES) == 1
    told = ask(database, device)
    assert told is not None
    assert Finding(event_id, ENVELOPE, ADMITTED) in told.findings
    assert acked(push(database, device)) == (4, ())
