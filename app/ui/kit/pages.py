"""Views that stand in one place, one of them shown."""

from PySide6.QtWidgets import QStackedWidget


class Pages(QStackedWidget):
    """A stack whose views fill the room there is: none is asked how high it would be at which width.

    Qt asks every paragraph of every view for that, also of those not shown, whenever anything in one of them
    comes or goes: some seven hundred texts measured for one line, most of the time a key took.
    """

    def hasHeightForWidth(self) -> bool:
        """Return that the height does not depend on the width."""
        return False
