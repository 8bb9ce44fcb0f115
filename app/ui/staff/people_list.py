"""The list of who works here, person by person, and what stands above it."""

from collections.abc import Sequence
from datetime import date

from app.domain.staff import Role, Training, training_on
from app.ui.kit.table import Column, Marked, Row
from app.ui.kit.tokens import Tone
from app.ui.texts.staff import emergency_words, roles_in_short, training_words
from app.workflows.staff_register import Qualified

COLUMNS = (
    Column("姓名", 86, bold=True),
    Column("职务", 118),
    Column("岗位", 188),
    Column("培训合格证", 202),
    Column("应急处置", 188),
)
_TONES = {
    Training.NONE: (Tone.DANGER, "failed"),
    Training.EXPIRED: (Tone.DANGER, "failed"),
    Training.ENDING: (Tone.WARNING, "warning"),
    Training.VALID: (Tone.SUCCESS, "done"),
}


def person_row(one: Qualified, day: date) -> Row:
    """Return the cells of one person under ``COLUMNS``."""
    member, trained, handles = one.member, one.certificate, one.emergency
    certificate = emergency = "—"
    if trained is not None or Role.VACCINATOR in member.roles:
        certificate = Marked(training_words(trained, day), *_TONES[training_on(trained, day)])
    if handles is not None:
        emergency = Marked(emergency_words(handles, day), *_TONES[training_on(handles, day)])
    return (member.name, member.title, roles_in_short(member), certificate, emergency)


def banner_words(register: Sequence[Qualified], day: date) -> tuple[str, str, Tone]:
    """Return icon, sentence and tone: who must not inject, soon or now (STF-1)."""
    injecting = [one for one in register if Role.VACCINATOR in one.member.roles]
    stands = {one.member.name: training_on(one.certificate, day) for one in injecting}
    barred = [name for name, how in stands.items() if how in (Training.NONE, Training.EXPIRED)]
    ending = [name for name, how in stands.items() if how is Training.ENDING]
    if barred:
        return "failed", f"{'、'.join(barred)}没有有效的培训合格证，不能接种", Tone.DANGER
    if ending:
        return "warning", f"{'、'.join(ending)}的合格证 30 天内到期，请安排培训", Tone.WARNING
    return "family", f"{len(register)} 人在岗，能接种的 {len(injecting)} 人都持证", Tone.INFO
