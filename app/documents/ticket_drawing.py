"""How the queue ticket is laid out on its slip."""

from app.documents.bitmap import Bitmap
from app.documents.codes import qr
from app.documents.slip import DOTS, INSET, WHITE, Slip, draw_imprint, draw_practice_mark
from app.documents.ticket import Ticket
from app.documents.typefaces import Style
from app.domain.clock import CHINA

STEPS = ("取号", "预检", "接种", "留观")
_STEP_INSET = 38


def draw_ticket(ticket: Ticket) -> Bitmap:
    """Return the finished slip; raises GlyphMissing."""
    slip = Slip()
    y = draw_practice_mark(slip, 6) if ticket.practice else 6.0
    y = slip.fitted(y, f"{ticket.site_name} 预防接种", (31, 28, 25, 22), Style.BOLD)
    slip.rule(y + 7, 3)
    y = slip.fitted(y + 16, "您的号码", (28,))
    y = slip.fitted(y - 20, ticket.number, (144, 128, 108, 90, 72, 60), Style.BOLD, 1) - 16
    y = _draw_where(slip, y, ticket)
    _draw_steps(slip, y + 42)
    y = slip.code(y + 104, qr(ticket.code_text))
    y = slip.fitted(y - 2, "把这张票给每一台扫一下", (31,), Style.BOLD)
    y = slip.fitted(y + 3, "过号不作废，到登记台说一声", (27,))
    return slip.finish(draw_imprint(slip, y + 6, ticket.issued_at, ticket.enquiry_phone))


def _draw_where(slip: Slip, y: float, ticket: Ticket) -> float:
    slip.rule(y)
    y = slip.row(y + 6, "前面还有", f"{ticket.ahead} 人")
    if ticket.about_at is not None:
        y = slip.row(y, "大约轮到", f"{ticket.about_at.astimezone(CHINA):%H:%M}")
    y = slip.row(y, "先去", ticket.go_to) + 6
    slip.rule(y)
    return y


def _draw_steps(slip: Slip, y: float) -> None:
    """Draw the four steps of a visit: the first one is done, the second one is next."""
    apart = (DOTS - 2 * (INSET + _STEP_INSET)) / (len(STEPS) - 1)
    places = [INSET + _STEP_INSET - 8 + apart * step * 1.05 for step in range(len(STEPS))]
    slip.stroke([(places[0], y), (places[-1], y)], 4)
    for step, x in enumerate(places):
        slip.ring(x, y, 19, filled=step == 0)
        if step:
            slip.text(x, y, str(step + 1), 26, Style.BOLD)
        slip.text(x, y + 45, STEPS[step], 27, Style.BOLD if step == 1 else Style.REGULAR)
    x = places[0]
    slip.stroke([(x - 8, y), (x - 2, y + 7), (x + 9, y - 7)], 4, WHITE)
