"""What the stop says: the sentence, the row that is wrong, what is safe, what may be done."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.domain.catalogue import LotStatus
from app.domain.checklist import NotConsented, NotScreened, OtherPersonsDocument, ScreeningOutdated
from app.domain.clock import local_day
from app.domain.people import age_on
from app.domain.refusals import Refusal
from app.domain.vial import (
    AgeOutsideLimits,
    CodeOverused,
    LotBlocked,
    LotExpired,
    OpenTooLong,
    Vial,
    VialQuarantined,
    WrongProduct,
    discard_at,
)
from app.ui.kit.comparison_table import Compared
from app.ui.kit.refusal_panel import RefusalAction, RefusalFacts
from app.ui.texts import sentence_of
from app.ui.texts.needle import age_limits
from app.ui.texts.words import (
    DECISIONS,
    LOT_STATES,
    SEXES,
    age_words,
    dose_words,
    local_time,
    months_words,
    tail,
)
from app.workflows.needle import NeedleView

QUARANTINE, ANOTHER, DOCTOR, QUEUE, BACK, RELEASE = (
    "quarantine", "another", "doctor", "queue", "back", "release",
)  # fmt: skip
"""The ways on from a stop."""

_ABOUT_VIAL = (LotExpired, LotBlocked, VialQuarantined, WrongProduct, CodeOverused, OpenTooLong)
_WORTH_QUARANTINE = (LotExpired, LotBlocked, CodeOverused, OpenTooLong)


@dataclass(frozen=True)
class Stop:
    """A refusal being shown, with the vial it speaks of where there is one."""

    encounter_id: str
    refusal: Refusal
    at: str
    """Time of day."""
    vial: Vial | None = None
    times: int = 0
    """How often it came this month, this one included; 0 while that is being counted."""
    may_release: bool = False
    """Whoever is at the desk may let a pack that was put aside be used again, with a second person."""

    @property
    def about_vial(self) -> bool:
        """Return whether another vial helps."""
        return isinstance(self.refusal, _ABOUT_VIAL)

    @property
    def can_quarantine(self) -> bool:
        """Return whether this very pack is to be put aside."""
        has_code = self.vial is not None and bool(self.vial.trace_code)
        return has_code and isinstance(self.refusal, _WORTH_QUARANTINE)

    @property
    def can_release(self) -> bool:
        """Return whether this very pack is put aside and may be let go here."""
        has_code = self.vial is not None and bool(self.vial.trace_code)
        return has_code and self.may_release and isinstance(self.refusal, VialQuarantined)


def stop_facts(stop: Stop, view: NeedleView, day: date) -> RefusalFacts:
    """Return everything the stop shows."""
    said = sentence_of(stop.refusal)
    title = TITLES[type(stop.refusal)]
    note = "这一瓶没有用在任何人身上；扫一瓶新的，即可继续。" if stop.about_vial else ""
    counted = f"{stop.at}·本月同类拦截 {stop.times} 次，不可越过" if stop.times else stop.at
    return RefusalFacts(
        title=f"不能接种：{title}",
        subtitle="没有记录接种。按 Enter 不会越过这一步。",
        happened=(said.happened, *_more_happened(stop)),
        safe=(said.safe, *_more_safe(stop)),
        todo=(said.todo, *_more_todo(stop)),
        actions=_actions(stop),
        person=_person(view, day),
        expected_caption="应当是",
        found_caption=_found_caption(stop),
        rows=_rows(stop, view, day),
        note=note,
        counted=counted,
        technical=f"{stop.at} {view.encounter.ticket_number} {stop.refusal}",
    )


def _person(view: NeedleView, day: date) -> tuple[str, ...]:
    patient = view.patient
    age = age_words(age_on(patient.birth_on, day))
    about = [view.encounter.ticket_number, SEXES[patient.sex], age]
    if view.planned:
        about.append(f"{view.planned.vaccine_name} {dose_words(view.dose_number)}")
    return patient.name, "·".join(about)


def _found_caption(stop: Stop) -> str:
    if isinstance(stop.refusal, OtherPersonsDocument):
        return "出示的证件"
    if stop.vial is None:
        return "现在是"
    code = f"·尾号 {tail(stop.vial.trace_code)}" if stop.vial.trace_code else ""
    return f"拿到的药瓶{code}"


def _rows(stop: Stop, view: NeedleView, day: date) -> tuple[Compared, ...]:
    rows = _vial_rows(stop.vial, view, day) if stop.vial else ()
    own = _OWN_ROWS.get(type(stop.refusal))
    return (*rows, *own(stop.refusal, view)) if own else rows


def _vial_rows(vial: Vial, view: NeedleView, day: date) -> tuple[Compared, ...]:
    planned, found, lot = view.planned, vial.product, vial.lot
    expired = (day - lot.expires_on).days
    in_use = lot.status is LotStatus.IN_USE
    same = planned is not None and planned.product_code == found.product_code
    name, spec = (planned.vaccine_name, planned.specification) if planned else ("", "")
    known = "在库" if lot.lot_id else "手工录入"
    return (
        _row("品名", name, found.vaccine_name, ("相符", "不符"), ok=same or name == found.vaccine_name),
        _row("规格", spec, found.specification, ("相符", "不符"), ok=same or spec == found.specification),
        _row("批号", "在用的批号", lot.lot_number, (known, LOT_STATES[lot.status]), ok=in_use),
        _row(
            "有效期", f"{day} 或之后", f"{lot.expires_on}", ("在期内", f"过期 {expired} 天"), ok=expired <= 0
        ),
    )


def _row(label: str, expected: str, found: str, verdicts: tuple[str, str], *, ok: bool) -> Compared:
    return Compared(label, expected, found, verdicts[0 if ok else 1], ok)


def _wrong(label: str, expected: str, found: str, verdict: str = "不符") -> tuple[Compared, ...]:
    return (Compared(label, expected, found, verdict, ok=False),)


def _document_rows(refusal: OtherPersonsDocument, view: NeedleView) -> tuple[Compared, ...]:
    ticket = refusal.shown_ticket or "今天没有号票"
    return (
        *_wrong("姓名", view.patient.name, refusal.shown_name or "本站没有登记"),
        *_wrong("证件号码", refusal.on_file, refusal.shown),
        *_wrong("号票", refusal.ticket_number, ticket),
    )


_OWN_ROWS: dict[type[Refusal], Callable[[Any, NeedleView], tuple[Compared, ...]]] = {
    VialQuarantined: lambda r, view: _wrong("这一瓶", "没有隔离", "已隔离", "停用"),
    CodeOverused: lambda r, view: _wrong(
        "已用剂数", f"少于 {r.doses} 剂", f"已记录 {r.doses_used} 剂", "已用完"
    ),
    OpenTooLong: lambda r, view: _wrong(
        "开启时间", f"{local_time(r.discard_at)} 前用完", f"{local_time(r.opened_at)} 开启", "超时"
    ),
    AgeOutsideLimits: lambda r, view: _wrong("年龄", age_limits(r), months_words(r.age_months), "不在范围"),
    NotScreened: lambda r, view: _wrong(
        "预检结论", "建议接种", DECISIONS[r.decision] if r.decision else "没有预检"
    ),
    ScreeningOutdated: lambda r, view: _wrong("预检日期", "今天", f"{local_day(r.screened_at)}", "过期"),
    NotConsented: lambda r, view: _wrong("知情同意", "已签署", "没有记录", "缺"),
    OtherPersonsDocument: _document_rows,
}

TITLES: dict[type[Refusal], str] = {
    LotExpired: "这瓶疫苗已过期",
    LotBlocked: "这个批号已停用",
    VialQuarantined: "这一瓶已隔离",
    WrongProduct: "拿错了疫苗",
    CodeOverused: "这个码已用完",
    OpenTooLong: "这瓶开启太久",
    AgeOutsideLimits: "年龄不在范围内",
    NotScreened: "没有建议接种的预检",
    ScreeningOutdated: "预检不是今天的",
    NotConsented: "没有知情同意",
    OtherPersonsDocument: "证件不是此人的",
}
"""Each stop in a few words; also the reason recorded when a pack is put aside or a person sent back."""


def _more_happened(stop: Stop) -> tuple[str, ...]:
    vial = stop.vial
    if vial is None or isinstance(stop.refusal, WrongProduct):
        return ()
    limit = discard_at(vial)
    if limit is not None:
        return (f"多剂瓶，已用 {vial.doses_used} 剂，共 {vial.doses} 剂",)
    return (f"持有人：{vial.product.market_holder}",)


def _more_safe(stop: Stop) -> tuple[str, ...]:
    if stop.about_vial:
        return ("台前的人和号票都保留",)
    return ("号票和登记都保留",)


def _more_todo(stop: Stop) -> tuple[str, ...]:
    if stop.can_quarantine:
        return ("把此瓶放进红色“停用”盒",)
    if isinstance(stop.refusal, WrongProduct):
        return ("方案有疑问，请退回医生",)
    if isinstance(stop.refusal, VialQuarantined) and not stop.may_release:
        return ("要放行，请疫苗管理员或负责人登录，和另一人一起",)
    return ()


def _actions(stop: Stop) -> tuple[RefusalAction, ...]:
    if stop.about_vial:
        release = (_RELEASE,) if stop.can_release else ()
        return (_safe_with_vial(stop), _second_with_vial(stop), *release, _BACK_TO_SCAN)
    if isinstance(stop.refusal, OtherPersonsDocument):
        return (
            RefusalAction(QUEUE, "退回等候，重新叫号", "不接种，号票保留", "F10"),
            RefusalAction(DOCTOR, "退回医生", "档案或方案有疑问", "F11"),
            RefusalAction(BACK, "拿错证件，回去核对", "姓名要重新说一遍", "Esc"),
        )
    return (
        RefusalAction(DOCTOR, "退回医生", "重新预检后再叫号", "F11"),
        RefusalAction(QUEUE, "退回等候", "不接种，号票保留", "Esc"),
    )


def _safe_with_vial(stop: Stop) -> RefusalAction:
    if stop.can_quarantine:
        return RefusalAction(QUARANTINE, "隔离此瓶，换一瓶", "此码从此扫到即停", "F10")
    return RefusalAction(ANOTHER, "放回，换一瓶", "回到等待扫药瓶", "F10")


def _second_with_vial(stop: Stop) -> RefusalAction:
    if isinstance(stop.refusal, WrongProduct):
        return RefusalAction(DOCTOR, "退回医生", "方案有疑问，重新决定", "F11")
    return RefusalAction(QUEUE, "退回等候", "不接种，号票保留", "F11")


_RELEASE = RefusalAction(RELEASE, "放行此瓶", "两个人确认", "F9")
_BACK_TO_SCAN = RefusalAction(BACK, "回去扫药瓶", "不隔离", "Esc")
