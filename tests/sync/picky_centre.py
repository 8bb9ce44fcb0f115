"""A paper centre that does not take certain events, or cannot file them."""

from dataclasses import dataclass, field, replace
from itertools import accumulate

from app.domain.journal import decode, link
from app.sync import wire
from server.stream import Accepted, Unfit
from tests.sync.paper_centre import PaperCentre


@dataclass
class PickyCentre(PaperCentre):
    """Answers as the real one does to an event it cannot file, or as one of an older release did."""

    dislikes: dict[str, tuple[str, str]] = field(default_factory=dict)
    """By kind: the name of the refusal and its reason, where an older release stops."""
    unfit_kinds: dict[str, tuple[str, str]] = field(default_factory=dict)
    """By kind, why an event is kept and not filed."""

    def _push(self, device_id: str, push: wire.Push) -> wire.PushResult:
        for place, data in enumerate(push.events):
            kind = decode(data).kind
            if kind in self.dislikes:
                return self._refuse(device_id, push, place, self.dislikes[kind])
        return super()._push(device_id, push)

    def judged(self, verdict: Accepted) -> Accepted:
        """Return a verdict by which some kinds cannot be filed."""
        entries = verdict.entries
        odd = [entry for entry in entries if entry.event.kind in self.unfit_kinds]
        if not odd:
            return verdict
        unfit = [
            Unfit(one.stream, one.event.seq, one.data, one.hash, *self.unfit_kinds[one.event.kind])
            for one in odd
        ]
        return Accepted(verdict.known, None, tuple(one for one in entries if one not in odd), tuple(unfit))

    def _refuse(self, device_id: str, push: wire.Push, place: int, why: tuple[str, str]) -> wire.PushResult:
        before = push.events[:place]
        head = list(accumulate(before, link, initial=push.after_hash))[-1]
        refused = wire.EventRefused(push.after + place + 1, *why)
        if not before:
            return wire.Ack(push.epoch, push.after, head, (), refused)
        ack = super()._push(device_id, replace(push, events=before, head=head))
        assert isinstance(ack, wire.Ack), "the centre holds no other history"
        return replace(ack, refused=refused)
