"""The sentences of passwords, PINs, badges and of too many wrong tries."""

from collections.abc import Callable
from typing import Any

from app.domain import passwords
from app.domain.refusals import Refusal
from app.storage import attempts
from app.ui.texts.sentence import Sentence
from app.workflows import credentials

_OLD = "密码没有改动。"
_NOT_IN = "没有登录，也没有改动。"


def _wait(refusal: passwords.TooManyTries) -> Sentence:
    minutes, seconds = divmod(refusal.seconds, 60)
    words = f"{minutes} 分 {seconds} 秒" if minutes else f"{seconds} 秒"
    return Sentence(
        "密码连续错了多次，或登录记录被动过，暂时不能再试。",
        "数据没有打开；改电脑时间、重开程序都不会缩短等待。",
        f"请等 {words}再试；忘了密码请找负责人重置。",
    )


def _must_change(refusal: credentials.PasswordMustChange) -> Sentence:
    why = "这是别人给的初始密码" if refusal.first else f"密码已用满 {refusal.days} 天"
    return Sentence(f"{why}，要先换成自己的新密码。", "还没有登录。", "请输入两遍新密码，再按 Enter。")


SENTENCES: dict[type[Refusal], Callable[[Any], Sentence]] = {
    passwords.PasswordTooShort: lambda r: Sentence(
        f"新密码太短，至少 {r.least} 个字符。", _OLD, "请再想一个长一点的。"
    ),
    passwords.PasswordTooPlain: lambda r: Sentence(
        f"新密码太简单：大写、小写、数字、符号至少要有 {r.kinds} 种。", _OLD, "请再想一个。"
    ),
    passwords.PasswordNamesOwner: lambda _: Sentence(
        "新密码里有自己的姓名或账号，容易被猜到。", _OLD, "请再想一个。"
    ),
    passwords.PasswordsDiffer: lambda _: Sentence(
        "两次输入的密码不一样。", "密码没有改动。", "请把两格都重新输一遍。"
    ),
    passwords.PasswordUsedBefore: lambda r: Sentence(
        f"最近 {r.last} 次用过的密码不能再用。", _OLD, "请再想一个新的。"
    ),
    passwords.PinTooPlain: lambda r: Sentence(
        f"PIN 至少 {r.least} 位数字，不能全一样，也不能是连号。", "原来的 PIN 照旧。", "请再想一个。"
    ),
    passwords.TooManyTries: _wait,
    attempts.TriesUnwritable: lambda r: Sentence(
        "数据盘写不进去：满了、只读或坏了，登录次数记不下来，所以不能登录。",
        "数据没有改动，密码没有试。",
        f"请腾出空间，看磁盘是不是只读；还不行请联系信息员（{r.technical}）。",
    ),
    credentials.PasswordMustChange: _must_change,
    credentials.PasswordEnding: lambda r: Sentence(
        f"密码还有 {r.days} 天到期。" if r.days else "密码今天到期。",
        "到期前照常登录。",
        "请到“人员”里换密码。",
    ),
    credentials.PinWrong: lambda r: Sentence(
        "PIN 不对。",
        _NOT_IN,
        f"还可以试 {r.left} 次。" if r.left else "PIN 已停用，请输入密码。",
    ),
    credentials.PasswordNeeded: lambda r: Sentence(
        f"{r.name}现在要用密码：今天还没有用密码登录过，或没有设 PIN，或 PIN 错了三次。",
        _NOT_IN,
        "请输入密码。",
    ),
    credentials.BadgeUnknown: lambda _: Sentence(
        "这张卡不是任何人的工牌。", _NOT_IN, "请输入 PIN 或密码，或换一张卡扫。"
    ),
    credentials.BadgeTaken: lambda _: Sentence(
        "这个码太短，或已是别人的工牌。", "没有登记。", "请换一张卡扫。"
    ),
}
