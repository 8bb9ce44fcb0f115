"""The Chinese sentences of screening: what its refusals say, and the words of plans and products."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from app.domain import leaflet, raised
from app.domain import screening as rules
from app.domain.catalogue import Product
from app.domain.people import Patient, is_minor
from app.domain.refusals import Refusal
from app.domain.schedule.standing import Standing
from app.domain.schedule.together import NotTogether, SeriesTwice
from app.domain.screening import SELF, Decision, GuardianMustSign
from app.ui.texts.reasons import STANDINGS
from app.ui.texts.sentence import Sentence
from app.ui.texts.words import DECISIONS, dose_words, months_words
from app.workflows import screening

_NOT_RECORDED = "还没有记录，填过的都在。"


def numbers_words(question_ids: Iterable[str]) -> str:
    """Return which questions are meant: 第 3、7 问."""
    return f"第 {'、'.join(question_ids)} 问"


def age_limits(product: Product) -> str:
    """Return for whom a product is: 满 2 月龄, 2 月龄至 6 岁 11 个月, 不限年龄."""
    youngest = f"满 {months_words(product.min_age_months)}" if product.min_age_months else ""
    if product.max_age_months is None:
        return youngest or "不限年龄"
    oldest = f"至 {months_words(product.max_age_months)}"
    return f"{youngest}{oldest}" if youngest else f"0 岁{oldest}"


def leaflet_words(product: Product) -> str:
    """Return where a product's ages and intervals are from; empty where no leaflet is named."""
    return f"依据：{product.leaflet.name}" if product.leaflet else ""


def programme_words(product: Product) -> str:
    """Return whether a product belongs to the national programme."""
    return "免疫规划" if product.programme else "非免疫规划，自费"


WEIGHTS = {
    raised.Weight.CONTRAINDICATION: "可能是禁忌",
    raised.Weight.DEFER: "可能要推迟",
    raised.Weight.PRECAUTION: "请注意",
}


def raised_words(rule: raised.ScreeningRule) -> str:
    """Return a raised question as a line: 第 3 问·可能是禁忌：……（未核实）."""
    unsigned = "" if rule.verified else "（未核实）"
    return f"第 {rule.question_id} 问·{WEIGHTS[rule.weight]}：{rule.ask}{unsigned}"


def plan_words(product: Product, dose_number: int) -> str:
    """Return what is to be given: 脊灰灭活疫苗 第 2 剂."""
    return f"{product.vaccine_name} {dose_words(dose_number)}"


def plans_words(plans: Iterable[tuple[Product, int]]) -> str:
    """Return all that is to be given: 乙肝疫苗 第 2 剂、麻腮风疫苗 第 1 剂."""
    return "、".join(plan_words(product, number) for product, number in plans)


def likely_signer(patient: Patient, today: date) -> tuple[str, str]:
    """Return who signs as a rule, name and relation: an adult alone, for a minor the guardian."""
    if is_minor(patient.birth_on, today) and patient.guardian:
        return patient.guardian.name, patient.guardian.relation
    return patient.name, SELF


SENTENCES: dict[type[Refusal], Callable[[Any], Sentence]] = {
    leaflet.LeafletUnclear: lambda r: Sentence(
        f"产品 {r.product_code} 的说明书资料写错了：{r.field} {r.found}".rstrip() + "。",
        "产品没有登记，原来的目录没有动。",
        "请按 resources/catalogue/catalogue.schema.json 改好再导入。",
    ),
    rules.QuestionUnanswered: lambda r: Sentence(
        f"{numbers_words(r.question_ids)}还没有问。", _NOT_RECORDED, "请问完再作结论；未问不等于否。"
    ),
    rules.NoteMissing: lambda r: Sentence(
        f"{numbers_words(r.question_ids)}选了“是”，还没有备注。", _NOT_RECORDED, "请在备注中写明情况。"
    ),
    rules.ReasonMissing: lambda r: Sentence(
        f"{DECISIONS[Decision(r.decision)]}要写原因。", _NOT_RECORDED, "请写明原因后再记录。"
    ),
    rules.AdviceMissing: lambda _: Sentence(
        "不宜接种要写明给受种者的医学建议。", _NOT_RECORDED, "请写明医学建议后再记录。"
    ),
    rules.ReviewDateMissing: lambda r: Sentence(
        f"复诊日期 {r.review_on} 不在今天（{r.today}）之后。" if r.review_on else "推迟接种要有复诊日期。",
        _NOT_RECORDED,
        "请选一个今天以后的日期。",
    ),
    rules.PlanMissing: lambda _: Sentence("建议接种要选定疫苗和剂次。", _NOT_RECORDED, "请医生选一种疫苗。"),
    raised.ConsiderationMissing: lambda r: Sentence(
        f"{numbers_words(r.question_ids)}的回答对这支疫苗提出了要医生判断的问题。",
        _NOT_RECORDED,
        "请写明问到的情况和仍建议接种的理由，或者改作推迟、不宜接种。",
    ),
    rules.SignatureMissing: lambda _: Sentence(
        "没有写明是谁在纸质表上签的字。", _NOT_RECORDED, "请填写签字人姓名和关系。"
    ),
    screening.DepartureUnexplained: lambda r: Sentence(
        f"{r.vaccine_name}{dose_words(r.dose_number)}和免疫程序不同（{STANDINGS[Standing(r.standing)]}）。",
        _NOT_RECORDED,
        "请写明理由，或者改选程序里今天可种的。",
    ),
    SeriesTwice: lambda r: Sentence(
        f"{r.vaccine_name}和{r.because}防同一种病，一次只种一支。", _NOT_RECORDED, "请去掉其中一支。"
    ),
    NotTogether: lambda r: Sentence(
        f"{r.vaccine_name}和{r.because}不能同一天种{f'，要等到 {r.until}' if r.until else ''}。",
        _NOT_RECORDED,
        f"请去掉{r.vaccine_name}，另约一天。",
    ),
    screening.NotToBeAnswered: lambda _: Sentence(
        "这次计划种几种疫苗，没有说明同意的是哪一种。", _NOT_RECORDED, "请回到这个号票，逐种告知、逐种回答。"
    ),
    screening.SignerMissing: lambda _: Sentence(
        "没有写明知情同意书是谁签的字。", _NOT_RECORDED, "请填写签字人姓名和关系。"
    ),
    GuardianMustSign: lambda r: Sentence(
        f"受种者 {r.age_years} 岁，知情同意书要由监护人签字。", _NOT_RECORDED, "请填写监护人的姓名和关系。"
    ),
    screening.DeclineReasonMissing: lambda _: Sentence(
        "不同意接种要写原因。", _NOT_RECORDED, "请选一个原因或写明。"
    ),
    screening.DoseNumberOutOfRange: lambda r: Sentence(
        f"没有第 {r.dose_number} 剂这样的剂次。", _NOT_RECORDED, "请核对剂次，应在 1 到 20 之间。"
    ),
}
"""How each refusal of screening is said."""
