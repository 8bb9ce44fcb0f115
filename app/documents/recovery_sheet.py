"""The sheet with the recovery key, for a sealed envelope: eight groups, and what to do with them (SEC-3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.documents.page import A4, Align


@dataclass(frozen=True)
class RecoverySheet:
    """What the sheet says; no person stands on it."""

    site_name: str
    groups: Sequence[str]
    made_at: datetime
    practice: bool = False


RULES = (
    "这张纸能打开本接种点的全部数据和所有备份，和保险柜钥匙一样保管。",
    "核对后装入信封封口，两人在封口签名，锁进保险柜；不拍照，不录入别的电脑。",
    "所有人都忘了密码，或电脑坏了要在新电脑上恢复备份时才拆封。",
    "拆封用过之后，请在“备份”页做一张新的，旧的这张当面销毁。",
    "字母没有 I、L、O、U；数字 0 和 1 就是数字。每组最后一位是校验位。",
)


def recovery_pdf(sheet: RecoverySheet) -> bytes:
    """Return the sheet as an A4 PDF; its title names nobody and holds no key."""
    # reportlab is loaded by the first sheet, not by the start of the program.
    from app.documents.pen import Document, Ink, write_pdf
    from app.documents.typefaces import Style
    from app.domain.clock import CHINA

    def draw(document: Document) -> None:
        pen = document.sheet()
        made = f"{sheet.made_at.astimezone(CHINA):%Y-%m-%d %H:%M}"
        pen.text(105, 34, "恢复密钥", 30, Style.BOLD, align=Align.CENTRE)
        pen.text(105, 46, f"{sheet.site_name}　{made} 制作", 12, ink=Ink.MUTED, align=Align.CENTRE)
        if sheet.practice:
            pen.text(105, 56, "练习点：不算数", 14, Style.BOLD, Ink.WARNING, Align.CENTRE)
        for place, group in enumerate(sheet.groups):
            left, top = 25 + place % 2 * 82, 64 + place // 2 * 24
            pen.box(left, top, 78, 20, stroke=Ink.LINE, radius=2)
            pen.text(left + 5, top + 12.5, str(place + 1), 12, ink=Ink.MUTED)
            pen.text(left + 43, top + 14, group, 26, Style.BOLD, align=Align.CENTRE, tracking=3)
        for place, rule in enumerate(RULES, start=1):
            pen.text(25, 168 + place * 9, f"{place}. {rule}", 11)
        for left, words in ((25, "封存人"), (110, "在场人")):
            pen.text(left, 244, words, 11)
            pen.line(left + 16, 245, left + 70, 245, 0.6, Ink.INK)
        pen.text(25, 258, "封存日期", 11)
        pen.line(43, 259, 95, 259, 0.6, Ink.INK)

    return write_pdf(A4, "recovery-key", draw)
