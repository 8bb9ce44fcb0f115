"""What the cards of the board say: state, number and words of one person at this minute."""

import re

from app.domain.identity import mask_name
from app.domain.observation import ObservationState
from app.ui.kit.observation_card import Observed
from app.ui.kit.ring import RingFace, RingState
from app.ui.observation.hall_watch import Watched
from app.ui.texts.observation import STATES
from app.ui.texts.words import dose_words, local_time

RINGS = {
    ObservationState.OBSERVING: RingState.RUNNING,
    ObservationState.DUE: RingState.DUE,
    ObservationState.OVERDUE: RingState.OVERDUE,
    ObservationState.ALARM: RingState.ALARM,
    ObservationState.LEFT_EARLY: RingState.EARLY,
}
_UNITS = {
    ObservationState.OBSERVING: "分钟",
    ObservationState.DUE: "到点",
    ObservationState.OVERDUE: "超时",
    ObservationState.ALARM: "分钟",
    ObservationState.LEFT_EARLY: "已留",
}


def masked(name: str) -> str:
    """Return the masked name as it stands on boards: however long the name, one star (迪*曼)."""
    return re.sub(r"\*+", "*", mask_name(name))


def ring_face(person: Watched) -> RingFace:
    """Return the ring; its arc moves once a minute."""
    observation = person.seat.observation
    whole = (observation.due_at - observation.started_at).total_seconds() / 60
    over = person.state is ObservationState.OVERDUE
    number = f"+{-person.minutes}" if over else str(person.minutes)
    share = person.minutes / whole if person.state is ObservationState.OBSERVING else 0.0
    return RingFace(RINGS[person.state], number, _UNITS[person.state], share)


def observed(person: Watched) -> Observed:
    """Return what the card of a person shows."""
    seat = person.seat
    ended_at = seat.observation.ended_at
    vaccine, *others = (name.removesuffix("疫苗") for name, _ in seat.doses)
    note = f"{vaccine} {dose_words(seat.doses[0][1])}"
    if others:
        note = "、".join([vaccine, *others]) if len(others) == 1 else f"{vaccine}等 {len(seat.doses)} 种"
    if ended_at is not None:
        note = f"{local_time(ended_at)} 走，{vaccine}{'等' if others else ''}"
    elif seat.has_more_to_come:
        note = "还有一剂没种"
    return Observed(
        ticket=seat.ticket_number,
        note=note,
        person=f"{masked(seat.patient_name)}，{local_time(seat.observation.started_at)} 接种",
        words=STATES[person.state],
        face=ring_face(person),
    )
