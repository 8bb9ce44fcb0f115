"""Row 14: cold start to the first paint of the sign-in page, beside bare PySide6 windows in the same run."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from app.practice.site import STAFF
from app.storage.keys import SlotOwner, key_file
from app.storage.stretching import KEY_LENGTH
from benchmarks.figures import Figure, p50, send, verdict

ROUNDS = 15
HEAVY = ("pypinyin", "reportlab", "httpcore", "pydantic", "sqlite_utils", "PySide6.QtPdf")
PAINTED = f"""
import os, sys, time
def painted():
    took = (time.monotonic_ns() - int(os.environ["SPAWNED_AT"])) / 1e6
    with open("/proc/self/status") as status:
        rss = next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) / 1024
    print(took, rss, *(module for module in {HEAVY} if module in sys.modules), flush=True)
    os._exit(0)
"""
"""Runs once control is back in the event loop: every widget has been painted by then."""
BARE = """
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow
class Window(QMainWindow):
    def paintEvent(self, event):
        super().paintEvent(event)
        QTimer.singleShot(0, painted)
app = QApplication([])
window = Window()
window.setCentralWidget(QLabel("接种点"))
window.resize(1366, 768)
"""
SHOW = """
window.show()
app.exec()
"""
FORM = """
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import (QCheckBox, QComboBox, QDateEdit, QFormLayout, QLineEdit, QTableView,
    QTabWidget, QToolBar, QWidget)
tabs = QTabWidget()
for number in range(4):
    page = QWidget()
    form = QFormLayout(page)
    for place in range(10):
        form.addRow(f"字段{place}", (QLineEdit, QComboBox, QDateEdit, QCheckBox)[place % 4]())
    tabs.addTab(page, f"页{number}")
table = QTableView()
table.setModel(QStandardItemModel(50, 8))
tabs.addTab(table, "列表")
window.setCentralWidget(tabs)
window.addToolBar(QToolBar("t"))
"""
"""The yardstick of the aim: forty fields, a table and a tool bar."""
OURS = """
import gc
gc.disable()
from app.ui.start import open_window
app, program = open_window([])
program.sign_in.painted.connect(painted)
app.exec()
"""
"""As ``app.__main__`` does it."""


@dataclass(frozen=True)
class Start:
    """One start: milliseconds from the spawning to the paint, MiB resident then, heavy modules loaded."""

    took: float
    resident: float
    heavy: tuple[str, ...]


def main() -> None:
    """Measure and send."""
    programs = {"bare": PAINTED + BARE + SHOW, "form": PAINTED + BARE + FORM + SHOW, "ours": PAINTED + OURS}
    starts: dict[str, list[Start]] = {name: [] for name in programs}
    with TemporaryDirectory() as folder:
        _make_keys(Path(folder) / "vaxpost" / "site")
        for turn in range(-1, ROUNDS):
            for name, program in programs.items():
                start = _start(program, folder)
                if turn >= 0:
                    starts[name].append(start)
    heavy = sorted({module for start in starts["ours"] for module in start.heavy})
    took = {name: p50([start.took for start in some]) for name, some in starts.items()}
    resident = {name: p50([start.resident for start in some]) for name, some in starts.items()}
    send(
        [
            _figure("cold start to the sign-in page painted", "ms", took, 1.6),
            _figure("resident memory then", "MiB", resident, 1.8),
            Figure(
                "14", "heavy modules loaded then", ", ".join(heavy) or "none", "-", "-", "none", "none",
                verdict(must=not heavy, aim=not heavy),
            ),
        ]
    )  # fmt: skip


def _figure(what: str, unit: str, measured: dict[str, float], aim: float) -> Figure:
    bare, form, ours = (measured[name] for name in ("bare", "form", "ours"))
    return Figure(
        "14", what, f"{ours:.0f} {unit}", f"PySide6: bare window {bare:.0f}, 40-field form {form:.0f} {unit}",
        f"{ours / bare:.2f}x bare, {ours / form:.2f}x form", "<= 2.5x bare", f"<= {aim}x form",
        verdict(must=ours <= 2.5 * bare, aim=ours <= aim * form),
    )  # fmt: skip


def _make_keys(folder: Path) -> None:
    """Let five people sign in here: their names are all the page reads."""
    folder.mkdir(parents=True)
    keys = key_file(folder, os.urandom, use_keyring=False)
    for member in STAFF:
        owner = SlotOwner(member.staff_id, member.name, member.title)
        keys.add(owner, "measure-2026", bytes(KEY_LENGTH), os.urandom)


def _start(program: str, data: str) -> Start:
    environment = os.environ | {"XDG_DATA_HOME": data, "SPAWNED_AT": str(time.monotonic_ns())}
    command = [sys.executable, "-c", program]
    run = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    took, resident, *heavy = run.stdout.split()
    return Start(float(took), float(resident), tuple(heavy))


if __name__ == "__main__":
    main()
