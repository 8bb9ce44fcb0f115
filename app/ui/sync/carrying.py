"""Sync by stick in the window: what is written and read beside the screen thread, and what is said of it."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.devices.sticks import find_sticks
from app.domain.clock import Clock
from app.domain.ids import Randomness
from app.domain.refusals import Refusal
from app.storage.store import Store
from app.sync.identity import Identity
from app.sync.stick import Packed, pack_bundle
from app.sync.stick_files import Carried, read_stick, write_file
from app.sync.stick_reply import Taken, take_reply
from app.sync.store_identity import get_identity
from app.ui.bench import Bench, CentreLine
from app.ui.kit.tokens import Tone
from app.ui.sync.stick_sheet import StickSheet
from app.ui.texts import sentence_of

Sticks = Callable[[], list[Path]]


class Carrying(QObject):
    """Works over what the page stands in; ``sticks`` finds what is plugged in."""

    closed = Signal()
    """Its sheet is gone: the page takes the keyboard."""

    def __init__(self, bench: Bench, page: QWidget, received: Callable[[], object]) -> None:
        """``received`` is called on the screen thread after receipts were taken."""
        super().__init__(page)
        self._bench, self._page, self._received = bench, page, received
        self.sticks: Sticks = find_sticks
        self.sheet: StickSheet | None = None

    def ask(self) -> None:
        """Show what can be done."""
        if self.sheet is not None:
            self.sheet.close_sheet()
        sheet = StickSheet(self._page.parentWidget() or self._page, self.sticks())
        sheet.write.clicked.connect(self._write)
        sheet.read.clicked.connect(self._read)
        sheet.again.clicked.connect(self.ask)
        sheet.closed.connect(self._closed)
        self.sheet = sheet
        sheet.open_sheet()

    def _closed(self) -> None:
        self.sheet = None
        self.closed.emit()

    def _chosen(self) -> tuple[Path, Identity] | None:
        """Return the stick and as whom this device speaks; says so where one is missing."""
        if self.sheet is None:
            return None
        stick, identity = self.sheet.stick, get_identity(self._bench.desk.store)
        if identity is None:
            self._say("这台电脑还没有在中心登记，U 盘也用不了。请先联系信息员登记。", Tone.WARNING)
        elif stick is None:
            self._say("有几个 U 盘，请按数字键选一个。", Tone.WARNING)
        else:
            return stick, identity
        return None

    def _write(self) -> None:
        chosen = self._chosen()
        if chosen is None or self.sheet is None:
            return
        stick, identity = chosen
        desk = self._bench.desk
        self.sheet.show_busy("正在加密并写入……写完以前不要拔 U 盘。")
        self._bench.run_aside(
            self, self._written, self._refused,
            lambda: _write(desk.store, identity, desk.clock, desk.random, stick),
        )  # fmt: skip

    def _written(self, outcome: tuple[Packed, Path]) -> None:
        packed, path = outcome
        left = f"还有 {packed.left} 条放不下，收到回执后再写一次。" if packed.left else ""
        what = f"已写入 {packed.count} 条" if packed.count else "没有等待上传的记录，已写入要中心补发的内容"
        self._say(
            f"{what}，文件 {path.name}。{left}可以拔下 U 盘；收到回执以前，记录仍算待上传，照样存在本机。",
            Tone.SUCCESS,
        )

    def _read(self) -> None:
        chosen = self._chosen()
        if chosen is None or self.sheet is None:
            return
        stick, identity = chosen
        desk, open_line = self._bench.desk, self._bench.open_line
        self.sheet.show_busy("正在读 U 盘……读完以前不要拔。")
        self._bench.run_aside(
            self, self._came, self._refused, lambda: _read(desk.store, identity, desk.clock, stick, open_line)
        )

    def _came(self, came: Carried) -> None:
        said = _brought(came.taken)
        if came.handed_in:
            said.append(f"已替别的电脑交给中心 {came.handed_in} 份，回复写在 U 盘上，请带回去读。")
        for refusal in came.told:
            sentence = sentence_of(refusal)
            said.append(f"{sentence.happened}{sentence.todo}")
        if came.nothing:
            said.append("U 盘上没有给这台电脑的新回复，也没有等着交的记录。")
        self._say("".join(said), Tone.WARNING if came.told else Tone.SUCCESS)
        self._received()

    def _refused(self, refusal: Refusal) -> None:
        sentence = sentence_of(refusal)
        self._say(f"{sentence.happened}{sentence.safe}{sentence.todo}", Tone.WARNING)

    def _say(self, words: str, tone: Tone) -> None:
        if self.sheet is not None:
            self.sheet.show_outcome(words, tone)
        else:
            self._bench.announce(words)


def _brought(taken: Taken) -> list[str]:
    """Return what the replies brought, in sentences."""
    told = (
        (taken.receipts, f"本机 {taken.receipts} 条记录收到回执"),
        (taken.told, f"本地区的记录补收 {taken.told} 条"),
        (taken.findings, f"存疑 {taken.findings} 处，见列表"),
        (taken.renewed, "证书已续期"),
    )
    brought = "；".join(words for there, words in told if there)
    more = "中心还有没放下的，请再写一次 U 盘交去。" if taken.more else ""
    return [sentence for sentence in (brought and f"{brought}。", more) if sentence]


def _write(
    store: Store, identity: Identity, clock: Clock, random: Randomness, stick: Path
) -> tuple[Packed, Path]:
    packed = pack_bundle(store, identity, clock, random)
    return packed, write_file(stick, identity.device_id, clock.now(), packed.data)


def _read(
    store: Store,
    identity: Identity,
    clock: Clock,
    stick: Path,
    open_line: Callable[[], CentreLine] | None,
) -> Carried:
    line = open_line() if open_line else None
    try:
        return read_stick(stick, lambda data: take_reply(store, identity, clock, data), line)
    finally:
        if line is not None:
            line.close()
