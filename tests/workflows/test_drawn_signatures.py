"""What was signed on the screen is what is recorded; later changes show (VER-5, VER-6, VER-7)."""

import copy
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.documents.signing import RecordedSignatureBroken, sign, verify_record, verify_records
from app.domain.identity import DocumentType
from app.domain.journal import Json, canonical
from app.domain.screening import Answer, Decision, Plan, ScreeningForm
from app.domain.signature import Drawn, SignatureNotBound, SignatureTooShort, Stroke
from app.domain.signed_records import RECORDS, form_of, signer_in
from app.domain.visit import Encounter, VisitState
from app.storage import encounters, journal, patients
from app.workflows import registration, screening
from app.workflows.screening import ConsentForm, FormText
from tests.factories import CONSENT, DOCTOR, MANAGER, NURSE, QUESTIONS, all_no
from tests.workflows.copied_site import CopiedSite, quick_folder
from tests.workflows.morning import check_consistency

KEY = bytes(range(32))
NAME: tuple[Stroke, ...] = (tuple((100 + 50 * n, 400 + 20 * (n % 5), 30 * n) for n in range(30)),)
AGREED = ConsentForm(CONSENT, True, "曾丽", "母亲")


def against() -> ScreeningForm:
    return replace(all_no(), decision=Decision.DO_NOT, reason="过敏", advice="请到变态反应科就诊", plan=None)


def signed_screening(site: CopiedSite, visit: Encounter, form: ScreeningForm) -> ScreeningForm:
    """Return the form with the recipient's signature, drawn under what is to be recorded."""
    site.as_user(DOCTOR)
    content = screening.screening_to_sign(site.desk.case(), visit.encounter_id, form, QUESTIONS)
    return replace(form, drawn=Drawn(sign(KEY, content, NAME), content.signed_at))


def signed_decision(site: CopiedSite, visit: Encounter, form: ScreeningForm) -> ScreeningForm:
    """Return the form with the doctor's signature, drawn before the recipient's."""
    site.as_user(DOCTOR)
    content = screening.decision_to_sign(site.desk.case(), visit.encounter_id, form, QUESTIONS)
    return replace(form, doctor_drawn=Drawn(sign(KEY, content, NAME), content.signed_at))


def signed_consent(site: CopiedSite, visit: Encounter, form: ConsentForm) -> ConsentForm:
    content = screening.consent_to_sign(site.desk.case(), visit.encounter_id, form)
    return replace(form, drawn=Drawn(sign(KEY, content, NAME), content.signed_at))


def screen(site: CopiedSite, visit: Encounter, form: ScreeningForm, text: FormText = QUESTIONS) -> None:
    site.as_user(DOCTOR)
    site.desk.do(screening.record_screening, visit.encounter_id, form, text)


def bodies(site: CopiedSite) -> list[tuple[Json, str]]:
    return [(each.body, each.person or "") for each in journal.events_of(site.desk.read(), RECORDS)]


def state(site: CopiedSite, visit: Encounter) -> VisitState:
    return encounters.get_encounter(site.desk.read(), visit.encounter_id).state


def test_a_morning_signed_on_the_screen_stands_and_is_rebuilt_as_it_was(site: CopiedSite) -> None:
    visit, other = site.registered(), site.registered(site.patient(index=1))
    forms = [signed_screening(site, visit, all_no()), signed_screening(site, other, against())]
    screen(site, visit, forms[0])
    site.desk.do(screening.record_consent, visit.encounter_id, signed_consent(site, visit, AGREED))
    screen(site, other, forms[1])
    (first, _), (second, _), (third, _) = bodies(site)
    assert [form_of(first), form_of(third)] == forms
    for body in (first, second, third):
        assert signer_in(body)["means"] == "drawn"
    assert signer_in(second)["name"] == "曾丽"
    assert second["screening_id"] == first["screening_id"]
    assert first["signatures"]["doctor"] == {"staff_id": DOCTOR, "name": "赵清和", "means": "paper"}
    assert sum(verify_records(journal.events_of(site.desk.read(), RECORDS)).values()) == 3
    assert (state(site, visit), state(site, other)) == (VisitState.READY, VisitState.NOT_ADVISED)
    check_consistency(site)


def test_paper_is_recorded_as_before_and_asks_for_no_verifying(site: CopiedSite) -> None:
    visit = site.registered()
    screen(site, visit, all_no())
    site.desk.do(screening.record_consent, visit.encounter_id, AGREED)
    (first, person), (second, _) = bodies(site)
    assert first["signatures"]["recipient"] == {"name": "家属", "relation": "本人", "means": "paper"}
    assert second["signature"] == {"name": "曾丽", "relation": "母亲", "means": "paper"}
    assert "screening_id" not in second
    assert verify_record(first, person) == ()


def test_the_doctor_signs_on_the_screen_and_the_recipient_under_that(site: CopiedSite) -> None:
    """VER-5: answers, findings and decision stand under the doctor's own hand."""
    visit, other = site.registered(), site.registered(site.patient(index=1))
    decided = signed_decision(site, visit, all_no())
    screen(site, visit, signed_screening(site, visit, decided))
    screen(site, other, signed_decision(site, other, against()))
    (first, person), (second, another) = bodies(site)
    assert first["signatures"]["doctor"].items() >= {"staff_id": DOCTOR, "means": "drawn"}.items()
    assert (len(verify_record(first, person)), len(verify_record(second, another))) == (2, 1)
    assert form_of(first).doctor_drawn == decided.doctor_drawn
    assert second["signatures"]["recipient"]["means"] == "paper"
    check_consistency(site)


@pytest.mark.parametrize(
    "changed",
    [
        {"plan": Plan("FLU4-1", 2), "considered": "再打一剂"},
        {"answers": tuple(replace(given, note="补写") for given in all_no().answers)},
        {"decision": Decision.DO_NOT, "reason": "过敏", "advice": "不要接种", "plan": None},
        {"reason": "另有原因"},
    ],
)
def test_a_decision_changed_after_the_doctor_signed_is_not_recorded(
    site: CopiedSite, changed: dict[str, Any]
) -> None:
    visit = site.registered()
    form = signed_decision(site, visit, all_no())
    with pytest.raises(SignatureNotBound):
        screen(site, visit, replace(form, **changed))
    assert bodies(site) == []
    screen(site, visit, replace(form, signed_by="另一位家属", signer_relation="父亲"))


def test_nobody_records_under_another_doctors_hand(site: CopiedSite) -> None:
    visit = site.registered()
    form = signed_decision(site, visit, all_no())
    site.as_user(MANAGER)
    with pytest.raises(SignatureNotBound):
        site.desk.do(screening.record_screening, visit.encounter_id, form, QUESTIONS)


def test_a_recipient_who_signed_before_the_doctor_signs_again(site: CopiedSite) -> None:
    visit = site.registered()
    alone = signed_screening(site, visit, all_no())
    both = replace(signed_decision(site, visit, all_no()), drawn=alone.drawn)
    with pytest.raises(SignatureNotBound):
        screen(site, visit, both)


@pytest.mark.parametrize(
    "changed",
    [
        {"plan": Plan("FLU4-1", 2), "considered": "再打一剂"},
        {"signed_by": "别人"},
        {"signer_relation": "父亲"},
        {"answers": tuple(replace(given, note="补写") for given in all_no().answers)},
        {"answers": (replace(all_no().answers[0], answer=Answer.YES, note="有"), *all_no().answers[1:])},
        {"decision": Decision.DO_NOT, "reason": "过敏", "advice": "不要接种", "plan": None},
        {"reason": "另有原因"},
    ],
)
def test_a_screening_changed_after_it_was_signed_is_not_recorded(
    site: CopiedSite, changed: dict[str, Any]
) -> None:
    visit = site.registered()
    form = signed_screening(site, visit, all_no())
    with pytest.raises(SignatureNotBound):
        screen(site, visit, replace(form, **changed))
    assert state(site, visit) is VisitState.REGISTERED
    screen(site, visit, form)
    assert state(site, visit) is VisitState.SCREENED


def test_a_signature_is_worth_nothing_under_another_visit_text_or_doctor(site: CopiedSite) -> None:
    visit, other = site.registered(), site.registered(site.patient(index=1))
    form = signed_screening(site, visit, all_no())
    with pytest.raises(SignatureNotBound):
        screen(site, other, form)
    with pytest.raises(SignatureNotBound):
        screen(site, visit, form, replace(QUESTIONS, sha256="1" * 64))
    content_of_another = replace(form, drawn=replace(form.drawn, signed_at="2026-11-23T00:00:00.000Z"))  # type: ignore[type-var]
    with pytest.raises(SignatureNotBound):
        screen(site, visit, content_of_another)
    assert bodies(site) == []


def test_a_person_whose_document_was_corrected_signs_again(site: CopiedSite) -> None:
    visit = site.registered()
    form = signed_screening(site, visit, all_no())
    patient = patients.get_patient(site.desk.read(), visit.patient_id)
    site.as_user(NURSE)
    corrected = replace(patient, document_type=DocumentType.PASSPORT, document_number="E00000017")
    site.desk.do(registration.amend_patient, corrected, reason="写错了")
    with pytest.raises(SignatureNotBound):
        screen(site, visit, form)


@pytest.mark.parametrize(
    "changed", [{"signed_by": "别人"}, {"relation": "父亲"}, {"agreed": False, "reason": "再想想"}]
)
def test_a_consent_changed_after_it_was_signed_is_not_recorded(
    site: CopiedSite, changed: dict[str, Any]
) -> None:
    visit = site.registered()
    screen(site, visit, all_no())
    form = signed_consent(site, visit, AGREED)
    with pytest.raises(SignatureNotBound):
        site.desk.do(screening.record_consent, visit.encounter_id, replace(form, **changed))
    assert state(site, visit) is VisitState.SCREENED


def test_a_consent_signed_for_one_plan_is_none_for_the_next(site: CopiedSite) -> None:
    visit = site.registered()
    screen(site, visit, all_no())
    form = signed_consent(site, visit, AGREED)
    screen(site, visit, all_no("HEPB-10"))
    with pytest.raises(SignatureNotBound):
        site.desk.do(screening.record_consent, visit.encounter_id, form)


def test_a_refusal_may_be_signed_as_well(site: CopiedSite) -> None:
    """VER-7."""
    visit = site.registered()
    screen(site, visit, all_no())
    declined = replace(AGREED, agreed=False, reason="再想想")
    site.desk.do(screening.record_consent, visit.encounter_id, signed_consent(site, visit, declined))
    assert state(site, visit) is VisitState.DECLINED


def test_hardly_any_ink_is_refused_by_the_act_too(site: CopiedSite) -> None:
    visit = site.registered()
    form = signed_screening(site, visit, all_no())
    assert form.drawn is not None
    dot = replace(form.drawn, signature=replace(form.drawn.signature, strokes=(((1, 1, 0),),)))
    with pytest.raises(SignatureTooShort):
        screen(site, visit, replace(form, drawn=dot))


Path_ = tuple[Any, ...]
UNSIGNED = {
    "screening": {("screening_id",), ("recorded_at",)},
    "consent": {("consent_id",), ("recorded_at",)},
}
"""What is given to a record when it is written: the journal's own chain holds it."""


def leaves(value: Any, at: Path_ = ()) -> Iterator[Path_]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found = False
    for key, each in inner:
        found = True
        yield from leaves(each, (*at, key))
    if not found:
        yield at


@pytest.fixture(scope="module")
def recorded() -> list[tuple[Json, str]]:
    """A screening, an advice against and a consent, all signed on the screen; one by the doctor as well."""
    with quick_folder() as folder:
        site = CopiedSite(Path(folder))
        test_a_morning_signed_on_the_screen_stands_and_is_rebuilt_as_it_was(site)
        third = site.registered(site.patient(index=2))
        form = replace(against(), signed_by="家属")
        screen(site, third, signed_screening(site, third, signed_decision(site, third, form)))
        found = bodies(site)
        site.close()
    return found


scalars: st.SearchStrategy[Any] = (
    st.none() | st.booleans() | st.integers(0, 3000) | st.text(max_size=5) | st.just([]) | st.just({})
)


@given(st.data())
def test_whatever_is_changed_in_a_recorded_body_shows(
    recorded: list[tuple[Json, str]], data: st.DataObject
) -> None:
    """电子签名法 art. 13: any later change of what was signed, or of the signature, can be found."""
    body, person = data.draw(st.sampled_from(recorded))
    unsigned = UNSIGNED["screening" if "signatures" in body else "consent"]
    places = [path for path in leaves(body) if path not in unsigned]
    few, ink = [path for path in places if "strokes" not in path], [p for p in places if "strokes" in p]
    place = data.draw(st.sampled_from(few) | st.sampled_from(ink))
    changed = copy.deepcopy(body)
    holder: Any = changed
    for key in place[:-1]:
        holder = holder[key]
    was = holder[place[-1]]
    others = [scalars]
    if isinstance(was, str):
        others += [st.just(was.upper()), st.just(was + " "), st.just(was[1:])]
    holder[place[-1]] = data.draw(st.one_of(others))
    if canonical(changed) == canonical(body):
        return
    with pytest.raises(SignatureNotBound):
        verify_record(changed, person)


@given(st.data())
@settings(max_examples=50)
def test_whatever_is_added_or_left_out_shows(recorded: list[tuple[Json, str]], data: st.DataObject) -> None:
    body, person = data.draw(st.sampled_from(recorded))
    unsigned = UNSIGNED["screening" if "signatures" in body else "consent"]
    changed = copy.deepcopy(body)
    parts = [changed, signer_in(changed)]
    if "signatures" in body:
        parts += [changed["signatures"], changed["signatures"]["doctor"], changed["questions"]]
    part = data.draw(st.sampled_from(parts))
    if data.draw(st.booleans()):
        part["added"] = data.draw(scalars)
    else:
        keys = [key for key in part if part is not changed or (key,) not in unsigned]
        del part[data.draw(st.sampled_from(sorted(keys)))]
    with pytest.raises(SignatureNotBound):
        verify_record(changed, person)


@pytest.mark.parametrize("part", ["digest", "public_key", "value"])
@pytest.mark.parametrize(
    "spelt", [str.upper, lambda text: text + " ", lambda text: text[:2] + " " + text[2:]]
)
def test_the_same_number_spelt_otherwise_shows(
    recorded: list[tuple[Json, str]], part: str, spelt: Callable[[str], str]
) -> None:
    for body, person in recorded:
        changed = copy.deepcopy(body)
        signer_in(changed)[part] = spelt(signer_in(changed)[part])
        with pytest.raises(SignatureNotBound):
            verify_record(changed, person)


def test_the_signature_of_one_person_is_none_for_another(recorded: list[tuple[Json, str]]) -> None:
    (first, one), _, (_, another), _ = recorded
    verify_record(first, one)
    with pytest.raises(SignatureNotBound):
        verify_record(first, another)


def test_the_checker_names_the_record_that_was_changed(site: CopiedSite) -> None:
    visit = site.registered()
    screen(site, visit, signed_screening(site, visit, all_no()))
    (event,) = journal.events_of(site.desk.read(), RECORDS)
    forged = replace(event, body={**event.body, "decision": "3"})
    with pytest.raises(RecordedSignatureBroken) as found:
        verify_records([event, forged])
    assert (found.value.event_id, found.value.what) == (event.id, "advice")
