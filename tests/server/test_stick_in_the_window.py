"""A desk without a line gives all by stick, or to the lead PC of its site; receipts come back (SYN-1)."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.devices.system_clock import SystemClock
from app.domain.refusals import Refusal
from app.domain.relay import RelayRole, RelaySetting
from app.storage import journal
from app.storage.journal import current_stream
from app.storage.relay import find_relay, put_relay
from app.sync import frame
from app.sync.bundle import Bundle, write_bundle
from app.sync.lead import REPLY_PATH, LeadDuty, LeadListener, RelayPortTaken
from app.sync.lead_line import LeadLine
from app.sync.relaying import try_lead
from app.sync.reply import read_reply
from app.sync.shelf import Shelf
from app.sync.state import Offline
from app.sync.stick_files import PATH, Carried, StickUnusable, read_stick, write_file
from app.sync.stick_reply import Taken
from app.sync.store_identity import enrol_store, get_identity
from app.ui.kit.theme import dress_window
from app.ui.relaying import Relay
from app.ui.sync.stick_sheet import StickSheet
from server.tls import open_authority
from tests.factories import MANAGER, NURSE, SmallSite
from tests.server.centre_process import CentreProcess, free_port, held
from tests.sync.certificates import make_device
from tests.sync.local_journal import SITE, LocalJournal
from tests.ui.sync.rig import SyncRig


@pytest.fixture
def rig(small_site: SmallSite, shared_centre: CentreProcess, qtbot: QtBot) -> Iterator[SyncRig]:
    """Return the window of a site that was enrolled once and has no line now."""
    rig = SyncRig(small_site)
    dress_window(rig.shell)
    qtbot.addWidget(rig.shell)
    rig.open()
    enrol_store(small_site.store, shared_centre.url, shared_centre.issue_code(), SystemClock())
    yield rig
    rig.close()


def sheet(rig: SyncRig) -> StickSheet:
    shown = rig.page.carrying.sheet
    assert shown is not None
    return shown


def said(rig: SyncRig, words: str) -> None:
    rig.until(lambda: words in sheet(rig).said.text(), words)


def relay(shared_centre: CentreProcess, stick: Path, seed: int = 5) -> Carried:
    """Let another enrolled device of the centre read the stick."""
    line = shared_centre.transport(LocalJournal(seed=seed))
    try:
        return read_stick(stick, lambda data: Taken(), line)
    finally:
        line.close()


def test_a_dose_comes_to_the_centre_by_stick_and_its_receipt_comes_back(
    rig: SyncRig, shared_centre: CentreProcess, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    rig.page.carrying.sticks = lambda: [stick]
    rig.vaccinate()
    waiting = len(rig.rows())
    assert waiting
    rig.press("2", "F9")
    said(rig, f"已写入 {waiting} 条")
    assert len(rig.rows()) == waiting, "written is not delivered"
    assert relay(shared_centre, stick) == Carried(handed_in=1)
    assert relay(shared_centre, stick) == Carried(), "what has its receipts is not handed in again"
    rig.press("F10")
    said(rig, f"本机 {waiting} 条记录收到回执")
    said(rig, "本地区的记录补收")
    rig.press("Esc")
    assert not rig.rows()
    with shared_centre.database() as database:
        device = LocalJournal(clock=rig.site.clock)
        stream = current_stream(rig.bench.read())
        device.device_id = stream.device_id
        assert len(held(database, device, stream.epoch)) == waiting
    rig.press("2", "F9")
    said(rig, "没有等待上传的记录")


def test_without_a_stick_or_without_an_enrolment_a_sentence_says_what_to_do(
    rig: SyncRig, small_site: SmallSite, tmp_path: Path
) -> None:
    rig.page.carrying.sticks = lambda: []
    rig.press("2")
    assert not sheet(rig).write.isEnabled()
    rig.page.carrying.sticks = lambda: [tmp_path / "gone"]
    rig.press("F11", "F9")
    said(rig, "U 盘不能读写")
    rig.press("F10")
    said(rig, "U 盘不能读写")
    small_site.store.write(lambda work: work.db.execute("delete from secret where name = 'centre.given'"))
    rig.press("F9")
    said(rig, "还没有在中心登记")


def test_a_damaged_bundle_is_told_and_the_others_of_the_stick_go(
    rig: SyncRig, shared_centre: CentreProcess, tmp_path: Path
) -> None:
    rig.page.carrying.sticks = lambda: [tmp_path]
    rig.vaccinate()
    rig.press("2", "F9")
    said(rig, "已写入")
    (whole,) = tmp_path.glob("*.vxb")
    (tmp_path / "a-cut.vxb").write_bytes(whole.read_bytes()[:-9])
    (tmp_path / "b-page.vxb").write_bytes(b"<html>")
    came = relay(shared_centre, tmp_path, seed=6)
    assert came.handed_in == 1
    assert sorted(str(refusal) for refusal in came.told) == [
        "BundleDamaged(reason='foreign')",
        "CentreDeclined(name='BundleDamaged', reason='cut')",
    ]
    (tmp_path / "c.vxr").write_bytes(b"torn")
    rig.press("F10")
    said(rig, "收到回执")
    said(rig, "不是接种岗的传送文件")


def test_nothing_is_left_of_a_bundle_that_could_not_be_written(tmp_path: Path, small_site: SmallSite) -> None:
    with pytest.raises(StickUnusable):
        write_file(tmp_path / "gone", "x" * 8, small_site.clock.now(), b"data")
    path = write_file(tmp_path, "0123456789", small_site.clock.now(), b"data")
    assert [each.name for each in tmp_path.iterdir() if each.suffix in (".vxb", ".part")] == [path.name]


def test_a_desk_without_a_line_leaves_with_the_lead_pc_and_the_receipts_come_back(
    rig: SyncRig, shared_centre: CentreProcess, tmp_path: Path
) -> None:
    """The whole way at real sockets: desk, lead PC, centre, and back; the page says where it stands."""
    store, shelf = rig.site.store, Shelf(tmp_path / "relay", spare=0)
    line = shared_centre.transport(LocalJournal(seed=8))
    duty = LeadDuty(shelf, line, SystemClock())
    authority = open_authority(shared_centre.tls)
    lead = make_device(authority, "lead", SITE, rig.site.clock.now())
    listener = LeadListener(shelf, lead, ("127.0.0.1", 0), duty.wake)
    listener.start()
    setting = RelaySetting(RelayRole.DESK, url=f"https://127.0.0.1:{listener.port}")
    store.write(lambda work: put_relay(work.db, setting))
    on_the_lan = lan_part(rig)
    rig.vaccinate()
    rig.line.down = True
    rig.connect()
    rig.until(lambda: isinstance(rig.link.state, Offline), "there is no line")
    on_the_lan.start()
    try:
        rig.until(lambda: rig.link.relayed.left > 0, "it is left with the lead PC")
        assert f"已交给局域网主机 {len(rig.rows())} 条" in rig.page.side.notes[1].text()
        duty.wake()
        duty.step()
        assert rig.rows(), "handed in is not yet receipted here"
        rig.press("Enter")
        rig.until(lambda: not rig.rows(), "the receipts have come back")
    finally:
        on_the_lan.stop()
        listener.stop()
        line.close()


def test_a_lead_pc_hands_in_at_once_what_a_desk_leaves_and_says_when_its_port_is_taken(
    rig: SyncRig, shared_centre: CentreProcess
) -> None:
    rig.bench.open_line = lambda: shared_centre.transport(LocalJournal(seed=8))
    port = free_port()
    setting = RelaySetting(RelayRole.LEAD, "127.0.0.1", port)
    rig.site.store.write(lambda work: put_relay(work.db, setting))
    refused: list[Refusal] = []
    rig.bench.refused.connect(refused.append)
    lead = lan_part(rig)
    lead.start()
    try:
        second = lan_part(rig)
        second.start()
        assert not second.is_on
        (taken,) = refused
        assert isinstance(taken, RelayPortTaken)
        assert taken.port == port
        desk = shared_centre.identity_of(LocalJournal(seed=9))
        line = LeadLine(f"https://127.0.0.1:{port}", desk, SystemClock())
        data = write_bundle(Bundle(desk.certificate, rig.site.clock.now(), ()), desk)
        assert line.post(PATH, data)[0] == 200
        question = frame.pack(b'{"known":""}')
        rig.until(lambda: line.post(REPLY_PATH, question)[0] == 200, "the answer lies there")
        assert read_reply(line.post(REPLY_PATH, question)[1], desk).outcome == "taken"
    finally:
        lead.stop()


@pytest.fixture
def on_the_lan(rig: SyncRig) -> Iterator[Relay]:
    """Let the desk of the rig have its part on the LAN, none so far, and a manager sit at it."""
    rig.site.as_user(MANAGER)
    rig.connect()
    rig.link.relay = part = lan_part(rig)
    part.start()
    yield part
    part.stop()


@pytest.fixture
def lead_url(rig: SyncRig, shared_centre: CentreProcess, tmp_path: Path) -> Iterator[str]:
    """Return the address of a lead PC of the site that hears."""
    lead = make_device(open_authority(shared_centre.tls), "lead", SITE, rig.site.clock.now())
    listener = LeadListener(Shelf(tmp_path / "relay", spare=0), lead, ("127.0.0.1", 0), lambda: None)
    listener.start()
    yield f"https://127.0.0.1:{listener.port}"
    listener.stop()


def told(rig: SyncRig, words: str) -> None:
    shown = rig.page.leading.sheet
    assert shown is not None
    rig.until(lambda: words in shown.said.text(), words)


def test_the_lead_pc_is_set_tried_and_taken_away_with_keys_alone(
    rig: SyncRig, on_the_lan: Relay, lead_url: str
) -> None:
    """The typed address is completed, what answers is proven, and it counts at once."""
    rig.press("3")
    told(rig, "现在：这台电脑不经过主机")
    rig.press("2")
    rig.hand.type(lead_url.removeprefix("https://"))
    rig.press("F10")
    told(rig, f"连上了：{lead_url} 是本单位的主机")
    assert find_relay(rig.bench.read()) == RelaySetting(), "trying keeps nothing"
    rig.press("F9")
    told(rig, "已存下：连不上中心时")
    assert find_relay(rig.bench.read()) == RelaySetting(RelayRole.DESK, url=lead_url)
    assert on_the_lan.is_on
    rig.press("Esc", "3")
    told(rig, f"现在：断网时交给 {lead_url}")
    rig.press("1", "F9")
    told(rig, "已存下：这台电脑不经过主机")
    rig.until(lambda: not on_the_lan.is_on, "it is neither")
    roles = [e.body["role"] for e in journal.events(rig.bench.read()) if e.kind == "relay.chosen"]
    assert roles == ["desk", "none"]


def test_a_machine_made_lead_pc_hears_at_once_and_says_what_the_others_fill_in(
    rig: SyncRig, on_the_lan: Relay, shared_centre: CentreProcess
) -> None:
    rig.bench.open_line = lambda: shared_centre.transport(LocalJournal(seed=8))
    port = free_port()
    rig.site.store.write(lambda work: put_relay(work.db, RelaySetting(RelayRole.NONE, "127.0.0.1", port)))
    rig.press("3", "3", "F9")
    told(rig, f"正在接收。其他电脑填：127.0.0.1:{port}")
    identity = get_identity(rig.site.store)
    assert identity is not None
    try_lead(f"https://127.0.0.1:{port}", identity, rig.site.clock)
    rig.press("Esc", "3")
    told(rig, "这台电脑是主机，正在接收。没有等着交给中心的")
    taken = lan_part(rig)
    with pytest.raises(RelayPortTaken):
        taken.renew(find_relay(rig.bench.read()))


def test_who_is_no_manager_sees_and_tries_it_and_changes_nothing(
    rig: SyncRig, on_the_lan: Relay, lead_url: str
) -> None:
    """SEC-6."""
    rig.site.as_user(NURSE)
    rig.press("3", "2")
    rig.hand.type(lead_url)
    rig.press("F10")
    told(rig, "连上了")
    rig.press("F9")
    told(rig, "负责人")
    assert find_relay(rig.bench.read()) == RelaySetting()
    assert not on_the_lan.is_on


def test_what_is_no_lead_pc_of_the_site_is_named_as_what_it_is(
    rig: SyncRig, on_the_lan: Relay, shared_centre: CentreProcess
) -> None:
    rig.press("3", "2")
    shown = rig.page.leading.sheet
    assert shown is not None
    for typed, words in (
        ("", "请填主机的地址"), ("http://192.168.1.20", "没有加密"), ("192.168.1.20:84460", "读不懂"),
    ):  # fmt: skip
        shown.address.clear()
        rig.hand.type(typed)
        rig.press("F9")
        assert words in shown.field.error
    for url, words in (
        (f"https://127.0.0.1:{free_port()}", "没有连上局域网主机"),
        (shared_centre.url, "应答的不是本单位的主机，什么也没有交"),
    ):
        shown.address.clear()
        rig.hand.type(url)
        rig.press("F10")
        told(rig, words)
    assert find_relay(rig.bench.read()) == RelaySetting()


def lan_part(rig: SyncRig) -> Relay:
    identity = get_identity(rig.site.store)
    assert identity is not None
    return Relay(rig.bench, rig.link, identity)
