"""Rings and cards repaint when what they show changes, not more often; every state has its own picture."""

import pytest
from pytestqt.qtbot import QtBot

from app.ui.kit.observation_card import ObservationCard, Observed
from app.ui.kit.ring import Ring, RingFace, RingState
from app.ui.kit.tokens import DARK
from app.ui.kit.wall_mark import WallMark

FACE = RingFace(RingState.RUNNING, "17", "分钟", 17 / 30)


class CountedRing(Ring):
    """A ring that counts how often it asks to be painted."""

    asked = 0

    def update(self) -> None:  # type: ignore[override]
        self.asked += 1
        super().update()


def test_a_ring_is_painted_again_only_when_its_face_changes(qtbot: QtBot) -> None:
    ring = CountedRing()
    qtbot.addWidget(ring)
    ring.show_face(FACE)
    before = ring.asked
    for _ in range(50):
        ring.show_face(RingFace(RingState.RUNNING, "17", "分钟", 17 / 30))
    assert ring.asked == before
    ring.show_face(RingFace(RingState.RUNNING, "16", "分钟", 16 / 30))
    assert ring.asked == before + 1


@pytest.mark.parametrize("make", [Ring, lambda: Ring(96, DARK), WallMark])
def test_every_state_has_its_own_picture(make: type[Ring], qtbot: QtBot) -> None:
    """Rule 11: shape, not colour alone, so the pictures differ in grey as well."""
    pictures = []
    for state in RingState:
        mark = make()
        qtbot.addWidget(mark)
        mark.resize(mark.sizeHint())
        mark.show_face(RingFace(state, "" if state is RingState.ALARM else "6", "", 0.5))
        picture = mark.grab().toImage()
        pictures.append(picture.convertToFormat(picture.Format.Format_Grayscale8))
    assert all(first != second for first in pictures for second in pictures if first is not second)


def test_a_card_says_the_state_in_words_and_can_be_selected(qtbot: QtBot) -> None:
    card = ObservationCard(Observed("A 009", "狂犬 第 1 剂", "何**，09:18 接种", "留观中", FACE))
    qtbot.addWidget(card)
    card.resize(279, 180)
    plain = card.grab().toImage()
    card.click()
    assert card.isChecked()
    assert card.grab().toImage() != plain
    assert card.accessibleName() == "A 009 何**，09:18 接种 留观中"
