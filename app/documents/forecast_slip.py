"""The slip with the next appointment (预约条): when to come again, and every dose to come (N2023 10.1)."""

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


@dataclass(frozen=True)
class ForecastSlip:
    """What the slip says; the name is masked when it is drawn."""

    name: str
    site_name: str
    next_on: date | None
    """The next day after today on which a dose may be given; None when there is none."""
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
