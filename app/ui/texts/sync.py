"""The sentences of the refusals of sync: the link, the centre's word, and streams that no longer fit."""

from collections.abc import Callable
from typing import Any

from app.domain.refusals import Refusal
from app.storage import feed
from app.sync import (
    engine,
    enrolment,
    frame,
    http,
    outbox,
    puller,
    recovery,
    runner,
    seal,
    state,
    store_identity,
    transport,
)
from app.ui.texts.sentence import Sentence

_SAVED = "记录都保存在本机，没有丢失。"
_AGAIN = "照常接种，程序会自动再试。"
_CALL = "照常接种，请联系信息员。"
_LOG_IN = "照常接种；如果要先登录网络，请打开浏览器完成登录，不行再联系信息员。"
_UNSEALED = "这台电脑的签名和中心认得的不一样，中心没有收下这一批。"

UNREACHABLE = {
    "connect": "没有连上中心。",
    "timeout": "中心没有按时回答。",
    "cut": "和中心的连接中断了。",
    "tls": "和中心的加密连接没有建立。",
    "issuer": "回答的不是登记时的那个中心：可能是上网认证页面，也可能中心换了证书。",
    "expired": "中心的证书现在不在有效期内，也可能是这台电脑的日期不对。",
    "host": "中心的证书和它的地址对不上。",
    "rejected": "中心不认这台电脑的证书。",
    "plaintext": "对方的回答没有加密，没有采用。",
    "proxy": "代理服务器没有放行。",
}
"""By ``CentreUnreachable.reason``."""

UNREACHABLE_TODO = {
    "expired": "照常接种，请核对电脑的日期和时间，再联系信息员。",
    "issuer": _LOG_IN,
    "plaintext": _LOG_IN,
    "tls": _CALL,
    "host": _CALL,
    "rejected": "照常接种，请联系信息员重新登记这台电脑。",
}
"""What to do, where trying again is not all."""

FOREIGN = {
    "redirect": "网络要求先登录（例如上网认证页面），没有到达中心。",
    "status": "网络上的其他设备代替中心作了回答。",
    "content": "收到的不是中心的回答，可能是上网认证页面。",
    "size": "收到的回答大得不正常，没有采用。",
    "slow": "回答来得太慢，没有采用。",
}
"""By ``AnswerForeign.reason``."""

DECLINED = {
    "DeviceUnknown": (
        "中心不认识这台电脑，可能还没有登记。",
        "照常接种，请联系信息员重新登记这台电脑。",
    ),
    "DeviceRevoked": (
        "中心已停用这台电脑，不再收它的记录。",
        "请马上联系信息员；确认可以继续使用后，要用新的登记码重新登记。",
    ),
    "CertificateExpired": (
        "这台电脑的证书已过期：它很久没有和中心联系了。",
        "照常接种，请联系信息员要一个新的登记码，重新登记这台电脑。",
    ),
    "EnrolmentCodeUnknown": ("登记码不对、已过期，或已被别的电脑用过。", "请向中心要一个新的登记码。"),
    "WireVersionUnknown": ("中心的版本和这个程序不一致。", "照常接种，请联系信息员升级。"),
    "BundleDamaged": ("U 盘上的传送文件损坏或不完整，中心没有收。", "请写这个文件的电脑重新写一次 U 盘。"),
    "BundleOfOtherCentre": ("U 盘上的传送文件是给别的中心的，中心没有收。", "请核对 U 盘拿对了没有。"),
    "LookUpReasonMissing": ("没有写明查询理由，中心没有查询。", "请写明理由后再查。"),
    "LookUpSiteForeign": ("这台电脑没有登记为该接种单位的设备，中心没有查询。", "请联系信息员核对登记。"),
    "CentreFailed": ("中心出了故障，没有收下这一批。", _AGAIN),
}
"""By the centre's own refusal: what happened, what to do."""

NOT_TAKEN = {
    "SiteOutOfScope": (
        "这台电脑在中心没有登记为这个接种点上传。",
        "请信息员在中心给这台电脑加上本接种点，再按“再问一次”。",
    ),
    "MessageTooLarge": ("这一条太大，超过了一条记录的上限。", "照常接种，请联系信息员。"),
    "ChainBroken": (
        "这一条在路上或磁盘上变了样，编号和内容对不上。",
        "请按“再问一次”；还不行，请联系信息员。",
    ),
}
"""By the name in ``EventNotTaken``: why, and what to do."""


def _not_taken(refusal: engine.EventNotTaken) -> Sentence:
    if refusal.name == seal.SealBroken.__name__:
        return Sentence(_UNSEALED, _SAVED, _CALL)
    unreadable = ("中心读不懂这一条的格式。", "照常接种，请按“复制细节”发给信息员。")
    why, todo = NOT_TAKEN.get(refusal.name, unreadable)
    return Sentence(f"第 {refusal.seq} 条记录中心没有收下：{why}", _SAVED, todo)


def _unreachable(refusal: transport.CentreUnreachable) -> Sentence:
    happened = UNREACHABLE.get(refusal.reason, "没有连上中心。")
    return Sentence(happened, _SAVED, UNREACHABLE_TODO.get(refusal.reason, _AGAIN))


def _foreign(refusal: transport.AnswerForeign) -> Sentence:
    happened = FOREIGN.get(refusal.reason, "收到的不是中心的回答。")
    return Sentence(happened, _SAVED, _LOG_IN)


def _declined(refusal: transport.CentreDeclined) -> Sentence:
    happened, todo = DECLINED.get(refusal.name, ("中心没有收下这一批。", _CALL))
    return Sentence(happened, _SAVED, todo)


def _apart(refusal: state.ClockApart) -> Sentence:
    days, minutes = divmod(abs(refusal.ahead_s) // 60, 24 * 60)
    hours, minutes = divmod(minutes, 60)
    span = f"{days} 天 {hours} 小时" if days else f"{hours} 小时 {minutes} 分" if hours else f"{minutes} 分"
    which = "快" if refusal.ahead_s > 0 else "慢"
    return Sentence(
        f"这台电脑的时钟比中心{which} {span}，现在记录的时间不对。",
        "已保存的记录没有丢失，照常上传。",
        "请先校正电脑的日期、时间和时区再接种；不会校请联系信息员。",
    )


SENTENCES: dict[type[Refusal], Callable[[Any], Sentence]] = {
    state.ClockApart: _apart,
    transport.CentreUnreachable: _unreachable,
    transport.CentreBusy: lambda _: Sentence("中心现在很忙，请这台电脑稍后再传。", _SAVED, _AGAIN),
    transport.AnswerForeign: _foreign,
    transport.CentreDeclined: _declined,
    enrolment.CentreUnproven: lambda _: Sentence(
        "回答登记的不是发码的那个中心，没有登记。",
        "没有发出任何记录，登记码也没有泄露。",
        "请核对中心的地址，再联系信息员。",
    ),
    store_identity.PracticeHasItsOwnCentre: lambda r: Sentence(
        f"练习点不能登记到真正的中心 {r.url}。", "没有发出任何内容。", "练习点有自己的中心，打开就会连上。"
    ),
    http.PlaintextForbidden: lambda r: Sentence(
        f"地址 {r.url} 没有加密，不能使用。", "没有发出任何内容。", "请改用 https 开头的地址。"
    ),
    http.AddressUnreadable: lambda r: Sentence(
        f"地址 {r.url} 读不懂，主机名或端口不对。", "没有发出任何内容。", "请核对以后重新填写地址。"
    ),
    frame.MessageMalformed: lambda _: Sentence("中心的回答读不懂，没有采用。", _SAVED, _AGAIN),
    frame.MessageTooLarge: lambda _: Sentence("这一批内容超过了上限。", _SAVED, _CALL),
    frame.WireVersionUnknown: lambda _: Sentence(
        "中心的版本和这个程序不一致。", _SAVED, "照常接种，请联系信息员升级。"
    ),
    outbox.OutboxUnavailable: lambda _: Sentence(
        "本机的数据文件暂时不能读写，可能磁盘已满。",
        "已保存的记录没有丢失。",
        "请先清出磁盘空间，再联系信息员。",
    ),
    engine.EventNotTaken: _not_taken,
    seal.SealBroken: lambda _: Sentence(_UNSEALED, _SAVED, _CALL),
    recovery.StreamForked: lambda r: Sentence(
        "这台电脑的数据被复制过，或恢复备份后又记了新的，和中心的编号对不上。",
        f"两边的记录都在；本机的 {r.carried} 条已换新编号接着上传。"
        if r.carried
        else "两边的记录都在，没有互相覆盖。",
        _CALL,
    ),
    recovery.StreamRewound: lambda r: Sentence(
        f"本机的数据是从旧备份恢复的：中心已有 {r.acked} 条，本机只有 {r.last_seq} 条。",
        "中心的记录都在，本机会取回；新记录用新编号上传。",
        _CALL,
    ),
    recovery.CentreRestored: lambda _: Sentence(
        "中心从备份恢复过，缺少的记录已由本机重新上传。", _SAVED, "照常接种，不用做什么。"
    ),
    puller.FeedRepaired: lambda r: Sentence(
        f"本机收到的其他单位记录从第 {r.pos + 1} 条起和中心不一致，已重新接收。",
        _SAVED,
        "照常接种，不用做什么。",
    ),
    puller.FeedDiffers: lambda r: Sentence(
        f"本机收到的其他单位记录从第 {r.pos + 1} 条起和中心不一致，还没有核对完。", _SAVED, _AGAIN
    ),
    feed.FeedBroken: lambda r: Sentence(
        f"本机保存的其他单位记录在第 {r.pos + 1} 条之后对不上。", "本机自己的记录不受影响。", _CALL
    ),
    runner.SyncStillBusy: lambda _: Sentence(
        "上传还没有停下来。", _SAVED, "可以直接关闭程序，下次打开会接着传。"
    ),
}
