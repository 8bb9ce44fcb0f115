"""The sentences of what a first start refuses."""

from collections.abc import Callable
from typing import Any

from app.domain import site, staff
from app.domain.refusals import Refusal
from app.sync import first_enrolment
from app.ui.texts.sentence import Sentence

_KEPT = "前面填好的都保留着。"

SENTENCES: dict[type[Refusal], Callable[[Any], Sentence]] = {
    first_enrolment.EnrolmentIncomplete: lambda _: Sentence(
        "中心的地址和登记码还没有都输好。", "没有发出任何内容。", "请扫登记码，或向信息员要这两样。"
    ),
    first_enrolment.ProxyAddressBad: lambda r: Sentence(
        f"“{r.stated}”不是代理服务器的地址。",
        "没有发出任何内容。",
        "请照信息员给的写，如 http://10.0.0.1:3128；没有代理就清空。",
    ),
    site.SiteNameMissing: lambda _: Sentence(
        "还没有写接种点的名称和咨询电话。", _KEPT, "请照接种单位的牌子写，凭证上就这样印。"
    ),
    staff.StaffNameMissing: lambda _: Sentence("还没有写负责人的姓名。", _KEPT, "请写真实姓名。"),
}
