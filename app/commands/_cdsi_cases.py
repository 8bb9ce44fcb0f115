"""The CDC's published test cases (XLSX): what is told, and what is expected."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from app.domain.people import Sex
from app.domain.schedule.history import Dose, Observed, Subject
from app.domain.schedule.refusals import CasesUnreadable

GROUPS = {
    "DTAP": "DTaP/Tdap/Td",
    "FLU": "Influenza",
    "HIB": "Hib",
    "IPOL": "Polio",
    "MCV": "Meningococcal",
    "MENB": "Meningococcal B",
    "PCV": "Pneumococcal",
    "POL": "Polio",
    "ROTA": "Rotavirus",
    "VAR": "Varicella",
    "ZOSTER": "Zoster",
}
"""Groups that the cases call otherwise than the supporting data."""
SEXES = {"F": Sex.FEMALE, "M": Sex.MALE}

Row = dict[str, Any]


@dataclass(frozen=True)
class PublishedCase:
    """One row: a patient, a vaccine group, the expected answer."""

    case_id: str
    title: str
    on: date
    patient: Subject
    history: tuple[Dose, ...]
    group: str
    evaluations: tuple[str, ...]
    """Expected status of each dose, as ``not_valid``; empty where nothing is expected."""
    status: str
    dose_number: int | None
    dates: tuple[date | None, date | None, date | None]
    """Earliest, recommended, past due."""


def read_cases(file: Path) -> Iterator[PublishedCase]:
    """Yield the cases of the workbook's sheet that has a test id, a birth date and a status.

    Refuses with ``CasesUnreadable``.
    """
    try:
        book = load_workbook(file, read_only=True, data_only=True)
    except (OSError, BadZipFile, InvalidFileException, KeyError):
        raise CasesUnreadable(str(file)) from None
    if not any(_is_cases(sheet) for sheet in book.worksheets):
        raise CasesUnreadable(str(file))
    for sheet in book.worksheets:
        if not _is_cases(sheet):
            continue
        rows = sheet.iter_rows(values_only=True)
        names = [_text(name) for name in next(rows, ())]
        for values in rows:
            row = dict(zip(names, values, strict=False))
            if row["CDC_Test_ID"] and row["DOB"]:
                yield _case(row)
    book.close()


def _is_cases(sheet: Any) -> bool:
    head = next(sheet.iter_rows(max_row=1, values_only=True), ())
    return {_text(name) for name in head} >= {"CDC_Test_ID", "DOB", "Series_Status"}


def _case(row: Row) -> PublishedCase:
    numbers = [number for number in range(1, 8) if row.get(f"Date_Administered_{number}")]
    doses = [_dose(row, number) for number in numbers]
    group = _text(row.get("Vaccine_Group"))
    return PublishedCase(
        _text(row["CDC_Test_ID"]),
        _text(row.get("Test_Case_Name")),
        _day(row["Assessment_Date"]) or date.max,
        Subject(
            _day(row["DOB"]) or date.max,
            SEXES.get(_text(row.get("gender") or row.get("Gender")), Sex.UNKNOWN),
            tuple(_observations(row)),
            "U.S.",
        ),
        tuple(doses),
        next((name for key, name in GROUPS.items() if key == group.upper()), group),
        tuple(_word(row.get(f"Evaluation_Status_{number}")) for number in numbers),
        _word(row["Series_Status"]),
        int(number) if (number := _text(row.get("Forecast_#")).strip("-")) else None,
        (_day(row["Earliest_Date"]), _day(row["Recommended_Date"]), _day(row["Past_Due_Date"])),
    )


def _dose(row: Row, number: int) -> Dose:
    code = _text(row[f"CVX_{number}"])
    return Dose(
        f"{code:0>2}",
        _day(row[f"Date_Administered_{number}"]) or date.max,
        market_holder=_text(row.get(f"MVX_{number}")) or None,
        immunization_id=str(number),
    )


def _observations(row: Row) -> Iterator[Observed]:
    for number in range(1, 4):
        code = _text(row.get(f"Observation_Code_{number}"))
        if code:
            yield Observed(f"{code:0>3}", _day(row.get(f"Observation_Date_{number}")))


def _text(value: Any) -> str:
    return "" if value is None else str(value).strip()


def _word(value: Any) -> str:
    return _text(value).lower().replace(" ", "_")


def _day(value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    text = _text(value)
    return datetime.strptime(text, "%m/%d/%Y").date() if text.strip("-") else None  # noqa: DTZ007
