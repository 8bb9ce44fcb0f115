"""From the sign-in page to work and back: passwords, a store that will not open, another at the desk."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from random import Random
from threading import Thread

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot
from sqlcipher3 import dbapi2

from app.domain.codes import ScanBrokenOff
from app.domain.permissions import PageNotPermitted, pages_of
from app.domain.refusals import Refusal
from app.practice.facts import PASSWORD
from app.practice.preparation import prepare_site
from app.practice.site import SITE
from app.storage.connecting import StoreUnreadable
from app.storage.keys import DATABASE
from app.storage.opening import open_store
from app.ui.program import Program, Setting
from app.ui.registration.page import RegistrationPage
from app.ui.shell import Shell
from app.ui.texts import sentence_of
from app.ui.unforeseen import Unforeseen
from app.ui.work import build_shell
from app.workflows.credentials import give_password, set_badge, set_pin
from app.workflows.desk import Desk
from app.workflows.sign_in import sign_in as sign_in_as
from app.workflows.site_setup import configure_site
from tests.clocks import ManualClock
from tests.devices.typist import SCANNER_GAP, Typist
from tests.factories import MANAGER, NURSE

random = Random(3).randbytes


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A practice site's data folder, made once."""
    folder = tmp_path_factory.mktemp("prepared")
    prepare_site(folder, ManualClock(), random, residents=5)
    return folder


@pytest.fixture
def folder(prepared: Path, tmp_path: Path) -> Path:
    for file in prepared.iterdir():
        if file.is_file():
            (tmp_path / file.name).write_bytes(file.read_bytes())
    return tmp_path


@pytest.fixture
def program(folder: Path, qtbot: QtBot) -> Iterator[Program]:
    program = Program(Setting(folder, ManualClock(), random), build_shell)
    program.start()
    program.window.activateWindow()
    qtbot.waitUntil(program.window.isActiveWindow)
    yield program
    program.window.close()


def sign_in(program: Program, qtbot: QtBot, password: str = PASSWORD) -> None:
    program.sign_in.password.setText(password)
    qtbot.keyClick(program.sign_in.password, Qt.Key.Key_Return)


def digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()


def test_the_right_password_opens_the_first_station(program: Program, qtbot: QtBot) -> None:
    with qtbot.waitSignal(program.unlocked):
        sign_in(program, qtbot)
    assert program.window.is_working
    assert program.shell is not None
    assert program.shell.current.station_id == "registration"


def test_a_wrong_password_says_so_and_opens_nothing(program: Program, qtbot: QtBot) -> None:
    """SEC-2."""
    sign_in(program, qtbot, "wrong")
    qtbot.waitUntil(lambda: "密码不对" in program.sign_in.said)
    assert program.bench is None
    assert program.sign_in.password.isEnabled()


def test_a_damaged_store_is_named_and_left_as_it_is(program: Program, folder: Path, qtbot: QtBot) -> None:
    """Bad input: a database that will not open is never recreated."""
    database = folder / DATABASE
    database.write_bytes(b"x" * 8192)
    before = digest(database)
    sign_in(program, qtbot)
    qtbot.waitUntil(lambda: "数据文件读不出来" in program.sign_in.said)
    assert digest(database) == before
    assert program.bench is None


def test_a_store_that_is_damaged_further_inside_says_so_at_the_first_act(
    program: Program, folder: Path, qtbot: QtBot
) -> None:
    """Bad input: it opens, for its first pages are whole; whoever signs in is told what to do."""
    damage_table(folder, "stream")
    sign_in(program, qtbot)
    qtbot.waitUntil(lambda: "数据文件读不出来" in program.sign_in.said)
    assert program.sign_in.password.isEnabled()
    assert not program.window.is_working


def test_a_folder_that_takes_no_file_says_so_and_lets_nobody_in_uncounted(
    program: Program, folder: Path, qtbot: QtBot
) -> None:
    """SEC-2, SEC-3: a full disk, or a data folder that is read-only: the try cannot be counted."""
    (folder / "attempts.new").mkdir()
    sign_in(program, qtbot)
    qtbot.waitUntil(lambda: "磁盘读写失败" in program.sign_in.said)
    assert program.bench is None
    (folder / "attempts.new").rmdir()
    with qtbot.waitSignal(program.unlocked):
        sign_in(program, qtbot)


def test_what_nobody_foresaw_is_shown_once_for_each_place(program: Program, qtbot: QtBot) -> None:
    """Rule 17: where it was, and nothing of what the program held."""
    working(program, qtbot)
    bench, shown, unforeseen = program.bench, list[Refusal](), Unforeseen(program)
    assert bench is not None
    bench.refused.connect(shown.append)
    people: dict[str, int] = {}
    for work in (lambda: people["王小明"], lambda: people["王小明"], lambda: 1 // 0):
        thread = Thread(target=lambda work=work: unforeseen.tell(error_of(work)))
        thread.start()
        thread.join()
    qtbot.waitUntil(lambda: len(shown) == 2)
    assert [getattr(refusal, "kind", "") for refusal in shown] == ["KeyError", "ZeroDivisionError"]
    assert "王小明" not in f"{shown}{sentence_of(shown[0])}"
    assert program.window.is_working


def test_a_page_that_a_screen_cannot_read_is_said_to_be_damage(program: Program, qtbot: QtBot) -> None:
    working(program, qtbot)
    bench, shown, unforeseen = program.bench, list[Refusal](), Unforeseen(program)
    assert bench is not None
    bench.refused.connect(shown.append)
    unforeseen.tell(dbapi2.DatabaseError("database disk image is malformed"))
    assert shown == [StoreUnreadable(str(program.setting.folder / DATABASE), "SQLITE_CORRUPT")]


def error_of(work: Callable[[], object]) -> BaseException:
    with pytest.raises((KeyError, ZeroDivisionError)) as caught:
        work()
    return caught.value


def damage_table(folder: Path, table: str) -> None:
    """Overwrite a piece of the first page of a table, as a bad sector would."""
    store = open_store(folder, MANAGER, PASSWORD, random)
    db = store.read()
    (page,) = db.execute("select rootpage from sqlite_master where name = ?", [table]).fetchone()
    size = int(db.execute("pragma page_size").fetchone()[0])
    store.close()
    with (folder / DATABASE).open("r+b") as file:
        file.seek(page * size - size // 2)
        file.write(b"damage")


def test_a_missing_store_is_not_made_anew(program: Program, folder: Path, qtbot: QtBot) -> None:
    (folder / DATABASE).unlink()
    sign_in(program, qtbot)
    qtbot.waitUntil(lambda: "找不到数据文件" in program.sign_in.said)
    assert not (folder / DATABASE).exists()


def test_somebody_else_takes_the_desk_with_their_own_password(program: Program, qtbot: QtBot) -> None:
    """STF-8."""
    with qtbot.waitSignal(program.unlocked):
        sign_in(program, qtbot)
    assert program.shell is not None
    program.shell.switch_asked.emit()
    assert not program.window.is_working
    qtbot.keyClick(program.sign_in.password, Qt.Key.Key_Down)
    assert program.sign_in.chosen_name == "赵清和"
    with qtbot.waitSignal(program.unlocked):
        sign_in(program, qtbot)
    assert program.bench is not None
    assert program.bench.desk.user is not None
    assert program.bench.desk.user.name == "赵清和"


NEW, PIN = "Liulin-2027", "204817"


def working(program: Program, qtbot: QtBot) -> Shell:
    """Sign the first person in and return what they see."""
    with qtbot.waitSignal(program.unlocked):
        sign_in(program, qtbot)
    assert program.shell is not None
    return program.shell


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


def test_an_idle_desk_locks_itself_and_one_pin_brings_the_work_back(program: Program, qtbot: QtBot) -> None:
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
    assert at_work(program)
    assert (line.text(), line.hasFocus()) == ("wangxiao", True)
    assert desk_of(program).user is not None


def test_a_hand_at_the_desk_keeps_it_open(program: Program, qtbot: QtBot) -> None:
    working(program, qtbot)
    tick_after(program, 8)
    qtbot.keyClick(program.window.windowHandle(), Qt.Key.Key_Shift)
    tick_after(program, 8)
    assert at_work(program)
    program.take_scan("89008080000001000000")
    tick_after(program, 8)
    assert at_work(program)


def test_esc_does_not_open_a_locked_desk(program: Program, qtbot: QtBot) -> None:
    working(program, qtbot)
    program.lock()
    qtbot.keyClick(program.sign_in.password, Qt.Key.Key_Escape)
    assert not at_work(program)


def test_who_forgot_to_come_back_from_f8_is_locked_too(program: Program, qtbot: QtBot) -> None:
    working(program, qtbot).switch_asked.emit()
    tick_after(program, 11)
    qtbot.keyClick(program.sign_in.password, Qt.Key.Key_Escape)
    assert not at_work(program)


def test_a_badge_opens_a_locked_desk(program: Program, qtbot: QtBot) -> None:
    working(program, qtbot)
    set_badge(desk_of(program), "EMP-0001-7731")
    program.lock()
    program.take_scan("EMP-0001-7732")
    assert "工牌" in program.sign_in.said
    assert not at_work(program)
    program.take_scan("EMP-0001-7731")
    assert at_work(program)


def test_a_wrong_pin_says_how_many_are_left_and_opens_nothing(program: Program, qtbot: QtBot) -> None:
    working(program, qtbot)
    set_pin(desk_of(program), PIN)
    program.lock()
    for said in ("还可以试 2 次", "还可以试 1 次", "PIN 已停用"):
        sign_in(program, qtbot, "111222")
        qtbot.waitUntil(partial(said_by, program, said))
    with qtbot.waitSignal(program.unlocked):
        sign_in(program, qtbot)
    assert at_work(program)


def test_an_alarm_is_said_over_the_locked_page(program: Program, qtbot: QtBot) -> None:
    """OBS-3: the hall goes on while the desk is locked."""
    shell = working(program, qtbot)
    program.lock()
    shell.bench.committed.emit(frozenset({"observation.alarmed"}))
    assert "需要医生" in program.sign_in.alarm
    with qtbot.waitSignal(program.unlocked):
        sign_in(program, qtbot)
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


@pytest.mark.parametrize("staff_id", ["u-fangxunzhi", "u-liangxinan", "u-zhongshenyan"])
def test_looking_round_writes_nothing_and_is_refused_nothing(
    program: Program, qtbot: QtBot, staff_id: str
) -> None:
    """STF-9: an inspector opens every page, an information officer and an auditor their own."""
    shell = working(program, qtbot)
    sign_in_as(desk_of(program), staff_id)
    refused: list[Refusal] = []
    shell.bench.refused.connect(refused.append)
    before = entries(program)
    shell.start()
    user = desk_of(program).user
    assert user is not None
    for page in pages_of(user):
        shell.go_to(page, None)
        assert shell.current.station_id == page
        qtbot.wait(1)
    assert (refused, entries(program)) == ([], before)


def entries(program: Program) -> int:
    (count,) = desk_of(program).read().execute("select count(*) from journal").fetchone()
    return int(count)


def test_esc_on_the_sign_in_page_goes_back_to_work(program: Program, qtbot: QtBot) -> None:
    with qtbot.waitSignal(program.unlocked):
        sign_in(program, qtbot)
    assert program.shell is not None
    program.shell.switch_asked.emit()
    qtbot.keyClick(program.sign_in.password, Qt.Key.Key_Escape)
    assert program.window.is_working


def test_keys_of_a_scanner_that_make_no_code_are_told_of_where_somebody_works(
    program: Program, qtbot: QtBot
) -> None:
    """SITE-13: a gun that sends no line end must not be silent."""
    working(program, qtbot)
    shell = program.shell
    assert shell is not None
    shell.go_to("vaccination", None)
    window = program.window.windowHandle()
    with qtbot.waitSignal(shell.bench.refused) as told:
        Typist(window).type("123412", SCANNER_GAP)
    assert told.args == [ScanBrokenOff(6)]


def test_a_scan_while_nobody_is_at_work_does_nothing(program: Program) -> None:
    program.take_scan("89008080000001000000")
    assert program.bench is None
