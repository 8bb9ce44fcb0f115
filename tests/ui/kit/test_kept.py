"""What says the same again is copied: the same picture, drawn once."""

from PySide6.QtCore import QRect
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.ui.kit.kept import draw_kept
from app.ui.kit.painting import draw_text


class Words(QWidget):
    """Draws one word and counts how often."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self.words, self.drawn, self.returned = words, 0, ""
        self.resize(200, 40)

    def paintEvent(self, event: QPaintEvent) -> None:
        self.returned = draw_kept(self, self.words, "#FFFFFF", self._draw)

    def _draw(self, painter: QPainter) -> str:
        self.drawn += 1
        draw_text(painter, 4.3, 20, self.words, "#112233", 18)
        return self.words


def picture(widget: QWidget) -> QImage:
    return widget.grab(QRect(0, 0, 200, 40)).toImage()


def test_the_same_words_are_drawn_once_and_look_the_same(qtbot: QtBot) -> None:
    first, second = Words("看瓶、看注射器"), Words("看瓶、看注射器")
    for widget in (first, second):
        qtbot.addWidget(widget)
    drawn, copied = picture(first), picture(second)
    assert copied == drawn
    assert (first.drawn, second.drawn) == (1, 0)
    assert second.returned == "看瓶、看注射器"


def test_other_words_and_another_size_are_drawn_anew(qtbot: QtBot) -> None:
    widget = Words("请看药瓶")
    qtbot.addWidget(widget)
    before = picture(widget)
    widget.words = "请看接种证"
    assert picture(widget) != before
    widget.resize(240, 40)
    picture(widget)
    assert (widget.drawn, widget.returned) == (3, "请看接种证")
