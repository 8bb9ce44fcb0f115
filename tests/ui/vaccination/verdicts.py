"""What the needle says of a scan before the act has judged it."""

from dataclasses import dataclass, field

from app.domain.refusals import Refusal
from app.ui.kit.tokens import Tone
from app.workflows.needle import Judged
from tests.ui.vaccination.rig import NeedleRig


@dataclass
class Verdicts:
    """What the screen said at the moment of each verdict, nothing of the act having been asked for yet."""

    rig: NeedleRig
    all: list[Judged | Refusal] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    tones: list[Tone] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rig.page.needle.judged.connect(self._hear)

    def _hear(self, verdict: Judged | Refusal) -> None:
        banner = self.rig.page.desk.banner
        self.all.append(verdict)
        self.said.append(banner.sentence)
        self.tones.append(banner.tone)
