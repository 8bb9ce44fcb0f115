"""Today's dose is always in view, however long the history."""

from hypothesis import given
from hypothesis import strategies as st

from app.ui.kit.timeline import DoseState, TimelineDose, fitting


@given(st.integers(0, 30), st.integers(0, 12), st.integers(2, 14))
def test_today_is_in_view_and_nothing_is_lost_but_the_earliest(
    given_doses: int, later: int, room: int
) -> None:
    doses = (
        *(TimelineDose(f"第 {number} 剂", "02-14", DoseState.GIVEN) for number in range(given_doses)),
        TimelineDose("今天的", "今天", DoseState.TODAY),
        *(TimelineDose(f"以后 {number}", "06-14", DoseState.LATER) for number in range(later)),
    )
    hidden, shown = fitting(doses, room)
    assert any(dose.state is DoseState.TODAY for dose in shown)
    assert len(shown) + bool(hidden) <= room
    assert shown == doses[hidden : hidden + len(shown)]
    assert hidden <= given_doses
