"""What the scanner check says of each point, and what to set at the gun."""

from app.devices.scanner_check import Check, Outcome, Point

NAMES = {
    Point.LINE_END: "结尾回车",
    Point.SEPARATOR: "分隔符 GS",
    Point.CASE: "大小写",
    Point.SPEED: "快慢",
}
"""In the order in which they are shown."""

_GS_SETTING = "把说明书里的“GS1 分隔符 / FNC1”设成送出 GS（0x1D）；键盘式选 Ctrl+]，不要选 Alt+数字。"
_SAID = {
    (Point.LINE_END, Outcome.WRONG): "没有跟着来。把“后缀 / Suffix”设成“回车 CR”。",
    (Point.LINE_END, Outcome.UNKNOWN): "先设好分隔符，再扫一次看。",
    (Point.SEPARATOR, Outcome.WRONG): f"没有收到。{_GS_SETTING}",
    (Point.SEPARATOR, Outcome.BREAKS): f"码在这里断成了两截。{_GS_SETTING}",
    (
        Point.CASE,
        Outcome.WRONG,
    ): "变了。先关键盘的大写锁定 Caps Lock；还不对，把“大小写转换”设成“不转换”。",
    (Point.SPEED, Outcome.WRONG): "太慢，像用手按的。把“字符间隔 / 延时”设成 0；蓝牙的改用 USB。",
}
ASKED = "请扫左边的码。这是试扫，什么也不记录。"
RIGHT = "都对，这把扫码枪可以用。"
TO_SET = "还有不对的。照下面设好扫码枪，再扫一次。"
OTHER_CODE = "扫到的不是左边的码，或只收到一截。请对准左边的码再扫一次。"


def said_of(point: Point, check: Check) -> str:
    """Return the sentence on one point."""
    outcome = check.outcomes[point]
    if outcome is Outcome.RIGHT:
        return "对"
    if outcome is Outcome.REPLACED:
        shown = "".join(sign if sign.isprintable() else f"\\x{ord(sign):02x}" for sign in check.instead)
        return f"送成了“{shown}”。{_GS_SETTING}"
    return _SAID[point, outcome]
