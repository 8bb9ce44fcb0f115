"""Every test of the screens has the program's application, whichever runs first: letters need it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.practice.preparation import prepare_site
from app.ui.bench import Bench
from app.ui.kit.theme import dress_window
from app.ui.program import Program, Setting
from app.ui.shell import Shell
from app.ui.work import STATIONS, build_shell
from tests.clocks import ManualClock
from tests.factories import MANAGER, SmallSite
from tests.ui.looking import keep_unseen
from tests.ui.signing_in import random


@pytest.fixture(scope="session", autouse=True)
def application(qapp: QApplication) -> QApplication:
    """Return the application, dressed."""
    return qapp


@pytest.fixture
def shell(small_site: SmallSite, qtbot: QtBot) -> Iterator[Shell]:
    """Return what a manager sees who has just signed in: every station."""
    small_site.as_user(MANAGER)
    bench = Bench(small_site.desk)
    shell = Shell(bench, STATIONS)
    qtbot.addWidget(shell)
    keep_unseen(shell)
    shell.show()
    shell.start()
    yield shell
    bench.close()


@pytest.fixture
def dressed(rig: Any) -> None:
    """Dress the window of the rig before it is worked: for a test that looks at it."""
    dress_window(rig.shell)


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A practice site's data folder, made once."""
    folder = tmp_path_factory.mktemp("prepared")
    prepare_site(folder, ManualClock(), random, residents=5)
    return folder


@pytest.fixture
def folder(prepared: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    for file in prepared.iterdir():
        if file.is_file():
            (tmp_path / file.name).write_bytes(file.read_bytes())
    return tmp_path


@pytest.fixture
def program(folder: Path, qtbot: QtBot) -> Iterator[Program]:
    """The program on it, at the sign-in page."""
    program = Program(Setting(folder, ManualClock(), random), build_shell)
    program.start()
    program.window.activateWindow()
    qtbot.waitUntil(program.window.isActiveWindow)
    yield program
    program.window.close()
