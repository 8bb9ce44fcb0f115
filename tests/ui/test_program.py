"""From the sign-in page to work and back: passwords, a store that will not open, another at the desk."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from random import Random

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.practice.facts import PASSWORD
from app.practice.preparation import prepare_site
from app.storage.keys import DATABASE
from app.ui.program import Program, Setting
from app.ui.work import build_shell
from tests.clocks import ManualClock

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
    qtbot.waitUntil(lambda: "数据文件打不开" in program.sign_in.said)
    assert digest(database) == before
    assert program.bench is None


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


def test_esc_on_the_sign_in_page_goes_back_to_work(program: Program, qtbot: QtBot) -> None:
    with qtbot.waitSignal(program.unlocked):
        sign_in(program, qtbot)
    assert program.shell is not None
    program.shell.switch_asked.emit()
    qtbot.keyClick(program.sign_in.password, Qt.Key.Key_Escape)
    assert program.window.is_working


def test_f1_shows_the_help_of_every_station(program: Program, qtbot: QtBot) -> None:
    """Rule 25."""
    with qtbot.waitSignal(program.unlocked):
        sign_in(program, qtbot)
    shell = program.shell
    assert shell is not None
    for station_id in shell.stations:
        shell.go_to(station_id, None)
        shell.help.show_topic(shell.current.help_topic)
        assert shell.help.is_open
        shell.help.close()


def test_a_scan_while_nobody_is_at_work_does_nothing(program: Program) -> None:
    program.take_scan("89008080000001000000")
    assert program.bench is None
