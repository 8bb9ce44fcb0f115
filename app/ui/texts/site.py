"""The sentences of the refusals of sign-in, keys, the store and the desk."""

from collections.abc import Callable
from typing import Any

from app.domain import codes, journal, refusals
from app.domain.refusals import Refusal
from app.practice import centre
from app.storage import keys, store
from app.ui.texts.sentence import Sentence
from app.ui.texts.sessions import manager_words
from app.workflows import desk

_LEFT = "数据文件原样保留，没有改动，也没有新建。"
_NOTHING = "没有记录任何内容。"

SENTENCES: dict[type[Refusal], Callable[[Any], Sentence]] = {
    keys.PasswordWrong: lambda _: Sentence(
        "密码不对。", "数据没有打开，也没有改动。", "请看大小写和输入法，再输一次。"
    ),
    keys.KeyFileUnreadable: lambda r: Sentence(
        "密钥文件打不开，可能已损坏，或来自更新的版本。",
        _LEFT,
        f"请勿删除 {r.path}；请联系信息员，用备份恢复。",
    ),
    keys.KeyFileChanged: lambda r: Sentence(
        "密钥文件和上次使用时不一样，可能被旧文件替换过。", _LEFT, f"请联系信息员核对 {r.path}。"
    ),
    keys.KeyFileUnwritable: lambda r: Sentence(
        "磁盘满了或写不进去，密钥文件没有改成。",
        "原来的密码照样能用，数据没有改动。",
        f"请腾出磁盘空间再试；还不行请联系信息员（{r.technical}）。",
    ),
    store.StoreNewer: lambda r: Sentence(
        "这份数据由更新的版本写入，本版本不能打开。", _LEFT, "请安装新版本后再登录。"
    ),
    store.StoreUnreadable: lambda r: Sentence(
        "数据文件读不出来：文件已损坏，或不是这套密钥的数据。",
        _LEFT,
        f"请勿删除 {r.path}；请联系信息员，用备份恢复。",
    ),
    refusals.ProgramFailed: lambda r: Sentence(
        "程序这一步出了错，可能没有办成。",
        "以前保存的记录都在，没有丢，也没有改动。",
        f"请看一眼办成没有，再做一次；还这样，关掉程序再打开，并把 {r.place} 告诉信息员。",
    ),
    store.StoreMissing: lambda r: Sentence(
        "找不到数据文件。",
        "没有新建空白数据，密钥还在。",
        f"请检查磁盘或 U 盘是否接好：{r.path}；再联系信息员。",
    ),
    centre.NoPracticeCentre: lambda r: Sentence(
        "练习中心没有启动。", "记录都存在本机，照常练习。", f"重新打开程序再试；原因在 {r.log}。"
    ),
    desk.NobodySignedIn: lambda _: Sentence("现在没有人登录。", _NOTHING, "请先登录，再做这一步。"),
    desk.NoSession: lambda r: Sentence(
        "现在没有开着的接种场次。", _NOTHING, f"请{manager_words(r.managers)}登录，按 Ctrl+O 开始场次。"
    ),
    journal.EventTooLarge: lambda r: Sentence(
        f"这一次填的内容太多（{r.size // 1024} KB），中心收不下，没有保存。",
        "以前的记录都在，没有改动。",
        "请分几次填写；还不行请联系信息员。",
    ),
    journal.NotCanonical: lambda _: Sentence(
        "有一条日志的字节不合规。", "这条日志没有采用，原文保留。", "请联系信息员，运行 journal verify。"
    ),
    journal.ChainBroken: lambda r: Sentence(
        f"日志在第 {r.seq} 条处对不上。", "日志原样保留，没有改动。", "请停止上传，联系信息员核对。"
    ),
    codes.CodeOfNoUse: lambda _: Sentence(
        "这个码认不出来，不是号票、药品追溯码、证件或凭证。",
        "什么也没有改动。",
        "请换一个码扫；药瓶码读不出时在接种台按 F9。",
    ),
    codes.ScanBrokenOff: lambda r: Sentence(
        f"只收到 {r.length} 个字符，不是一个完整的码。",
        "这几个字符没有使用，也没有按动任何键。",
        "请再扫一次；用手按的，请一个键一个键按。每次扫都这样，请把扫码枪设成扫完送回车。",
    ),
}
