"""Views that stand in one place, one of them shown."""

from PySide6.QtWidgets import QSizePolicy, QStackedWidget, QWidget

_ROOM = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
_NO_ROOM = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)


class Pages(QStackedWidget):
    """A stack whose views fill the room there is: none is asked how high it would be at which width.

    Qt asks every paragraph of every view for that, also of those not shown, whenever anything in one of them
    comes or goes: some seven hundred texts measured for one line, most of the time a key took.
    """

    def hasHeightForWidth(self) -> bool:
        """Return that the height does not depend on the width."""
        return False

    def add_unseen(self, view: QWidget) -> None:
        """Take a view in that takes no room until it is turned to."""
        view.setSizePolicy(_NO_ROOM)
        self.addWidget(view)

    def turn_to(self, view: QWidget) -> None:
        """Bring a view to the front; what is not shown takes no room, so that the window never grows."""
        if (before := self.currentWidget()) is not None:
            before.setSizePolicy(_NO_ROOM)
        view.setSizePolicy(_ROOM)
        self.setCurrentWidget(view)
