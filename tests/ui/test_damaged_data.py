"""Data damaged, missing, or on a disk that takes nothing, and what nobody foresaw: said, and left alone."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from threading import Thread

import pytest
from pytestqt.qtbot import QtBot
from sqlcipher3 import dbapi2

from app.domain.refusals import Refusal
from app.practice.facts import PASSWORD
from app.storage.connecting import StoreUnreadable
from app.storage.keys import DATABASE
from app.storage.opening import open_store
from app.ui.program import Program
from app.ui.texts import sentence_of
from app.ui.unforeseen import Unforeseen
from tests.factories import MANAGER
from tests.ui.signing_in import random, sign_in, working


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
    qtbot.waitUntil(lambda: "登录次数记不下来" in program.sign_in.said)
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
