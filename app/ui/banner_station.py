"""A station whose banner stands over all its views and gives way on a low screen."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent

from app.ui.bench import Bench
from app.ui.kit.banner import Banner
from app.ui.kit.tokens import BANNER_HEIGHT
from app.ui.station import Station

ROOMY, LOW_BANNER = 700, 64


class BannerStation(Station):
    """The base of the pages whose work needs the room more than the banner does."""

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench)
        self.banner = Banner()

    @property
    def is_low(self) -> bool:
        """Return whether the screen is a low one."""
        return self.height() < ROOMY

    def minimumSizeHint(self) -> QSize:
        """Return the least room there has to be: in less than now the banner gives way."""
        hint = super().minimumSizeHint()
        return QSize(hint.width(), hint.height() - max(0, self.banner.minimumHeight() - LOW_BANNER))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the banner give way, or have its height again."""
        self.banner.setFixedHeight(LOW_BANNER if self.is_low else BANNER_HEIGHT)
        super().resizeEvent(event)
