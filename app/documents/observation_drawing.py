"""How the observation slip is laid out."""

from app.documents.bitmap import Bitmap
from app.documents.codes import qr
from app.documents.fit import fit
from app.documents.observation_slip import ObservationSlip
from app.documents.page import Align
from app.documents.slip import DOTS, INSET, WHITE, Slip, draw_imprint, draw_practice_mark
from app.documents.typefaces import Style
from app.domain.clock import CHINA
from app.domain.identity import mask_name

_WARNING = ("头晕、心慌、发痒、", "喘不上气：马上举手")


def draw_observation_slip(told: ObservationSlip) -> Bitmap:
    """Return the finished slip; raises GlyphMissing."""
    slip = Slip()
    y = draw_practice_mark(slip, 6) if told.practice else 6.0
    y = _draw_bar(slip, y, f"{told.ticket_number} {mask_name(told.name)}")
    y = slip.fitted(y + 14, "请坐到", (29,))
    leaving = f"{told.due_at.astimezone(CHINA):%H:%M}"
    y = slip.fitted(y - 20, leaving, (136,), Style.BOLD, 1) - 14
    minutes = round((told.due_at - told.started_at).total_seconds() / 60)
    y = slip.fitted(y, f"再离开（满 {minutes} 分钟）", (30,), Style.BOLD) + 8
    slip.rule(y)
    y = slip.row(y + 6, "接种时间", f"{told.started_at.astimezone(CHINA):%H:%M}")
    for dose in told.doses:
        y = slip.row(slip.row(y, "疫苗", dose.vaccine_name), "批号", dose.lot_number)
    y = slip.code(_draw_warning(slip, y + 8) + 3, qr(told.code_text))
    y = slip.fitted(y - 2, "时间到，到出口扫这个码", (31,), Style.BOLD)
    return slip.finish(draw_imprint(slip, y + 6, told.started_at, told.enquiry_phone))


def _draw_bar(slip: Slip, y: float, who: str) -> float:
    slip.bar(y, 64)
    slip.text(INSET + 16, y + 32, "留观票", 35, Style.BOLD, Align.LEFT, WHITE)
    fitted = fit(who, Style.BOLD, (32, 28, 24, 20), DOTS - 2 * INSET - 160, 1)
    slip.text(DOTS - INSET - 16, y + 32, fitted.lines[0], int(fitted.size), Style.BOLD, Align.RIGHT, WHITE)
    return y + 64


def _draw_warning(slip: Slip, y: float) -> float:
    slip.frame(y, 132)
    _draw_hand(slip, INSET + 44, y + 70)
    for line, words in enumerate(_WARNING):
        slip.text(INSET + 88, y + 44 + 45 * line, words, 29, Style.BOLD, Align.LEFT)
    return y + 132


def _draw_hand(slip: Slip, x: float, y: float) -> None:
    """Draw a raised hand about a point."""
    for place, top in ((-13, -22), (-4, -30), (5, -28), (14, -19)):
        slip.stroke([(x + place, y + 6), (x + place, y + top)], 8)
    slip.stroke([(x - 14, y + 14), (x - 24, y - 1)], 8)
    slip.polygon(
        [(x - 17, y), (x + 18, y), (x + 18, y + 14), (x + 9, y + 27), (x - 7, y + 27), (x - 17, y + 14)]
    )
