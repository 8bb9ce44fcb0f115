"""One request as the operator's pages see it, and the page it is answered with."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from starlette.responses import HTMLResponse, Response

from server.authority import Authority
from server.database import Database
from server.operator import pages
from server.operator.acts import note_act
from server.operator.forms import csrf_token
from server.operator.markup import Markup
from server.operator.upload import NOTHING, Upload


@dataclass(frozen=True)
class Visit:
    """One request, who it is from, and what it brings."""

    database: Database
    authority: Authority
    path: str
    secret: str
    """The cookie: of a session once signed in, before that of nothing but the form."""
    name: str
    """The operator's; empty before signing in."""
    fields: Mapping[str, str]
    now: datetime
    upload: Upload = NOTHING

    @property
    def csrf(self) -> Markup:
        """The hidden field that proves a form came from here."""
        return pages.csrf_field(csrf_token(self.secret))

    def at(self, path: str) -> Self:
        """Return the same visit at another page."""
        return replace(self, path=path)

    def page(self, *body: Markup, notice: Markup | str = "", status: int = 200) -> Response:
        """Return a page that stands in the bar."""
        title = pages.NAV[self.path]
        header = pages.header(self.path, self.name, self.csrf)
        html = pages.page(title, body, self.now, header=header, notice=notice)
        return HTMLResponse(html, status)

    def note(self, act: str, subject: str) -> None:
        """Write the act in the book."""
        note_act(self.database, self.name, act, subject, self.now, os.urandom)


Show = Callable[[Visit], Response]
