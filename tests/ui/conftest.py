"""Every test of the screens has the program's application, whichever runs first: letters need it."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.ui.bench import Bench
from app.ui.shell import Shell
from app.ui.work import STATIONS
from tests.factories import MANAGER, SmallSite


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
    shell.show()
    shell.start()
    yield shell
    bench.close()
