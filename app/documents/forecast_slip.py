"""The slip with the next appointment (预约条): when, what is to come and why, what was given (N2023 10.1)."""

from dataclasses import dataclass
from datetime import date, datetime

from app.documents.bitmap import Bitmap


@dataclass(frozen=True)
class DoseToCome:
    """One dose to come, in words."""

    dose: str
    """脊灰灭活疫苗 第 2 剂."""
    when: str
    """今天可种, 2027-01-22 起."""
    why: str = ""
    """满 2 月龄起可种。"""


@dataclass(frozen=True)
class DosesGiven:
    """What was given of one kind, in words."""

    vaccine: str
    """乙肝."""
    doses: str
    """2 剂，末次 2026-07-10."""


@dataclass(frozen=True)
class ForecastSlip:
    """What the slip says; the name is masked when it is drawn."""

    name: str
    site_name: str
    next_on: date | None
    """The next day after today on which a dose may be given; None when there is none."""
    given: tuple[DosesGiven, ...]
    doses: tuple[DoseToCome, ...]
    unverified: bool
    """Some rule behind it is not signed off: the slip says so."""
    printed_at: datetime
    enquiry_phone: str
    practice: bool = False


def forecast_bitmap(slip: ForecastSlip) -> Bitmap:
    """Return the slip for a 58 mm head; raises GlyphMissing."""
    # Pillow is loaded by the first slip, not by the start of the program.
    from app.documents.forecast_drawing import draw_forecast_slip

    return draw_forecast_slip(slip)
