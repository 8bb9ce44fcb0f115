"""The observation slip (留观票): until when to stay, what was given, when to raise a hand (OBS-1)."""

from dataclasses import dataclass
from datetime import datetime

from app.documents.bitmap import Bitmap


@dataclass(frozen=True)
class GivenDose:
    """A dose as the slip names it."""

    vaccine_name: str
    lot_number: str


@dataclass(frozen=True)
class ObservationSlip:
    """What an observation slip says; the name is masked when it is drawn."""

    ticket_number: str
    name: str
    started_at: datetime
    due_at: datetime
    doses: tuple[GivenDose, ...]
    code_text: str
    """What the exit scans."""
    enquiry_phone: str
    practice: bool = False


def observation_bitmap(slip: ObservationSlip) -> Bitmap:
    """Return the slip for a 58 mm head; raises GlyphMissing."""
    # Pillow is loaded by the first slip, not by the start of the program.
    from app.documents.observation_drawing import draw_observation_slip

    return draw_observation_slip(slip)
