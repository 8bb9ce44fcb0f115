"""Release at the observation station: by keys alone, after a look, by name, and taken back by Ctrl+Z."""

from app.domain.codes import TicketCode, ticket_text
from app.domain.observation import NotLookedAt, ObservationState, StillObserving
from app.domain.visit import VisitState
from app.ui.observation.hall_watch import Watched
from app.ui.texts import sentence_of
from app.workflows import observation
from tests.factories import MANAGER, OBSERVER
from tests.ui.observation.rig import ObservationRig


def test_two_looks_and_enter_let_a_person_go_by_name_when_the_time_is_over(rig: ObservationRig) -> None:
    """OBS-1, N2023 8.1: a named person controls the time; the looks stand in the event."""
    encounter_id = rig.seat(minutes_ago=24)
    rig.press("1", "2", "Enter")
    (refusal,) = rig.refusals
    assert isinstance(refusal, StillObserving)
    assert "还差 6 分钟" in sentence_of(refusal).happened
    assert rig.state(encounter_id) is VisitState.OBSERVING

    rig.press("Esc")
    rig.go(minutes=6)
    rig.press("1")
    assert [look.value for look in rig.page.panel.looked] == ["site_normal"], "a second press takes it back"
    rig.press("1", "2", "Enter")
    refusal = rig.refusals[-1]
    assert isinstance(refusal, NotLookedAt)
    assert "接种处无异常" in sentence_of(refusal).happened
    assert rig.state(encounter_id) is VisitState.OBSERVING

    rig.site.as_user("u-hexiaotang")
    rig.press("Esc", "2", "Enter")
    assert "没有这个岗位" in sentence_of(rig.refusals[-1]).happened
    assert rig.state(encounter_id) is VisitState.OBSERVING

    rig.site.as_user(OBSERVER)
    rig.press("Esc", "Enter")
    assert rig.state(encounter_id) is VisitState.RELEASED
    (event,) = rig.events("observation.ended")
    assert event.user == OBSERVER
    assert event.body["looks"] == ["feels_well", "site_normal"]
    assert "已放行" in rig.said[-1]


def test_a_release_is_taken_back_or_leads_to_the_certificate(rig: ObservationRig) -> None:
    """Ux.md rules 3 and 7."""
    encounter_id = rig.seat(minutes_ago=30)
    rig.press("1", "2", "Enter", "Ctrl+Z")
    assert rig.state(encounter_id) is VisitState.OBSERVING
    assert rig.selected == encounter_id
    assert rig.page.panel.looked == (), "the looks are to be made anew"
    asked: list[tuple[str, object]] = []
    rig.bench.sent_to.connect(lambda station, encounter: asked.append((station, encounter)))
    rig.press("1", "2", "Enter", "p")
    assert asked == [("certificate", encounter_id)], "P prints for the last one though nobody sits there"
    rig.shell.go_to("observation", None)
    rig.scan(ticket_text(TicketCode(rig.visit(encounter_id).ticket_token)))
    assert rig.shell.current.station_id == "certificate", "and so does the ticket"


def test_a_look_at_one_person_is_no_look_at_the_next(rig: ObservationRig) -> None:
    first, second = rig.seat(), rig.seat()
    rig.go(minutes=30)
    rig.press("1", "2", "Right", "Left", "Enter")
    assert rig.selected == first
    assert [rig.state(first), rig.state(second)] == [VisitState.OBSERVING] * 2
    assert isinstance(rig.refusals[-1], NotLookedAt)


def test_after_a_release_the_next_due_person_is_selected_and_p_prints_for_the_one_who_left(
    rig: ObservationRig,
) -> None:
    first, second = rig.seat(minutes_ago=1), rig.seat()
    waiting = rig.seat(minutes_ago=30)
    rig.page.select(first)
    rig.press("1", "2", "Enter")
    assert rig.selected == second
    assert rig.visit(first).ticket_number in rig.page.panel.print_button.text()
    asked: list[tuple[str, object]] = []
    rig.bench.sent_to.connect(lambda station, encounter: asked.append((station, encounter)))
    rig.press("p")
    assert asked == [("certificate", first)]
    assert rig.state(waiting) is VisitState.OBSERVING


def test_p_prints_for_whoever_is_selected_by_hand(rig: ObservationRig) -> None:
    rig.seat(minutes_ago=30)
    second = rig.seat()
    rig.press("1", "2", "Enter", "Right")
    rig.page.select(second)
    assert rig.visit(second).ticket_number in rig.page.panel.print_button.text()


def test_a_scanned_ticket_or_a_typed_number_selects_and_lets_nobody_go(rig: ObservationRig) -> None:
    first, second = rig.seat(), rig.seat()
    rig.press("Right")
    assert rig.selected != first
    rig.scan(ticket_text(TicketCode(rig.visit(first).ticket_token)))
    assert rig.selected == first
    assert rig.visit(first).ticket_number in rig.page.scan_box.result
    rig.page.scan_box.edit.setText("A077")
    rig.press("Enter")
    assert "没有这个号" in rig.page.scan_box.result

    rig.go(minutes=30)
    for typed in ("A002", "a002", "2", "002"):
        rig.page.select(first)
        rig.page.panel.looks[next(iter(rig.page.panel.looks))].click()
        rig.page.scan_box.edit.setText(typed)
        rig.press("Enter")
        assert rig.selected == second, typed
        assert rig.page.scan_box.edit.text() == ""
        assert [rig.state(first), rig.state(second)] == [VisitState.OBSERVING] * 2
    assert rig.page.panel.looked == ()
    rig.type("A12")
    assert rig.page.scan_box.edit.text() == "A12"
    assert rig.page.panel.looked == (), "digits of a number tick nothing"


def test_leaving_early_is_asked_for_a_reason_and_who_comes_back_sits_on(rig: ObservationRig) -> None:
    """Domain.md §1.6."""
    encounter_id = rig.seat(minutes_ago=12)
    rig.press("F12", "2", "Esc")
    assert rig.state(encounter_id) is VisitState.OBSERVING
    assert rig.page.scan_box.edit.hasFocus()

    rig.press("F12", "Enter")
    assert rig.page.early_sheet.is_open, "no reason, no leaving"
    rig.press("2", "Enter")
    assert rig.state(encounter_id) is VisitState.LEFT_EARLY
    (event,) = rig.events("observation.ended")
    assert (event.body["note"], event.body["early"]) == ("家里有急事", True)
    assert rig.person(encounter_id).state is ObservationState.LEFT_EARLY
    assert rig.tickets == [rig.visit(encounter_id).ticket_number]
    rig.press("1", "2", "Enter")
    assert len(rig.events("observation.ended")) == 1, "who left is not let go once more"
    assert rig.refusals == []

    rig.go(minutes=3)
    rig.press("F12")
    assert rig.state(encounter_id) is VisitState.OBSERVING
    assert rig.person(encounter_id).minutes == 15
    rig.press("F12", "2", "3")
    rig.page.early_sheet.other.setText("牛跑了")
    rig.press("Enter")
    note = rig.events("observation.ended")[-1].body["note"]
    assert note == "要赶班车、牛跑了", "only one reason counts, and a person's own words are taken"


def test_a_scan_does_not_change_the_person_behind_an_open_question(rig: ObservationRig) -> None:
    first, second = rig.seat(), rig.seat()
    rig.page.select(first)
    rig.press("F12")
    rig.scan(ticket_text(TicketCode(rig.visit(second).ticket_token)))
    rig.press("2", "Enter")
    assert rig.state(first) is VisitState.LEFT_EARLY
    assert rig.state(second) is VisitState.OBSERVING


def test_a_person_released_at_another_desk_meanwhile_is_said_to_have_left(rig: ObservationRig) -> None:
    encounter_id = rig.seat(minutes_ago=30)
    person = rig.person(encounter_id)
    rig.site.as_user(MANAGER)
    rig.bench.desk.do(observation.release, encounter_id, tuple(rig.page.panel.looks))
    rig.bench.submit(rig.page, None, observation.release, person.encounter_id, ())
    rig.settle()
    assert "已经离开" in sentence_of(rig.refusals[-1]).happened


def test_those_whose_time_is_over_are_announced_once(rig: ObservationRig) -> None:
    first = rig.seat(minutes_ago=29)
    told: list[tuple[Watched, ...]] = []
    rig.page.watch.fell_due.connect(told.append)
    rig.go(seconds=59)
    assert told == []
    rig.go(seconds=1)
    rig.go(seconds=30)
    rig.go(minutes=2)
    assert [[person.encounter_id for person in people] for people in told] == [[first]]
    assert "时间到" in rig.said[-1]


def test_an_announcement_never_takes_an_undo_out_of_somebodys_hand(rig: ObservationRig) -> None:
    first = rig.seat(minutes_ago=1)
    rig.seat(minutes_ago=28)
    rig.go(minutes=1)
    rig.page.select(first)
    rig.press("1", "2", "Enter")
    rig.go(minutes=1)
    assert "已放行" in rig.said[-1], "the second person is due now and nobody was interrupted"
    rig.press("Ctrl+Z")
    assert rig.state(first) is VisitState.OBSERVING


def test_every_click_gives_the_keyboard_back_to_the_box(rig: ObservationRig) -> None:
    """Ux.md rule 2; a question keeps it until it is answered."""
    rig.seat(minutes_ago=30)
    panel = rig.page.panel
    for button in (*panel.looks.values(), rig.page.wall_button, rig.page.wall_button):
        button.setFocus()
        button.click()
        assert rig.page.scan_box.edit.hasFocus()
    panel.early.setFocus()
    panel.early.click()
    assert not rig.page.scan_box.edit.hasFocus()
    rig.press("Esc")
    panel.released.emit()
    rig.settle()
    assert len(rig.events("observation.ended")) == 1
