"""An act that needed the room in reserve is saved, and the screen says at once: the disk is full (TRC-1)."""

from pathlib import Path
from random import Random

from pytestqt.qtbot import QtBot

from app.storage.store import StoreOnReserve
from app.ui.bench import Bench
from app.workflows.desk import Desk
from tests.clocks import ManualClock
from tests.storage.full_disk import fill_with, full_store


def test_the_use_of_the_reserve_is_shown_as_a_refusal(qtbot: QtBot, tmp_path: Path) -> None:
    store = full_store(tmp_path)
    bench = Bench(Desk(store, ManualClock(), Random(1).randbytes, "接种台 1"))
    with qtbot.waitSignal(bench.refused) as heard:
        store.submit(fill_with("dose", 10), urgent=True)
    assert heard.args == [StoreOnReserve(str(store.path))]
    bench.close()
    store.close()
