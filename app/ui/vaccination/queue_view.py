"""The left of the station while nobody is at the needle: who waits, for what, how long."""

from collections.abc import Sequence
from datetime import date, datetime

from PySide6.QtWidgets import QStackedLayout, QWidget

from app.domain.people import age_on
from app.ui.kit.card import Card
from app.ui.kit.empty_state import EmptyState
from app.ui.kit.layouts import box, column, row
from app.ui.kit.text import Text
from app.ui.kit.tokens import BODY_TEXT, CAPTION_TEXT, GAP, LIGHT, PADDING
from app.ui.texts.words import SEXES, age_words, dose_words, local_time
from app.ui.vaccination.queue_list import QueueLine, QueueList
from app.workflows.ready_line import Waiting


def queue_line(waiting: Waiting, now: datetime, day: date) -> QueueLine:
    """Return one person of the queue in words."""
    patient, encounter = waiting.patient, waiting.encounter
    minutes = max(0, int((now - encounter.registered_at).total_seconds() // 60))
    guardian = f"监护人 {patient.guardian.name}" if patient.guardian else ""
    about = [SEXES[patient.sex], age_words(age_on(patient.birth_on, day)), guardian]
    doses = [product.vaccine_name for product, _ in waiting.doses]
    several = f"·共 {len(doses)} 种" if len(doses) > 1 else ""
    number = f" {dose_words(waiting.doses[0][1])}" if len(doses) == 1 else ""
    multi_dose = any(product.doses_per_pack > 1 for product, _ in waiting.doses)
    return QueueLine(
        encounter_id=encounter.encounter_id,
        ticket_number=encounter.ticket_number,
        name=patient.name,
        person="·".join(part for part in about if part),
        vaccine=f"{'、'.join(doses)}{number}" or "方案未定",
        note=f"{local_time(encounter.registered_at)} 取号{several}{'·多剂瓶' if multi_dose else ''}",
        waited=f"已等 {minutes} 分",
    )


class QueueView(Card):
    """A card with the list, or a sentence where nobody waits."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.list = QueueList()
        self._count = Text("", CAPTION_TEXT, bold=True, colour=LIGHT.info)
        self._keys = Text(self.tr("上下键选人，Enter 叫号"), CAPTION_TEXT, colour=LIGHT.muted)
        head = row(
            Text(self.tr("等候接种"), BODY_TEXT, bold=True), 8, self._count, None, self._keys,
            margins=(PADDING, 4, PADDING, 4),
        )  # fmt: skip
        self._empty = EmptyState("ticket", "", "")
        self._stack = QStackedLayout()
        self._stack.addWidget(box(column(head, self.list, gap=4)))
        self._stack.addWidget(self._empty)
        holder = box(self._stack)
        self.setLayout(column(holder, margins=(GAP, GAP, GAP, GAP)))

    def show_queue(self, waiting: Sequence[Waiting], now: datetime, day: date, *, open_session: bool) -> None:
        """Show who waits; without a session, or with nobody ready, say what to do."""
        lines = [queue_line(person, now, day) for person in waiting]
        self.list.show_lines(lines)
        self._count.show_text(f"{len(lines)} 人")
        self._stack.setCurrentIndex(0 if lines else 1)
        if not open_session:
            self._empty.show_state("calendar", "现在没有开着的接种场次", "请负责人登录，按 Ctrl+O 开始场次")
        else:
            self._empty.show_state(
                "ticket", "现在没有人等候接种", "预检完成、签好知情同意的人会出现在这里；也可直接扫号票"
            )
