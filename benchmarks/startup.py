"""Rows 14 and 18: cold start to the sign-in page beside a bare PySide6 window, and the unlocking."""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from app.devices.system_clock import SystemClock
from app.practice.preparation import prepare_site
from benchmarks.figures import Figure, p50, send, verdict

ROUNDS = 9
MEASURE = """
import os, sys, time
from PySide6.QtCore import QTimer
started = time.clock_gettime(time.CLOCK_BOOTTIME)
with open("/proc/self/stat") as stat:
    ticks = int(stat.read().rsplit(")", 1)[1].split()[19])
born = ticks / os.sysconf("SC_CLK_TCK")
def painted():
    now = time.clock_gettime(time.CLOCK_BOOTTIME)
    with open("/proc/self/status") as status:
        rss = next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))
    print((now - born) * 1000, rss / 1024, ",".join(m for m in HEAVY if m in sys.modules), flush=True)
    os._exit(0)
HEAVY = ("pypinyin", "reportlab", "httpx", "pydantic", "sqlite_utils")
"""
BARE = (
    (
        MEASURE
        + """
from PySide6.QtWidgets import QApplication, QMainWindow
app = QApplication([])
window = QMainWindow(); window.resize(1366, 768)
class Probe(QMainWindow): pass
window.paintEvent = None
window.show()
def look():
    app.processEvents()
    painted()
QTimer.singleShot(0, look)
app.exec()
"""
    )
    .replace("window.paintEvent = None\n", "")
    .replace("class Probe(QMainWindow): pass\n", "")
)
OURS = (
    MEASURE
    + """
from pathlib import Path
from app.ui.start import make_application
from app.devices.system_clock import SystemClock
from app.ui.program import Program, Setting
app = make_application()
program = Program(Setting(Path(FOLDER), SystemClock(), os.urandom), lambda p: None)
program.show_people()
program.window.resize(1366, 768)
program.window.show()
def look():
    app.processEvents()
    painted()
QTimer.singleShot(0, look)
app.exec()
"""
)


def main() -> None:
    """Measure and send."""
    with TemporaryDirectory() as folder:
        prepare_site(Path(folder), SystemClock(), _random, residents=0)
        ours, bare, heavy = [], [], set()
        for _ in range(ROUNDS):
            bare.append(_start(BARE))
            ours.append(_start(f"FOLDER = {folder!r}\n" + OURS))
            heavy |= ours[-1][2]
    time_ratio = p50([run[0] for run in ours]) / p50([run[0] for run in bare])
    rss_ratio = p50([run[1] for run in ours]) / p50([run[1] for run in bare])
    send(
        [
            _figure("cold start to sign-in painted", "ms", 0, ours, bare, time_ratio, 2.5, 1.6),
            _figure("resident memory then", "MiB", 1, ours, bare, rss_ratio, 2.5, 1.8),
            Figure(
                "14", "heavy imports at first paint", ", ".join(sorted(heavy)) or "none", "none", "",
                "none", "none", verdict(must=not heavy, aim=not heavy),
            ),
        ]
    )  # fmt: skip


def _figure(
    what: str,
    unit: str,
    place: int,
    ours: list[tuple[float, float, set[str]]],
    bare: list[tuple[float, float, set[str]]],
    ratio: float,
    must: float,
    aim: float,
) -> Figure:
    here, there = (p50([float(run[place]) for run in runs]) for runs in (ours, bare))  # type: ignore[arg-type]
    return Figure(
        "14", what, f"{here:.0f} {unit}", f"bare PySide6 window {there:.0f} {unit}", f"{ratio:.2f}x",
        f"<= {must}x", f"<= {aim}x", verdict(must=ratio <= must, aim=ratio <= aim),
    )  # fmt: skip


def _start(program: str) -> tuple[float, float, set[str]]:
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    milliseconds, rss, heavy = ([*run.stdout.rstrip("\n").split(" ", 2), ""])[:3]
    return float(milliseconds), float(rss), set(filter(None, heavy.split(",")))


def _random(length: int) -> bytes:
    import os

    return os.urandom(length)


if __name__ == "__main__":
    main()
