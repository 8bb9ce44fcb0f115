"""Which series are for the patient, and what immunity or contraindication says (CDSi 5, 7.2, 7.3)."""

from collections.abc import Iterator

from app.domain.schedule.answers import Reason
from app.domain.schedule.antigen import Antigen, BornImmune, Contraindication, Decision
from app.domain.schedule.case import Case
from app.domain.schedule.pack import Pack
from app.domain.schedule.series import SEX_OF, Series, SeriesType
from app.domain.schedule.series_dose import SeriesDose


def is_relevant(case: Case, series: Series, pack: Pack) -> bool:
    """Return whether a series is for the patient, by sex, cohort and indication."""
    if series.sexes and SEX_OF[case.patient.sex] not in series.sexes:
        return False
    if series.born_from is not None and case.birth_on < series.born_from:
        return False
    if series.born_to is not None and case.birth_on > series.born_to:
        return False
    if not case.observed.keys().isdisjoint(series.unless):
        return False
    return series.type is not SeriesType.RISK or any(
        one.observation in case.observed and case.within_ages(case.on, one.begin_age, one.end_age, pack)
        for one in series.indications
    )


def immunity(case: Case, antigen: Antigen) -> Reason | None:
    """Return why the patient counts as immune, or None."""
    for code in antigen.immunity.observations:
        if code in case.observed:
            return Reason("immune", {"observation": code})
    for born in antigen.immunity.born:
        if _born_immune(case, born):
            return Reason("immune", {"born_before": born.before})
    return None


def _born_immune(case: Case, born: BornImmune) -> bool:
    if case.birth_on >= born.before or not case.observed.keys().isdisjoint(born.unless):
        return False
    return born.country is None or case.patient.birth_country == born.country


def contraindications(case: Case, antigen: Antigen, pack: Pack) -> Iterator[Contraindication]:
    """Yield what is true of the patient and speaks against the antigen or some vaccine."""
    for against in antigen.contraindications if case.observed else ():
        if against.observation in case.observed and case.within_ages(
            case.on, against.begin_age, against.end_age, pack
        ):
            yield against


def forbidden_vaccines(case: Case, found: list[Contraindication], pack: Pack) -> frozenset[str]:
    """Return the vaccine codes that must not be given today."""
    return frozenset(
        limited.vaccine
        for against in found
        if against.decision is Decision.CONTRAINDICATED
        for limited in against.vaccines
        if case.within_ages(case.on, limited.begin_age, limited.end_age, pack)
    )


def questions(case: Case, found: list[Contraindication], dose: SeriesDose, pack: Pack) -> Iterator[Reason]:
    """Yield what the doctor is asked about the next dose; no date changes."""
    for against in found:
        if against.decision is Decision.ASK:
            facts = {"observation": against.observation, "text": against.text}
            yield Reason("ask_doctor", facts)
    for notice in dose.notices:
        told = notice.observation is None or notice.observation in case.observed
        told = told and case.observed.keys().isdisjoint(notice.unless)
        if told and case.within_ages(case.on, notice.begin_age, notice.end_age, pack):
            yield Reason("ask_doctor", {"notice": notice.code, "text": notice.text})
