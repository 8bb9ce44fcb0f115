"""Two desks on a LAN without internet: one leaves with the other, which hands in later (SYN-1, SEC-1)."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.feed import START
from app.sync import frame, wire
from app.sync.envelope import MAX_FILE_BYTES
from app.sync.identity import Identity
from app.sync.lead import AT_ONCE, LOOK_S, REPLY_PATH, LeadDuty, LeadListener, RelayPortTaken
from app.sync.lead_line import LeadLine, LeadUnreachable
from app.sync.outbox import OutboxUnavailable
from app.sync.relaying import LOOK_S as DESK_LOOK_S
from app.sync.relaying import LeadDeclined, Relaying
from app.sync.shelf import Shelf, ShelfFull
from app.sync.state import Relayed
from app.sync.stick_files import PATH
from app.sync.tls import load_key
from app.sync.transport import AnswerForeign, CentreBusy, CentreDeclined, CentreUnreachable
from server.authority import make_authority
from server.database import Database
from server.devices import DeviceRevoked, revoke
from server.handing_in import hand_in
from tests.factories import SmallSite
from tests.patience import Patience
from tests.server.carried_site import BY, CarriedSite, CentreLine
from tests.server.desk import AUTHORITY
from tests.storage.full_disk import limit
from tests.sync.certificates import make_device
from tests.sync.local_journal import SITE


class Lan:
    """A desk, and a lead PC at a real socket; the time is in the test's hand."""

    def __init__(self, carried: CarriedSite, folder: Path) -> None:
        self.carried, self.folder = carried, folder
        self.centre = CentreLine(carried)
        self.centre.fault = CentreUnreachable("connect")
        self.cut_off = True
        self.received = 0
        self.leads: list[LeadListener] = []
        self.begin_lead("one")
        self.begin_desk()

    def begin_lead(self, name: str, port: int = 0) -> None:
        """Let a lead PC begin, with what its disk holds."""
        self.shelf = Shelf(self.folder / name, spare=0)
        self.duty = LeadDuty(self.shelf, self.centre, self.carried.site.clock)
        identity = make_device(AUTHORITY, f"lead-{name}", SITE, self.carried.now)
        self.lead = LeadListener(self.shelf, identity, ("127.0.0.1", port), self.duty.wake)
        self.lead.start()
        self.leads.append(self.lead)

    def line(self, identity: Identity | None = None) -> LeadLine:
        url = f"https://127.0.0.1:{self.lead.port}"
        return LeadLine(url, identity or self.carried.identity, self.carried.site.clock)

    def begin_desk(self) -> None:
        """Let the desk begin, as after a restart of the program."""
        site = self.carried.site

        def received() -> None:
            self.received += 1

        self.desk = Relaying(
            site.store, lambda: self.carried.identity, self.line(), site.clock, site.random,
            lambda: self.cut_off, received=received,
        )  # fmt: skip

    def look(self) -> Relayed:
        """Let the desk look once more."""
        self.desk.wake(forced=True)
        assert self.desk.step() == DESK_LOOK_S
        return self.desk.state

    def hand_in(self) -> None:
        """Let the lead PC look once more."""
        self.duty.wake()
        assert self.duty.step() == LOOK_S

    def close(self) -> None:
        for lead in self.leads:
            lead.stop()


@pytest.fixture
def lan(small_site: SmallSite, database: Database, tmp_path: Path) -> Iterator[Lan]:
    lan = Lan(CarriedSite(small_site, database), tmp_path)
    yield lan
    lan.close()


def test_what_a_desk_leaves_comes_to_the_centre_and_its_receipts_come_back(lan: Lan) -> None:
    carried = lan.carried
    carried.site.vaccinated()
    waiting = carried.waiting()
    assert lan.look() == Relayed(waiting, carried.now)
    assert carried.waiting() == waiting, "left is not delivered"
    lan.hand_in()
    assert carried.held() == 0, "there is no line yet"
    lan.centre.fault = None
    lan.hand_in()
    assert carried.held() == waiting
    lan.look()
    assert (carried.waiting(), lan.received) == (0, 1)
    assert lan.shelf.waiting() == []


def test_what_the_others_recorded_comes_the_same_way(lan: Lan) -> None:
    lan.centre.fault = None
    lan.look()
    lan.hand_in()
    lan.look()
    positions = lan.carried.site.store.read().execute("select pos from feed").fetchall()
    assert positions > [(START.pos,)]


def test_the_same_is_left_and_taken_once_and_what_is_new_takes_its_place(lan: Lan) -> None:
    lan.look()
    (first,) = lan.shelf.waiting()
    lan.look()
    assert lan.shelf.waiting() == [first], "nothing new was recorded"
    lan.carried.site.vaccinated()
    lan.look()
    (second,) = lan.shelf.waiting()
    assert second != first
    assert lan.shelf.bundle(first) is None
    lan.centre.fault = None
    lan.hand_in()
    lan.look()
    lan.look()
    assert lan.received == 1
    lan.begin_desk()
    lan.look()
    assert lan.carried.waiting() == 0, "after a restart the answer is taken once more, and changes nothing"


def test_an_answer_to_a_bundle_replaced_meanwhile_counts_and_the_newer_one_waits(lan: Lan) -> None:
    lan.look()
    (first,) = lan.shelf.waiting()
    data = lan.shelf.bundle(first)
    assert data is not None
    before = lan.carried.waiting()
    dose = lan.carried.site.vaccinated()
    lan.look()
    lan.shelf.answered(first, hand_in(lan.carried.database, AUTHORITY, data, BY, lan.carried.now).reply)
    assert dose
    assert len(lan.shelf.waiting()) == 1
    lan.look()
    assert 0 < lan.carried.waiting() < before


def test_the_lead_dies_with_its_disk_and_nothing_is_lost(lan: Lan) -> None:
    """Another takes its place: what was left is left again at once, for it knows nothing of this desk."""
    carried = lan.carried
    carried.site.vaccinated()
    waiting = carried.waiting()
    lan.look()
    lan.lead.stop()
    assert lan.look().trouble == LeadUnreachable("connect")
    lan.begin_lead("two")
    lan.begin_desk()
    assert lan.look() == Relayed(waiting, carried.now)
    lan.centre.fault = None
    lan.hand_in()
    lan.look()
    assert (carried.waiting(), carried.held()) == (0, waiting)


def test_a_shelf_that_was_emptied_is_filled_again_at_the_next_look(lan: Lan) -> None:
    lan.look()
    for file in (lan.folder / "one").iterdir():
        file.unlink()
    lan.look()
    assert len(lan.shelf.waiting()) == 1


def test_a_lead_that_starts_again_hands_in_what_lies_on_its_disk(lan: Lan) -> None:
    waiting = lan.carried.waiting()
    lan.look()
    lan.lead.stop()
    lan.begin_lead("one")
    lan.centre.fault = None
    lan.hand_in()
    assert lan.carried.held() == waiting


def test_that_the_lead_was_not_reached_is_over_when_it_is_reached_again(lan: Lan) -> None:
    left = lan.look()
    port = lan.lead.port
    lan.lead.stop()
    assert lan.look() == replace(left, trouble=LeadUnreachable("connect"))
    lan.begin_lead("one", port)
    assert lan.look() == left, "though nothing new was left"


def test_with_a_line_of_its_own_a_desk_leaves_nothing(lan: Lan) -> None:
    lan.cut_off = False
    assert lan.look() == Relayed()
    assert lan.shelf.waiting() == []
    assert lan.desk.step() == DESK_LOOK_S, "and looks again later"


def test_while_the_centre_cannot_what_was_left_waits(lan: Lan) -> None:
    lan.look()
    for fault in (CentreBusy(503, 5.0), CentreUnreachable("cut"), AnswerForeign("content", 200)):
        lan.centre.fault = fault
        lan.hand_in()
        assert len(lan.shelf.waiting()) == 1


def test_that_the_lead_itself_was_withdrawn_is_not_told_to_the_desks(lan: Lan) -> None:
    lan.look()
    lan.centre.fault, lan.centre.says = None, DeviceRevoked()
    lan.hand_in()
    assert len(lan.shelf.waiting()) == 1
    lan.centre.says = None
    lan.hand_in()
    assert lan.look().trouble is None


def test_what_the_centre_says_of_the_desk_comes_to_the_desk(lan: Lan) -> None:
    """SEC-1: a stolen machine gets neither records nor receipts by way of the lead PC."""
    lan.centre.fault = None
    lan.look()
    lan.hand_in()
    lan.look()
    revoke(lan.carried.database, lan.carried.device_id, lan.carried.now)
    lan.carried.site.clock.go(minutes=61)
    lan.look()
    lan.hand_in()
    assert lan.look().trouble == CentreDeclined("DeviceRevoked", "")


def test_a_reply_changed_on_the_lead_is_refused_and_the_next_one_counts(lan: Lan) -> None:
    lan.centre.fault = None
    lan.look()
    lan.hand_in()
    (file,) = (lan.folder / "one").glob("*.vxr")
    true = file.read_bytes()
    file.write_bytes(true[:-1] + bytes([true[-1] ^ 1]))
    waiting = lan.carried.waiting()
    assert type(lan.look().trouble).__name__ == "BundleDamaged"
    assert lan.carried.waiting() == waiting
    file.write_bytes(true)
    lan.look()
    assert lan.carried.waiting() == 0


def test_an_answer_that_could_not_be_written_down_is_asked_for_again(lan: Lan) -> None:
    lan.centre.fault, store = None, lan.carried.site.store
    lan.look()
    lan.hand_in()
    limit(store, 0)
    assert isinstance(lan.look().trouble, OutboxUnavailable)
    limit(store, 1000)
    assert (lan.look().trouble, lan.carried.waiting()) == (None, 0)


def test_a_desk_of_another_site_is_not_let_in(lan: Lan) -> None:
    foreign = make_device(AUTHORITY, "other-desk", "1001010009", lan.carried.now)
    with pytest.raises(LeadUnreachable, match="stranger"):
        lan.line(foreign).post(PATH, lan.carried.pack().data)
    assert lan.shelf.waiting() == []
    answer = raw(lan, foreign, b"POST /v1/bundle HTTP/1.1\r\nContent-Length: 0\r\n\r\n")
    assert wire.decode_answer(answer.partition(b"\r\n\r\n")[2]) == wire.Declined("DeskForeign")


def test_a_desk_of_another_centre_or_of_none_is_not_let_in(lan: Lan) -> None:
    other = make_device(make_authority(lan.carried.now), "other-desk", SITE, lan.carried.now)
    with pytest.raises(LeadUnreachable, match="stranger"):
        lan.line(other).post(PATH, lan.carried.pack().data)
    assert raw(lan, other, b"POST /v1/bundle HTTP/1.1\r\nContent-Length: 0\r\n\r\n") == b""
    assert raw(lan, None, b"POST /v1/bundle HTTP/1.1\r\nContent-Length: 0\r\n\r\n") == b""
    with socket.create_connection(("127.0.0.1", lan.lead.port)) as plain:
        plain.sendall(b"POST /v1/bundle HTTP/1.1\r\nContent-Length: 0\r\n\r\n")
        with suppress(ConnectionResetError):
            assert b"HTTP" not in plain.recv(100)


def test_nothing_is_sent_to_a_lead_whose_certificate_is_over(lan: Lan) -> None:
    lan.carried.site.clock.go(minutes=60 * 24 * 400)
    assert lan.look().trouble == LeadUnreachable("stranger")


def raw(lan: Lan, identity: Identity | None, request: bytes) -> bytes:
    """Say something to the lead PC as nobody's program would."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    if identity is not None:
        load_key(context, identity)
    with socket.create_connection(("127.0.0.1", lan.lead.port), 10) as line:
        try:
            with context.wrap_socket(line) as secured:
                secured.sendall(request)
                return secured.recv(65536)
        except OSError:
            return b""


RUBBISH = {
    b"POST /v1/bundle HTTP/1.1\r\n\r\n": b" 400 ",
    b"POST /v1/bundle HTTP/1.1\r\nContent-Length: 6\r\n\r\n<html>": b" 400 ",
    b"POST /v1/reply HTTP/1.1\r\nContent-Length: 6\r\n\r\n<html>": b" 400 ",
    b"POST /v1/bundle HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % (MAX_FILE_BYTES + 1): b" 400 ",
    b"POST /v1/sync HTTP/1.1\r\nContent-Length: 0\r\n\r\n": b" 404 ",
    b"GET / HTTP/1.1\r\n\r\n": b" 501 ",
    b"rubbish\r\n\r\n": b" 400 ",
}


def test_rubbish_is_answered_with_a_no_and_the_next_desk_is_heard(lan: Lan) -> None:
    for request, status in RUBBISH.items():
        assert status in raw(lan, lan.carried.identity, request)[:20], request
    assert lan.look().trouble is None


def test_a_full_disk_of_the_lead_is_said_and_its_own_room_stays(lan: Lan) -> None:
    lan.lead.stop()
    full = Shelf(lan.folder / "full", spare=1 << 60)
    lead = LeadListener(full, make_device(AUTHORITY, "full", SITE, lan.carried.now), ("127.0.0.1", 0), int)
    lead.start()
    lan.leads.append(lead)
    lan.lead = lead
    lan.begin_desk()
    assert lan.look().trouble == LeadDeclined("ShelfFull")
    with pytest.raises(ShelfFull):
        full.leave("somebody", b"x")


def test_who_finds_the_lead_busy_is_let_go_at_once_and_comes_again(lan: Lan) -> None:
    with ExitStack() as silent:
        for _ in range(AT_ONCE):
            silent.enter_context(socket.create_connection(("127.0.0.1", lan.lead.port)))
        assert raw(lan, lan.carried.identity, b"GET / HTTP/1.1\r\n\r\n") == b""
    patience = Patience()
    while lan.look().trouble is not None:  # until the threads of the four have heard that they are gone
        assert not patience.is_over()
    assert len(lan.shelf.waiting()) == 1


def test_a_port_that_is_taken_is_told_by_its_number(lan: Lan) -> None:
    identity = make_device(AUTHORITY, "lead", SITE, lan.carried.now)
    with pytest.raises(RelayPortTaken) as caught:
        LeadListener(lan.shelf, identity, ("127.0.0.1", lan.lead.port), int)
    assert caught.value.port == lan.lead.port


def test_nobody_gets_the_answer_of_another_desk(lan: Lan) -> None:
    lan.centre.fault = None
    lan.look()
    lan.hand_in()
    neighbour = make_device(AUTHORITY, "neighbour", SITE, lan.carried.now)
    question = frame.pack(b'{"known":""}')
    assert lan.line(neighbour).post(REPLY_PATH, question) == (404, b"")
    assert lan.line().post(REPLY_PATH, question)[0] == 200


def test_a_lead_that_says_nothing_is_broken_off_when_the_program_ends(lan: Lan) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"https://127.0.0.1:{silent.getsockname()[1]}"
        line = LeadLine(url, lan.carried.identity, lan.carried.site.clock)
        called = threading.Event()
        ended: list[LeadUnreachable] = []

        def call() -> None:
            called.set()
            with pytest.raises(LeadUnreachable) as caught:
                line.post(PATH, b"")
            ended.append(caught.value)

        thread = threading.Thread(target=call)
        thread.start()
        called.wait()
        line.cancel()
        silent.accept()[0].close()
        thread.join()
        assert ended[0].reason in ("connect", "cut")
        with pytest.raises(LeadUnreachable):
            line.post(PATH, b"")
