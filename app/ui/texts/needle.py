"""The Chinese sentences of the refusals at the needle, and the names of what is checked there."""

from collections.abc import Callable
from typing import Any

from app.domain import checklist, vial, visit
from app.domain.checklist import Item
from app.domain.refusals import Refusal
from app.ui.texts.sentence import Sentence
from app.ui.texts.words import (
    DECISIONS,
    LOT_STATES,
    PACK_LEVELS,
    VISIT_STATES,
    local_time,
    months_words,
    tail,
)
from app.workflows import immunization, needle, needle_facts

ITEMS = {
    Item.HEALTH: "健康状况与禁忌",
    Item.BOOKLET: "预防接种证",
    Item.APPEARANCE: "外观、批号、有效期",
    Item.NAME: "姓名",
    Item.AGE: "年龄",
    Item.VACCINE: "品名",
    Item.SPECIFICATION: "规格",
    Item.QUANTITY: "剂量",
    Item.BODY_SITE: "接种部位",
    Item.ROUTE: "接种途径",
    Item.RECIPIENT: "验看品种、有效期",
}
"""The eleven items of 三查七对一验证, as they are called on the screen."""

NOTHING = "没有记录接种，档案未改。"
_ANOTHER = "请换一瓶，扫码继续。"
_NOT_CALLED = "没有叫号，也没有改动。"
_NOT_USED = "这个码没有使用。"


def _names(items: tuple[Item, ...]) -> str:
    return "、".join(ITEMS[item] for item in items)


def _expired(refusal: vial.LotExpired) -> Sentence:
    days = (refusal.today - refusal.expires_on).days
    return Sentence(f"批号 {refusal.lot_number} 已过期 {days} 天。", NOTHING, _ANOTHER)


def _blocked(refusal: vial.LotBlocked) -> Sentence:
    reason = f"（{refusal.reason}）" if refusal.reason else ""
    return Sentence(
        f"批号 {refusal.lot_number} 已{LOT_STATES[refusal.status]}{reason}。",
        NOTHING,
        "请隔离此瓶，换一个批号。",
    )


def _too_long(refusal: vial.OpenTooLong) -> Sentence:
    opened, until = local_time(refusal.opened_at), local_time(refusal.discard_at)
    return Sentence(f"这瓶 {opened} 开启，{until} 起不能再用。", NOTHING, "请弃去余液，换一瓶。")


def _wrong_product(refusal: vial.WrongProduct) -> Sentence:
    planned, found = refusal.planned, refusal.found
    if planned == found:
        planned, found = refusal.planned_specification, refusal.found_specification
    return Sentence(f"应种{planned}，扫到的是{found}。", NOTHING, "请放回，取应种的疫苗。")


def _age(refusal: vial.AgeOutsideLimits) -> Sentence:
    source = f"（{refusal.leaflet}）" if refusal.leaflet else ""
    return Sentence(
        f"{refusal.vaccine_name}限{age_limits(refusal)}{source}，受种者 {months_words(refusal.age_months)}。",
        NOTHING,
        "请退回医生重新决定。",
    )


def age_limits(refusal: vial.AgeOutsideLimits) -> str:
    """Return the ages a product is for: 满 2 月龄, or 满 2 月龄至 6 岁."""
    least = f"满 {months_words(refusal.min_age_months)}" if refusal.min_age_months else "出生"
    most = refusal.max_age_months
    return f"{least}起" if most is None else f"{least}至 {months_words(most)}"


def _not_screened(refusal: checklist.NotScreened) -> Sentence:
    advice = f"预检结论是“{DECISIONS[refusal.decision]}”" if refusal.decision else "没有预检记录"
    return Sentence(f"{advice}，不能接种。", NOTHING, "请退回医生预检。")


def _other_document(refusal: checklist.OtherPersonsDocument) -> Sentence:
    owner = f"是 {refusal.shown_name} 的" if refusal.shown_name else "不是此人的"
    return Sentence(
        f"出示的证件{owner}，与号票 {refusal.ticket_number} 不符。",
        NOTHING,
        "请核对坐在面前的是谁，姓名要重新说一遍。",
    )


def _wrong_step(refusal: visit.WrongStep) -> Sentence:
    return Sentence(
        f"号票 {refusal.ticket_number}：{VISIT_STATES[refusal.state]}，这一步现在不能做。",
        "没有改动。",
        _WHERE_TO.get(refusal.state, "请看号票，或按姓名查找。"),
    )


_WHERE_TO = {
    visit.VisitState.REGISTERED: "请先到预检台。",
    visit.VisitState.SCREENED: "请先签知情同意书。",
    visit.VisitState.READY: "请先扫号票，叫到接种台。",
    visit.VisitState.AT_STATION: "请在叫号的接种台完成或退回。",
    visit.VisitState.OBSERVING: "请到留观区坐满时间。",
    visit.VisitState.DEFERRED: "请按约定的日期再来。",
}

SENTENCES: dict[type[Refusal], Callable[[Any], Sentence]] = {
    vial.LotExpired: _expired,
    vial.LotBlocked: _blocked,
    vial.VialQuarantined: lambda r: Sentence(
        f"尾号 {tail(r.trace_code)} 的这一瓶已隔离。", NOTHING, "请放回隔离盒，换一瓶。"
    ),
    vial.WrongProduct: _wrong_product,
    vial.CodeOverused: lambda r: Sentence(
        f"尾号 {tail(r.trace_code)} 的码已记录 {r.doses_used} 剂，每瓶只有 {r.doses} 剂。", NOTHING, _ANOTHER
    ),
    vial.OpenTooLong: _too_long,
    vial.AgeOutsideLimits: _age,
    vial.CartonScanned: lambda r: Sentence(
        f"这是{PACK_LEVELS[r.level]}的码，不是这一瓶的。", _NOT_USED, "请扫药瓶或最小包装上的追溯码。"
    ),
    vial.CodeNotInStock: lambda r: Sentence(
        f"尾号 {tail(r.code)} 的码不在本站入库记录里。", "码已留下，接种记录不会丢。", "请选批号，写明原因。"
    ),
    vial.VialNotSaved: lambda _: Sentence("刚才的药瓶没有存上。", NOTHING, "请再扫一次手里的药瓶。"),
    vial.ExpiryUnreadable: lambda r: Sentence(
        f"有效期“{r.typed}”不是日期。", "没有记录。", "请输 8 位年月日，或 6 位年月。"
    ),
    checklist.NotScreened: _not_screened,
    checklist.ScreeningOutdated: lambda r: Sentence(
        "预检不是今天做的，健康状况要重新询问。", NOTHING, "请退回医生重新预检。"
    ),
    checklist.NotConsented: lambda _: Sentence("没有知情同意记录。", NOTHING, "请退回医生，签好再来。"),
    checklist.OtherPersonsDocument: _other_document,
    checklist.ChecklistIncomplete: lambda r: Sentence(
        f"还差 {len(r.items)} 项：{_names(r.items)}。", NOTHING, "请补齐再按已接种。"
    ),
    checklist.VialNotScanned: lambda r: Sentence(
        f"还没有扫药瓶，“{ITEMS[r.item]}”不能确认。", "没有改动。", "请扫药瓶上的追溯码。"
    ),
    checklist.EarlierItemOpen: lambda r: Sentence(
        f"“{ITEMS[r.open_item]}”还没有确认。",
        "没有改动。",
        f"请按顺序：先{ITEMS[r.open_item]}，再{ITEMS[r.item]}。",
    ),
    checklist.NotForPersons: lambda r: Sentence(
        f"“{ITEMS[r.item]}”由系统核对，不能手工确认。", "没有改动。", "请扫码，或请医生改方案。"
    ),
    visit.WrongStep: _wrong_step,
    visit.TicketUnknown: lambda _: Sentence("这张号票不是今天本场次的。", _NOT_CALLED, "请到登记台取号。"),
    needle.OtherPersonAtNeedle: lambda r: Sentence(
        f"号票 {r.ticket_number} 还在本台，没有叫 {r.scanned_ticket}。",
        "台前的人没有换。",
        f"请先做完 {r.ticket_number}，或按 Esc 退回等候。",
    ),
    needle_facts.ReactionOpen: lambda r: Sentence(
        f"这次就诊 {local_time(r.alarm_at)} 的留观报警还没有解除，不能再种下一剂。",
        _NOT_USED,
        "请医生处理并在留观页解除报警；还要不要种，由医生决定。",
    ),
    needle.NobodyAtNeedle: lambda _: Sentence("还没有叫号，药瓶不知道给谁。", _NOT_USED, "请先扫号票。"),
    needle.EntryReasonMissing: lambda _: Sentence(
        "手工录入要有批号和原因。", "没有记录。", "请选批号，再选原因。"
    ),
    needle.LotFactsDiffer: lambda r: Sentence(
        f"批号 {r.lot_number} 输的有效期是 {r.typed}，入库记录是 {r.on_file}。",
        "没有记录。",
        "请对照瓶签：输错就改；瓶签真是这样，请隔离此瓶。",
    ),
    immunization.RouteDiffers: lambda _: Sentence(
        "接种途径与产品说明书不一致。", NOTHING, "请按说明书的途径接种，或退回医生。"
    ),
    immunization.TooLateToUndo: lambda r: Sentence(
        "这一剂已上传中心，不能撤销。" if r.receipted else "已超过 5 分钟，不能撤销。",
        "原记录保留。",
        "请到凭证页按 F9 作废，写明原因。",
    ),
    immunization.CorrectionReasonMissing: lambda _: Sentence(
        "还没有写原因。", "原记录保留。", "请选一个原因，或自己写。"
    ),
    immunization.DoseUnknown: lambda _: Sentence(
        "找不到这一剂，可能已撤销或更正。", "没有改动。", "请看受种者的接种记录。"
    ),
}
"""How each refusal at the needle is said."""

RETURN_REASONS = (
    "今天身体不舒服",
    "对疫苗或剂次有疑问",
    "信息与档案不符",
    "暂时没有这种疫苗",
    "本人或家长改变主意",
    "其他，当面说明",
)
"""Why a person goes back to the doctor from the needle."""
