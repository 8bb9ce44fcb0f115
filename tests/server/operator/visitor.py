"""Someone at the operator's pages: cookies and forms over a real socket, and what the page says."""

import hashlib
import os
from datetime import datetime
from functools import cache
from html.parser import HTMLParser

import httpx

from app.domain.ids import token
from server.database import Database
from server.operator import accounts
from server.operator.accounts import TOKEN_LENGTH
from server.operator.forms import COOKIE

NAME, PASSWORD = "陈一", "correct horse battery"


@cache
def password_hash() -> str:
    """Return the hash of the one password, made once: it is slow by design."""
    return accounts.HASHER.hash(PASSWORD)


def put_operator(database: Database) -> None:
    """Let the operator in."""
    database.execute("insert into operator values (%s, %s, now())", (NAME, password_hash()))


class Reading(HTMLParser):
    """A page as text, with the fields of its forms."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.forms: list[dict[str, str]] = []
        self.rows: list[list[str]] = []
        self._text: list[str] = []
        self._in_cell = False
        self.feed(html)
        self.close()

    @property
    def text(self) -> str:
        return "".join(self._text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        fields = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        if tag == "form":
            self.forms.append({"action": fields["action"], "method": fields["method"]})
        if tag == "input":
            self.forms[-1][fields["name"]] = fields.get("value", "")
        if tag == "tr":
            self.rows.append([])
        self._in_cell = tag in ("td", "th") or self._in_cell
        if tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        self._in_cell = self._in_cell and tag not in ("td", "th")

    def handle_data(self, data: str) -> None:
        self._text.append(data)
        if self._in_cell:
            self.rows[-1][-1] += data

    def form(self, action: str) -> dict[str, str]:
        """Return the first form that leads to an action."""
        return next(form for form in self.forms if form["action"] == action)


class Visitor:
    """One browser at the pages."""

    def __init__(self, url: str) -> None:
        self.client = httpx.Client(base_url=url, trust_env=False, verify=False)
        self.last = httpx.Response(0)

    def open(self, path: str) -> Reading:
        self.last = self.client.get(path)
        return Reading(self.last.text)

    def send(self, path: str, action: str, **fields: str) -> Reading:
        """Open a page, fill its form in and send it."""
        form = self.open(path).form(action)
        data = {name: value for name, value in form.items() if name not in ("action", "method")} | fields
        self.last = self.client.post(action, data=data)
        return Reading(self.last.text)

    def wear(self, database: Database, now: datetime) -> None:
        """Be signed in without the slow password."""
        secret = token(TOKEN_LENGTH, os.urandom)
        digest = hashlib.sha256(secret.encode()).digest()
        database.execute("insert into operator_session values (%s, %s, %s, %s)", (digest, NAME, now, now))
        self.client.cookies.clear()
        self.client.cookies.set(COOKIE, secret)

    def sign_in(self, name: str = NAME, password: str = PASSWORD) -> Reading:
        return self.send("/sign-in", "/sign-in", name=name, password=password)

    def close(self) -> None:
        self.client.close()
