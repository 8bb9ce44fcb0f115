"""The page that lies beside a scanner: the code to try it with, and what to set at it (SITE-13)."""

from typing import TYPE_CHECKING

from app.documents.page import A4, MM, Align

if TYPE_CHECKING:
    from app.documents.codes import Matrix
    from app.documents.pen import Pen

STEPS = (
    "插上扫码枪。有 USB 虚拟串口（USB-COM、CDC）的优先设成串口，不受输入法影响。",
    "在程序里按 Ctrl+D：串口的，选它的端口；键盘式的，不用选。",
    "在同一页选“检查扫码枪”，扫左边的码。屏幕上一项一项说对不对。",
    "不对的，照下表在扫码枪的说明书里找到那一项，扫说明书上的设置码，再扫左边的码。",
    "扫好之后试听提示音：一声高音是收下，两声低音是没收下。",
)
HEADS = ("项目", "说明书里常叫", "设成", "没设好会怎样")
SETTINGS = (
    ("结尾回车", "后缀、结束符、Suffix、Terminator", "回车 CR", "扫了没有反应，或过一会儿才说没收全。"),
    (
        "分隔符 GS",
        "GS1 分隔符、FNC1、Group Separator",
        "送出 GS（0x1D）；键盘式选 Ctrl+]，不要选 Alt+数字",
        "批号和后面的内容连成一串，程序要求重扫。",
    ),
    ("大小写", "大小写转换、Case", "不转换；电脑的 Caps Lock 关", "批号的字母变了，和库存对不上。"),
    ("快慢", "字符间隔、延时、Inter-character delay", "0；蓝牙的改用 USB", "当成手按的键，不当成扫码。"),
    ("键盘布局", "国家、Keyboard layout、Country", "美国英语 US", "括号、横线这类符号变样，或分隔符丢失。"),
    (
        "码制",
        "Symbologies、Code types",
        "打开 Code 128、GS1-128、Data Matrix、QR",
        "有的码扫不出来。",
    ),
    ("前缀", "Prefix、AIM ID、Code ID", "不加；AIM 标识开或关都行", "多出来的字符让码认不出。"),
)
CAPTION = ("试扫用的码，不是疫苗。", "扫了什么也不记录。")
FOOT = "各家扫码枪的设置码不一样，本页的码只用来试，不用来设置。设好一把，可在枪上贴一张记号。"

_LEFT, _RIGHT, _CODE = 20.0, 190.0, 52.0
_COLUMNS = (20.0, 44.0, 92.0, 142.0)
_SIZE, _LINE = 10.0, 4.8


def scanner_pdf(code: "Matrix") -> bytes:
    """Return the page as an A4 PDF; ``code`` is what the scanner check waits for."""
    # reportlab is loaded by the first sheet, not by the start of the program.
    from app.documents.pen import Document, Ink, write_pdf
    from app.documents.typefaces import Style

    def draw(document: Document) -> None:
        pen = document.sheet()
        pen.text(105, 30, "扫码枪设置页", 26, Style.BOLD, align=Align.CENTRE)
        pen.text(105, 39, "接种岗　放在每把扫码枪旁边", 11, ink=Ink.MUTED, align=Align.CENTRE)
        unit = _CODE / code.size
        pen.figure(code.operators(), _LEFT + 4, 54, unit, unit, Ink.BLACK)
        for number, line in enumerate(CAPTION):
            middle = _LEFT + 4 + _CODE / 2
            pen.text(middle, 54 + _CODE + 8 + number * 4.4, line, 9, ink=Ink.MUTED, align=Align.CENTRE)
        top = 56.0
        for number, step in enumerate(STEPS, start=1):
            pen.text(90, top, f"{number}", 12, Style.BOLD, Ink.PRIMARY)
            for line in _lines(step, 11, _RIGHT - 97):
                pen.text(97, top, line, 11)
                top += 5.4
            top += 3
        foot = _table(pen, 134)
        for number, line in enumerate(_lines(FOOT, 10, _RIGHT - _LEFT)):
            pen.text(_LEFT, foot + 9 + number * 5, line, 10, ink=Ink.MUTED)

    return write_pdf(A4, "scanner", draw)


def _table(pen: "Pen", top: float) -> float:
    """Draw the settings and return where they end."""
    from app.documents.pen import Ink
    from app.documents.typefaces import Style

    pen.box(_LEFT, top, _RIGHT - _LEFT, 9, fill=Ink.SURFACE)
    for left, head in zip(_COLUMNS, HEADS, strict=True):
        pen.text(left + 2, top + 6.2, head, _SIZE, Style.BOLD)
    top += 9
    ends = (*_COLUMNS[1:], _RIGHT)
    for setting in SETTINGS:
        cells = [
            _lines(words, _SIZE, end - left - 4)
            for left, end, words in zip(_COLUMNS, ends, setting, strict=True)
        ]
        for number, (left, cell) in enumerate(zip(_COLUMNS, cells, strict=True)):
            for place, line in enumerate(cell):
                style = Style.BOLD if number == 0 else Style.REGULAR
                pen.text(left + 2, top + 6 + place * _LINE, line, _SIZE, style)
        top += max(map(len, cells)) * _LINE + 4.4
        pen.line(_LEFT, top, _RIGHT, top, 0.5, Ink.LINE)
    return top


def _lines(words: str, size: float, room: float) -> tuple[str, ...]:
    from app.documents.fit import wrap
    from app.documents.typefaces import Style

    return wrap(words, Style.REGULAR, size, room * MM)
