"""The four of the day in words, and the sentences of their refusals."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from app.domain import readiness
from app.domain.readiness import Need
from app.domain.refusals import Refusal
from app.ui.texts.sentence import Sentence

NEEDS: Mapping[Need, str] = {
    Need.MEDICAL_STAFF: "驻点医务人员在岗值守",
    Need.EMERGENCY_KIT: "急救设备、药品在位且没过期",
    Need.AMBULANCE: "120 救护车能转运患者",
    Need.TRANSFER_ROUTE: "转运渠道、救治绿色通道通畅",
}
"""What each of the four is, as the check asks it."""
_SHORT: Mapping[Need, str] = {
    Need.MEDICAL_STAFF: "医务人员",
    Need.EMERGENCY_KIT: "急救药械",
    Need.AMBULANCE: "救护车",
    Need.TRANSFER_ROUTE: "绿色通道",
}


def needs_words(needs: Sequence[Need]) -> str:
    """Return several of the four in one breath."""
    return "、".join(_SHORT[need] for need in needs)


def _not_ready(refusal: readiness.NotReady) -> Sentence:
    why = f"（{'、'.join(refusal.expired)}已过期）" if refusal.expired else ""
    return Sentence(
        f"今天开诊前的“四有”检查还缺：{needs_words(refusal.missing)}{why}。",
        "还没有叫号，什么也没有记录。",
        "请逐项看过再确认；确实缺的，由负责人说明原因后开诊。",
    )


SENTENCES: dict[type[Refusal], Callable[[Any], Sentence]] = {
    readiness.NotReady: _not_ready,
    readiness.KitItemIncomplete: lambda r: Sentence(
        f"急救药械{r.name or '有一行'}没有写全。", "没有保存。", "请写上名称和有效期，不用的整行删空。"
    ),
    readiness.OverrideReasonMissing: lambda _: Sentence(
        "缺着“四有”开诊要写明原因。", "还没有放行。", "请负责人写上原因，再按 F12。"
    ),
}
