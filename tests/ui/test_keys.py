"""A key does one thing: none of a page's is one of the whole window's, which would make both do nothing."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QWidget

from app.ui.shell import Shell

WHOLE = Qt.ShortcutContext.WindowShortcut


def test_no_page_takes_a_key_of_the_window_or_one_of_its_own_twice(shell: Shell) -> None:
    pages = dict(shell.stations)
    window = [one.key() for one in shell.findChildren(QShortcut) if one.context() is WHOLE]
    assert len({key.toString() for key in window}) == len(window)
    for station_id, page in pages.items():
        own = [(one.key().toString(), one.parent()) for one in page.findChildren(QShortcut)]
        assert {key for key, _ in own} & {key.toString() for key in window} == set(), station_id
        assert len(set(own)) == len(own), station_id


def test_tab_stays_on_the_page(shell: Shell) -> None:
    """Rule 5: with the keyboard outside the page all keys of the page are dead, and nothing says why."""
    here = [one for one in shell.findChildren(QWidget) if one.window() is shell]
    beside = [one for one in here if not shell.pages.isAncestorOf(one)]
    assert beside
    assert [one for one in beside if one.focusPolicy() & Qt.FocusPolicy.TabFocus] == []
