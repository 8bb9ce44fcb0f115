"""From the sign-in page to work and back: passwords, a store that will not open, another at the desk."""

from contextlib import suppress
from dataclasses import replace
from functools import partial
from threading import Event

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from app.domain.permissions import PageNotPermitted, pages_of
from app.domain.refusals import Refusal
from app.domain.staff import Role, StaffMember
from app.practice.site import SITE
from app.storage.store import Store
from app.ui.behind_sign_in import open_store
from app.ui.program import Program, ProgramCloses, Setting
from app.ui.registration.page import RegistrationPage
from app.ui.staff.member_sheets import GivenPasswordSheet
from app.workflows.credentials import give_password, set_badge, set_pin
from app.workflows.desk import Desk
from app.workflows.sign_in import sign_in as sign_in_as
from app.workflows.site_setup import configure_site
from tests.clocks import ManualClock
from tests.factories import DOCTOR, MANAGER, NURSE
from tests.patience import PATIENCE_S
from tests.ui.signing_in import sign_in, working


def test_the_right_password_alone_opens_the_first_station_and_somebody_else_s_gives_them_the_desk(
    program: Program, qtbot: QtBot
) -> None:
    """SEC-2, STF-8."""
    program.take_scan("89008080000001000000")
    assert program.bench is None, "a scan while nobody is at work does nothing"
    sign_in(program, qtbot, "wrong")
    qtbot.waitUntil(lambda: "密码不对" in program.sign_in.said)
    assert program.bench is None
    assert program.sign_in.password.isEnabled()

    def at_work() -> bool:
        return program.window.is_working

    shell = working(program, qtbot)
    assert at_work()
    assert shell.current.station_id == "registration"
    shell.switch_asked.emit()
    assert not at_work()
    qtbot.keyClick(program.sign_in.password, Qt.Key.Key_Escape)
    assert at_work(), "Esc goes back to work"

    shell.switch_asked.emit()
    assert not at_work()
    qtbot.keyClick(program.sign_in.password, Qt.Key.Key_Down)
    assert program.sign_in.chosen_name == "赵清和"
    with qtbot.waitSignal(program.unlocked):
        sign_in(program, qtbot)
    user = desk_of(program).user
    assert user is not None
    assert user.name == "赵清和"


def test_whoever_waits_long_for_the_store_is_told_why(
    program: Program, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An update that puts the data of a big site in order takes its time: nobody should pull the plug."""
    ready = Event()

    def opened_late(setting: Setting, staff_id: str, password: str) -> Store:
        assert ready.wait(PATIENCE_S)
        return open_store(setting, staff_id, password)

    monkeypatch.setattr("app.ui.program.open_store", opened_late)
    page = program.sign_in
    sign_in(program, qtbot)
    assert page.said == "正在核对……"
    assert page.waiting.isActive()
    for way_back in (page.recovery, page.restore, page.county):
        assert not way_back.isEnabled(), "one thing at a time"
    page.waiting.timeout.emit()
    assert "不要关机" in page.said
    with qtbot.waitSignal(program.unlocked):
        ready.set()
    program.lock()
    assert "已锁定" in page.said
    assert not page.waiting.isActive(), "only while somebody waits"
    sign_in(program, qtbot)
    assert (page.said, page.waiting.isActive()) == ("正在核对……", False), "the data are open already"
    qtbot.waitUntil(lambda: at_work(program))


def test_a_service_that_comes_up_while_the_program_closes_is_stopped(program: Program, qtbot: QtBot) -> None:
    heard: list[str] = []
    program.start_service(
        lambda: "up in time", lambda future: heard.append(future.result()), lambda name: heard.append("down")
    )
    qtbot.waitUntil(lambda: heard == ["up in time"])
    begun, pause = Event(), Event()

    def come_up() -> str:
        begun.set()
        with suppress(ProgramCloses):
            while not pause.wait(0.002):
                program.rest()
        return "up too late"

    program.start_service(
        come_up, lambda future: heard.append(future.result()), lambda name: heard.append(f"{name}, down")
    )
    assert begun.wait(PATIENCE_S)
    program.close()
    QCoreApplication.processEvents()
    assert heard == ["up in time", "up too late, down", "down"]


NEW, PIN = "Liulin-2027", "204817"


def desk_of(program: Program) -> Desk:
    assert program.bench is not None
    return program.bench.desk


def said_by(program: Program, words: str) -> bool:
    return words in program.sign_in.said


def at_work(program: Program) -> bool:
    return program.window.is_working


def tick_after(program: Program, minutes: float) -> None:
    clock = program.setting.clock
    assert isinstance(clock, ManualClock)
    clock.go(minutes=minutes)
    assert program.bench is not None
    program.bench.tick()


def test_an_idle_desk_locks_itself_one_pin_brings_the_work_back_and_a_hand_keeps_it_open(
    program: Program, qtbot: QtBot
) -> None:
    """STF-8; what was half typed stands as it was."""
    shell = working(program, qtbot)
    set_pin(desk_of(program), PIN)
    page = shell.current
    assert isinstance(page, RegistrationPage)
    line = page.findChildren(QLineEdit)[0]
    line.setFocus()
    line.setText("wangxiao")
    tick_after(program, 9.9)
    assert at_work(program)
    tick_after(program, 0.2)
    assert not at_work(program)
    assert desk_of(program).is_locked
    assert program.sign_in.chosen_name == "周敏"
    with qtbot.waitSignal(program.unlocked):
        sign_in(program, qtbot, PIN)
    tick_after(program, 0)
    assert at_work(program), "the time of before is over"
    assert (line.text(), line.hasFocus()) == ("wangxiao", True)
    assert desk_of(program).user is not None

    tick_after(program, 8)
    qtbot.keyClick(program.window.windowHandle(), Qt.Key.Key_Shift)
    tick_after(program, 8)
    assert at_work(program)
    program.take_scan("89008080000001000000")
    tick_after(program, 8)
    assert at_work(program)


def test_a_sheet_waits_behind_the_lock_for_its_person_and_is_seen_by_nobody_else(
    program: Program, qtbot: QtBot
) -> None:
    """SEC-6: a password just given, two people's records: what stands open is not the next one's."""
    with qtbot.waitSignal(program.unlocked):
        sign_in(program, qtbot)
    shell = program.shell
    assert shell is not None
    set_pin(desk_of(program), PIN)
    person = StaffMember("u-new", "新人", "", frozenset({Role.OBSERVER}))
    sheet = GivenPasswordSheet(shell.stations["staff"], person, "Qingtian-42")
    shell.go_to("staff", None)
    sheet.open_sheet()
    qtbot.keyClick(sheet, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert not at_work(program), "no sheet keeps the desk from being locked"
    with qtbot.waitSignal(program.unlocked):
        sign_in(program, qtbot, PIN)
    assert sheet.isVisible(), "it waited"
    shell.go_to("registration", None)
    program.lock()
    gone: list[None] = []
    sheet.closed.connect(lambda: gone.append(None))
    program.sign_in.pick(DOCTOR)
    with qtbot.waitSignal(program.unlocked):
        sign_in(program, qtbot)
    assert gone == [None], "also on a page that was not at the front"


def test_a_badge_opens_a_locked_desk_and_esc_does_not(program: Program, qtbot: QtBot) -> None:
    shell = working(program, qtbot)
    set_badge(desk_of(program), "EMP-0001-7731")
    program.lock()
    qtbot.keyClick(program.sign_in.password, Qt.Key.Key_Escape)
    assert not at_work(program)
    program.take_scan("EMP-0001-7732")
    assert "工牌" in program.sign_in.said
    assert not at_work(program)
    program.take_scan("EMP-0001-7731")
    assert at_work(program)

    shell.switch_asked.emit()
    tick_after(program, 11)
    qtbot.keyClick(program.sign_in.password, Qt.Key.Key_Escape)
    assert not at_work(program), "who forgot to come back from F8 is locked too"


def test_over_the_locked_page_an_alarm_is_said_and_a_wrong_pin_says_how_many_are_left(
    program: Program, qtbot: QtBot
) -> None:
    """OBS-3: the hall goes on while the desk is locked."""
    shell = working(program, qtbot)
    set_pin(desk_of(program), PIN)
    program.lock()
    shell.bench.committed.emit(frozenset({"observation.alarmed"}))
    assert "需要医生" in program.sign_in.alarm
    for said in ("还可以试 2 次", "还可以试 1 次", "PIN 已停用"):
        sign_in(program, qtbot, "111222")
        qtbot.waitUntil(partial(said_by, program, said))
        assert not at_work(program)
    with qtbot.waitSignal(program.unlocked):
        sign_in(program, qtbot)
    assert at_work(program)
    assert program.sign_in.alarm == ""


def test_a_given_password_is_changed_before_anything_else(program: Program, qtbot: QtBot) -> None:
    """SEC-2."""
    working(program, qtbot)
    desk = desk_of(program)
    sign_in_as(desk, MANAGER)
    desk.do(configure_site, replace(SITE, practice=False))
    give_password(desk, NURSE, NEW)
    program.lock()
    program.sign_in.pick(NURSE)
    sign_in(program, qtbot, NEW)
    qtbot.waitUntil(lambda: program.sign_in.asks_new)
    for again in ("Shanghe#31x", "Shanghe#31"):
        assert not at_work(program)
        program.sign_in.new.setText("Shanghe#31")
        program.sign_in.again.setText(again)
        qtbot.keyClick(program.sign_in.again, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: at_work(program))
    assert desk.user is not None
    assert desk.user.staff_id == NURSE


def test_each_sees_the_pages_of_their_roles_alone(program: Program, qtbot: QtBot) -> None:
    """SITE-8: who may not read a page does not come to it by any way."""
    shell = working(program, qtbot)
    sign_in_as(desk_of(program), "u-lushoucang")
    shell.start()
    assert shell.current.station_id == "opening"
    refused: list[Refusal] = []
    shell.bench.refused.connect(refused.append)
    for page in ("registration", "screening", "vaccination", "observation", "certificate"):
        shell.bench.send_to(page)
        assert shell.current.station_id == "opening"
    assert [type(refusal) for refusal in refused] == [PageNotPermitted] * 5
    qtbot.keyClick(shell, Qt.Key.Key_F2)
    assert shell.current.station_id == "opening"
    assert len(refused) == 5


def test_looking_round_writes_nothing_and_is_refused_nothing(program: Program, qtbot: QtBot) -> None:
    """STF-9: an inspector opens every page, an information officer and an auditor their own."""
    shell = working(program, qtbot)
    refused: list[Refusal] = []
    shell.bench.refused.connect(refused.append)
    for staff_id in ("u-fangxunzhi", "u-liangxinan", "u-zhongshenyan"):
        sign_in_as(desk_of(program), staff_id)
        before = entries(program)
        shell.start()
        user = desk_of(program).user
        assert user is not None
        for page in pages_of(user):
            shell.go_to(page, None)
            assert shell.current.station_id == page
            qtbot.wait(1)
        assert (refused, entries(program)) == ([], before), staff_id


def entries(program: Program) -> int:
    (count,) = desk_of(program).read().execute("select count(*) from journal").fetchone()
    return int(count)
