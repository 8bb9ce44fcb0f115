"""The sentences of the refusals of the recovery key, the change of the database key, backup and restore."""

from collections.abc import Callable
from typing import Any

from app.domain import recovery_key
from app.domain.clock import local_day, read_instant
from app.domain.refusals import Refusal
from app.storage import keys, rekeying
from app.ui.texts.sentence import Sentence

_LEFT = "数据文件原样保留，没有改动。"


def _miswritten(refusal: recovery_key.RecoveryKeyMiswritten) -> Sentence:
    if not refusal.group:
        return Sentence("恢复密钥应是 8 组、每组 5 个字符，现在多了或少了。", _LEFT, "请对照信封里的纸补全。")
    return Sentence(
        f"恢复密钥的第 {refusal.group} 组和校验位对不上。", _LEFT, "请对照信封里的纸，重输这一组。"
    )


def size_words(size: int) -> str:
    """Return a number of bytes as people say it."""
    return f"{size / (1 << 30):.1f} GB" if size >= 1 << 30 else f"{max(1, size >> 20)} MB"


SENTENCES: dict[type[Refusal], Callable[[Any], Sentence]] = {
    recovery_key.RecoveryKeyMiswritten: _miswritten,
    keys.RecoveryKeyWrong: lambda r: Sentence(
        "这不是这份数据的恢复密钥。",
        _LEFT,
        f"请用 {local_day(read_instant(r.made_at))} 打印的那一张。",
    ),
    keys.RecoveryKeyNone: lambda _: Sentence(
        "这份数据没有做过恢复密钥。", _LEFT, "请用任何一个人的密码登录；都忘了，请联系信息员。"
    ),
    keys.LastSlot: lambda _: Sentence(
        "这是最后一个能登录的人，没有移除。", "密钥和记录都没有改动。", "请先让另一位负责人能登录。"
    ),
    rekeying.NoRoomForKeyChange: lambda r: Sentence(
        f"磁盘只剩 {size_words(r.free)}，更换数据密钥需要 {size_words(r.needed)}，还没有更换。",
        "记录都在，已移除的人也不能再登录。",
        "请清出磁盘空间，下次打开程序会再换。",
    ),
}
