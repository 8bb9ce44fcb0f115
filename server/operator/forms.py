"""The forms of the operator's pages as they come in: whose they are, and their fields."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.requests import Request

from app.domain.refusals import Refusal

COOKIE = "operator"
MAX_FORM_BYTES = 16 << 10
MAX_FORM_FIELDS = 20


@dataclass(unsafe_hash=True)
class FormUnfit(Refusal):
    """A form is not one of these pages', or its CSRF token is not the visitor's."""


def csrf_token(secret: str) -> str:
    """Return the token a visitor's forms carry; the cookie cannot be told from it."""
    return hmac.new(secret.encode(), b"csrf", hashlib.sha256).hexdigest()


async def read_body(request: Request, limit: int) -> bytes:
    """Return what was sent; raises FormUnfit when it is more than ``limit`` bytes."""
    pieces, size = [], 0
    async for piece in request.stream():
        size += len(piece)
        if size > limit:
            raise FormUnfit
        pieces.append(piece)
    return b"".join(pieces)


def read_form(body: bytes) -> dict[str, str]:
    """Return the fields of a form; raises FormUnfit."""
    try:
        pairs = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MAX_FORM_FIELDS
        )
    except ValueError as error:
        raise FormUnfit from error
    if any("\0" in text for pair in pairs for text in pair):
        raise FormUnfit
    return dict(pairs)


def check_csrf(request: Request, fields: Mapping[str, str]) -> None:
    """Pass when the form was made for this visitor; raises FormUnfit."""
    secret = request.cookies.get(COOKIE, "")
    given = fields.get("csrf", "")
    if not secret or not hmac.compare_digest(csrf_token(secret).encode(), given.encode()):
        raise FormUnfit
