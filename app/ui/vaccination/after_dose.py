"""What the station says of a dose just recorded: the toast with its undo, and where the person goes now."""

from functools import partial

from app.domain.journal import Json
from app.domain.visit import VisitState
from app.storage import encounters
from app.ui.bench import Bench
from app.ui.kit.turns import after_paint
from app.ui.texts.words import local_time
from app.ui.vaccination.at_needle import AtNeedle
from app.ui.vaccination.desk_view import DeskView
from app.ui.vaccination.faces import News
from app.ui.vaccination.needle_words import given_words
from app.ui.vaccination.next_step import slip_step


def say_given(bench: Bench, desk: DeskView, needle: AtNeedle, record: Json) -> News:
    """Tell of a dose; the slip is printed after the last one of the visit, for it says until when to sit."""
    encounter = encounters.get_encounter(bench.read(), record["encounter_id"])
    said = given_words(record, encounter.ticket_number)
    bench.announce(said.recorded, partial(needle.undo, record["immunization_id"], said.undone))
    if encounter.state is not VisitState.OBSERVING:
        desk.scan.show_result(desk.tr("已保存在本机，还有一剂"), local_time(bench.now()))
        return News()
    desk.queue_side.show_last(encounter.ticket_number, said)
    desk.scan.show_result(desk.tr("已保存在本机"), local_time(bench.now()))
    # The slip, though drawn aside, would take its time from the screen.
    after_paint(desk, partial(bench.paper.print_observation_slip, encounter.encounter_id))
    return News(queue_step=partial(slip_step, encounter.ticket_number, said.name, said.until))
