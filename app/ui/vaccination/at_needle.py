"""Who is at this desk's needle, and every act on them; knows no widget."""

from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from PySide6.QtCore import QObject, Signal

from app.domain.catalogue import BodySite
from app.domain.checklist import Injection, Item, OtherPersonsDocument, evaluate
from app.domain.codes import Gs1Code, TraceCode
from app.domain.refusals import Refusal
from app.domain.vial import CodeSource, VialNotSaved
from app.domain.visit import Encounter, VisitState
from app.storage import encounters
from app.storage.connecting import one_instant
from app.storage.site import running_session
from app.ui.bench import Bench
from app.workflows import identity, immunization, needle, stock
from app.workflows.desk import Act, Case, SecondPerson
from app.workflows.needle import HandEntry, Judged, NeedleView

P = ParamSpec("P")
T = TypeVar("T")


class AtNeedle(QObject):
    """The visit at this desk, read from the store at every look; acts answer through the signals."""

    judged = Signal(object)
    """What a scan comes to, Judged or a Refusal, before it is written: for the eye; no act trusts it."""
    done = Signal(str)
    """An act was committed: what the scan box says of it, or nothing."""
    refused = Signal(object)
    """A Refusal of an act that speaks of no vial."""
    call_refused = Signal(str, object)
    """An encounter id and why it was not called."""
    vial_refused = Signal(object, object, object)
    """A Refusal, the code (TraceCode, Gs1Code or HandEntry) and its CodeSource."""
    given = Signal(object)
    """A dose was recorded: its record."""
    sent_back = Signal(object, str)
    """An Encounter went back to ``queue`` or ``doctor``."""

    def __init__(self, bench: Bench, parent: QObject) -> None:
        super().__init__(parent)
        self._bench = bench
        self._giving = False
        self._unsaved_vial = False
        """A vial was presented and neither taken nor refused on record: no dose goes by the one before."""
        self.encounter_id: str | None = None
        self.view: NeedleView | None = None
        self.gone: Encounter | None = None
        """Who was here at the look before and is no longer, not by an act of this desk."""

    def look(self) -> NeedleView | None:
        """Read who is here; the one seen before stays while they are at this needle."""
        with one_instant(self._bench.read()):
            encounter = self._still_here() or self._called_here()
            self.encounter_id = encounter.encounter_id if encounter else None
            self.view = self.view_of(self.encounter_id) if self.encounter_id else None
        return self.view

    def stands_otherwise(self) -> bool:
        """Return whether the clock alone has changed what the screen says since the last look."""
        view = self.view
        if view is None:
            return False
        open_vial = view.vial is not None and view.vial.opened_at is not None
        return open_vial or evaluate(view.facts, self._bench.now()) != view.results

    def view_of(self, encounter_id: str) -> NeedleView:
        """Return everything the screen shows of a visit, as it stands now."""
        return needle.needle_view(self._bench.read(), encounter_id, self._bench.now())

    def call(self, encounter_id: str) -> None:
        """Call a ticket to this needle."""
        self._judge(needle.judge_call, encounter_id)
        self._submit(
            self._came,
            lambda refusal: self.call_refused.emit(encounter_id, refusal),
            needle.call_ticket,
            encounter_id,
        )

    def check_identity(self, number: str) -> None:
        """Compare the document shown with the one on file."""
        self._on_visit("身份一致", identity.check_identity, number)

    def scan(self, code: TraceCode | Gs1Code, source: CodeSource) -> None:
        """Present the vial of a code."""
        if self.encounter_id is None:
            self.refused.emit(needle.NobodyAtNeedle())
            return
        self._judge(needle.judge_vial, self.encounter_id, code, source)
        self._unsaved_vial = True
        self._submit(
            lambda _: self._vial_saved("药瓶已匹配"),
            lambda refusal: self.vial_refused.emit(refusal, code, source),
            needle.scan_vial,
            self.encounter_id,
            code,
            source,
        )

    def enter(self, entry: HandEntry, second: SecondPerson) -> None:
        """Present a vial whose code could not be scanned; two people have looked at it."""
        if self.encounter_id is not None:
            self._unsaved_vial = True
            self._submit(
                lambda _: self._vial_saved("药瓶已录入"),
                lambda refusal: self.vial_refused.emit(refusal, entry, entry.source),
                needle.enter_vial,
                self.encounter_id,
                entry,
                second,
            )

    def put_away(self, reason: str) -> None:
        """Put the vial down for another."""
        if self.encounter_id is not None:
            self._do(
                lambda _: self._vial_saved("药瓶已放下"), needle.put_vial_away, self.encounter_id, reason
            )

    def confirm(self, item: Item) -> None:
        """Record that a person saw what only a person can see."""
        self._on_visit("", needle.confirm_item, item)

    def withdraw(self, item: Item) -> None:
        """Take a confirmation back."""
        self._on_visit("", needle.withdraw_item, item)

    def choose_body_site(self, body_site: BodySite) -> None:
        """Choose where the dose goes in."""
        self._on_visit("", needle.choose_body_site, body_site)

    def give(self) -> None:
        """Record the dose just injected; pressed twice it is recorded once."""
        view = self.view
        if view is None or view.planned is None or self._giving:
            return
        if self._unsaved_vial:
            self.refused.emit(VialNotSaved())
            return
        self._giving = True
        injection = Injection(view.body_site or view.planned.body_site, view.planned.route)
        self._submit(
            self._gave,
            self._not_given,
            immunization.record_immunization,
            view.encounter.encounter_id,
            injection,
        )

    def undo(self, immunization_id: str, said: str) -> None:
        """Take a dose back that was recorded a moment ago."""
        self._do(lambda _: self._undone(said), immunization.undo_immunization, immunization_id)

    def send_back(self, encounter: Encounter, to: str, reason: str) -> None:
        """Send a person back to the queue or to the doctor."""

        def sent(_: None) -> None:
            self._leave(encounter.encounter_id)
            self.sent_back.emit(encounter, to)

        self._do(sent, needle.return_visit, encounter.encounter_id, to, reason)

    def note(self, encounter_id: str, code: str, refusal: Refusal, counted: Callable[[int], object]) -> None:
        """Record a stop at the needle; ``counted`` hears how often it came this month."""

        def noted(times: int) -> None:
            self._unsaved_vial = False
            counted(times)

        self._do(noted, needle.note_refused_vial, encounter_id, code, refusal)

    def note_other_document(self, refusal: OtherPersonsDocument, counted: Callable[[int], object]) -> None:
        """Record that somebody else's document was shown."""
        if self.encounter_id is not None:
            self._do(counted, identity.note_other_document, self.encounter_id, refusal)

    def quarantine(self, code: str, reason: str) -> None:
        """Put one pack aside for good."""
        self._do(lambda _: self.done.emit("已隔离此瓶"), stock.quarantine_pack, code, reason)

    def _still_here(self) -> Encounter | None:
        self.gone = None
        if self.encounter_id is None:
            return None
        encounter = encounters.get_encounter(self._bench.read(), self.encounter_id)
        if encounter.state is VisitState.AT_STATION and encounter.desk == self._bench.desk.name:
            return encounter
        self.gone = encounter
        return None

    def _called_here(self) -> Encounter | None:
        session = running_session(self._bench.read())
        if session is None:
            return None
        return needle.person_at_needle(self._bench.read(), session.session_id, self._bench.desk.name)

    def _came(self, encounter: Encounter) -> None:
        self.encounter_id = encounter.encounter_id
        self._unsaved_vial = False
        self.done.emit(f"{encounter.ticket_number} 已叫到")

    def _vial_saved(self, said: str) -> None:
        self._unsaved_vial = False
        self.done.emit(said)

    def _leave(self, encounter_id: str) -> None:
        if self.encounter_id == encounter_id:
            self.encounter_id = None

    def _gave(self, record: dict[str, object]) -> None:
        self._giving = False
        self.encounter_id = None
        self.given.emit(record)

    def _not_given(self, refusal: Refusal) -> None:
        self._giving = False
        self.refused.emit(refusal)

    def _undone(self, said: str) -> None:
        self._bench.announce(said)
        self.done.emit("")

    def _on_visit(
        self, said: str, act: Callable[Concatenate[Act, str, P], object], *args: P.args, **kwargs: P.kwargs
    ) -> None:
        if self.encounter_id is not None:
            self._do(lambda _: self.done.emit(said), act, self.encounter_id, *args, **kwargs)

    def _do(
        self,
        done: Callable[[T], object],
        act: Callable[Concatenate[Act, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> None:
        self._submit(done, self.refused.emit, act, *args, **kwargs)

    def _judge(
        self, judge: Callable[Concatenate[Case, P], Judged], *args: P.args, **kwargs: P.kwargs
    ) -> None:
        """Tell at once what the act will be told, by its own rules: the commit takes longer than the eye."""
        with one_instant(self._bench.read()):
            try:
                verdict: Judged | Refusal = judge(self._bench.desk.case(), *args, **kwargs)
            except Refusal as refusal:
                verdict = refusal
        self.judged.emit(verdict)

    def _submit(
        self,
        done: Callable[[T], object],
        refused: Callable[[Refusal], object],
        act: Callable[Concatenate[Act, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> None:
        self._bench.submit_or(self, done, refused, act, *args, **kwargs)
