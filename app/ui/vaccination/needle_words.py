"""The facts of the cards at the needle as words: who, which vaccine, which vial."""

from dataclasses import dataclass
from datetime import date, datetime

from app.domain.catalogue import open_vial_minutes
from app.domain.clock import read_instant
from app.domain.identity import mask_name
from app.domain.journal import Json
from app.domain.people import Patient, age_on
from app.domain.vial import CodeSource, Vial, discard_at
from app.ui.kit.ring import RingFace, RingState
from app.ui.kit.spans import Span, facts
from app.ui.kit.tokens import FACT_TEXT, LIGHT, Tone
from app.ui.texts.words import (
    BODY_SITES,
    SEXES,
    SHORT_ROUTES,
    age_words,
    dose_words,
    local_time,
    tail,
)
from app.ui.vaccination.several_words import caption_words, limb_words
from app.workflows.needle import NeedleView


@dataclass(frozen=True)
class CardWords:
    """What one fact card shows."""

    caption: str
    headline: tuple[Span, ...]
    second: str = ""
    third: str = ""
    chip: str = ""
    tone: Tone = Tone.SUCCESS
    icon: str | None = None
    """Of the chip; None takes the one of the tone."""


def person_words(view: NeedleView, day: date) -> CardWords:
    """Return who sits here; the chip says how that is known."""
    patient = view.patient
    age = age_words(age_on(patient.birth_on, day))
    by_ticket, by_document = ("凭号票", Tone.PLAIN, "ticket"), ("身份一致", Tone.SUCCESS, "id-card")
    chip, tone, icon = by_document if view.identity else by_ticket
    return CardWords(
        f"受种者·号票 {view.encounter.ticket_number}",
        facts(patient.name, f"{SEXES[patient.sex]}·{age}"),
        *_birth_and_document(patient),
        chip,
        tone,
        icon,
    )


def _birth_and_document(patient: Patient) -> tuple[str, str]:
    """Return the card's two lower lines: a minor's guardian has one of its own."""
    born, guardian = f"出生 {patient.birth_on}", _guardian(patient)
    document = f"尾号 {tail(patient.document_number)}" if patient.document_number else "无证件"
    return (f"{born}·{document}", guardian) if guardian else (born, f"证件{document}")


def _guardian(patient: Patient) -> str:
    return f"{patient.guardian.relation} {patient.guardian.name}" if patient.guardian else ""


def vaccine_words(view: NeedleView) -> CardWords:
    """Return what is to be given, where and how; the chip warns of a leaflet nobody has signed off."""
    product = view.planned
    if product is None:
        return CardWords("应种疫苗", facts("未定"), "请退回医生", chip="没有方案", tone=Tone.DANGER)
    dose = Span(dose_words(view.dose_number), FACT_TEXT, bold=True, colour=LIGHT.primary, gap=18)
    chip, tone = ("说明书已核实", Tone.SUCCESS) if product.verified else ("产品资料未核实", Tone.WARNING)
    return CardWords(
        caption_words(view),
        (*facts(product.vaccine_name), dose),
        site_words(view),
        limb_words(view) or product.specification,
        chip,
        tone,
    )


def site_words(view: NeedleView) -> str:
    """Return where and how: 左上臂·肌内."""
    route = SHORT_ROUTES[view.planned.route] if view.planned else ""
    return f"{BODY_SITES[view.body_site]}·{route}" if view.body_site else route


def vial_words(view: NeedleView, day: date) -> CardWords:
    """Return which vial is in the hand; entered by hand it says so, and who looked at it as well."""
    vial = view.vial
    if vial is None:
        return CardWords(
            "药瓶",
            (Span("等待扫码", FACT_TEXT, bold=True, colour=LIGHT.muted),),
            "扫瓶上的追溯码",
            "扫不出按 F9",
        )
    flagged = vial.source is not CodeSource.SCANNED
    matches = view.planned is not None and vial.product.product_code == view.planned.product_code
    by_hand = f"{view.vial_second}同核" if view.vial_second else "手工录入"
    chip = by_hand if flagged else "与应种相符" if matches else "与应种不符"
    tone = Tone.WARNING if flagged else Tone.SUCCESS if matches else Tone.DANGER
    return CardWords(
        f"药瓶·{_SOURCES[vial.source]}",
        facts(f"批号 {vial.lot.lot_number}"),
        f"有效期至 {vial.lot.expires_on}",
        f"{_code_words(vial)}·{left_words(vial.lot.expires_on, day)}",
        chip,
        tone,
    )


def left_words(expires_on: date, day: date) -> str:
    """Return how long a lot is still good: 还有 17 个月, 还有 9 天."""
    if expires_on < day:
        return f"过期 {(day - expires_on).days} 天"
    months = age_on(day, expires_on).months
    if months >= 1:
        return f"还有 {months} 个月"
    return f"还有 {(expires_on - day).days} 天" if expires_on > day else "今天最后一天"


def _code_words(vial: Vial) -> str:
    return f"追溯码尾号 {tail(vial.trace_code)}" if vial.trace_code else "无追溯码"


_SOURCES = {
    CodeSource.SCANNED: "扫码所得",
    CodeSource.WEBCAM: "摄像头所得",
    CodeSource.TYPED: "手输所得",
    CodeSource.UNREADABLE: "读不出，手工录入",
    CodeSource.UNKNOWN_CODE: "码未入库，手工录入",
}


@dataclass(frozen=True)
class OpenVialWords:
    """What the card of a multi-dose vial shows."""

    face: RingFace
    opened: str
    discard: str
    used: int
    left: int
    chip: str
    tone: Tone


def open_vial_words(vial: Vial, now: datetime) -> OpenVialWords:
    """Return the time and the doses left in a multi-dose vial, opened or still closed."""
    left = max(0, vial.doses - vial.doses_used)
    limit = discard_at(vial)
    if limit is None or vial.opened_at is None:
        face = RingFace(RingState.RUNNING, "新", "未开", 1.0)
        minutes = open_vial_minutes(vial.product)
        return OpenVialWords(
            face, "还没有开启", f"开启后 {minutes} 分钟内用完", vial.doses_used, left, "未开启", Tone.INFO
        )
    seconds = (limit - now).total_seconds()
    minutes_left = max(0, -(-int(seconds) // 60))
    whole = (limit - vial.opened_at).total_seconds()
    over = seconds <= 0
    face = RingFace(RingState.ALARM if over else RingState.RUNNING, str(minutes_left), "分", seconds / whole)
    chip, tone = ("请弃去", Tone.DANGER) if over else ("可用", Tone.SUCCESS)
    if not over and minutes_left <= 10:
        chip, tone = f"只剩 {minutes_left} 分", Tone.WARNING
    return OpenVialWords(
        face,
        f"{local_time(vial.opened_at)} 开启",
        f"{local_time(limit)} 前用完或弃去",
        vial.doses_used,
        left,
        chip,
        tone,
    )


@dataclass(frozen=True)
class GivenWords:
    """What is said of a dose just recorded."""

    name: str
    dose: str
    until: str
    """When the observation ends."""
    recorded: str
    """For the toast; the name is masked, the toast stays while the next person comes."""
    undone: str


def given_words(record: Json, ticket_number: str) -> GivenWords:
    """Return the words of a dose record."""
    name = record["patient"]["name"]
    dose = f"{record['vaccine_name']} {dose_words(record['dose_number'])}"
    who = f"{ticket_number} {mask_name(name)}，{dose}"
    return GivenWords(
        name=name,
        dose=dose,
        until=local_time(read_instant(record["observe_until"])),
        recorded=f"已记录：{who}，{local_time(read_instant(record['occurred_at']))}",
        undone=f"已撤销：{who}；请重新核对",
    )
