"""The line between machines and centre: loses, doubles, delays and reorders what it carries."""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import ClassVar

from app.sync.transport import CentreBusy, CentreUnreachable
from tests.simulator.centre import Centre


@dataclass
class Line:
    """One exchange in ``1 / trouble`` meets a fault; late requests wait for a moment of their own."""

    centre: Centre
    random: Random
    trouble: float
    late: list[bytes] = field(default_factory=list)
    messages: int = 0
    left: int | None = None
    """After so many exchanges the link drops; what becomes of the request in hand, ``dropping`` says."""
    dropping: str = "lost"

    def exchange(self, request: bytes) -> bytes:
        """Carry one request and its answer."""
        self.messages += 1
        if self.left is not None:
            if self.left == 0:
                return self._FAULTS[self.dropping](self, request)
            self.left -= 1
        if self.random.random() >= self.trouble:
            return self._deliver(request)
        return self._FAULTS[self.random.choice(tuple(self._FAULTS))](self, request)

    def deliver_late(self) -> None:
        """Let a request of a dead session arrive now, whichever."""
        if self.late:
            self.centre.answer(self.late.pop(self.random.randrange(len(self.late))))

    def _deliver(self, request: bytes) -> bytes:
        answer = self.centre.answer(request)
        if answer is None:
            raise CentreUnreachable("cut")
        return answer

    def _lost(self, request: bytes) -> bytes:
        raise CentreUnreachable("cut")

    def _late(self, request: bytes) -> bytes:
        self.late.append(request)
        raise CentreUnreachable("timeout")

    def _answer_lost(self, request: bytes) -> bytes:
        self.centre.answer(request)
        raise CentreUnreachable("cut")

    def _doubled(self, request: bytes) -> bytes:
        """The proxy tries again; either answer may be the one that comes back."""
        answers = [self._deliver(request), self._deliver(request)]
        return self.random.choice(answers)

    def _busy(self, request: bytes) -> bytes:
        raise CentreBusy(503, 5.0)

    _FAULTS: ClassVar[dict[str, Callable[["Line", bytes], bytes]]] = {
        "lost": _lost,
        "late": _late,
        "answer lost": _answer_lost,
        "doubled": _doubled,
        "busy": _busy,
    }
