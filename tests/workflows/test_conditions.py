"""Special conditions: stated by a doctor, corrected with a reason, told to the forecast (VER-5, VER-9)."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from app.domain.conditions import (
    ConditionDatesWrong,
    ConditionForm,
    ConditionReasonMissing,
    ConditionStated,
    ConditionStatus,
    ConditionSuperseded,
    ConditionUnknown,
)
from app.domain.people import Patient
from app.domain.schedule.standing import Standing
from app.storage import journal, patients, projections
from app.storage.conditions import statements_of
from app.ui.texts.conditions import effects_words, statement_words
from app.workflows import registration
from app.workflows.conditions import amend_condition, record_condition
from app.workflows.forecast import PersonForecast, forecast_of
from tests.factories import DOCTOR
from tests.storage.other_site import OtherSite, hear
from tests.ui.registration.people import child
from tests.workflows.copied_site import CopiedSite, everything

DEFICIENT = ConditionForm("immune_deficient", note="省儿童医院诊断")


@pytest.fixture
def there(tmp_path: Path) -> Iterator[OtherSite]:
    other = OtherSite(tmp_path / "there")
    yield other
    other.site.close()


def toddler(site: CopiedSite) -> Patient:
    """Register a child of nine months with an empty booklet; the doctor is at the desk."""
    person = child(born=site.desk.today() - timedelta(275))
    patient = site.desk.do(registration.register_patient, person)
    site.as_user(DOCTOR)
    return patient


def seen(site: CopiedSite, patient: Patient) -> PersonForecast:
    return forecast_of(site.desk.read(), patient, site.desk.today())


def test_what_a_doctor_states_changes_the_forecast_and_says_so(site: CopiedSite) -> None:
    patient = toddler(site)
    before = seen(site, patient)
    site.desk.do(record_condition, patient.patient_id, DEFICIENT)
    after = seen(site, patient)
    (effect,) = after.conditions
    changed = {line.group for line in before.lines} - {
        line.group for line in after.lines if line in before.lines
    }
    assert "MMR" in changed
    assert changed == set(effect.groups)
    words = effects_words(after.conditions, after.rules)
    assert "麻腮风" in words
    assert "规则未核实" in words


def test_a_condition_of_which_no_rule_speaks_leaves_the_forecast_to_the_doctor(site: CopiedSite) -> None:
    patient = toddler(site)
    before = seen(site, patient)
    site.desk.do(record_condition, patient.patient_id, ConditionForm("past_disease", note="风疹"))
    after = seen(site, patient)
    assert after.lines == before.lines
    (effect,) = after.conditions
    assert effect.groups == ()
    assert effects_words(after.conditions, after.rules).startswith("免疫程序的推算没有因它改变")


def test_a_question_to_the_doctor_stands_on_the_line_itself(site: CopiedSite) -> None:
    patient = toddler(site)
    site.desk.do(record_condition, patient.patient_id, ConditionForm("hiv_exposed"))
    standings = {one.line.group: one.standing for one in seen(site, patient).next_doses}
    assert standings["MMR"] is Standing.ASK


def test_a_correction_stands_in_its_place_and_both_are_seen(site: CopiedSite) -> None:
    patient = toddler(site)
    first = site.desk.do(record_condition, patient.patient_id, DEFICIENT)
    over = ConditionForm("immune_deficient", until=site.desk.today() - timedelta(1))
    site.clock.go(minutes=1)
    site.desk.do(amend_condition, patient.patient_id, first, over, "复查正常")
    assert seen(site, patient).conditions == ()
    former, now = statements_of(site.desk.read(), patient.patient_id)
    assert (former.condition_id, former.stands, former.until) == (first, False, None)
    assert (now.supersedes, now.stands, now.reason) == (first, True, "复查正常")
    assert "原因：复查正常" in statement_words(now)


def test_what_is_taken_back_counts_no_more_and_may_be_stated_again(site: CopiedSite) -> None:
    patient = toddler(site)
    before = seen(site, patient)
    first = site.desk.do(record_condition, patient.patient_id, DEFICIENT)
    site.desk.do(amend_condition, patient.patient_id, first, None, "记错了人")
    assert seen(site, patient) == before
    statements = statements_of(site.desk.read(), patient.patient_id)
    assert {one.status for one in statements} == set(ConditionStatus)
    assert not any(one.stands for one in statements)
    with pytest.raises(ConditionSuperseded):
        site.desk.do(amend_condition, patient.patient_id, first, DEFICIENT, "再改")
    site.desk.do(record_condition, patient.patient_id, DEFICIENT)


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_correction_needs_its_reason(site: CopiedSite, reason: str) -> None:
    patient = toddler(site)
    first = site.desk.do(record_condition, patient.patient_id, DEFICIENT)
    with pytest.raises(ConditionReasonMissing):
        site.desk.do(amend_condition, patient.patient_id, first, None, reason)
    assert len(statements_of(site.desk.read(), patient.patient_id)) == 1


def test_the_same_condition_is_not_stated_twice_for_one_day(site: CopiedSite) -> None:
    patient, today = toddler(site), site.desk.today()
    spring = ConditionForm("pregnant", today - timedelta(90), today - timedelta(60))
    site.desk.do(record_condition, patient.patient_id, spring)
    for since in (None, today - timedelta(60)):
        with pytest.raises(ConditionStated):
            site.desk.do(record_condition, patient.patient_id, ConditionForm("pregnant", since))
    site.desk.do(record_condition, patient.patient_id, ConditionForm("pregnant", today - timedelta(59)))


def test_days_that_cannot_be_and_words_that_no_pack_has_are_refused(site: CopiedSite) -> None:
    patient, today = toddler(site), site.desk.today()
    wrong: list[tuple[date | None, date | None]] = [
        (patient.birth_on - timedelta(1), None),
        (today + timedelta(1), None),
        (today, today - timedelta(1)),
        (None, patient.birth_on - timedelta(1)),
    ]
    for since, until in wrong:
        with pytest.raises(ConditionDatesWrong):
            site.desk.do(record_condition, patient.patient_id, ConditionForm("preterm", since, until))
    for code in ("", "left_handed"):
        with pytest.raises(ConditionUnknown):
            site.desk.do(record_condition, patient.patient_id, ConditionForm(code))
    assert statements_of(site.desk.read(), patient.patient_id) == ()


def test_the_forecast_is_the_same_from_rebuilt_tables(site: CopiedSite) -> None:
    patient = toddler(site)
    first = site.desk.do(record_condition, patient.patient_id, DEFICIENT)
    site.desk.do(amend_condition, patient.patient_id, first, ConditionForm("hiv_infected"), "诊断更正")
    tables, forecast = everything(site.desk.read()), seen(site, patient)
    assert len(tables["condition"]) == 2
    site.store.write(lambda transaction: projections.rebuild(transaction.db))
    assert everything(site.desk.read()) == tables
    assert seen(site, patient) == forecast
    kinds = [event.kind for event in journal.events(site.desk.read())]
    assert kinds.count("condition.recorded") == 2


def test_what_another_site_stated_counts_here(site: CopiedSite, there: OtherSite) -> None:
    """SYN-2: an immune deficiency known at one site keeps a live vaccine away at the next."""
    patient_id = there.newcomer()
    there.site.as_user(DOCTOR)
    first = there.site.desk.do(record_condition, patient_id, DEFICIENT)
    there.site.desk.do(amend_condition, patient_id, first, ConditionForm("hiv_exposed"), "更正")
    told = there.told()
    hear(site, told[::-1])
    here = statements_of(site.desk.read(), patient_id)
    assert here == statements_of(there.site.desk.read(), patient_id)
    assert [one.stands for one in here] == [False, True]
    (effect,) = seen(site, patients.get_patient(site.desk.read(), patient_id)).conditions
    assert effect.condition.code == "hiv_exposed"
