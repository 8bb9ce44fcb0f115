"""The wall board (留观大屏): dark, for eyes across a hall; drawn at 1920×1080 and scaled to any screen."""

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QWidget

from app.storage.site import get_site
from app.ui.bench import Bench
from app.ui.kit.fonts import text_width
from app.ui.kit.icons import draw_icon
from app.ui.kit.painting import draw_box, draw_centred, draw_text, elided, smooth
from app.ui.kit.ring import RingState
from app.ui.kit.tokens import DARK
from app.ui.kit.wall_mark import WALL_INKS, draw_wall_mark
from app.ui.observation.hall_watch import HallWatch, Watched
from app.ui.wallboard.face import TURN_EVERY_S, WallFace, WallRow, wall_face

WIDTH, HEIGHT, EDGE, GUTTER = 1920, 1080, 48, 24
COLUMN = 900
ROW, BAND, GAP = 156, 136, 16
TOP = 136
CLOCK, CALL, TITLE, LEAVING, TICKET, WORDS = 112, 88, 88, 80, 64, 54
"""Sizes of the words in px of 1920; none is smaller than the last."""


class WallBoard(QWidget):
    """A window without controls; the people at the station open and close it."""

    def __init__(self, bench: Bench, watch: HallWatch) -> None:
        super().__init__(None, Qt.WindowType.Window | Qt.WindowType.WindowDoesNotAcceptFocus)
        self._bench, self.watch = bench, watch
        self._looked_at = self._moment()
        self.face = self._look()
        self.setWindowTitle(self.tr("留观大屏"))
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        watch.changed.connect(self.refresh)
        watch.doubted.connect(self.refresh)
        bench.ticked.connect(self.refresh)
        self._tell()

    def refresh(self) -> None:
        """Look again; it repaints only if something the people read has changed."""
        moment = self._moment()
        if moment == self._looked_at:
            return
        self._looked_at = moment
        face = self._look()
        if face != self.face:
            self.face = face
            self._tell()
            self.update()

    def sizeHint(self) -> QSize:
        """Return a window on the only screen; on a screen of its own it fills that."""
        return QSize(960, 540)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the board, as large as the screen allows."""
        painter = smooth(QPainter(self))
        painter.fillRect(self.rect(), QColor(DARK.page))
        scale = min(self.width() / WIDTH, self.height() / HEIGHT)
        painter.translate((self.width() - WIDTH * scale) / 2, (self.height() - HEIGHT * scale) / 2)
        painter.scale(scale, scale)
        draw_wall(painter, self.face)
        painter.end()

    def _moment(self) -> tuple[tuple[Watched, ...], int, int]:
        """Return all that the face depends on; the tuple of people is another one when anything changes."""
        turn = int(self._bench.desk.clock.monotonic() // TURN_EVERY_S)
        return self.watch.people, int(self.watch.now.timestamp() // 60), turn

    def _look(self) -> WallFace:
        minutes = get_site(self._bench.read()).observation_minutes
        running_s = self._bench.desk.clock.monotonic()
        return wall_face(self.watch.people, self.watch.now, running_s, minutes)

    def _tell(self) -> None:
        called = "、".join(row.ticket for band in self.face.bands for row in band)
        words = self.tr("请找医生 {}").format(called) if called else ""
        self.setAccessibleName(self.windowTitle())
        self.setAccessibleDescription(self.tr("{} 人正在观察 {}").format(self.face.sitting, words).strip())


def draw_wall(painter: QPainter, face: WallFace) -> None:
    """Draw ``face`` at 1920×1080."""
    _draw_head(painter, face)
    top = float(TOP)
    for band in face.bands:
        _draw_band(painter, QRectF(EDGE, top, WIDTH - 2 * EDGE, BAND), band)
        top += BAND + GAP
    for place, row in enumerate(face.rows):
        column, line = divmod(place, face.row_places)
        left = EDGE + column * (COLUMN + GUTTER)
        _draw_row(painter, QRectF(left, top + line * (ROW + GAP), COLUMN, ROW), row)
    if not face.sitting:
        _draw_nobody(painter)
    _draw_foot(painter, face.foot)


def _draw_head(painter: QPainter, face: WallFace) -> None:
    middle, left = 70.0, float(EDGE)
    left = _put(painter, left, middle, "留观区", DARK.ink, TITLE, True) + 34
    draw_box(painter, QRectF(left, middle - 28, 2, 56), DARK.line, None, 0, 0)
    left = _put(painter, left + 32, middle, str(face.sitting), DARK.ink, TICKET, True) + 16
    left = _put(painter, left, middle + 3, "人正在观察", DARK.muted, WORDS)
    if face.pages > 1:
        _put(painter, left + 48, middle + 3, f"第 {face.page + 1} / {face.pages} 页", DARK.muted, WORDS)
    right = WIDTH - EDGE - text_width(face.clock, CLOCK, True)
    draw_text(painter, right, middle - 2, face.clock, DARK.ink, CLOCK, True)
    right -= 44 + text_width(face.day, WORDS)
    draw_text(painter, right, middle + 10, face.day, DARK.muted, WORDS)


def _draw_band(painter: QPainter, rect: QRectF, people: tuple[WallRow, ...]) -> None:
    """Draw a full band of the alarm colour; the words on it are the dark of the page."""
    draw_box(painter, rect, DARK.danger, None, 0, 10)
    ink, middle = DARK.page, rect.center().y()
    mark = QRectF(rect.left() + 38, middle - 50, 100, 100)
    _draw_call_mark(painter, mark)
    left = _put(painter, rect.left() + 184, middle, "请找医生", ink, CALL, True) + 64
    if len(people) == 1:
        left = _put(painter, left, middle, people[0].ticket, ink, CALL, True) + 32
        left = _put(painter, left, middle + 6, people[0].name, ink, CALL - 24)
        words = "请坐好举手，医生就来"
        right = rect.right() - 34 - text_width(words, WORDS, True)
        if right > left + 32:
            draw_text(painter, right, middle, words, ink, WORDS, True)
        return
    tickets = "  ".join(person.ticket for person in people)
    draw_text(painter, left, middle, elided(tickets, CALL, True, rect.right() - 34 - left), ink, CALL, True)


def _draw_call_mark(painter: QPainter, rect: QRectF) -> None:
    """Draw the octagon with the doctor, dark on the band."""
    radius = rect.width() / 2 * 1.06
    corners = (math.pi / 8 + math.pi / 4 * corner for corner in range(8))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(DARK.page))
    painter.drawPolygon(
        QPolygonF([rect.center() + QPointF(math.cos(turn), math.sin(turn)) * radius for turn in corners])
    )
    draw_icon(painter, rect.center(), "doctor", DARK.danger, 68)


def _draw_row(painter: QPainter, rect: QRectF, row: WallRow) -> None:
    state, ink = row.face.state, WALL_INKS[row.face.state]
    calm = state is RingState.RUNNING
    draw_box(painter, rect, DARK.surface, None if calm else ink, 4, 10)
    mark = QRectF(rect.left() + 20, rect.center().y() - 58, 116, 116)
    # The diamond's figures are drawn at eight tenths: no words on the wall are below 54 px.
    draw_wall_mark(painter, mark, row.face, 68 if state is RingState.OVERDUE else WORDS)
    upper, lower = rect.top() + 46, rect.top() + 112
    left, column = rect.left() + 158, rect.left() + 546
    after = _put(painter, left, upper, row.ticket, DARK.ink, TICKET, True) + 18
    name = elided(row.name, WORDS, False, column - after)
    _put(painter, after, upper + 2, name, DARK.ink, WORDS)
    _put(painter, left, lower, row.words, ink, WORDS, not calm)
    after = _put(painter, column, rect.center().y(), row.leaving, DARK.ink, LEAVING, True) + 16
    # Both stand on one base line.
    _put(painter, after, rect.center().y() + (LEAVING - WORDS) * 0.37, "离开", DARK.muted, WORDS)


def _draw_nobody(painter: QPainter) -> None:
    draw_centred(painter, QPointF(WIDTH / 2, HEIGHT / 2), "现在没有人在留观", DARK.muted, CALL, True)


def _draw_foot(painter: QPainter, words: str) -> None:
    middle = HEIGHT - 62.0
    draw_icon(painter, QPointF(EDGE + 32, middle), "hand", DARK.success, 64)
    draw_text(painter, EDGE + 80, middle, words, DARK.ink, WORDS)


def _put(
    painter: QPainter, left: float, middle: float, words: str, ink: str, size: int, bold: bool = False
) -> float:
    """Draw words and return where they end."""
    draw_text(painter, left, middle, words, ink, size, bold)
    return left + text_width(words, size, bold)
