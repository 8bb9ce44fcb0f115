"""Every endpoint of the centre in one place, told as an OpenAPI 3.1 description."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

FRAME = "application/octet-stream"
FORM = "application/x-www-form-urlencoded"
UPLOAD = "multipart/form-data"
HTML = "text/html"
TEXT = "text/plain"
JSON = "application/json"

DEVICE, OPERATOR = "device", "operator"
"""Which port: the devices', or the operator's on loopback."""

DECLINED = {
    400: "MessageMalformed, or the request broke off",
    401: "DeviceUnknown, DeviceRevoked or CertificateExpired",
    413: "MessageTooLarge",
    426: "WireVersionUnknown",
    500: "CentreFailed: a bug; nothing of this request is kept",
    503: "RoomLacking: no room or no database just now; Retry-After says when to come back",
}
"""How any request by frame may be declined."""
SENTENCES = frozenset({403, 500, 503})
"""Of a page: told in a sentence of plain text where there can be no page."""
ELSEWHERE = 303
"""The visitor is sent to another page and gets nothing to read."""
AWAY = {503: "the database does not answer"}
PAGE = {200: "the page", ELSEWHERE: "not signed in: to /sign-in", 500: "a bug", **AWAY}
ACT = {
    200: "done, or a sentence why not; the page again",
    ELSEWHERE: "done, to the next page; or not signed in",
    403: "the form is not the visitor's (CSRF), or unreadable; nothing is done",
    422: "a field is not fit; nothing is done",
    500: "a bug",
    **AWAY,
}


@dataclass(frozen=True)
class Endpoint:
    """One method of one path."""

    port: str
    method: str
    path: str
    summary: str
    answers: Mapping[int, str]
    media: str = HTML
    """Of the answer."""
    body: str | None = None
    """Media type of what is sent."""
    fields: tuple[str, ...] = field(default=())
    """Of a form, beside ``csrf``."""
    asked: tuple[str, ...] = ()
    """What may be asked in the query."""
    practice: bool = False
    """Only at a practice centre."""


def _show(path: str, summary: str, *asked: str) -> Endpoint:
    return Endpoint(OPERATOR, "GET", path, summary, PAGE, asked=asked)


def _act(path: str, summary: str, *fields: str) -> Endpoint:
    return Endpoint(OPERATOR, "POST", path, summary, ACT, body=FORM, fields=fields)


def _health(port: str) -> Endpoint:
    answers = {200: "ready", 503: "not ready; status says what is in the way"}
    return Endpoint(port, "GET", "/v1/health", "whether the centre can do its work", answers, JSON)


ENDPOINTS = (
    Endpoint(
        DEVICE, "POST", "/v1/sync", "hello and at most one push; welcome and what became of the push",
        {200: "an answer, whatever became of the push", **DECLINED}, FRAME, FRAME,
    ),
    Endpoint(
        DEVICE, "POST", "/v1/lookup", "a person's valid doses, for a stated reason; written in the book",
        {200: "the persons of the document, none if there is none", **DECLINED,
         403: "LookUpSiteForeign", 422: "LookUpReasonMissing"}, FRAME, FRAME,
    ),
    Endpoint(
        DEVICE, "POST", "/v1/bundle", "a bundle from a stick, of this device or another; the reply for it",
        {200: "what became of it", **DECLINED, 400: "BundleDamaged, or as any frame",
         422: "BundleOfOtherCentre"}, FRAME, FRAME,
    ),
    Endpoint(
        DEVICE, "POST", "/v1/enrol", "a device becomes known by a one-time code",
        {200: "its certificate", **DECLINED, 403: "EnrolmentCodeUnknown"}, FRAME, FRAME,
    ),
    Endpoint(
        DEVICE, "POST", "/v1/renew", "a device in good standing gets its next certificate",
        {200: "the certificate", **DECLINED}, FRAME, FRAME,
    ),
    Endpoint(
        DEVICE, "GET", "/v1/summary", "counts and semantic errors, no person", {200: "the counts"}, JSON,
        practice=True,
    ),
    _health(DEVICE),
    _health(OPERATOR),
    Endpoint(OPERATOR, "GET", "/metrics", "figures in Prometheus' text format", {200: "the figures"}, TEXT),
    Endpoint(OPERATOR, "GET", "/v1/openapi.json", "this description", {200: "the description"}, JSON),
    Endpoint(OPERATOR, "GET", "/style.css", "the pages' style", {200: "the style"}, "text/css"),
    _show("/", "sites, their last contact and what they still hold"),
    _show("/records", "refused and flagged records with reasons"),
    _show("/devices", "devices"),
    _show("/codes", "open enrolment codes"),
    _show("/stock", "the stock of the site asked for, or of all, lot by lot", "site"),
    _show("/sticks", "bundles handed in here, and their replies"),
    Endpoint(
        OPERATOR, "GET", "/sticks/reply", "the newest reply made for a device; it alone can read it",
        {**PAGE, 200: "the file", ELSEWHERE: "none was made, or not signed in"}, FRAME, asked=("device_id",),
    ),
    _show("/quarantine", "bundles of devices not in good standing"),
    _show("/areas", "which site stands in which area"),
    _show("/quality", "duplicates and completeness"),
    _show("/acts", "the book of acts and look-ups"),
    _show("/password", "the form of a new password"),
    _show("/sign-in", "the form of signing in"),
    _act("/devices/revoke", "revoke a device", "device_id"),
    _act("/codes/issue", "issue an enrolment code, shown this once", "site"),
    _act("/codes/withdraw", "withdraw an open code", "code_id"),
    Endpoint(
        OPERATOR, "POST", "/sticks", "hand in a bundle; its reply is fetched afterwards", ACT,
        body=UPLOAD, fields=("file",),
    ),
    _act(
        "/quarantine/decide", "accept or reject what was handed in",
        "device_id", "digest", "verdict", "reason",
    ),
    _act("/areas", "put a site into an area", "site", "area"),
    _act("/password", "change one's own password", "password", "new_password", "again"),
    Endpoint(
        OPERATOR, "POST", "/sign-in", "begin a session", {**ACT, 429: "too soon after wrong passwords"},
        body=FORM, fields=("name", "password"),
    ),
    _act("/sign-out", "end the session"),
)  # fmt: skip


def describe() -> dict[str, Any]:
    """Return the OpenAPI description."""
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in ENDPOINTS:
        operation = paths.setdefault(endpoint.path, {}).setdefault(endpoint.method.lower(), {})
        operation |= _operation(endpoint)
        operation["tags"] = sorted({*operation.get("tags", ()), endpoint.port})
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Vaxpost centre",
            "version": "1",
            "description": "Frames are described in docs/sync.md. "
            "Paths tagged operator are on the operator's port, on loopback alone.",
        },
        "paths": paths,
    }


def _operation(endpoint: Endpoint) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": f"{endpoint.method} {endpoint.path}",
        "summary": endpoint.summary + (" (practice centre)" if endpoint.practice else ""),
        "responses": {
            str(status): {"description": text, "content": _told(endpoint, status)}
            for status, text in sorted(endpoint.answers.items())
        },
    }
    if endpoint.asked:
        operation["parameters"] = [
            {"name": name, "in": "query", "required": False, "schema": {"type": "string"}}
            for name in endpoint.asked
        ]
    if endpoint.body is not None:
        content = _content(endpoint.body, ("csrf", *endpoint.fields))
        operation["requestBody"] = {"required": True, "content": content}
    return operation


def _told(endpoint: Endpoint, status: int) -> dict[str, Any]:
    """Return what an answer may hold."""
    if status == ELSEWHERE:
        return {}
    sentence = endpoint.port == OPERATOR and status in SENTENCES
    return _content(endpoint.media) | (_content(TEXT) if sentence else {})


def _content(media: str, fields: tuple[str, ...] = ()) -> dict[str, Any]:
    return {media: {"schema": _schema(media, fields)}}


def _schema(media: str, fields: tuple[str, ...]) -> dict[str, Any]:
    if media == FRAME:
        return {"type": "string", "contentMediaType": FRAME, "maxLength": 8 << 20}
    if media == UPLOAD:
        parts = {name: {"type": "string"} for name in fields} | {"file": {"contentMediaType": FRAME}}
        return {"type": "object", "properties": parts, "required": list(fields)}
    if media == FORM:
        texts = {name: {"type": "string"} for name in fields}
        return {"type": "object", "properties": texts, "required": list(fields)}
    return {"type": "object" if media == JSON else "string"}
