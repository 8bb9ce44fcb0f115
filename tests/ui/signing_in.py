"""Signing in at the real window of the program."""

from random import Random

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.practice.facts import PASSWORD
from app.ui.program import Program
from app.ui.shell import Shell

random = Random(3).randbytes


def sign_in(program: Program, qtbot: QtBot, password: str = PASSWORD) -> None:
    """Type the first person's password and press Enter."""
    program.sign_in.password.setText(password)
    qtbot.keyClick(program.sign_in.password, Qt.Key.Key_Return)


def working(program: Program, qtbot: QtBot) -> Shell:
    """Sign the first person in and return what they see."""
    with qtbot.waitSignal(program.unlocked):
        sign_in(program, qtbot)
    assert program.shell is not None
    return program.shell
