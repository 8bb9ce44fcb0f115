"""import-cdsi and conform: the CDC's files become a pack, its cases a list of differences."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from app.commands import cli
from app.domain.schedule.duration import read_duration
from app.domain.schedule.reading import read_pack
from app.domain.schedule.series import RequiredSex
from tests.commands.cdsi_files import NEWBORN, YOUNG, supporting_data, workbook
from tests.schemas import must_fit


def run(*words: object) -> tuple[int, Any]:
    done = CliRunner().invoke(cli, [str(word) for word in words], catch_exceptions=False)
    return done.exit_code, json.loads(done.output) if "--json" in words else done.output


def test_the_supporting_data_becomes_a_pack_that_the_reader_takes(tmp_path: Path) -> None:
    data, out = supporting_data(tmp_path / "4.99"), tmp_path / "pack.json"
    status, answer = run("import-cdsi", data, "--out", out, "--json")
    must_fit(answer, "import-cdsi")
    assert (status, answer["edition"], answer["antigens"], answer["series"]) == (0, "4.99", 1, 1)
    pack = read_pack(out.read_text("utf-8"), "pack.json")
    [antigen] = pack.antigens
    [series] = antigen.series
    first, second = series.doses
    assert series.sexes == (RequiredSex.FEMALE, RequiredSex.UNKNOWN)
    assert (series.equivalent_groups, series.selection.default) == (("2", "3"), True)
    assert first.ages[0].abs_min == read_duration("0 days"), "without one CDSi sets none"
    assert first.ages[0].latest == read_duration("3 months + 4 weeks")
    assert (first.preferable[0].market_holder, first.preferable[0].forecast) == ("ABC", True)
    assert not second.preferable[0].forecast
    assert (first.allowable[0].vaccine, first.inadvertent) == ("904", ("905",))
    assert [one.from_dose for one in second.intervals] == [None, 1]
    assert second.intervals[0].override
    assert str(second.intervals[0].valid_from) == "2009-12-16"
    assert second.recurring
    condition = second.skips[0].sets[0].conditions[0]
    assert (condition.count, condition.valid_only, condition.vaccines) == (0, True, ("901", "902"))
    assert str(condition.end) == "2024-12-31", "CDSi counts before the end date"
    assert str(antigen.immunity.born[0].before) == "1957-01-02"
    assert antigen.contraindications[0].vaccines == ()
    assert antigen.contraindications[1].vaccines[0].end_age == read_duration("2 years")
    assert {vaccine.code for vaccine in pack.vaccines} == {"901", "902", "903", "904", "905"}
    assert pack.conflicts[0].abs_end == read_duration("24 days")


def test_a_case_as_published_has_no_difference_and_another_is_told_in_full(tmp_path: Path) -> None:
    data = supporting_data(tmp_path / "4.99")
    cases = workbook(tmp_path / "cases.xlsx", NEWBORN, YOUNG)
    status, answer = run("conform", "--cdsi", data, cases, "--json")
    must_fit(answer, "conform")
    assert (status, answer["cases"], answer["as_expected"], answer["share"]) == (0, 2, 1, "50.0")
    told = {one["what"]: (one["expected"], one["found"]) for one in answer["differences"]}
    assert told == {
        "dose_number": ("3", "2"),
        "evaluation 1": ("not_valid", "valid"),
    }
    assert {one["case_id"] for one in answer["differences"]} == {"2026-0002"}


def test_a_person_reads_the_differences_and_the_share(tmp_path: Path) -> None:
    data = supporting_data(tmp_path / "4.99")
    _, told = run("conform", "--cdsi", data, workbook(tmp_path / "cases.xlsx", NEWBORN, YOUNG))
    assert "2026-0002 Pox dose_number：应为 3，算出 2" in told
    assert told.rstrip().endswith("1 / 2 个用例一致，50.0 %")


def test_a_status_and_a_date_that_differ_are_told(tmp_path: Path) -> None:
    data = supporting_data(tmp_path / "4.99")
    wrong = NEWBORN | {"Series_Status": "Immune"}
    late = NEWBORN | {"Recommended_Date": "03/06/2026"}
    immune = NEWBORN | {"Series_Status": "Immune", "Observation_Code_1": 20}
    cases = workbook(tmp_path / "cases.xlsx", wrong, late, immune)
    _, answer = run("conform", "--cdsi", data, cases, "--json")
    found = [(one["what"], one["expected"], one["found"]) for one in answer["differences"]]
    assert found == [
        ("status", "immune", "not_complete"),
        ("recommended_on", "2026-03-06", "2026-03-05"),
    ]


@pytest.mark.parametrize(
    ("spoil", "refusal"),
    [
        (lambda data: (data / "ScheduleSupportingData.xml").unlink(), "SupportingDataMissing"),
        (lambda data: next(data.glob("Antigen*")).unlink(), "SupportingDataMissing"),
        (lambda data: next(data.glob("Antigen*")).write_text("<a>\n<b></a>"), "SupportingDataBroken"),
    ],
)
def test_data_that_is_not_there_or_broken_is_refused(tmp_path: Path, spoil: Any, refusal: str) -> None:
    data = supporting_data(tmp_path / "4.99")
    spoil(data)
    status, answer = run("import-cdsi", data, "--out", tmp_path / "pack.json", "--json")
    must_fit(answer, "import-cdsi")
    assert (status, answer["refusal"]) == (1, refusal)
    assert not (tmp_path / "pack.json").exists()


def test_a_file_that_holds_no_cases_is_refused(tmp_path: Path) -> None:
    data, text = supporting_data(tmp_path / "4.99"), tmp_path / "cases.xlsx"
    text.write_text("no workbook", "utf-8")
    status, answer = run("conform", "--cdsi", data, text, "--json")
    must_fit(answer, "conform")
    assert (status, answer["refusal"]) == (1, "CasesUnreadable")
