"""Asks how a dose was in truth and why it was recorded otherwise; what stands is shown beside each detail."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QGridLayout, QWidget

from app.domain.catalogue import BodySite, Lot, Route
from app.domain.checklist import body_sites_of
from app.domain.journal import Json
from app.domain.staff import StaffMember
from app.ui.form_sheet import FormSheet, save_button
from app.ui.kit.card import Card
from app.ui.kit.confirm_row import ConfirmRow
from app.ui.kit.form import Form
from app.ui.kit.layouts import column
from app.ui.kit.reason_lines import OwnWords, ReasonLines
from app.ui.kit.text import Text
from app.ui.kit.tokens import GAP, LIGHT
from app.ui.registration.form_fields import Choice
from app.ui.texts.correction import DETAILS, detail_words
from app.ui.texts.words import BODY_SITES, dose_words
from app.workflows.correction import DOSE_NUMBERS, Correction

REASONS = ("记录时选错", "录错批号", "记在别人名下")
"""So short that each stands whole in a person's history."""


@dataclass(frozen=True)
class Choices:
    """What the details of a dose may be corrected to."""

    lots: Sequence[Lot]
    """Of its product."""
    performers: Sequence[StaffMember]


class CorrectSheet(FormSheet):
    """Four lists, each on what is recorded; a digit for a usual reason; Enter corrects, Esc goes back."""

    def __init__(
        self,
        over: QWidget,
        who: str,
        dose: Json,
        choices: Choices,
        follows: Sequence[str],
        correct: Callable[[Correction, str], object],
    ) -> None:
        """``correct`` is called with what was changed and the reason, empty where none was given."""
        self._dose, self._correct = dose, correct
        self.lists = {field: Choice(tuple(pairs)) for field, pairs in _offered(dose, choices).items()}
        form = Form(columns=4)
        for field, control in self.lists.items():
            control.setCurrentIndex(max(0, control.findText(detail_words(dose, field))))
            hint = over.tr("记录的是：{words}").format(words=detail_words(dose, field))
            form.add_field(field, DETAILS[field], control, hint=hint)
        self.rows = [ConfirmRow(reason, str(number)) for number, reason in enumerate(REASONS, start=1)]
        self.other = OwnWords(over.tr("其他原因"), over.tr("其他原因：用自己的话写"))
        grid = QGridLayout()
        grid.setSpacing(GAP)
        for place, line in enumerate(self.rows):
            grid.addWidget(line, 0, place)
        facts = Card(
            column(
                Text(who, bold=True),
                Text(f"{dose['vaccine_name']} {dose_words(dose['dose_number'])}"),
                gap=2,
                margins=(14, 8, 14, 8),
            )
        )
        told = column(*(Text(f"·{line}", colour=LIGHT.muted) for line in follows), gap=2)
        button = save_button(over.tr("更正，保留原记录"))
        super().__init__(
            over,
            over.tr("更正这一剂：实际是怎样的？"),
            form,
            button,
            above=[facts],
            below=[grid, self.other, told],
            width=1100,
        )
        for line in self.rows:
            line.bind(self)
        self._lines = ReasonLines(self.rows, self.other)
        button.clicked.connect(self._submit)

    def correction(self) -> Correction:
        """Return what was changed."""
        chosen = {
            field: control.value
            for field, control in self.lists.items()
            if control.currentText() != detail_words(self._dose, field)
        }
        site, number = chosen.get("body_site"), chosen.get("dose_number")
        return Correction(
            BodySite(site) if site else None,
            int(number) if number else None,
            chosen.get("lot_number"),
            chosen.get("performer"),
        )

    def _submit(self) -> None:
        self.show_busy()
        self._correct(self.correction(), self._lines.reason())


def _offered(dose: Json, choices: Choices) -> dict[str, list[tuple[str, str]]]:
    """Return the values and words of each list; what is recorded is in it whatever else there is."""
    offered = {
        "body_site": [(str(site), BODY_SITES[site]) for site in body_sites_of(Route(dose["route"]))],
        "dose_number": [(str(number), dose_words(number)) for number in DOSE_NUMBERS],
        "lot_number": [(lot.lot_id, lot.lot_number) for lot in choices.lots],
        "performer": [(member.staff_id, member.name) for member in choices.performers],
    }
    for field, pairs in offered.items():
        words = detail_words(dose, field)
        if words not in [said for _, said in pairs]:
            pairs.insert(0, ("", words))
    return offered
