"""A class list is read row by row, matched by number alone, judged, kept in the trail (APP-8, SEC-4-5)."""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from app.domain.audit import Access, Purpose
from app.domain.condensed import Person
from app.domain.entry_check import EntryVerdict, TooOldForEntryCheck
from app.domain.identity import DocumentType, NameMissing, NumberMissing, WrongCheckDigit
from app.domain.people import Patient
from app.domain.permissions import NotPermitted
from app.storage import audit as trail
from app.storage.patients import add_people, patient_body
from app.workflows import entry_check
from app.workflows.class_list import (
    MOST_CHILDREN,
    BirthDateUnreadable,
    HeadingMissing,
    ListedTwice,
    ListTooLong,
    ListUnreadable,
    NumberLostDigits,
    read_class_list,
)
from app.workflows.entry_check import (
    CheckedChild,
    Differing,
    NobodyOnFile,
    SeveralOnFile,
    check_children,
    match_children,
)
from app.workflows.results import ResultNotWritten, write_result
from tests.factories import MANAGER, NURSE
from tests.ui.registration.people import child, number_of, register
from tests.workflows.class_lists import write_list
from tests.workflows.copied_site import CopiedSite

TODAY = date(2026, 11, 22)
BORN = date(2022, 3, 10)
NUMBER = number_of(BORN, 22)


def rows_of(tmp_path: Path, *rows: tuple[Any, ...], **written: Any) -> list[tuple[int, str, object]]:
    """Return line, number and the class of the refusal of each row."""
    file = write_list(tmp_path / "名单.xlsx", *rows, **written)
    return [(one.line, one.number, type(one.refusal)) for one in read_class_list(file, TODAY)]


NONE = type(None)


def test_the_headings_are_found_below_titles_and_however_they_are_written(tmp_path: Path) -> None:
    headings = ("* 儿童姓名", " 身份证号码（18位）", "出生年月日:", "所在班级")
    file = write_list(
        tmp_path / "a.xlsx", ("欧阳小满", NUMBER, "2022.3.10", "小一班"),
        headings=headings, above=("云溪中心幼儿园", ""),
    )  # fmt: skip
    (one,) = read_class_list(file, TODAY)
    assert (one.line, one.name, one.number, one.birth_on) == (4, "欧阳小满", NUMBER, BORN)
    assert (one.class_name, one.refusal) == ("小一班", None)


A_CELL = datetime.fromisoformat("2022-03-10")


@pytest.mark.parametrize(
    "written",
    [A_CELL, "2022-03-10", "2022/3/10", "2022年3月10日", "20220310", 20220310],
)
def test_a_birth_date_is_read_as_schools_write_it(tmp_path: Path, written: Any) -> None:
    file = write_list(tmp_path / "a.xlsx", (1, "", "欧阳小满", NUMBER, written))
    assert [one.birth_on for one in read_class_list(file, TODAY)] == [BORN]


def test_each_bad_row_has_its_line_and_its_reason_and_the_others_go_on(tmp_path: Path) -> None:
    wrong = NUMBER[:-1] + ("1" if NUMBER[-1] != "1" else "2")
    found = rows_of(
        tmp_path,
        (1, "", "甲", "", None),
        (2, "", "乙", wrong, None),
        (3, "", "丙", NUMBER, "三月"),
        (None, None, None, None, None),
        (4, "", "", number_of(BORN, 24), None),
        (5, "", "丁", 120103202203100241, None),
        (6, "", "戊", f" {NUMBER[:6]} {NUMBER[6:].lower()} ", None),
        (7, "", "己", NUMBER, None),
    )
    assert [(line, why) for line, _, why in found] == [
        (2, NumberMissing), (3, WrongCheckDigit), (4, BirthDateUnreadable), (6, NameMissing),
        (7, NumberLostDigits), (8, NONE), (9, ListedTwice),
    ]  # fmt: skip
    assert found[5][1] == NUMBER


def test_a_file_that_is_no_list_is_refused_whole(tmp_path: Path) -> None:
    text = tmp_path / "list.xlsx"
    text.write_text("姓名,身份证号", "utf-8")
    for file in (text, tmp_path / "gone.xlsx"):
        with pytest.raises(ListUnreadable):
            read_class_list(file, TODAY)
    with pytest.raises(HeadingMissing):
        read_class_list(write_list(tmp_path / "b.xlsx", headings=("姓名", "电话")), TODAY)
    too_many = [("甲", str(number)) for number in range(MOST_CHILDREN + 30)]
    with pytest.raises(ListTooLong):
        read_class_list(write_list(tmp_path / "c.xlsx", *too_many, headings=("姓名", "证件号码")), TODAY)


def test_a_file_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ResultNotWritten):
        write_result(tmp_path, b"")


def checked(site: CopiedSite, tmp_path: Path, *rows: tuple[Any, ...]) -> list[CheckedChild]:
    file = write_list(tmp_path / "名单.xlsx", *rows)
    db = site.desk.read()
    matched = match_children(db, read_class_list(file, site.desk.today()))
    return list(check_children(db, matched, site.desk.today()))


def baby(site: CopiedSite, sequence: int = 22) -> Patient:
    return register(site, child(born=BORN, sequence=sequence))


def test_a_child_is_found_by_number_never_by_name(site: CopiedSite, tmp_path: Path) -> None:
    kept = baby(site)
    found = checked(
        site, tmp_path,
        (1, "", kept.name, kept.document_number, BORN),
        (2, "", kept.name, number_of(BORN, 44), BORN),
    )  # fmt: skip
    assert [type(one.refusal) for one in found] == [NONE, NobodyOnFile]
    assert found[0].verdict is EntryVerdict.MISSING
    assert found[1].verdict is None


def test_two_records_of_one_number_give_no_result(site: CopiedSite, tmp_path: Path) -> None:
    """As made before the two were found to be one person, or sent by another site."""
    kept = baby(site)
    other = replace(kept, patient_id="p-other", document_type=DocumentType.HOUSEHOLD_BOOK)
    body = patient_body(other)
    site.store.write(lambda transaction: add_people(transaction.db, [Person(0, body)]))
    (one,) = checked(site, tmp_path, (1, "", kept.name, kept.document_number, BORN))
    assert (one.refusal, one.verdict) == (SeveralOnFile(2), None)


def test_a_row_that_differs_from_its_record_is_doubtful(site: CopiedSite, tmp_path: Path) -> None:
    kept = baby(site)
    (one,) = checked(site, tmp_path, (1, "", "别的名字", kept.document_number, date(2022, 3, 11)))
    assert one.matched.differs == (Differing.NAME, Differing.BIRTH_DATE)
    assert one.verdict is EntryVerdict.DOUBTFUL


def test_a_grown_up_in_the_list_is_refused_alone(site: CopiedSite, tmp_path: Path) -> None:
    adult = site.patient()
    kept = baby(site)
    rows = ((1, "", one.name, one.document_number, one.birth_on) for one in (adult, kept))
    assert [type(one.refusal) for one in checked(site, tmp_path, *rows)] == [TooOldForEntryCheck, NONE]


def exports(site: CopiedSite) -> list[tuple[Access, str | None, Purpose | None, str]]:
    lines = [record.line for record in trail.trail(site.desk.read())]
    return [
        (line.access, line.patient_id, line.purpose, line.words)
        for line in lines
        if line.purpose is Purpose.ENTRY_CHECK
    ]


def test_a_list_leaves_a_line_for_itself_and_one_for_each_child_on_file(
    site: CopiedSite, tmp_path: Path
) -> None:
    kept = baby(site)
    rows = ((1, "", kept.name, kept.document_number, BORN), (2, "", "某", number_of(BORN, 44), BORN))
    listed = read_class_list(write_list(tmp_path / "大一班.xlsx", *rows), TODAY)
    matched = match_children(site.desk.read(), listed)
    site.as_user(NURSE)
    with pytest.raises(NotPermitted):
        site.desk.do(entry_check.check_class, matched, "大一班.xlsx", "")
    assert exports(site) == []
    site.as_user(MANAGER)
    site.desk.do(entry_check.check_class, matched, "大一班.xlsx", "幼儿园来函")
    assert exports(site) == [
        (Access.EXPORTED, None, Purpose.ENTRY_CHECK, "入托入学查验名单 大一班.xlsx：幼儿园来函"),
        (Access.EXPORTED, kept.patient_id, Purpose.ENTRY_CHECK, "大一班.xlsx"),
    ]


def test_one_persons_print_is_kept_with_its_reason(site: CopiedSite) -> None:
    kept = baby(site)
    site.desk.do(entry_check.print_entry_check, kept.patient_id)
    assert exports(site) == [(Access.PRINTED, kept.patient_id, Purpose.ENTRY_CHECK, "入托入学查验结果")]
