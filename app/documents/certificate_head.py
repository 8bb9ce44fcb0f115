"""The upper half of the certificate sheet: frame, title, the person, the code to verify it with."""

from app.documents.cells import baseline
from app.documents.codes import QUIET_MODULES, qr
from app.documents.fit import clean, fit
from app.documents.guilloche import UNIT, guilloche
from app.documents.page import MM, Align
from app.documents.pen import Ink, Pen
from app.documents.romanise import latin_name
from app.documents.typefaces import Style, width
from app.domain.certificate import CertificateFacts, CertificateHolder
from app.domain.identity import DocumentType, mask_number
from app.domain.people import Sex

LEFT = 14.0
CODE_SIDE = 42.0
CODE_TOP = 41.2
_ROW = 10.6
_NAME_SIZES = (20.0, 18.0, 16.5, 15.0, 13.5, 12.0)
_SEX = {Sex.MALE: "男", Sex.FEMALE: "女", Sex.UNKNOWN: "未知", Sex.UNSTATED: "未说明"}
_CITIZEN_DOCUMENTS = frozenset({DocumentType.CITIZEN_CARD, DocumentType.HOUSEHOLD_BOOK})
EMPTY = "—"


def right_edge(pen: Pen) -> float:
    """Return the right text margin of the page."""
    return pen.page.width - LEFT


def draw_frame(pen: Pen) -> None:
    """Draw the double frame."""
    for inset, weight, radius in ((6.0, 1.1, 1.6), (7.2, 0.3, 1.2)):
        wide, high = pen.page.width - 2 * inset, pen.page.height - 2 * inset
        pen.box(inset, inset, wide, high, stroke=Ink.PRIMARY, weight=weight, radius=radius)


def draw_title(pen: Pen) -> None:
    """Draw the title in both languages over its fine line pattern."""
    middle, right = pen.page.width / 2, right_edge(pen)
    pattern = guilloche(pen.page.width - 14.4, 20.0)
    pen.figure(pattern, 7.2, 10.2, UNIT, UNIT, Ink.PALE_PRIMARY, weight=0.078 / UNIT)
    pen.text(middle, 22.4, "预防接种凭证", 23, Style.SERIF, align=Align.CENTRE, tracking=5)
    english = "VACCINATION CERTIFICATE"
    pen.text(middle, 29.3, english, 7.6, ink=Ink.PRIMARY, align=Align.CENTRE, tracking=2)
    pen.line(LEFT, 35.05, right, 35.05, 1.0, Ink.PRIMARY)
    pen.line(LEFT, 35.95, right, 35.95, 0.3, Ink.PRIMARY)


def draw_label(pen: Pen, x: float, y: float, label: str, english: str) -> float:
    """Draw a bilingual field label and return where it ends."""
    end = pen.text(x, y, label, 6.6, ink=Ink.MUTED)
    return pen.text(end + 1.2, y, english, 5, ink=Ink.MUTED, tracking=0.5)


def draw_holder(pen: Pen, facts: CertificateFacts) -> float:
    """Draw the identity block and return the baseline of its last line."""
    holder = facts.holder
    room = right_edge(pen) - CODE_SIDE - 3 - LEFT
    second = LEFT + 0.56 * room
    y = draw_name(pen, holder, 43.4, room)
    document = mask_number(holder.document_number) if facts.document_masked else holder.document_number
    citizen = holder.document_type in _CITIZEN_DOCUMENTS
    _field(pen, LEFT, y, "性别", "GENDER", _SEX[holder.sex], second - LEFT - 2)
    _field(pen, second, y, "出生日期", "DATE OF BIRTH", holder.birth_on.isoformat(), LEFT + room - second)
    y += _ROW
    _field(pen, LEFT, y, "身份证号码" if citizen else "证件号码", "ID", document, second - LEFT - 2)
    _field(pen, second, y, "联系电话", "MOBILE PHONE", holder.phone, LEFT + room - second)
    y += _ROW
    _field(pen, LEFT, y, "受种者编码", "CODE", holder.recipient_code, room)
    return _address(pen, y + _ROW, holder.address, room)


def draw_name(pen: Pen, holder: CertificateHolder, y: float, room: float) -> float:
    """Draw the name in both scripts and return the baseline of the next label."""
    draw_label(pen, LEFT, y, "姓名", "NAME")
    fitted = fit(holder.name, Style.SERIF, _NAME_SIZES, room * MM, 1)
    if fitted.size == _NAME_SIZES[-1]:
        fitted = fit(holder.name, Style.SERIF, _NAME_SIZES[2:], room * MM, 2)
    y += 8.2 if len(fitted.lines) == 1 else 6.6
    for line in fitted.lines:
        end = pen.text(LEFT, y, line, fitted.size, Style.SERIF)
        y += fitted.size * 1.25 / MM
    y -= fitted.size * 1.25 / MM
    latin = latin_name(holder.name, holder.latin_name)
    return _latin(pen, y, end, " ".join(filter(None, (latin.surname, latin.given))), room)


def _latin(pen: Pen, y: float, end: float, spelt: str, room: float) -> float:
    """Draw the Latin spelling beside the name, or below for want of room; return the next label's place."""
    size, tracking, gap = 8.8, 0.9, 3.6
    if end + gap + width(spelt, Style.REGULAR, size, tracking) / MM <= LEFT + room:
        pen.text(end + gap, y, spelt, size, tracking=tracking)
        return y + 8.3
    fitted = fit(spelt, Style.REGULAR, (8.0, 7.2, 6.4, 5.6), room * MM, 2)
    for line in fitted.lines:
        y += fitted.size * 1.35 / MM + 0.6
        pen.text(LEFT, y, line, fitted.size)
    return y + 6.4


def _field(pen: Pen, x: float, y: float, label: str, english: str, value: str, room: float) -> None:
    draw_label(pen, x, y, label, english)
    fitted = fit(clean(value) or EMPTY, Style.MEDIUM, (9.6, 8.8, 8.0, 7.2, 6.4, 5.6), room * MM, 1)
    pen.text(x, y + 4.85, fitted.lines[0], fitted.size, Style.MEDIUM)


def _address(pen: Pen, y: float, address: str, room: float) -> float:
    draw_label(pen, LEFT, y, "家庭住址", "CURRENT ADDRESS")
    fitted = fit(clean(address) or EMPTY, Style.MEDIUM, (9.6, 8.8, 8.0, 7.2, 6.4), room * MM, 2)
    y += 4.85
    for line in fitted.lines:
        pen.text(LEFT, y, line, fitted.size, Style.MEDIUM)
        y += fitted.size * 1.35 / MM
    return y - fitted.size * 1.35 / MM


def draw_code(pen: Pen, signed: str | None) -> None:
    """Draw the signed QR code at the right margin, or say in its place that this sheet is not signed."""
    left = right_edge(pen) - CODE_SIDE
    middle = left + CODE_SIDE / 2
    if signed is None:
        _draw_unsigned(pen, left, middle)
        return
    code = qr(signed)
    module = CODE_SIDE / code.size
    quiet = QUIET_MODULES * module
    pen.box(left - quiet, CODE_TOP - quiet, CODE_SIDE + 2 * quiet, CODE_SIDE + 2 * quiet, fill=Ink.WHITE)
    pen.figure(code.operators(), left, CODE_TOP, module, module, Ink.BLACK)
    pen.text(middle, CODE_TOP + 47.0, "扫码验真，不用联网", 7.2, Style.MEDIUM, align=Align.CENTRE)
    english = "SCAN TO VERIFY OFFLINE"
    pen.text(middle, CODE_TOP + 50.6, english, 5, ink=Ink.MUTED, align=Align.CENTRE, tracking=0.5)


def _draw_unsigned(pen: Pen, left: float, middle: float) -> None:
    pen.box(left, CODE_TOP, CODE_SIDE, CODE_SIDE, Ink.WARNING_FILL, Ink.WARNING, 0.8, radius=1.2, dashed=True)
    pen.text(middle, baseline(CODE_TOP + 14, 22), "未签名", 22, Style.SERIF, Ink.WARNING, Align.CENTRE, 3)
    pen.text(middle, CODE_TOP + 21.4, "NOT SIGNED", 6, ink=Ink.WARNING, align=Align.CENTRE, tracking=1.2)
    for row, line in enumerate(
        ("本机还没有登记签名密钥，", "这张凭证没有可验真的码。", "请以接种单位签章为准。")
    ):
        pen.text(middle, CODE_TOP + 28.8 + 4.2 * row, line, 7.2, align=Align.CENTRE)
