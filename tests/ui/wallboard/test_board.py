"""The wall board as it is painted: large enough, inside the screen, nothing over anything, no twitching."""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from itertools import combinations
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.ui.bench import Bench
from app.ui.kit.tokens import DARK
from app.ui.observation.hall_watch import HallWatch, Watched
from app.ui.wallboard.board import WallBoard, draw_wall
from app.ui.wallboard.face import WallFace, wall_face
from app.ui.wallboard.second_screen import SecondScreen
from app.workflows import observation
from tests.factories import OBSERVER, SmallSite
from tests.ui.wallboard.recorder import DrawnText, TextRecorder
from tests.ui.wallboard.test_face import NOW, person

PRIVATE_USE = "\U000f0000"
"""From here on characters are icons."""

PICTURE = [person(18 + n, minutes) for n, minutes in enumerate((-6, 0, 3, 7, 11, 17, 22, 28))]
TWO = [person(1001, 5, alarm=True), person(1002, 5, alarm=True, name="欧阳文倩")]
SEVEN = [person(1000 + n, 5, alarm=True) for n in range(7)]
LONG = "迪丽热巴·阿卜杜热合曼"
CROWDS: dict[str, list[Watched]] = {
    "nobody": [],
    "one": [person(1, 30)],
    "the picture": [person(31, 9, alarm=True), *PICTURE],
    "long names": [person(n, minutes, name=LONG) for n, minutes in enumerate((-240, -59, 0, 29))],
    "two alarms": [*TWO, *(person(1100 + n, n) for n in range(20))],
    "seven alarms": [*SEVEN, *(person(n, n) for n in range(1, 40))],
    "all over": [person(n, -n) for n in range(60, 1, -1)],
}


def drawn(face: WallFace) -> list[DrawnText]:
    recorder = TextRecorder()
    painter = QPainter(recorder)
    draw_wall(painter, face)
    painter.end()
    return recorder.texts


def faces(people: list[Watched]) -> Iterator[WallFace]:
    for turn in range(wall_face(people, NOW, 0, 30).pages):
        yield wall_face(people, NOW, turn * 12, 30)


@pytest.fixture(autouse=True)
def fonts(qapp: QApplication) -> None:
    """What is painted without a window has the application's fonts as well."""


@pytest.mark.parametrize("crowd", list(CROWDS))
def test_no_words_on_the_wall_are_smaller_than_54_px(crowd: str) -> None:
    """Ux.md rule 19, PAPER.md §11."""
    for face in faces(CROWDS[crowd]):
        assert min(text.size for text in drawn(face) if text.words < PRIVATE_USE) >= 54


@pytest.mark.parametrize("crowd", list(CROWDS))
def test_all_words_stand_inside_the_margins_and_none_on_another(crowd: str) -> None:
    for face in faces(CROWDS[crowd]):
        texts = [text for text in drawn(face) if text.words < PRIVATE_USE]
        for text in texts:
            assert text.rect.left() >= 48 - 1, text
            assert text.rect.right() <= 1920 - 48 + 1, text
            assert text.rect.top() >= 0, text
            assert text.rect.bottom() <= 1080, text
            assert "…" not in text.words or crowd == "seven alarms", text
        for one, other in combinations(texts, 2):
            assert not one.rect.intersects(other.rect), (one, other)


def test_the_leaving_times_stand_in_one_straight_column() -> None:
    texts = drawn(next(faces(CROWDS["the picture"])))
    lefts = {round(text.rect.left()) for text in texts if text.size == 80}
    assert lefts == {48 + 546, 48 + 900 + 24 + 546}


@pytest.fixture
def watch(small_site: SmallSite) -> Iterator[HallWatch]:
    bench = Bench(small_site.desk)
    yield HallWatch(bench, bench)
    bench.close()


@pytest.fixture
def board(watch: HallWatch, qtbot: QtBot) -> WallBoard:
    bench = watch.parent()
    assert isinstance(bench, Bench)
    board = WallBoard(bench, watch)
    qtbot.addWidget(board)
    return board


def settle(site: SmallSite, bench: QObject | None) -> None:
    assert isinstance(bench, Bench)
    for _ in range(3):
        site.store.write(lambda transaction: None)
        bench.tick()
        QCoreApplication.processEvents()


def content(picture: QImage) -> QRectF:
    """Return where something stands on the dark, in shares of the picture."""
    small = picture.scaled(640, 640 * picture.height() // picture.width())
    dark = QColor(DARK.page).rgb()
    places = [(x, y) for y in range(small.height()) for x in range(640) if small.pixel(x, y) != dark]
    lefts, tops = [x for x, _ in places], [y for _, y in places]
    width, height = max(lefts) - min(lefts), max(tops) - min(tops)
    return QRectF(min(lefts) / 640, min(tops) / small.height(), width / 640, height / small.height())


SIZES = [(1280, 720), (3840, 2160), (1024, 768), (800, 1280), (480, 270)]


def test_the_board_fills_any_screen_without_being_cut(small_site: SmallSite, board: WallBoard) -> None:
    """Drawn at 1920×1080, in the middle of whatever screen there is."""
    small_site.vaccinated()
    settle(small_site, board.watch.parent())
    board.resize(1920, 1080)
    whole = content(board.grab().toImage())
    for size in SIZES:
        board.resize(*size)
        seen = content(board.grab().toImage())
        scale = min(size[0] / 1920, size[1] / 1080)
        across, down = 1920 * scale / size[0], 1080 * scale / size[1]
        assert abs(seen.width() - whole.width() * across) < 0.02, size
        assert abs(seen.height() - whole.height() * down) < 0.02, size
        assert abs(seen.left() - (whole.left() * across + (1 - across) / 2)) < 0.02, size
        assert abs(seen.top() - (whole.top() * down + (1 - down) / 2)) < 0.02, size


class Paints(QObject):
    """Counts the paints of a widget."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.count = 0
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.Paint
        return False


def test_nothing_on_the_wall_twitches(small_site: SmallSite, board: WallBoard, qtbot: QtBot) -> None:
    """No seconds: in a minute the wall is painted when a minute changes, and at no other time."""
    bench = board.watch.parent()
    small_site.vaccinated()
    board.show()
    qtbot.waitExposed(board)
    settle(small_site, bench)
    assert isinstance(bench, Bench)
    paints = Paints(board)
    for _ in range(60):
        small_site.clock.go(1)
        bench.tick()
        QCoreApplication.processEvents()
    assert paints.count == 1


def test_please_find_the_doctor_stays_until_the_alarm_is_closed(
    small_site: SmallSite, board: WallBoard
) -> None:
    record = small_site.vaccinated()
    small_site.as_user(OBSERVER)
    small_site.desk.do(observation.raise_alarm, record["encounter_id"], "头晕")
    bench = board.watch.parent()
    for minutes in (1, 30, 300):
        small_site.clock.go(minutes=minutes)
        settle(small_site, bench)
        assert [row.ticket for band in board.face.bands for row in band] == ["A001"]
        assert "请找医生 A001" in board.accessibleDescription()
    small_site.as_user("u-zhaoqinghe")
    small_site.desk.do(observation.close_alarm, record["encounter_id"])
    settle(small_site, bench)
    assert board.face.bands == ()


def test_the_wall_shows_the_time_people_sit_by(small_site: SmallSite, board: WallBoard) -> None:
    bench = board.watch.parent()
    settle(small_site, bench)
    small_site.clock.jump(timedelta(hours=2))
    settle(small_site, bench)
    assert board.face.clock == "09:00"


def test_the_board_never_takes_the_keyboard(small_site: SmallSite, watch: HallWatch, qtbot: QtBot) -> None:
    bench = watch.parent()
    assert isinstance(bench, Bench)
    page = QWidget()
    qtbot.addWidget(page)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    second = SecondScreen(bench, watch, page)
    shown: list[bool] = []
    second.shown.connect(shown.append)
    second.toggle()
    assert second.board is not None
    qtbot.addWidget(second.board)
    qtbot.waitExposed(second.board)
    assert page.isActiveWindow()
    assert not second.board.testAttribute(Qt.WidgetAttribute.WA_QuitOnClose)
    second.toggle()
    assert not second.is_open
    assert shown == [True, False]


def test_on_one_screen_the_board_waits_to_be_asked_for(watch: HallWatch, qtbot: QtBot) -> None:
    bench = watch.parent()
    assert isinstance(bench, Bench)
    page = QWidget()
    qtbot.addWidget(page)
    page.show()
    second = SecondScreen(bench, watch, page)
    second.open_if_second_screen()
    assert not second.is_open


TWO_SCREENS = """
import sys
from pathlib import Path
from PySide6.QtWidgets import QApplication
from app.ui.bench import Bench
from app.ui.kit.theme import dress_application, dress_window
from app.ui.observation.page import ObservationPage
from tests.factories import SmallSite

application = QApplication(sys.argv[:1])
dress_application(application)
site = SmallSite(Path(sys.argv[1]))
bench = Bench(site.desk)
page = ObservationPage(bench)
dress_window(page)
page.show()
page.enter(None)
application.processEvents()
board = page.wall.board
own, other = application.screens()
print(page.wall.is_open, board.geometry() == other.geometry(), page.screen() is own)
page.wall.toggle()
page.enter(None)
print(page.wall.is_open)
bench.close()
site.close()
"""


def test_with_a_second_screen_the_board_opens_there_by_itself_until_a_person_closes_it(
    tmp_path: Path,
) -> None:
    screens = [
        {"name": "desk", "x": 0, "y": 0, "width": 1366, "height": 768},
        {"name": "hall", "x": 1366, "y": 0, "width": 1920, "height": 1080},
    ]
    layout = tmp_path / "screens.json"
    layout.write_text(json.dumps({"screens": screens}))
    platform = f"offscreen:configfile={layout}"
    (tmp_path / "site").mkdir()
    command = [sys.executable, "-c", TWO_SCREENS, str(tmp_path / "site"), "-platform", platform]
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": ".", "QT_QPA_PLATFORM": platform}
    ran = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=60, check=False)
    assert ran.stdout.split() == ["True", "True", "True", "False"], ran.stderr
