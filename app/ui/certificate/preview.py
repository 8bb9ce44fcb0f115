"""The sheet as it will be printed, drawn from the very PDF."""

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, QSize
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtPdf import QPdfDocument
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.kit.painting import draw_box, smooth
from app.ui.kit.tokens import LIGHT


class SheetPreview(QWidget):
    """One page of a PDF, fitted into its room."""

    def __init__(self) -> None:
        super().__init__()
        self._document = QPdfDocument(self)
        self._buffer = QBuffer(self)
        self._image = QImage()
        self.page = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(260, 360)
        self.setAccessibleName(self.tr("凭证预览"))

    @property
    def pages(self) -> int:
        """Return how many sheets there are."""
        return self._document.pageCount()

    def show_pdf(self, pdf: bytes) -> None:
        """Show the first page of a PDF."""
        self._document.close()
        self._buffer.close()
        self._buffer.setData(QByteArray(pdf))
        self._buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        self._document.load(self._buffer)
        self.show_page(0)

    def clear(self) -> None:
        """Show nothing."""
        self._document.close()
        self._image = QImage()
        self.update()

    def show_page(self, page: int) -> None:
        """Turn to a page."""
        self.page = page
        self._image = QImage()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the page on its white ground."""
        if self.pages <= self.page:
            return
        points = self._document.pagePointSize(self.page)
        scale = min(self.width() / points.width(), self.height() / points.height())
        size = QSize(int(points.width() * scale), int(points.height() * scale))
        pixels = size * self.devicePixelRatio()
        if self._image.size() != pixels:
            self._image = self._document.render(self.page, pixels)
        painter = smooth(QPainter(self))
        place = QRectF((self.width() - size.width()) / 2, 0, size.width(), size.height())
        draw_box(painter, place, LIGHT.surface, LIGHT.line, 1, 2)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(place, self._image)
        painter.end()

    def sizeHint(self) -> QSize:
        """Return the size of an A5 page in the room of the page."""
        return QSize(430, 600)

    def image(self) -> QImage:
        """Return the page as last drawn."""
        return self._image
