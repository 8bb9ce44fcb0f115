"""Words about the rule packs: where one stands, whose rule it is, when it holds, who answers for it."""

from collections.abc import Sequence
from datetime import date

from app.domain.schedule.pack import Layer, Pack, PackStatus
from app.domain.schedule.pack_standing import Change, PackPlace, PackStanding
from app.ui.texts.reasons import PACK_STATUSES

LAYERS = {Layer.NATIONAL: "国家", Layer.PROVINCE: "省（市、县）", Layer.SITE: "本站"}
STANDINGS = {
    PackStanding.IN_FORCE: "在用",
    PackStanding.OVERRULED: "已被代替",
    PackStanding.NOT_YET: "还没开始",
    PackStanding.ENDED: "已结束",
    PackStanding.UNDATED: "开始日期未定",
    PackStanding.BY_NAME: "不自动使用",
}


def days_words(pack: Pack) -> str:
    """Return from when to when a pack holds."""
    if pack.valid_from is None:
        return "开始日期未定"
    since = pack.valid_from.isoformat()
    return f"{since} 至 {pack.valid_to.isoformat()}" if pack.valid_to else f"{since} 起"


def layer_words(pack: Pack) -> str:
    """Return whose rule it is, with the division or site where it is not the country's."""
    words = LAYERS[pack.region.layer]
    return words if pack.region.layer is Layer.NATIONAL else f"{words} {pack.region.code}"


def signed_words(pack: Pack) -> str:
    """Return who signed for it, and 未核实 or whatever else it is where it is not in force by a signature."""
    signed = pack.signed_off_by
    if pack.status is PackStatus.IN_FORCE and signed:
        return f"{signed.name} {signed.on}"
    status = PACK_STATUSES[pack.status]
    if signed:
        return f"{status}　{signed.name} {signed.on}"
    return f"{status}，没有人签字" if pack.status is PackStatus.UNVERIFIED else f"{status}，未核实"


def source_words(pack: Pack) -> str:
    """Return the document that it follows, with its number, its day and how it was read."""
    source = pack.source
    parts = [f"《{source.title}》" if not source.title.startswith("《") else source.title]
    parts += [source.edition, source.number, source.issued_on.isoformat() if source.issued_on else ""]
    parts.append(f"依据 {source.evidence}" if source.evidence else "")
    return "　".join(part for part in parts if part)


def groups_words(groups: Sequence[str]) -> str:
    """Return the vaccine groups that a pack rules."""
    return "、".join(groups) if groups else "没有"


def summary_words(places: Sequence[PackPlace], refused: int) -> tuple[str, str]:
    """Return what the opening page says: how many rule, and what is wrong; the second may be empty."""
    ruling = [one.pack for one in places if one.standing is PackStanding.IN_FORCE]
    unsigned = sum(pack.status is not PackStatus.IN_FORCE for pack in ruling)
    wrong = [f"{unsigned} 份未核实"] if unsigned else []
    wrong += [f"{refused} 份文件没有用"] if refused else []
    return f"{len(ruling)} 份在用", "，".join(wrong)


def pack_words(pack: Pack | None) -> str:
    """Return what a pack is called, with its edition."""
    if pack is None:
        return "没有程序"
    return pack.title if pack.edition in pack.title else f"{pack.title}（{pack.edition}）"


def change_words(change: Change) -> str:
    """Return what happens to some vaccine groups."""
    groups = groups_words(change.groups)
    if change.before is None:
        return f"{groups}：以前没有程序，以后按这一份。"
    if change.after is None:
        return f"{groups}：以前按 {pack_words(change.before)}，以后没有程序，不再推算。"
    return f"{groups}：以前按 {pack_words(change.before)}，以后按 {pack_words(change.after)}。"


def first_day_words(pack: Pack, today: date) -> str:
    """Return from when on taking it counts."""
    if not pack.on_by_default:
        return "这一份不会自动使用。"
    if pack.valid_from is None:
        return "这一份没有开始日期，不会使用。"
    return "两个人确认以后马上使用。" if pack.valid_from <= today else f"从 {pack.valid_from} 起使用。"
