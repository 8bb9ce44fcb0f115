"""What is put off comes after the paint, and a page nobody sees costs the one that is seen nothing."""

from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.ui.kit.layouts import box, column
from app.ui.kit.pages import Pages
from app.ui.kit.turns import after_paint


class Page(QWidget):
    """Notes when it is painted."""

    def __init__(self) -> None:
        super().__init__()
        self.events: list[str] = []

    def paintEvent(self, event: QPaintEvent) -> None:
        self.events.append("painted")


def test_what_is_put_off_comes_after_the_paint(qtbot: QtBot) -> None:
    page = Page()
    qtbot.addWidget(page)
    page.show()
    qtbot.waitExposed(page)
    qtbot.waitUntil(lambda: bool(page.events))
    page.events.clear()
    page.update()
    after_paint(page, lambda: page.events.append("worked"))
    qtbot.waitUntil(lambda: "worked" in page.events)
    assert page.events == ["painted", "worked"]


def test_what_is_put_off_for_somebody_who_has_gone_never_comes(qtbot: QtBot) -> None:
    heard: list[str] = []
    gone, stays = QWidget(), QWidget()
    qtbot.addWidget(stays)
    after_paint(gone, lambda: heard.append("gone"))
    after_paint(stays, lambda: heard.append("stays"))
    gone.deleteLater()
    qtbot.waitUntil(lambda: bool(heard))
    assert heard == ["stays"]


def test_a_paragraph_does_not_tie_the_height_of_its_page_to_the_width(qtbot: QtBot) -> None:
    pages, paragraph = Pages(), QLabel("现在没有人等候接种。预检完成、签好知情同意的人会出现在这里。")
    qtbot.addWidget(pages)
    paragraph.setWordWrap(True)
    pages.addWidget(page := box(column(paragraph)))
    assert page.hasHeightForWidth()
    assert not pages.hasHeightForWidth()
