"""A paper centre that does not take certain events."""

from dataclasses import dataclass, field, replace
from itertools import accumulate

from app.domain.journal import decode, link
from app.sync import wire
from tests.sync.paper_centre import PaperCentre


@dataclass
class PickyCentre(PaperCentre):
    """Answers as the real one does to an event whose envelope it cannot file."""

    dislikes: dict[str, tuple[str, str]] = field(default_factory=dict)
    """By kind: the name of the refusal and its reason."""

    def _push(self, device_id: str, push: wire.Push) -> wire.PushResult:
        for place, data in enumerate(push.events):
            kind = decode(data).kind
            if kind in self.dislikes:
                return self._refuse(device_id, push, place, self.dislikes[kind])
        return super()._push(device_id, push)

    def _refuse(self, device_id: str, push: wire.Push, place: int, why: tuple[str, str]) -> wire.PushResult:
        before = push.events[:place]
        head = list(accumulate(before, link, initial=push.after_hash))[-1]
        refused = wire.EventRefused(push.after + place + 1, *why)
        if not before:
            return wire.Ack(push.epoch, push.after, head, (), refused)
        ack = super()._push(device_id, replace(push, events=before, head=head))
        assert isinstance(ack, wire.Ack), "the centre holds no other history"
        return replace(ack, refused=refused)
