"""A child's doses outside a visit are shown with a reason, by one key; every look is kept (SEC-5)."""

from datetime import date

from app.domain.audit import Access, Purpose
from app.domain.people import Patient
from app.storage import audit
from app.storage.audit import Wanted
from app.ui.audit.reason_sheet import ReasonSheet
from app.ui.kit.table import RecordTable
from tests.factories import DOCTOR, MANAGER, NURSE
from tests.ui.registration.people import child, register
from tests.ui.registration.rig import DeskRig

BORN = date(2021, 5, 6)


def on_file(rig: DeskRig) -> Patient:
    return register(rig.site, child(born=BORN))


def is_covered(rig: DeskRig) -> bool:
    return rig.registration.person.why.isVisible()


def looks(rig: DeskRig) -> list[tuple[str | None, Purpose | None]]:
    rig.settle()
    found = audit.page(rig.bench.read(), Wanted(accesses=[Access.READ]), 0, 100)
    return [(record.line.patient_id, record.line.purpose) for record in reversed(found)]


def sheet(rig: DeskRig) -> ReasonSheet:
    (found,) = (each for each in rig.registration.findChildren(ReasonSheet) if each.isVisible())
    return found


def test_a_child_found_by_name_is_covered_and_nothing_is_kept_yet(rig: DeskRig) -> None:
    on_file(rig)
    rig.type("oyxm")
    assert is_covered(rig)
    assert not any(table.isVisible() for table in rig.registration.person.findChildren(RecordTable))
    assert looks(rig) == []


def test_a_covered_childs_slip_is_not_printed_though_the_person_before_had_one(
    rig: DeskRig,
) -> None:
    before = on_file(rig)
    register(rig.site, child("欧阳小乐", born=BORN, sequence=24))
    rig.scan(before.document_number)
    rig.press("Alt+3")
    history = rig.registration.person.history
    assert history.print.isVisible()
    rig.press("Esc")
    rig.type("oyxl")
    assert is_covered(rig)
    printed = []
    history.print_asked.connect(lambda: printed.append(True))
    rig.press("Alt+3", "Alt+4")
    assert (printed, history.print.isVisible(), history.switch.isVisible()) == ([], False, False)


def test_one_key_says_why_and_the_doses_are_shown(rig: DeskRig) -> None:
    known = on_file(rig)
    rig.type("oyxm")
    rig.press("Ctrl+H")
    assert sheet(rig)
    rig.press("2")
    assert not is_covered(rig)
    assert looks(rig) == [(known.patient_id, Purpose.ENQUIRY)]


def test_esc_leaves_the_record_covered(rig: DeskRig) -> None:
    on_file(rig)
    rig.type("oyxm")
    rig.press("Ctrl+H", "Esc")
    assert is_covered(rig)
    assert looks(rig) == []


def test_the_childs_own_document_at_the_desk_is_the_reason(rig: DeskRig) -> None:
    known = on_file(rig)
    rig.scan(known.document_number)
    assert not is_covered(rig)
    assert looks(rig) == [(known.patient_id, Purpose.PRESENT)]


def test_a_number_given_out_is_the_reason_from_then_on(rig: DeskRig) -> None:
    known = on_file(rig)
    rig.type("oyxm")
    assert is_covered(rig)
    rig.press("Enter")
    rig.settle()
    assert not is_covered(rig)
    assert looks(rig) == [(known.patient_id, Purpose.VISIT)]


def test_the_next_person_needs_a_reason_of_their_own(rig: DeskRig) -> None:
    on_file(rig)
    other = register(rig.site, child("欧阳小乐", born=BORN, sequence=24))
    rig.type("oyxm")
    rig.press("Ctrl+H", "2")
    rig.press("Esc")
    rig.type("oyxl")
    assert is_covered(rig)
    assert (other.patient_id, Purpose.ENQUIRY) not in looks(rig)


def test_words_of_ones_own_must_say_something(rig: DeskRig) -> None:
    known = on_file(rig)
    rig.type("oyxm")
    rig.press("Ctrl+H")
    asked = sheet(rig)
    asked.other.setFocus()
    asked.other.setText("看")
    rig.press("Enter")
    assert asked.isVisible()
    asked.other.setText("派出所协助寻人")
    rig.press("Enter")
    assert looks(rig) == [(known.patient_id, Purpose.OTHER)]


def test_who_takes_the_desk_over_needs_a_reason_of_their_own(rig: DeskRig) -> None:
    """SEC-5: the reason was the colleague's, and so was the look."""
    known = on_file(rig)
    rig.type("oyxm")
    rig.press("Ctrl+H", "2")
    assert not is_covered(rig)
    rig.site.as_user(DOCTOR)
    rig.shell.start()
    rig.settle()
    assert is_covered(rig)
    assert readers(rig, known) == [NURSE]


def test_a_document_read_for_the_colleague_before_is_no_reason_either(rig: DeskRig) -> None:
    known = on_file(rig)
    rig.scan(known.document_number)
    rig.site.as_user(DOCTOR)
    rig.shell.start()
    rig.settle()
    assert is_covered(rig)
    rig.scan(known.document_number)
    assert not is_covered(rig), "read again it is theirs"
    assert readers(rig, known) == [NURSE, DOCTOR]


def test_an_adult_who_stands_on_the_screen_is_looked_at_by_who_takes_over_as_well(rig: DeskRig) -> None:
    known = register(rig.site, child("欧阳大山", born=date(1980, 5, 6), sequence=24))
    rig.type("oyds")
    rig.site.as_user(DOCTOR)
    rig.shell.start()
    assert looks(rig) == [(known.patient_id, Purpose.RECEPTION)] * 2
    assert readers(rig, known) == [NURSE, DOCTOR]


def readers(rig: DeskRig, patient: Patient) -> list[str]:
    """Return who read a record, in order."""
    rig.settle()
    wanted = Wanted(accesses=[Access.READ], patient_ids=[patient.patient_id])
    return [record.line.staff_id for record in reversed(audit.page(rig.bench.read(), wanted, 0, 100))]


def test_a_record_open_to_be_corrected_is_not_left_open_for_who_comes_after(rig: DeskRig) -> None:
    """SEC-5: who opened it finds it again after a lock; another reads it in their own name, or not at all."""
    patient = register(rig.site, child(born=date(2020, 5, 6)))
    rig.scan(patient.document_number)
    rig.press("F11")
    rig.registration.enter(None)
    assert rig.registration.form.isVisible()
    rig.site.as_user(MANAGER)
    rig.shell.start()
    rig.shell.go_to("registration", None)
    rig.settle()
    assert not rig.registration.form.isVisible()
