"""The sentences of the refusals about the lead PC on the LAN."""

from collections.abc import Callable
from typing import Any

from app.domain.refusals import Refusal
from app.sync import lead, lead_line, relaying, shelf
from app.ui.texts.sentence import Sentence

_SAVED = "记录都保存在本机，没有丢失。"
UNREACHABLE = {
    "connect": ("没有连上局域网主机。", "请看主机有没有开机、程序有没有打开，地址对不对。"),
    "cut": ("和局域网主机的连接中断。", "会自动再试。"),
    "stranger": ("应答的不是本单位的主机，什么也没有交。", "请信息员核对主机的地址。"),
    "size": ("局域网主机的回答不对。", "请联系信息员。"),
}
"""By ``LeadUnreachable.reason``."""
DECLINED = {
    "ShelfFull": ("局域网主机的磁盘没有空间，没有收下。", "请在主机上清出磁盘空间。"),
    "DeskForeign": ("这台电脑和局域网主机不是同一个接种单位，没有收下。", "请信息员核对主机的地址。"),
}
"""By ``LeadDeclined.name``."""
_NOT_TAKEN = ("局域网主机没有收下。", "会自动再试；一直这样请联系信息员。")

SENTENCES: dict[type[Refusal], Callable[[Any], Sentence]] = {
    lead_line.LeadUnreachable: lambda r: _told(UNREACHABLE.get(r.reason, UNREACHABLE["cut"])),
    relaying.LeadDeclined: lambda r: _told(DECLINED.get(r.name, _NOT_TAKEN)),
    shelf.ShelfFull: lambda _: _told(DECLINED["ShelfFull"]),
    lead.DeskForeign: lambda _: _told(DECLINED["DeskForeign"]),
    lead.RelayPortTaken: lambda r: Sentence(
        f"端口 {r.port} 打不开，别的电脑不能把记录交给这台主机（{r.technical}）。",
        "这台电脑照常接种、上传。",
        "请信息员换一个端口，或关掉占用它的程序。",
    ),
}


def _told(words: tuple[str, str]) -> Sentence:
    happened, todo = words
    return Sentence(happened, _SAVED, todo)
