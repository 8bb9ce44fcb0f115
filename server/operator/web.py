"""The operator's pages over HTTP: sessions, CSRF tokens, and which act a form stands for."""

import asyncio
import logging
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import psycopg
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from app.domain.clock import CHINA
from app.domain.ids import token
from app.domain.refusals import Refusal
from server import devices
from server.authority import Authority
from server.clerk import log_bug
from server.database import open_database
from server.feed import areas_of, put_into_area
from server.handing_in import decide, see_quarantine, whole_ms
from server.metrics import CONTENT_TYPE, Gauges, of_database, of_process, render
from server.openapi import describe
from server.operator import accounts, pages, sights
from server.operator.acts import list_acts
from server.operator.forms import COOKIE, MAX_FORM_BYTES, FormUnfit, check_csrf, read_body, read_form
from server.operator.markup import Markup
from server.operator.quality import measure
from server.operator.quarantine import quarantine_page
from server.operator.sticks import fetch_reply, hand_in_stick, show_sticks
from server.operator.stock import see_stock
from server.operator.texts import sentence_of
from server.operator.training import trained_by_area
from server.operator.upload import MAX_UPLOAD_BYTES, NOTHING, Upload, read_upload
from server.operator.visit import Show, Visit
from server.web import answer_health

MAX_SITE = 40
MAX_REASON = 200
STYLE = (Path(__file__).parent / "style.css").read_bytes()
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}

log = logging.getLogger("vaxpost.operator")


def show_sites(visit: Visit) -> Response:
    """Show the sites."""
    return visit.page(*pages.sites_page(sights.see_sites(visit.database), visit.now))


def show_records(visit: Visit) -> Response:
    """Show refused and flagged records."""
    database = visit.database
    seen = (sights.see_refused(database), sights.see_unfit(database), sights.see_flagged(database))
    return visit.page(*pages.records_page(*seen))


def show_devices(visit: Visit, notice: Markup | str = "") -> Response:
    """Show the devices."""
    seen = sights.see_devices(visit.database)
    return visit.page(*pages.devices_page(seen, visit.csrf, visit.now), notice=notice)


def show_codes(
    visit: Visit, notice: Markup | str = "", issued: tuple[str, str] | None = None, status: int = 200
) -> Response:
    """Show the open enrolment codes."""
    codes = sights.see_codes(visit.database, visit.now)
    return visit.page(*pages.codes_page(codes, visit.csrf, issued), notice=notice, status=status)


def show_stock(visit: Visit) -> Response:
    """Show the lots of the site asked for, or of all."""
    site = visit.fields.get("site", "").strip()
    lots = see_stock(visit.database, site, visit.now.astimezone(CHINA).date())
    return visit.page(*pages.stock_page(lots, site, visit.now))


def show_areas(visit: Visit, notice: Markup | str = "", status: int = 200) -> Response:
    """Show which site stands in which area."""
    sites = sights.see_areas(visit.database)
    return visit.page(*pages.areas_page(sites, visit.csrf), notice=notice, status=status)


def show_quality(visit: Visit) -> Response:
    """Show duplicates, completeness and trained staff."""
    training = trained_by_area(visit.database, visit.now.astimezone(CHINA).date())
    return visit.page(*pages.quality_page(measure(visit.database), training))


def show_acts(visit: Visit) -> Response:
    """Show the book of acts and look-ups."""
    acts = list_acts(visit.database, sights.LISTED)
    return visit.page(*pages.acts_page(acts, sights.see_look_ups(visit.database)))


def show_password(visit: Visit, notice: Markup | str = "", status: int = 200) -> Response:
    """Show the form of a new password."""
    return visit.page(*pages.password_page(visit.csrf), notice=notice, status=status)


def show_sign_in(visit: Visit, notice: Markup | str = "", status: int = 200) -> Response:
    """Show the form of signing in."""
    body = pages.sign_in_page(visit.csrf)
    return HTMLResponse(pages.page("登录", body, visit.now, notice=notice), status)


def revoke_device(visit: Visit) -> Response:
    """Revoke a device."""
    device_id, at = visit.fields.get("device_id", ""), visit.at("/devices")
    with visit.database.transaction():
        try:
            devices.revoke(visit.database, device_id, visit.now)
        except devices.DeviceUnknown:
            return show_devices(at, pages.notice("没有这台设备，没有改动。", danger=True))
        visit.note("device_revoked", device_id)
    return show_devices(at, pages.notice(f"设备 {device_id} 已停用。"))


def issue_code(visit: Visit) -> Response:
    """Issue an enrolment code and show it this once."""
    site, at = visit.fields.get("site", "").strip(), visit.at("/codes")
    if not _is_name(site):
        return show_codes(at, pages.notice("请填写接种单位编码。没有发登记码。", danger=True), status=422)
    with visit.database.transaction():
        code = devices.issue_code(visit.database, site, visit.now, os.urandom)
        visit.note("code_issued", site)
    return show_codes(at, issued=(site, devices.grouped(code)))


def withdraw_code(visit: Visit) -> Response:
    """Withdraw an enrolment code."""
    try:
        code_id = bytes.fromhex(visit.fields.get("code_id", ""))
    except ValueError as error:
        raise FormUnfit from error
    with visit.database.transaction():
        site = devices.withdraw_code(visit.database, code_id)
        if site is not None:
            visit.note("code_withdrawn", f"{site} {code_id.hex()[:8]}")
    done = "登记码已收回。" if site is not None else "这个登记码已经用过或收回，没有改动。"
    return show_codes(visit.at("/codes"), pages.notice(done, danger=site is None))


def show_quarantine(visit: Visit, notice: Markup | str = "", status: int = 200) -> Response:
    """Show what was handed in and is kept apart."""
    held = see_quarantine(visit.database, sights.LISTED)
    return visit.page(*quarantine_page(held, visit.csrf), notice=notice, status=status)


def decide_bundle(visit: Visit) -> Response:
    """Accept or reject what was handed in."""
    at, fields = visit.at("/quarantine"), visit.fields
    device_id, reason, verdict = (fields.get(name, "").strip() for name in ("device_id", "reason", "verdict"))
    try:
        digest = bytes.fromhex(fields.get("digest", ""))
    except ValueError as error:
        raise FormUnfit from error
    if verdict not in ("accept", "reject"):
        raise FormUnfit
    if not 0 < len(reason) <= MAX_REASON:
        return show_quarantine(at, pages.notice("请填写理由。没有改动。", danger=True), 422)
    accepted = verdict == "accept"
    try:
        with visit.database.transaction():
            decide(visit.database, (device_id, digest), (accepted, reason), visit.name, whole_ms(visit.now))
            visit.note("bundle_accepted" if accepted else "bundle_rejected", f"{device_id}：{reason}")
    except Refusal as refusal:
        return show_quarantine(at, pages.notice(sentence_of(refusal), danger=True), 422)
    return show_quarantine(at, pages.notice("已收下，记录已入库。" if accepted else "已拒收，记录没有入库。"))


def put_area(visit: Visit) -> Response:
    """Put a site into an area."""
    site, area = visit.fields.get("site", ""), visit.fields.get("area", "").strip()
    if not _is_name(area) or site not in {one.site for one in sights.see_areas(visit.database)}:
        return show_areas(visit, pages.notice("请填写地区名称。没有改动。", danger=True), 422)
    with visit.database.transaction():
        if areas_of(visit.database, [site])[site] == area:
            return show_areas(visit, pages.notice(f"{site} 已经在 {area}，没有改动。"))
        told = put_into_area(visit.database, site, area)
        visit.note("area_changed", f"{site} → {area}")
    return show_areas(
        visit, pages.notice(f"{site} 已放入 {area}，以前的 {told} 条记录会告知该地区的其他单位。")
    )


def set_password(visit: Visit) -> Response:
    """Change the operator's own password and begin a new session."""
    old, new = visit.fields.get("password", ""), visit.fields.get("new_password", "")
    if new != visit.fields.get("again", ""):
        return show_password(visit, pages.notice("两次输入的新密码不同。密码没有变。", danger=True), 422)
    try:
        accounts.check_password(visit.database, visit.name, old, visit.now)
        accounts.set_password(visit.database, visit.name, new, visit.name, visit.now, os.urandom)
    except Refusal as refusal:
        return show_password(visit, pages.notice(sentence_of(refusal), danger=True), 422)
    return _with_cookie(
        RedirectResponse("/", 303),
        accounts.sign_in(visit.database, visit.name, new, visit.now, os.urandom),
    )


def sign_in(visit: Visit) -> Response:
    """Sign in; the cookie is a new one."""
    name, password = visit.fields.get("name", "").strip(), visit.fields.get("password", "")
    try:
        secret = accounts.sign_in(visit.database, name, password, visit.now, os.urandom)
    except Refusal as refusal:
        status = 429 if isinstance(refusal, accounts.SignInTooSoon) else 403
        return show_sign_in(visit, pages.notice(sentence_of(refusal), danger=True), status)
    return _with_cookie(RedirectResponse("/", 303), secret)


def sign_out(visit: Visit) -> Response:
    """End the session."""
    accounts.sign_out(visit.database, visit.secret, visit.name, visit.now, os.urandom)
    answer = RedirectResponse("/sign-in", 303)
    answer.delete_cookie(COOKIE)
    return answer


PAGES: dict[str, Show] = {
    "/": show_sites, "/records": show_records, "/devices": show_devices, "/codes": show_codes,
    "/stock": show_stock, "/sticks": show_sticks, "/quarantine": show_quarantine, "/areas": show_areas,
    "/quality": show_quality, "/acts": show_acts, "/password": show_password, "/sign-in": show_sign_in,
}  # fmt: skip
ACTS: dict[str, Show] = {
    "/devices/revoke": revoke_device, "/codes/issue": issue_code, "/codes/withdraw": withdraw_code,
    "/sticks": hand_in_stick, "/quarantine/decide": decide_bundle,
    "/areas": put_area, "/password": set_password, "/sign-in": sign_in, "/sign-out": sign_out,
}  # fmt: skip
FILES: dict[str, Show] = {"/sticks/reply": fetch_reply}
"""What is fetched, and is no page of the bar."""
UPLOADS = {"/sticks"}
"""Acts that bring a file; nobody but an operator is let send that much."""
OPEN = {"/sign-in"}
"""Paths for who has not signed in."""


def page_routes(dsn: str, now: Callable[[], datetime], authority: Authority) -> list[Route]:
    """Return the routes of the pages."""
    door = _Door(dsn, now, authority)
    return [
        Route("/style.css", _style, methods=["GET"]),
        *(Route(path, door.show, methods=["GET"]) for path in (PAGES | FILES)),
        *(Route(path, door.act, methods=["POST"]) for path in ACTS),
    ]


class _Door:
    """Lets visitors in: who they are, whether the form is theirs, and one connection for the visit."""

    def __init__(self, dsn: str, now: Callable[[], datetime], authority: Authority) -> None:
        self._dsn = dsn
        self._now = now
        self._authority = authority

    async def show(self, request: Request) -> Response:
        fields = {name: text for name, text in request.query_params.items() if "\0" not in text}
        do = (PAGES | FILES)[request.url.path]
        return await asyncio.to_thread(self._visit, request, fields, do)

    async def act(self, request: Request) -> Response:
        path, upload = request.url.path, NOTHING
        try:
            if path in UPLOADS:
                if not await asyncio.to_thread(self._is_known, request):
                    return _dressed(RedirectResponse("/sign-in", 303))
                body = await read_body(request, MAX_UPLOAD_BYTES)
                fields, upload = read_upload(request.headers.get("content-type", ""), body)
            else:
                fields = read_form(await read_body(request, MAX_FORM_BYTES))
            check_csrf(request, fields)
        except FormUnfit:
            return _dressed(PlainTextResponse("表单无效，没有改动。请返回上一页，刷新后重试。", 403))
        except ClientDisconnect:
            return Response(status_code=400)
        return await asyncio.to_thread(self._visit, request, fields, ACTS[path], upload)

    def _is_known(self, request: Request) -> bool:
        """Return whether an operator is signed in; without a database, as if nobody were."""
        secret = request.cookies.get(COOKIE, "")
        with suppress(psycopg.OperationalError), open_database(self._dsn) as database:
            return bool(secret) and accounts.find_operator(database, secret, self._now()) is not None
        return False

    def _visit(
        self, request: Request, fields: Mapping[str, str], do: Show, upload: Upload = NOTHING
    ) -> Response:
        secret = request.cookies.get(COOKIE, "")
        path = request.url.path
        try:
            with open_database(self._dsn) as database:
                now = self._now()
                name = accounts.find_operator(database, secret, now) if secret else None
                if name is None and path not in OPEN:
                    return _dressed(RedirectResponse("/sign-in", 303))
                fresh = "" if secret else token(accounts.TOKEN_LENGTH, os.urandom)
                visit = Visit(
                    database, self._authority, path, secret or fresh, name or "", fields, now, upload
                )
                answer = do(visit)
        except FormUnfit:
            return _dressed(PlainTextResponse("表单无效，没有改动。", 403))
        except psycopg.OperationalError as error:
            log.warning("database unavailable: sqlstate %s", error.sqlstate)
            return _dressed(PlainTextResponse("数据库暂时不能用，没有改动。请稍后再试。", 503))
        except Exception as bug:  # noqa: BLE001 - the outer edge of a request
            log_bug(bug)
            return _dressed(PlainTextResponse("中心出了故障，没有改动。请查看中心的日志。", 500))
        if fresh:
            _with_cookie(answer, fresh)
        return _dressed(answer, secure=request.url.scheme == "https")


async def _style(request: Request) -> Response:
    return _dressed(Response(STYLE, media_type="text/css"))


def _is_name(text: str) -> bool:
    return 0 < len(text) <= MAX_SITE and text.isprintable()


def _with_cookie(answer: Response, secret: str) -> Response:
    answer.set_cookie(COOKIE, secret, httponly=True, samesite="strict")
    return answer


def _dressed(answer: Response, *, secure: bool = False) -> Response:
    """Return the answer with the headers all carry; cookies are for TLS alone once TLS is there."""
    answer.headers.update(HEADERS)
    if secure and "set-cookie" in answer.headers:
        answer.headers["set-cookie"] += "; Secure"
        answer.headers["Strict-Transport-Security"] = "max-age=31536000"
    return answer


def make_desk(dsn: str, now: Callable[[], datetime], gauges: Gauges, authority: Authority) -> Starlette:
    """Return the operator's app on a migrated database: the pages, and for machines health and metrics.

    ``now`` returns aware UTC instants. ``authority``: what opens bundles and signs replies.
    """

    async def health(request: Request) -> Response:
        return await answer_health(gauges)

    async def metrics(request: Request) -> Response:
        return await asyncio.to_thread(_metrics, dsn, now, gauges)

    async def openapi(request: Request) -> Response:
        return JSONResponse(describe())

    machines = [
        Route("/v1/openapi.json", openapi, methods=["GET"]),
        Route("/v1/health", health, methods=["GET"]),
        Route("/metrics", metrics, methods=["GET"]),
    ]
    return Starlette(routes=[*page_routes(dsn, now, authority), *machines])


def _metrics(dsn: str, now: Callable[[], datetime], gauges: Gauges) -> Response:
    """Return what is known; without a database, what the process knows of itself."""
    figures = of_process(gauges)
    try:
        with open_database(dsn) as database:
            figures += of_database(database, now())
    except psycopg.OperationalError as error:
        log.warning("database unavailable: sqlstate %s", error.sqlstate)
    return Response(render(figures), media_type=CONTENT_TYPE)
