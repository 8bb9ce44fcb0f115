"""The registration form: every field of a record, what is wrong with each below it."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from app.domain.identity import CheckedDocument, DocumentType
from app.domain.people import Guardian, Patient, Sex, is_minor, missing_fields
from app.ui.kit.form import Field
from app.ui.kit.tokens import MARGIN
from app.ui.registration.day_edit import DayEdit
from app.ui.registration.form_fields import GUARDIAN, PROXY, SPECS, Choice, make_controls
from app.ui.texts.registration import FIELD_NAMES

BLANK = Patient(
    patient_id="",
    name="",
    sex=Sex.UNKNOWN,
    birth_on=date(1900, 1, 1),
    document_type=DocumentType.CITIZEN_CARD,
    document_number="",
    phone="",
    address="",
    population_group="",
)
"""What a new record begins with; sex and birth date are shown empty."""


class PatientForm(QWidget):
    """Twenty-one controls in four columns; guardian or proxy, as the birth date has it."""

    number_edited = Signal()
    """The document's type or number has changed."""
    person_edited = Signal()
    """Name, sex or birth date has changed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._known = BLANK
        self._controls = make_controls()
        self._fields: dict[str, Field] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(MARGIN)
        grid.setVerticalSpacing(10)
        for column in range(4):
            grid.setColumnStretch(column, 1)
        before: QWidget | None = None
        for spec in SPECS:
            control = self._controls[spec.field_id]
            field = Field(spec.label, control, required=spec.required, hint=spec.hint, parent=self)
            grid.addWidget(field, *spec.place, 1, spec.span, Qt.AlignmentFlag.AlignTop)
            self._fields[spec.field_id] = field
            if before is not None:
                QWidget.setTabOrder(before, control)
            before = control
        self._connect()

    def show_patient(self, patient: Patient, *, new: bool = False, region_code: str = "") -> None:
        """Fill the form with a record; a ``new`` one has neither sex nor birth date yet."""
        self._known = patient
        guardian, proxy = patient.guardian or Guardian("", "", ""), patient.proxy or Guardian("", "", "")
        values = {
            **{field: getattr(patient, field) for field in self._controls if hasattr(patient, field)},
            "sex": "" if new else str(patient.sex),
            "booklet": "yes" if patient.booklet and not new else "",
            "region_code": patient.region_code or region_code,
            **dict(zip(GUARDIAN, (guardian.name, guardian.relation, guardian.phone), strict=True)),
            **dict(zip(PROXY, (proxy.name, proxy.relation, proxy.phone), strict=True)),
        }
        for field, value in values.items():
            self._show(field, value)
        self._day.show_day(None if new else patient.birth_on)
        self.show_errors({})

    def show_document(self, document: CheckedDocument) -> None:
        """Take over what a document number tells: type, number, birth date and sex."""
        self._show("document_type", str(document.type))
        self._show("document_number", document.number)
        self.show_told(document)

    def show_person(self, name: str, sex: str, birth_on: str) -> None:
        """Take over name, sex and birth date as somebody else has them; what is empty or no date is left."""
        if name:
            self._show("name", name)
        if sex:
            self._show("sex", sex)
        with suppress(ValueError):
            self._day.show_day(date.fromisoformat(birth_on))

    def show_booklet(self, seen: bool) -> None:
        """Say whether the person has a booklet."""
        self._show("booklet", "yes" if seen else "")

    def show_number(self, number: str) -> None:
        """Put a document number into the form as it is."""
        self._show("document_number", number)

    def show_told(self, document: CheckedDocument) -> None:
        """Take over birth date and sex from a number that is already in the form."""
        if document.birth_on is not None:
            self._day.show_day(document.birth_on)
        if document.sex is not None:
            self._show("sex", str(document.sex))

    def show_errors(self, errors: Mapping[str, str]) -> None:
        """Show these sentences by field, clear all others, and go to the first wrong field."""
        for field_id, field in self._fields.items():
            field.show_error(errors.get(field_id, ""))
        first = next((field for field in self._fields.values() if field.error), None)
        if first is not None:
            first.control.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_error(self, field_id: str, sentence: str) -> None:
        """Say what is wrong with one field, or that nothing is."""
        self._fields[field_id].show_error(sentence)

    def error(self, field_id: str) -> str:
        """Return what is wrong with a field, empty if nothing is."""
        return self._fields[field_id].error

    def control(self, field_id: str) -> QWidget:
        """Return the control of a field."""
        return self._controls[field_id]

    def value(self, field_id: str) -> str:
        """Return what stands in a field."""
        control = self._controls[field_id]
        if isinstance(control, Choice):
            return control.value
        assert isinstance(control, QLineEdit)
        return control.text().strip()

    @property
    def birth_on(self) -> date | None:
        """Return the birth date that is typed, None for none or one that is no day."""
        return self._day.day

    def mistakes(self, today: date) -> dict[str, str]:
        """Return what keeps the form from being a record: empty fields, a date that is no day."""
        stated = {field: self.value(field) for field in FIELD_NAMES}
        if stated["document_type"] == DocumentType.NONE:
            stated["document_number"] = "-"  # given when the record is kept
        errors = {field: self.missing_words(field) for field in missing_fields(stated)}
        if stated["birth_on"] and self.birth_on is None:
            errors["birth_on"] = self.tr("没有这一天，请按 8 位数字填写。")
        if self.birth_on is not None and is_minor(self.birth_on, today):
            errors |= {field: self.missing_words(field) for field in GUARDIAN if not self.value(field)}
        return errors

    def missing_words(self, field_id: str) -> str:
        """Return what is said below an empty field."""
        return self.tr("请填写{name}。").format(name=self._label(field_id))

    def read(self, today: date) -> Patient:
        """Return the record as it stands in the form; ``mistakes`` must be empty."""
        birth_on = self.birth_on
        assert birth_on is not None, "mistakes() has passed"
        minor = is_minor(birth_on, today)
        texts = (
            *("name", "document_type", "document_number", "phone", "address", "population_group"),
            *("nationality", "region_code", "ethnic_group", "workplace", "household_address", "residence"),
        )
        return replace(
            self._known,
            **{field: self.value(field) for field in texts},
            sex=Sex(self.value("sex")),
            birth_on=birth_on,
            booklet=bool(self.value("booklet")),
            guardian=self._contact(GUARDIAN) if minor else self._known.guardian,
            proxy=None if minor else self._contact(PROXY),
        )

    def show_age(self, today: date) -> None:
        """Ask for the guardian of a minor, and for the proxy of anybody else."""
        minor = self.birth_on is not None and is_minor(self.birth_on, today)
        for guardian, proxy in zip(GUARDIAN, PROXY, strict=True):
            self._fields[guardian].setVisible(minor)
            self._fields[proxy].setVisible(not minor)

    @property
    def _day(self) -> DayEdit:
        day = self._controls["birth_on"]
        assert isinstance(day, DayEdit)
        return day

    def _contact(self, fields: tuple[str, str, str]) -> Guardian | None:
        told = [self.value(field) for field in fields]
        return Guardian(*told) if any(told) else None

    def _label(self, field_id: str) -> str:
        label = next(spec.label for spec in SPECS if spec.field_id == field_id)
        return label.partition("（")[0]

    def _show(self, field_id: str, value: Any) -> None:
        control = self._controls[field_id]
        if isinstance(control, Choice):
            control.show_value(str(value))
        elif isinstance(control, QLineEdit) and not isinstance(control, DayEdit):
            control.setText(str(value))
            control.setCursorPosition(0)

    def _connect(self) -> None:
        kind, number = self._controls["document_type"], self._controls["document_number"]
        name, sex = self._controls["name"], self._controls["sex"]
        assert isinstance(kind, Choice)
        assert isinstance(sex, Choice)
        assert isinstance(number, QLineEdit)
        assert isinstance(name, QLineEdit)
        kind.currentIndexChanged.connect(self._kind_changed)
        number.textChanged.connect(self.number_edited)
        name.editingFinished.connect(self.person_edited)
        sex.currentIndexChanged.connect(self.person_edited)
        self._day.textChanged.connect(self.person_edited)

    def _kind_changed(self) -> None:
        none = self.value("document_type") == DocumentType.NONE
        number = self._controls["document_number"]
        assert isinstance(number, QLineEdit)
        number.setEnabled(not none)
        number.setPlaceholderText(self.tr("保存时编临时号") if none else "")
        self.number_edited.emit()
