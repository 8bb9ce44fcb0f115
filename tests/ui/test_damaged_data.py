"""Data that is damaged or missing, or on a disk that takes nothing: said, and left as it is."""

from hashlib import sha256
from pathlib import Path

from pytestqt.qtbot import QtBot

from app.storage.keys import DATABASE
from app.ui.program import Program
from tests.ui.signing_in import sign_in


def digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()


def test_a_damaged_store_is_named_and_left_as_it_is(program: Program, folder: Path, qtbot: QtBot) -> None:
    """Bad input: a database that will not open is never recreated."""
    database = folder / DATABASE
    database.write_bytes(b"x" * 8192)
    before = digest(database)
    sign_in(program, qtbot)
    qtbot.waitUntil(lambda: "数据文件读不出来" in program.sign_in.said)
    assert digest(database) == before
    assert program.bench is None


def test_a_folder_that_takes_no_file_says_so_and_lets_nobody_in_uncounted(
    program: Program, folder: Path, qtbot: QtBot
) -> None:
    """SEC-2, SEC-3: a full disk, or a data folder that is read-only: the try cannot be counted."""
    (folder / "attempts.new").mkdir()
    sign_in(program, qtbot)
    qtbot.waitUntil(lambda: "登录次数记不下来" in program.sign_in.said)
    assert program.bench is None
    (folder / "attempts.new").rmdir()
    with qtbot.waitSignal(program.unlocked):
        sign_in(program, qtbot)


def test_a_missing_store_is_not_made_anew(program: Program, folder: Path, qtbot: QtBot) -> None:
    (folder / DATABASE).unlink()
    sign_in(program, qtbot)
    qtbot.waitUntil(lambda: "找不到数据文件" in program.sign_in.said)
    assert not (folder / DATABASE).exists()
