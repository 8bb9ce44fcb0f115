"""From a code to the vial in the record: scanned, typed twice, or chosen by lot; refused or taken."""

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.devices.scan_text import read_scan
from app.domain.catalogue import Lot, Product
from app.domain.codes import Gs1Code, TraceCode, UnknownCode
from app.domain.identity import slip_in
from app.domain.refusals import Refusal
from app.domain.vial import CartonScanned, CodeNotInStock, CodeSource, Vial
from app.storage import catalogue
from app.ui.bench import Bench
from app.ui.second_line import SecondLine
from app.ui.vaccination.at_needle import AtNeedle
from app.ui.vaccination.way_out import WayOut
from app.workflows import needle
from app.workflows.needle import HandEntry

if TYPE_CHECKING:
    from app.devices.webcam import Webcam

VialCode = TraceCode | Gs1Code | HandEntry


class VialFlow(QObject):
    """Owns the guided way out; a dose never fails for want of a code."""

    stopped = Signal(object, object)
    """A Refusal that stops everything, and the Vial it speaks of or None."""
    refused = Signal(object)
    """A Refusal that is only said."""

    def __init__(
        self, bench: Bench, at_needle: AtNeedle, over: QWidget, find_camera: "Callable[[], Webcam | None]"
    ) -> None:
        super().__init__(over)
        self._bench, self._needle, self._over, self._find_camera = bench, at_needle, over, find_camera
        at_needle.vial_refused.connect(self._refused)

    @cached_property
    def way_out(self) -> WayOut:
        """The guided way out: a hundred widgets, built when a code cannot be read for the first time."""
        way_out = WayOut(self._over, SecondLine(self._bench, "enter_vial"), self._find_camera)
        way_out.seen.connect(self._take_seen)
        way_out.typed.connect(self._take_typed)
        way_out.entered.connect(self._needle.enter)
        return way_out

    @property
    def is_asking(self) -> bool:
        """Return whether the way out is open."""
        return "way_out" in self.__dict__ and self.way_out.is_open

    def close(self) -> None:
        """Take the way out away, if it is open."""
        if self.is_asking:
            self.way_out.close()

    def take(self, code: TraceCode | Gs1Code | UnknownCode) -> bool:
        """Use a scanned code; an unknown one is kept where somebody is at the needle, else it is not ours.

        A person's number with a slip in it is no vial's code: what is wrong with it is said.
        """
        if isinstance(code, UnknownCode):
            if slip := slip_in(code.text, today=self._bench.desk.today()):
                self.refused.emit(slip)
                return True
            return self._keep(code, code.text)
        self._needle.scan(code, CodeSource.SCANNED)
        return True

    def ask_way_out(self) -> None:
        """Open the guided way out for the planned product (F9)."""
        if (wanted := self._wanted()) is None:
            self.refused.emit(needle.NobodyAtNeedle())
        else:
            self.way_out.open_steps(*wanted, self._bench.desk.today())

    def _take_seen(self, text: str) -> None:
        """Use what the camera read; a picture of anything but a vial's code is passed over."""
        try:
            code = read_scan(text, on=self._bench.desk.today())
        except Refusal:
            return
        if isinstance(code, TraceCode | Gs1Code):
            self._needle.scan(code, CodeSource.WEBCAM)

    def _take_typed(self, code: TraceCode | Gs1Code | UnknownCode) -> None:
        if isinstance(code, UnknownCode):
            self._keep(code, code.text)
        else:
            self._needle.scan(code, CodeSource.TYPED)

    def _keep(self, code: TraceCode | Gs1Code | UnknownCode, text: str) -> bool:
        """Go on with a code this site does not know: it is kept, the lot is chosen by hand."""
        if (wanted := self._wanted()) is None:
            return False
        self.way_out.open_for_code(code, text, *wanted, self._bench.desk.today())
        return True

    def _wanted(self) -> tuple[Product, list[Lot]] | None:
        """Return the planned product and its lots at this site."""
        view = self._needle.view
        if view is None or view.planned is None:
            return None
        return view.planned, catalogue.lots_of(self._bench.read(), view.planned.product_code)

    def _refused(self, refusal: Refusal, code: VialCode, source: CodeSource) -> None:
        if refusal.stop:
            self.stopped.emit(refusal, self._vial_of(code, source))
        elif isinstance(refusal, CodeNotInStock) and isinstance(code, TraceCode | Gs1Code):
            self._note(refusal.code, refusal)
            self._keep(code, refusal.code)
        elif isinstance(code, HandEntry) and self.is_asking:
            self.way_out.show_refusal(refusal)
        else:
            if isinstance(refusal, CartonScanned):
                self._note(refusal.code, refusal)
            self.refused.emit(refusal)

    def _note(self, code: str, refusal: Refusal) -> None:
        if self._needle.encounter_id is not None:
            self._needle.note(self._needle.encounter_id, code, refusal, _not_shown)

    def _vial_of(self, code: VialCode, source: CodeSource) -> Vial | None:
        db = self._bench.read()
        if isinstance(code, HandEntry):
            return needle.entered_vial(db, code)
        try:
            return needle.scanned_vial(db, code, source)
        except Refusal:
            return None


def _not_shown(times: int) -> None:
    """The count of a refusal that is no stop is for the supervisor's report alone."""
