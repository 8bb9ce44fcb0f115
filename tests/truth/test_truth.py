"""Every row of the truth tables, held against the engine and the packs that ship."""

from dataclasses import replace
from functools import cache

import pytest

from app.domain.people import Sex
from app.domain.schedule.answers import (
    Assessment,
    DoseEvaluation,
    DoseStatus,
    GroupForecast,
    Reason,
    SeriesStatus,
)
from app.domain.schedule.choosing import DEFAULT_PACKS, choose
from app.domain.schedule.engine import assess
from app.domain.schedule.history import Dose, Observed, Subject
from app.domain.schedule.numbering import vaccine_dose_number
from app.domain.schedule.packs import Packs
from app.storage.schedules import read_packs
from tests.truth.tables import Row, rows, sentences

SEXES = {"女": Sex.FEMALE, "男": Sex.MALE}
JUDGED = {
    "有效": (DoseStatus.VALID, None),
    "多余": (DoseStatus.EXTRANEOUS, None),
    "无效（年龄）": (DoseStatus.NOT_VALID, "too_young"),
    "无效（间隔）": (DoseStatus.NOT_VALID, "interval_too_short"),
    "无效（活疫苗间隔）": (DoseStatus.NOT_VALID, "conflict"),
    "无效（与别的疫苗间隔）": (DoseStatus.NOT_VALID, "conflict"),
    "无效（品种）": (DoseStatus.NOT_VALID, "not_a_vaccine_of_this_dose"),
}
OUTCOMES = {
    "待种": SeriesStatus.NOT_COMPLETE,
    "医生决定": SeriesStatus.NOT_COMPLETE,
    "完成": SeriesStatus.COMPLETE,
    "过龄": SeriesStatus.AGED_OUT,
    "禁忌": SeriesStatus.CONTRAINDICATED,
}


@cache
def chosen(names: tuple[str, ...]) -> Packs:
    """Return the packs of a table."""
    shipped, refused = read_packs()
    assert refused == []
    return choose(shipped, names)


@cache
def observations() -> dict[str, str]:
    """Return the code of every observation by its Chinese name."""
    return {kind.title: kind.code for pack in read_packs()[0] for kind in pack.observations}


def ask(row: Row, rules: Packs) -> Assessment:
    observed = tuple(Observed(observations()[words], day) for words, day in row.conditions)
    subject = Subject(row.born, SEXES[row.sex], observed)
    return assess(subject, [Dose(vaccine, day) for vaccine, day in row.given], rules, row.on)


def judgement(evaluation: DoseEvaluation, group: str) -> tuple[DoseStatus, tuple[Reason, ...]]:
    """Return what a dose counts for in a group, of a combined vaccine that part alone."""
    for antigen in evaluation.antigens:
        if antigen.group == group:
            return antigen.status, antigen.reasons
    return evaluation.status, evaluation.reasons


def check_doses(row: Row, answer: Assessment) -> None:
    for evaluation, expected in zip(answer.evaluations, row.judged, strict=True):
        if not expected:
            continue
        status, reasons = judgement(evaluation, row.group)
        wanted, why = JUDGED[expected]
        assert status is wanted, (evaluation.dose, reasons)
        assert why is None or why in {reason.name for reason in reasons}, (evaluation.dose, reasons)


def asked_of_the_doctor(line: GroupForecast) -> str:
    return " ".join(str(reason.facts.get("text")) for reason in line.reasons if reason.name == "ask_doctor")


def check_forecast(row: Row, answer: Assessment, rules: Packs) -> None:
    line = next((line for line in answer.forecasts if line.group == row.group), None)
    if row.outcome == "不适用":
        assert line is None or line.status is SeriesStatus.NOT_RECOMMENDED
        return
    assert line is not None
    assert line.status is OUTCOMES[row.outcome], line.reasons
    asked = asked_of_the_doctor(line)
    assert bool(asked) >= (row.outcome == "医生决定")
    assert all(f"【{notice}】" in asked for notice in row.notices if notice != "BCG-6")
    if row.outcome == "待种" and not row.notices:
        assert asked == ""
    dates = (line.earliest_on, line.recommended_on, line.past_due_on, line.latest_on)
    assert dates == (row.earliest, row.recommended, row.on_time_to, row.latest)
    if row.next_vaccine:
        assert line.vaccines[0].vaccine_code == row.next_vaccine
        assert vaccine_dose_number(line, answer.evaluations, rules.on(row.on)) == row.next_number


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.case)
def test_a_programme_says_what_its_documents_say(row: Row) -> None:
    rules = chosen(row.packs)
    answer = ask(row, rules)
    check_doses(row, answer)
    check_forecast(row, answer, rules)


def test_every_row_names_sentences_of_the_documents_and_has_a_place_to_sign() -> None:
    known = sentences()
    for row in rows():
        assert row.sources, row.case
        assert set(row.sources) <= known.keys(), row.case
        assert len(row.judged) == len(row.given), row.case


def test_every_sentence_is_used_by_a_row() -> None:
    assert sentences().keys() - {source for row in rows() for source in row.sources} <= {"READ-2"}


def test_there_are_as_many_cases_as_were_promised_and_none_twice() -> None:
    cases = [row.case for row in rows()]
    assert len(set(cases)) == len(cases)
    asked = [replace(row, case="", about="", sources=(), signed_by="") for row in rows()]
    assert len(set(asked)) == len(asked), "no case is written twice"


@pytest.mark.parametrize(
    ("programme", "pack"),
    [("in force", DEFAULT_PACKS), ("table of 2026", "cn-nip-2026"), ("COVID-19", "cn-covid-2021")],
)
def test_each_programme_has_three_hundred_cases(programme: str, pack: str) -> None:
    assert len([row for row in rows() if pack in row.packs]) >= 300, programme
