"""How the slip with the next appointment is laid out."""

from app.documents.bitmap import Bitmap
from app.documents.fit import fit
from app.documents.forecast_slip import ForecastSlip
from app.documents.page import Align
from app.documents.slip import DOTS, INSET, WHITE, Slip, draw_imprint, draw_practice_mark
from app.documents.typefaces import Style
from app.domain.identity import mask_name

_UNVERIFIED = "按未核实的程序推算，以医生告知为准"
_BRING = "来时请带预防接种证"


def draw_forecast_slip(told: ForecastSlip) -> Bitmap:
    """Return the finished slip; raises GlyphMissing."""
    slip = Slip()
    y = draw_practice_mark(slip, 6) if told.practice else 6.0
    y = _draw_bar(slip, y, mask_name(told.name))
    if told.next_on is not None:
        y = slip.fitted(y + 14, "下次接种", (29,))
        y = slip.fitted(y - 6, f"{told.next_on.year} 年", (36,), Style.BOLD, 1)
        y = slip.fitted(y - 10, f"{told.next_on.month} 月 {told.next_on.day} 日", (76, 64), Style.BOLD, 1)
        y = slip.fitted(y - 4, "起可以来", (30,), Style.BOLD)
    y = slip.fitted(y + 8, told.site_name, (29, 26, 23))
    slip.rule(y + 6)
    y += 12
    for dose in told.doses:
        y = slip.row(y, dose.when, dose.dose)
        y = slip.note(y, f"为什么：{dose.why}", (22, 20)) if dose.why else y
    if told.given:
        slip.rule(y + 4)
        y = slip.fitted(y + 8, "已经种过", (27,), Style.BOLD, 1)
        for given in told.given:
            y = slip.row(y, given.vaccine, given.doses)
    slip.rule(y + 4)
    y = slip.fitted(y + 12, _BRING, (29,), Style.BOLD)
    if told.unverified:
        y = slip.fitted(y, _UNVERIFIED, (24, 21))
    return slip.finish(draw_imprint(slip, y + 8, told.printed_at, told.enquiry_phone))


def _draw_bar(slip: Slip, y: float, who: str) -> float:
    slip.bar(y, 64)
    slip.text(INSET + 16, y + 32, "预约条", 35, Style.BOLD, Align.LEFT, WHITE)
    fitted = fit(who, Style.BOLD, (32, 28, 24, 20), DOTS - 2 * INSET - 160, 1)
    slip.text(DOTS - INSET - 16, y + 32, fitted.lines[0], int(fitted.size), Style.BOLD, Align.RIGHT, WHITE)
    return y + 64
