"""The doctor decides; the plan, the deferral, the advice and the signatures (VER-5, SITE-8)."""

from datetime import timedelta

from pytestqt.qtbot import QtBot

from app.domain.people import Patient
from app.domain.permissions import NotPermitted
from app.domain.visit import AlreadyInVisit, VisitState
from app.storage import patients
from app.storage.catalogue import all_products
from app.ui.screening.product_list import ProductRow
from app.workflows import registration
from app.workflows.forecast import forecast_of, proposal_for
from tests.factories import DOCTOR, NURSE
from tests.ui.registration.people import child, somebody
from tests.ui.registration.rig import DeskRig
from tests.ui.screening.steps import (
    ALL_NO,
    SIGNED,
    answers,
    begin,
    come,
    examination,
    product_key,
    record,
    screened,
    woman,
)


def decide(rig: DeskRig, key: str) -> None:
    rig.press(*ALL_NO[: len(examination(rig).draft.unanswered())], key)


def rows(rig: DeskRig) -> dict[str, ProductRow]:
    found = examination(rig).decision.products.findChildren(ProductRow)
    return {row.product.product_code: row for row in found}


def test_a_whole_screening_takes_seventeen_keys_and_no_mouse(rig: DeskRig) -> None:
    """Eleven answers, the decision, the vaccine, two signatures, recording, consent."""
    visit = come(rig, woman())
    rig.keys = 0
    rig.scan_ticket(visit)
    rig.press(*ALL_NO, "Alt+1")
    rig.press(product_key(rig, "FLU4-1"), *SIGNED, "Enter", "Alt+1")
    assert rig.state(visit) is VisitState.READY
    assert rig.keys == 17


def test_nothing_is_preselected_and_esc_goes_back_step_by_step(rig: DeskRig) -> None:
    visit = begin(rig, woman())
    rig.press(*ALL_NO)
    assert examination(rig).draft.decision is None
    assert rig.screening.banner.sentence == "问完了，请医生作结论"
    rig.press("Alt+1")
    assert all("未核实" in row.accessibleDescription() for row in rows(rig).values()), "nobody verified it"
    rig.press(*SIGNED)
    assert not any(row.isChecked() for row in rows(rig).values())
    assert rig.screening.banner.sentence == "还没有选疫苗"
    rig.press("Enter")
    assert rig.state(visit) is VisitState.REGISTERED, "recording waits for a vaccine"
    rig.press("Esc")
    assert not examination(rig).is_deciding
    rig.press("Esc")
    assert rig.screening.waiting.isVisible()
    assert rig.focus is rig.screening.waiting.scan_box.edit


def test_a_product_that_is_not_for_this_age_is_shown_with_its_reason_and_cannot_be_picked(
    rig: DeskRig,
) -> None:
    begin(rig, child(born=rig.site.desk.today() - timedelta(days=100)))
    decide(rig, "Alt+1")
    zoster = rows(rig)["ZOS-1"]
    assert not zoster.isEnabled()
    assert "年龄不符：满 40 岁" in zoster.accessibleDescription()
    enabled = [row for row in rows(rig).values() if row.isEnabled()]
    rig.press(*["Down"] * (len(enabled) + 3))
    assert examination(rig).draft.product_code == enabled[-1].product.product_code


def test_what_may_go_together_today_is_said_above_the_products(rig: DeskRig) -> None:
    """APP-8: the doctor sees it before picking, and what a picked one adds."""
    begin(rig, child(born=rig.site.desk.today() - timedelta(days=260)))
    decide(rig, "Alt+1")
    told = examination(rig).decision.together
    assert told.isVisible()
    assert told.text().startswith("今天可以同时种：")
    assert "麻腮风疫苗 " in told.text()
    assert "狂犬" not in told.text()
    rig.press(product_key(rig, "RAB-1"))
    assert told.text().startswith("今天可以同时种：狂犬疫苗 左上臂、")


def test_the_dose_number_is_proposed_from_the_record_and_chosen_by_the_doctor(rig: DeskRig) -> None:
    person = come(rig, somebody())
    rig.site.desk.do(registration.cancel_visit, person.encounter_id, "离开")
    patient = patients.get_patient(rig.bench.read(), person.patient_id)
    rig.site.vaccinated(patient, "RAB-1")
    db, today = rig.bench.read(), rig.site.desk.today()
    known = {product.vaccine_code: product for product in all_products(db)}
    forecast = forecast_of(db, patient, today)
    assert proposal_for(forecast, patient, known["RAB"]).dose_number == 2
    assert proposal_for(forecast, patient, known["FLU4"]).dose_number == 1
    rig.site.as_user(DOCTOR)
    begin(rig, woman())
    decide(rig, "Alt+1")
    rig.press(product_key(rig, "RAB-1"))
    assert examination(rig).draft.dose_number == 1
    rig.press("Plus", "Plus", "Minus")
    assert examination(rig).draft.dose_number == 2
    rig.press(*["Minus"] * 5)
    assert examination(rig).draft.dose_number == 1


def test_a_deferral_needs_a_reason_and_a_day_ends_the_visit_and_is_taken_back(rig: DeskRig) -> None:
    """ReasonMissing and ReviewDateMissing cannot be reached: the button waits."""
    visit = begin(rig, woman())
    decide(rig, "Alt+2")
    rig.press(*SIGNED)
    assert rig.screening.banner.sentence == "还没有写原因"
    examination(rig).decision.focus_first()
    rig.type("发热")
    assert rig.screening.banner.sentence == "还没有选复诊日期"
    today = rig.site.desk.today()
    for key, days in (("Alt+7", 7), ("Alt+9", 28), ("Alt+8", 14)):
        rig.press(key)
        assert examination(rig).draft.review_on == today + timedelta(days), "a review day is one key away"
    rig.press("Enter")
    assert rig.state(visit) is VisitState.DEFERRED
    review_on = str(today + timedelta(days=14))
    assert (record(rig, visit)["reason"], record(rig, visit)["review_on"]) == ("发热", review_on)
    assert record(rig, visit)["plan"] is None
    assert rig.screening.waiting.isVisible()

    rig.undo()
    assert examination(rig).isVisible(), "ux.md rule 7: opened again with everything in it"
    assert examination(rig).draft.unanswered() == []
    rig.press("Alt+1", product_key(rig, "FLU4-1"), "Enter")
    assert rig.state(visit) is VisitState.SCREENED, "recording it again supersedes the one before"


def test_a_review_day_that_is_not_ahead_is_refused_and_everything_stays(rig: DeskRig) -> None:
    """ReviewDateMissing."""
    visit = begin(rig, woman())
    decide(rig, "Alt+2")
    rig.type("发热")
    examination(rig).decision.review.setFocus()
    rig.type(f"{rig.site.desk.today():%Y%m%d}")
    rig.press(*SIGNED, "Enter")
    assert [type(refusal).__name__ for refusal in rig.refusals] == ["ReviewDateMissing"]
    assert rig.state(visit) is VisitState.REGISTERED
    rig.press("Enter")
    assert examination(rig).draft.reason == "发热"


def test_a_contraindication_needs_medical_advice_and_ends_the_visit(rig: DeskRig) -> None:
    """疫苗管理法 art. 45: the advice is given and recorded."""
    visit = begin(rig, woman())
    decide(rig, "Alt+3")
    rig.type("对成分过敏")
    rig.press(*SIGNED)
    assert rig.screening.banner.sentence == "还没有写医学建议"
    rig.press("Enter")
    assert rig.state(visit) is VisitState.REGISTERED
    examination(rig).decision.advice.setFocus()
    rig.type("请到变态反应科就诊")
    rig.press("Enter")
    assert rig.state(visit) is VisitState.NOT_ADVISED
    assert record(rig, visit)["advice"] == "请到变态反应科就诊"


def test_what_the_doctor_picked_is_printed_signed_by_both_and_recorded(rig: DeskRig, qtbot: QtBot) -> None:
    """APP-12: the paper is signed, and it is the same form. SignatureMissing cannot be reached."""
    visit = begin(rig, woman())
    decide(rig, "Alt+1")
    rig.press(product_key(rig, "FLU4-1"))
    rig.press(product_key(rig, "HEPB-10"))
    assert not examination(rig).decision.raised_view.isVisible(), "of a grown-up the schedule says nothing"
    with qtbot.waitSignal(rig.bench.delivered) as delivered:
        rig.press("F10")
    assert visit.ticket_number in delivered.args[0]

    rig.press("Enter")
    assert "等医生签字" in rig.screening.banner.sentence
    rig.press("F11", "Enter")
    assert "等受种者或监护人签字" in rig.screening.banner.sentence
    rig.press("F12")
    examination(rig).signatures.signer.clear()
    rig.settle()
    assert rig.screening.banner.sentence == "请填写签字人"
    rig.press("Enter")
    assert rig.state(visit) is VisitState.REGISTERED

    examination(rig).signatures.signer.setText("沈知夏")
    rig.settle()
    rig.press("Enter")
    assert rig.state(visit) is VisitState.SCREENED
    plan, signatures = record(rig, visit)["plan"], record(rig, visit)["signatures"]
    assert (plan["product_code"], plan["dose_number"]) == ("HEPB-10", 1)
    assert signatures["doctor"]["means"] == signatures["recipient"]["means"] == "paper"
    assert (signatures["recipient"]["name"], signatures["recipient"]["relation"]) == ("沈知夏", "本人")


def test_the_guardian_signs_for_a_minor(rig: DeskRig) -> None:
    visit = screened(rig, child(born=rig.site.desk.today() - timedelta(days=500)), "MMR-1")
    recipient = record(rig, visit)["signatures"]["recipient"]
    assert (recipient["name"], recipient["relation"]) == ("欧阳澜", "母亲")


def test_only_a_doctor_records_and_everybody_may_look(rig: DeskRig) -> None:
    """SITE-8; NotPermitted."""
    visit = come(rig, woman())
    rig.site.as_user(NURSE)
    rig.shell.go_to("screening", None)
    assert "由医生记录" in rig.screening.banner.sentence
    rig.scan_ticket(visit)
    decide(rig, "Alt+1")
    rig.press(product_key(rig, "FLU4-1"), *SIGNED, "Enter")
    assert [type(refusal) for refusal in rig.refusals] == [NotPermitted]
    assert rig.state(visit) is VisitState.REGISTERED
    rig.press("Enter")
    rig.site.as_user(DOCTOR)
    rig.press("Enter")
    assert rig.state(visit) is VisitState.SCREENED


def test_a_deferral_is_not_reopened_over_a_newer_visit(rig: DeskRig) -> None:
    """AlreadyInVisit."""
    visit = begin(rig, woman())
    decide(rig, "Alt+2")
    rig.type("发热")
    rig.press("Alt+7", *SIGNED, "Enter")
    rig.site.as_user(NURSE)
    rig.site.desk.do(registration.open_visit, visit.patient_id)
    rig.site.as_user(DOCTOR)
    rig.settle()
    rig.undo()
    rig.press("Alt+1", product_key(rig, "FLU4-1"), "Enter")
    assert [type(refusal) for refusal in rig.refusals] == [AlreadyInVisit]
    assert rig.state(visit) is VisitState.DEFERRED


def test_an_answer_to_question_ten_of_a_man_is_recorded_as_not_applicable(rig: DeskRig) -> None:
    visit = screened(rig)
    assert answers(rig, visit)["10"] == "not_applicable"


def test_a_grave_answer_asks_the_doctor_about_the_product_that_is_picked(rig: DeskRig) -> None:
    """The program asks, the doctor decides, and the reason is kept (VER-5)."""
    visit = begin(rig, woman())
    rig.press("2", "2", "1")
    rig.type("青霉素")
    rig.press("Enter", *ALL_NO[3:], "Alt+1")
    asked = examination(rig).decision.raised_view
    assert not asked.isVisible()
    rig.press(product_key(rig, "FLU4-1"), *SIGNED)
    assert asked.isVisible()
    assert asked.lines[0].text().startswith("第 3 问·可能是禁忌：")
    assert rig.screening.banner.sentence == "还没有写仍建议接种的理由"
    rig.press("Enter")
    assert rig.state(visit) is VisitState.REGISTERED
    asked.considered.setFocus()
    rig.type("对青霉素过敏，疫苗里没有")
    rig.press("Enter")
    assert rig.state(visit) is VisitState.SCREENED
    assert record(rig, visit)["considered"] == "对青霉素过敏，疫苗里没有"


def test_a_mild_answer_is_a_reason_to_begin_with_and_asks_for_nothing_more(rig: DeskRig) -> None:
    visit = begin(rig, woman())
    rig.press("1")
    rig.type("昨晚三十八度")
    rig.press("Enter", *ALL_NO[1:], "Alt+2")
    assert examination(rig).draft.reason == "昨晚三十八度"
    rig.press("Alt+1", product_key(rig, "FLU4-1"), *SIGNED)
    asked = examination(rig).decision.raised_view
    assert (asked.isVisible(), asked.field.isVisible()) == (True, False)
    rig.press("Enter")
    assert record(rig, visit)["raised"] == [["unwell", "precaution"]]


def baby(rig: DeskRig, days: int) -> Patient:
    return child(born=rig.site.desk.today() - timedelta(days=days))


def test_what_the_schedule_says_comes_first_and_another_plan_needs_a_reason_and_keeps_it(
    rig: DeskRig,
) -> None:
    """The doctor may differ; what was said, who decided and why stay on record."""
    visit = begin(rig, baby(rig, 70))
    decide(rig, "Alt+1")
    listed = examination(rig).decision.products.findChildren(ProductRow)
    due = [row.product.product_code for row in listed if "今天" in row.accessibleDescription()]
    assert set(due) == {"HEPB-10", "IPV-5", "DTAP-1"}
    assert [row.product.product_code for row in listed][: len(due)] == due
    rig.press(product_key(rig, "DTAP-1"))
    asked = examination(rig).decision.raised_view
    assert not asked.isVisible()
    assert examination(rig).draft.dose_number == 1

    rig.press("+", *SIGNED)
    assert asked.lines[0].text().startswith("和免疫程序不同：百白破疫苗应是第 1 剂")
    rig.press("Enter")
    assert rig.state(visit) is VisitState.REGISTERED
    asked.considered.setFocus()
    rig.type("外地已种第 1 剂，接种证为凭")
    rig.press("Enter")
    assert rig.state(visit) is VisitState.SCREENED
    kept = record(rig, visit)
    assert (kept["plan"]["dose_number"], kept["schedule"]["dose_number"]) == (2, 1)
    assert kept["considered"] == "外地已种第 1 剂，接种证为凭"
    assert "cn-dtap-2025" in kept["schedule"]["packs"]
