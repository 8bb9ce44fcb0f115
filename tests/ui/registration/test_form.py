"""A new record, or a corrected one (REG-2, REG-5, REG-6, REG-7, REG-8, REG-9)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLineEdit

from app.domain.identity import DocumentType
from app.domain.people import Guardian, Patient, Sex
from app.domain.permissions import NotPermitted
from app.storage import patients
from app.ui.registration.day_edit import read_day
from app.ui.registration.form_view import FormView
from app.ui.registration.patient_form import PatientForm
from app.ui.registration.versions_sheet import VersionsSheet
from app.ui.texts.registration import FIELD_NAMES
from tests.factories import NURSE, OBSERVER
from tests.ui.kit.screen_rules import faults
from tests.ui.registration.people import ADULT_BORN, child, number_of, register, somebody
from tests.ui.registration.rig import LARGE, SMALL, DeskRig


def view(rig: DeskRig) -> FormView:
    return rig.registration.form


def form(rig: DeskRig) -> PatientForm:
    return rig.registration.form.form


def put(rig: DeskRig, field_id: str, value: str) -> None:
    """Fill a field as a person does: words and codes are typed, choices are chosen."""
    control = form(rig).control(field_id)
    control.setFocus(Qt.FocusReason.OtherFocusReason)
    if isinstance(control, QComboBox):
        control.setCurrentIndex(control.findData(value))
    else:
        assert isinstance(control, QLineEdit)
        control.clear()
        rig.type(value)
    rig.settle()


def fill_adult(rig: DeskRig, name: str = "欧阳予安") -> None:
    put(rig, "document_number", number_of())
    put(rig, "name", name)
    put(rig, "phone", "10033344455")
    put(rig, "population_group", "其他")
    put(rig, "address", "云溪镇上河村 1 组")


def on_file(rig: DeskRig, number: str) -> Patient | None:
    found = patients.find_by_number(rig.bench.read(), number)
    return found[0] if found else None


def test_f9_opens_an_empty_form_in_order_and_esc_saves_nothing_of_it(rig: DeskRig) -> None:
    before = len(rig.events("patient.registered"))
    rig.press("F9")
    assert form(rig).isVisible()
    assert (form(rig).value("name"), form(rig).value("sex"), form(rig).birth_on) == ("", "", None)
    assert form(rig).value("nationality") == "CHN"
    assert form(rig).value("region_code") == "100101"
    query = Qt.InputMethodQuery.ImEnabled
    for field in ("name", "address", "guardian_name", "proxy_name", "workplace"):
        assert form(rig).control(field).inputMethodQuery(query) is not False, field
    for field in ("document_number", "birth_on", "phone", "region_code", "guardian_phone"):
        assert form(rig).control(field).inputMethodQuery(query) is False, field
    form(rig).control("document_type").setFocus(Qt.FocusReason.OtherFocusReason)
    for field in ("document_number", "name", "sex", "birth_on", "phone", "population_group", "booklet"):
        rig.press("Tab")
        assert rig.focus is form(rig).control(field), field

    put(rig, "name", "欧阳予安")
    rig.press("Enter")
    assert rig.focus is form(rig).control("document_number"), "the first empty field"
    assert form(rig).value("name") == "欧阳予安", "nothing typed is lost"
    assert len(rig.events("patient.registered")) == before

    rig.press("Esc")
    assert not form(rig).isVisible()
    assert rig.focus is rig.registration.search.line
    rig.undo()
    assert form(rig).isVisible()
    assert form(rig).value("name") == "欧阳予安", "Ctrl+Z brings it back"


def test_a_mandatory_field_that_is_empty_says_so_below_itself(rig: DeskRig) -> None:
    """REG-5: mandatory fields are filled to 100 %."""
    rig.press("F9")
    rig.press("Enter")
    assert rig.events("patient.registered")[-1:] != [None]
    assert form(rig).error("document_type") == "", "there is always one"
    for field_id in sorted(set(FIELD_NAMES) - {"document_type"}):
        assert form(rig).error(field_id) == f"请填写{FIELD_NAMES[field_id]}。"
    put(rig, "document_type", DocumentType.PASSPORT)
    put(rig, "birth_on", "20250230")
    rig.press("Enter")
    assert "没有这一天" in form(rig).error("birth_on")


def test_enter_saves_every_field_and_the_new_person_is_ready_for_a_number(rig: DeskRig) -> None:
    """REG-2: a phone is never a key. REG-9, REG-11: people live elsewhere than their household is registered.

    REG-6: a newborn registered without a number and later with one is the classic duplicate.
    """
    register(rig.site, somebody(sequence=13))
    whole = {
        "residence": "floating",
        "ethnic_group": "05",
        "nationality": "CHN",
        "region_code": "100101003002",
        "household_address": "云溪镇柳林村 2 组",
        "workplace": "云溪小学",
    }
    proxy = {"proxy_name": "欧阳澜", "proxy_relation": "子女", "proxy_phone": "10033344455"}
    rig.press("F9")
    fill_adult(rig)
    rig.press("Tab")
    assert "已有同名同生日的人：欧阳予安" in view(rig).notice.words
    for field, value in (whole | {"booklet": ""} | proxy).items():
        put(rig, field, value)
    rig.press("Enter")
    saved = on_file(rig, number_of())
    assert saved is not None
    assert (saved.name, saved.birth_on, saved.sex) == ("欧阳予安", ADULT_BORN, Sex.MALE)
    assert {field: getattr(saved, field) for field in whole} == whole
    assert saved.booklet is False
    assert saved.proxy == Guardian("欧阳澜", "子女", "10033344455")
    assert rig.registration.search.results.selected_id == saved.patient_id
    assert rig.focus is rig.registration.search.line
    rig.press("Enter")
    assert len(rig.events("encounter.opened")) == 1


@pytest.mark.parametrize("typed", ["20260214", "2026-02-14", "2026-2-14", "2026年2月14日", "2026.02.14"])
def test_a_day_may_be_typed_in_every_usual_way(typed: str) -> None:
    assert read_day(typed) == date(2026, 2, 14)


@pytest.mark.parametrize("typed", ["", "2026021", "20260230", "00000101", "二〇二六"])
def test_what_is_no_day_is_none(typed: str) -> None:
    assert read_day(typed) is None


def test_what_is_wrong_is_told_below_itself_and_everything_typed_stays(rig: DeskRig) -> None:
    """BirthDateDiffers, NameTooLong, WrongLength, NotPermitted."""
    rig.press("F9")
    fill_adult(rig)
    put(rig, "birth_on", "19620305")
    assert "不一致" in view(rig).notice.words
    rig.press("Enter")
    assert "1962-03-04" in form(rig).error("birth_on")
    assert on_file(rig, number_of()) is None
    put(rig, "birth_on", "19620304")

    put(rig, "name", "欧" * 26)
    rig.press("Enter")
    assert "姓名有 26 个字" in form(rig).error("name")
    put(rig, "name", "欧阳予安")

    put(rig, "document_number", "11010119900230")
    rig.press("Enter")
    assert "应为 18 位" in form(rig).error("document_number")
    put(rig, "document_number", number_of())

    put(rig, "sex", Sex.FEMALE)
    assert "性别和填写的不一致" in view(rig).notice.words, "a warning, it may be saved"
    rig.site.as_user(OBSERVER)
    rig.press("Enter")
    assert [type(refusal) for refusal in rig.refusals] == [NotPermitted]
    assert form(rig).value("name") == "欧阳予安"
    rig.press("Enter")
    rig.site.as_user(NURSE)
    rig.press("Enter")
    saved = on_file(rig, number_of())
    assert saved is not None
    assert saved.sex is Sex.FEMALE


IMPOSSIBLE = [
    (DocumentType.CITIZEN_CARD, "360426199101010072", "校验位不对"),
    (DocumentType.CITIZEN_CARD, "1101011990O2300014", "不能有这个字符"),
    (DocumentType.CITIZEN_CARD, "110101199002300014", "出生日期 19900230 不存在"),
    (DocumentType.PASSPORT, "E1", "应为 5 到 18 位"),
]


def test_a_number_is_judged_as_it_is_typed_or_read(rig: DeskRig) -> None:
    """REG-12."""
    rig.press("F9")
    for kind, number, words in IMPOSSIBLE:
        put(rig, "document_type", kind)
        put(rig, "document_number", number)
        assert words in form(rig).error("document_number")
    put(rig, "document_type", DocumentType.CITIZEN_CARD)
    put(rig, "document_number", "810000199001010019")
    assert "另一种证件" in view(rig).notice.words, "only a warning"
    assert form(rig).error("document_number") == ""
    rig.scan("360426199101010072")
    assert "校验位不对" in form(rig).error("document_number"), "a misread card"
    rig.scan(number_of(sequence=22))
    assert (form(rig).value("document_number"), form(rig).value("sex")) == (number_of(sequence=22), "2")


def test_a_minor_needs_a_guardian_and_an_adult_may_name_a_proxy(rig: DeskRig) -> None:
    """REG-2; 民法典 art. 27."""
    rig.press("F9")
    fill_adult(rig)
    assert form(rig).control("proxy_name").isVisible()
    assert not form(rig).control("guardian_name").isVisible()
    put(rig, "document_type", DocumentType.BIRTH_CERTIFICATE)
    put(rig, "document_number", "N123456789")
    put(rig, "birth_on", f"{rig.site.desk.today() - timedelta(days=30):%Y%m%d}")
    assert form(rig).control("guardian_name").isVisible()
    assert not form(rig).control("proxy_name").isVisible()
    put(rig, "guardian_name", "欧阳澜")
    rig.press("Enter")
    assert form(rig).error("guardian_relation")
    assert form(rig).error("guardian_phone")
    put(rig, "guardian_relation", "母亲")
    put(rig, "guardian_phone", "10033344455")
    put(rig, "birth_on", f"{rig.site.desk.today() + timedelta(days=1):%Y%m%d}")
    rig.press("Enter")
    assert "晚于今天" in form(rig).error("birth_on"), "BirthDateInFuture"
    put(rig, "birth_on", f"{rig.site.desk.today() - timedelta(days=30):%Y%m%d}")
    rig.press("Enter")
    saved = on_file(rig, "N123456789")
    assert saved is not None
    assert saved.guardian == Guardian("欧阳澜", "母亲", "10033344455")


def test_a_number_on_file_offers_its_record_before_anything_is_typed_twice(rig: DeskRig) -> None:
    """REG-6: duplicate cards below 0.1 %."""
    known = register(rig.site, somebody())
    rig.press("F9")
    put(rig, "document_number", number_of())
    assert "已有档案：欧阳予安" in view(rig).notice.words
    rig.press("F12")
    assert rig.registration.search.results.selected_id == known.patient_id


def test_a_number_put_on_file_by_another_desk_meanwhile_is_refused_with_the_same_offer(rig: DeskRig) -> None:
    """AlreadyRegistered."""
    rig.press("F9")
    fill_adult(rig)
    known = register(rig.site, somebody("欧阳予岸"))
    rig.press("Enter")
    assert "已有档案：欧阳予岸" in view(rig).notice.words
    rig.press("F12")
    assert rig.registration.search.results.selected_id == known.patient_id


def test_somebody_without_documents_gets_a_number_for_the_time_being(rig: DeskRig) -> None:
    rig.press("F9")
    put(rig, "document_type", DocumentType.NONE)
    assert not form(rig).control("document_number").isEnabled()
    put(rig, "name", "欧阳予安")
    put(rig, "sex", Sex.MALE)
    put(rig, "birth_on", "19620304")
    put(rig, "phone", "10033344455")
    put(rig, "population_group", "其他")
    put(rig, "address", "云溪镇上河村 1 组")
    rig.press("Enter")
    body = rig.events("patient.registered")[-1].body
    assert (body["document_type"], body["document_number"][:2]) == ("none", "T-")


@pytest.mark.usefixtures("dressed")
def test_a_correction_changes_what_was_typed_and_nothing_else(rig: DeskRig) -> None:
    """REG-7, REG-8: the journal keeps what stood before."""
    known = register(rig.site, replace(somebody(), ethnic_group="05", workplace="云溪小学", booklet=False))
    rig.scan(number_of())
    rig.press("F11")
    put(rig, "name", "欧阳予岸")
    rig.press("Enter")
    assert rig.focus is view(rig).why.other
    assert view(rig).notice.isVisible()
    assert patients.get_patient(rig.bench.read(), known.patient_id) == known
    rig.press("Alt+5", "Enter")
    assert patients.get_patient(rig.bench.read(), known.patient_id) == replace(known, name="欧阳予岸")
    assert [event.kind for event in rig.events("patient.amended")] == ["patient.amended"]
    rig.undo()
    assert patients.get_patient(rig.bench.read(), known.patient_id) == known
    rig.press("F11", "F10")
    (sheet,) = [one for one in rig.registration.findChildren(VersionsSheet) if one.isVisible()]
    assert [row[1:] for row in sheet.rows] == [
        ("周敏", "姓名：欧阳予岸 → 欧阳予安", "撤销刚才的更正"),
        ("周敏", "姓名：欧阳予安 → 欧阳予岸", "登记时写错"),
        ("周敏", "建档", ""),
    ]
    for size in (LARGE, SMALL):
        rig.resize(size)
        assert faults(sheet) == {}
        assert faults(view(rig)) == {}
    rig.press("Esc")
    assert not any(one.isVisible() for one in rig.registration.findChildren(VersionsSheet))
    assert form(rig).isVisible(), "back to what was being corrected"


def test_a_child_is_corrected_with_the_guardian_on_file(rig: DeskRig) -> None:
    minor = register(rig.site, child(born=rig.site.desk.today() - timedelta(days=400)))
    rig.scan(minor.document_number)
    rig.press("F11", "Enter")
    assert patients.get_patient(rig.bench.read(), minor.patient_id) == minor
