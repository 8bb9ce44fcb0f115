"""Copying an encrypted database into another file, page by page, each page checked and encrypted anew."""

from collections.abc import Callable

from sqlcipher3 import dbapi2
from sqlite_utils import Database

PAGES = 16
"""Pages of 4 KiB a step; about a millisecond of a slow core, so that nobody waits for it."""


class PageBroken(Exception):
    """A page of the database does not carry its seal."""


def copy_pages(source: Database, target: Database, between: Callable[[], object]) -> None:
    """Copy all of ``source`` into an empty ``target``; ``between`` runs between two steps and may raise.

    With a read transaction open on ``source`` the copy is of that instant. Without one, what is written
    through ``source`` itself meanwhile is in the copy too, and what others write begins it anew. Raises
    PageBroken for a copy that is worth nothing, because a page of the source is damaged.
    """

    def after_step(status: int, remaining: int, total: int) -> None:
        # Behind the last step the copy no longer follows what is written.
        if status != dbapi2.SQLITE_DONE:
            between()

    source.conn.backup(target.conn, pages=PAGES, progress=after_step)
    # A page whose seal is broken comes as zeros, without an error, and would be sealed anew.
    if source.execute("pragma cipher_status").fetchone() != ("1",):
        raise PageBroken
