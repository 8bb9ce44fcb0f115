"""The sentences of the refusals about bundles, receipts and sticks."""

from collections.abc import Callable
from typing import Any

from app.domain.refusals import Refusal
from app.sync import bundle, envelope, reply, stick_files, stick_reply
from app.ui.texts.sentence import Sentence

_SAVED = "记录都保存在本机，没有丢失。"
_AGAIN = "请重新写一次 U 盘。"
DAMAGED = {
    "foreign": "U 盘上的这个文件不是接种岗的传送文件。",
    "cut": "U 盘上的传送文件不完整，可能没有写完就拔下了。",
    "changed": "U 盘上的传送文件损坏，或被改动过。",
}
"""By ``BundleDamaged.reason``."""

SENTENCES: dict[type[Refusal], Callable[[Any], Sentence]] = {
    envelope.BundleDamaged: lambda r: Sentence(
        DAMAGED.get(r.reason, DAMAGED["changed"]), f"没有采用，{_SAVED}", _AGAIN
    ),
    bundle.BundleOfOtherCentre: lambda _: Sentence(
        "U 盘上的文件属于别的中心或别的电脑。", "没有采用，也没有改动。", "请核对 U 盘拿对了没有。"
    ),
    bundle.BundleKeyMissing: lambda _: Sentence(
        "这台电脑没有中心的加密公钥，不能写 U 盘。",
        _SAVED,
        "请联系信息员：中心的信任文件里要加上它自己的证书。",
    ),
    reply.ReplyForAnother: lambda _: Sentence(
        "U 盘上的回复是给别的电脑的。", "没有采用，也没有改动。", "请核对 U 盘拿对了没有。"
    ),
    stick_reply.ReplyDoesNotFollow: lambda r: Sentence(
        f"中心的回复接不上：本地区的记录本机收到第 {r.pos} 条，这份不从这里开始。",
        "回执照收，别的没有改动。",
        "有更早的回复请先读；没有就按 F9 再写一次，交给中心。",
    ),
    stick_reply.BundleRejected: lambda r: Sentence(
        f"中心没有收下这台电脑用 U 盘交去的记录，理由：{r.reason}。", _SAVED, "请联系信息员。"
    ),
    stick_reply.BundleQuarantined: lambda _: Sentence(
        "中心已收到这台电脑的记录，但这台电脑已停用或证书过期，要等中心决定。",
        _SAVED,
        "中心决定后，把同一个 U 盘再交一次，就有回执。",
    ),
    stick_files.StickUnusable: lambda r: Sentence(
        "U 盘读写出错：写进去的和读出来的不一样。"
        if r.reason == "differs"
        else f"U 盘不能读写（{r.reason}）。",
        _SAVED,
        "请看 U 盘有没有写保护、是不是满了，或换一个 U 盘。",
    ),
}
