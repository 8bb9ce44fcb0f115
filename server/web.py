"""The centre's HTTP surface: sync, enrolment, renewal, health and, in practice, a summary."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial, wraps
from typing import TypeVar

import psycopg
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.domain.refusals import Refusal
from app.sync import wire
from app.sync.bundle import BundleOfOtherCentre
from app.sync.enrolment import decode_enrolment, decode_renewal, encode_enrolled
from app.sync.envelope import MAX_FILE_BYTES, BundleDamaged
from app.sync.frame import MAX_FRAME_BYTES, MessageMalformed, MessageTooLarge, WireVersionUnknown
from app.sync.lookup import FoundPerson, decode_look_up, encode_found
from server import devices
from server.authority import Authority
from server.chore import Chore
from server.clerk import CentreFailed, RoomLacking, log_bug
from server.database import Database, open_database
from server.feed_block import make_missing
from server.handing_in import hand_in, whole_ms
from server.health import READY, check_health
from server.incarnation import begin_incarnation, incarnation_of
from server.ingest import Job
from server.intake import Intake
from server.lookup import LookUpReasonMissing, LookUpSiteForeign, look_up
from server.metrics import Gauges
from server.migrate import migrate
from server.peer import peer_of
from server.reproject import catch_up
from server.second_place import look_for_second_place
from server.summary import summarise

RETRY_AFTER_S = 5
SWITCH_S = 0.0005
"""The event loop gives way at every step of TLS and waits so long to go on: a tenth of the default."""
STATUS: dict[type[Refusal], int] = {
    MessageMalformed: 400,
    devices.DeviceUnknown: 401,
    devices.DeviceRevoked: 401,
    devices.CertificateExpired: 401,
    devices.EnrolmentCodeUnknown: 403,
    MessageTooLarge: 413,
    WireVersionUnknown: 426,
    CentreFailed: 500,
    BundleDamaged: 400,
    BundleOfOtherCentre: 422,
    LookUpReasonMissing: 422,
    LookUpSiteForeign: 403,
    RoomLacking: 503,
}

T = TypeVar("T")
Handler = Callable[["_Surface", Request], Awaitable[Response]]


def utc_now() -> datetime:
    """Return the centre's time."""
    return datetime.now(UTC)


def make_app(
    dsn: str,
    authority: Authority,
    *,
    practice: bool = False,
    restored: bool = False,
    apart: bool = False,
    gauges: Gauges | None = None,
) -> Starlette:
    """Return the centre on a database; it fills ``gauges``. Raises DatabaseNewer or psycopg.OperationalError.

    ``restored``: the database was put back from its backup just now; ``apart``: requests of devices are read
    and filed in processes of their own.
    """
    with open_database(dsn) as database:
        migrate(database, utc_now(), os.urandom)
        if restored:
            begin_incarnation(database, utc_now(), os.urandom)
        incarnation = incarnation_of(database)
    intake, gauges = Intake(dsn, incarnation, utc_now, apart=apart), gauges or Gauges()
    gauges.queued, gauges.lag_s = intake.queued, intake.lag_s
    gauges.health = partial(check_health, dsn, incarnation)
    surface = _Surface(dsn, authority, intake, gauges)
    routes = [
        Route("/v1/sync", surface.sync, methods=["POST"]),
        Route("/v1/lookup", surface.look_up, methods=["POST"]),
        Route("/v1/bundle", surface.take_bundle, methods=["POST"]),
        Route("/v1/enrol", surface.enrol, methods=["POST"]),
        Route("/v1/renew", surface.renew, methods=["POST"]),
        Route("/v1/health", surface.health, methods=["GET"]),
    ]
    if practice:
        routes.append(Route("/v1/summary", surface.summary, methods=["GET"]))
    return Starlette(routes=routes, lifespan=surface.lifespan)


def _at_the_edge(handler: Handler) -> Handler:
    """Turn whatever ends a device's request early into the answer that says so."""

    @wraps(handler)
    async def serve(self: "_Surface", request: Request) -> Response:
        try:
            return await handler(self, request)
        except Refusal as refusal:
            return self.decline(refusal)
        except psycopg.OperationalError:
            return self.decline(RoomLacking())
        except ClientDisconnect:
            return Response(status_code=400)
        except Exception as bug:  # noqa: BLE001 - the outer edge of a request
            log_bug(bug)
            return self.decline(CentreFailed())

    return serve


class _Surface:
    """The handlers, with the desk they hand requests to."""

    def __init__(self, dsn: str, authority: Authority, intake: Intake, gauges: Gauges) -> None:
        self._dsn = dsn
        self._authority = authority
        self._gauges = gauges
        self._intake = intake
        self._chores = (
            Chore(dsn, "condenser", make_missing, intake.large_at_s),
            Chore(dsn, "projector", lambda database, stopping: catch_up(database, utc_now(), stopping)),
            Chore(dsn, "second-place", lambda database, stopping: look_for_second_place(database, utc_now())),
        )

    @asynccontextmanager
    async def lifespan(self, app: Starlette) -> AsyncIterator[None]:
        sys.setswitchinterval(SWITCH_S)
        await asyncio.to_thread(self._intake.open)
        for chore in self._chores:
            chore.open()
        try:
            yield
        finally:
            for chore in self._chores:
                await asyncio.to_thread(chore.close)
            await asyncio.to_thread(self._intake.close)

    @_at_the_edge
    async def sync(self, request: Request) -> Response:
        job = Job(peer_of(request.scope), await _body(request))
        reply = await asyncio.wrap_future(self._intake.submit(job))
        if isinstance(reply, Refusal):
            raise reply
        return Response(reply)

    @_at_the_edge
    async def enrol(self, request: Request) -> Response:
        enrolment = decode_enrolment(await _body(request))
        enrolled = await self._ask(
            lambda database: devices.enrol(database, self._authority, enrolment, utc_now())
        )
        return Response(encode_enrolled(enrolled))

    @_at_the_edge
    async def renew(self, request: Request) -> Response:
        shown, csr = peer_of(request.scope).fingerprint, decode_renewal(await _body(request))
        enrolled = await self._ask(
            lambda database: devices.renew(database, self._authority, shown, csr, utc_now())
        )
        return Response(encode_enrolled(enrolled))

    @_at_the_edge
    async def look_up(self, request: Request) -> Response:
        shown, asked = peer_of(request.scope).fingerprint, decode_look_up(await _body(request))

        def find(database: Database) -> tuple[FoundPerson, ...]:
            now = utc_now()
            return look_up(database, devices.get_device(database, shown, now), asked, now, os.urandom)

        return Response(encode_found(await self._ask(find)))

    @_at_the_edge
    async def take_bundle(self, request: Request) -> Response:
        shown, data = peer_of(request.scope).fingerprint, await _body(request, MAX_FILE_BYTES)

        def take(database: Database) -> bytes:
            now = whole_ms(utc_now())
            relay = devices.get_device(database, shown, now)
            return hand_in(database, self._authority, data, f"device:{relay.device_id}", now).reply

        return Response(await self._ask(take))

    async def health(self, request: Request) -> Response:
        return await answer_health(self._gauges)

    async def summary(self, request: Request) -> Response:
        return JSONResponse(await self._ask(summarise))

    def decline(self, refusal: Refusal) -> Response:
        """Return the answer of a refusal, counted."""
        self._gauges.declined[type(refusal).__name__] += 1
        return _declined(refusal)

    async def _ask(self, question: Callable[[Database], T]) -> T:
        """Return what a connection of its own answers, off the event loop."""

        def ask() -> T:
            with open_database(self._dsn) as database:
                return question(database)

        return await asyncio.to_thread(ask)


async def answer_health(gauges: Gauges) -> Response:
    """Return 200 when the centre can do its work, else 503 and what is in the way."""
    status = await asyncio.to_thread(gauges.health)
    return JSONResponse({"status": status}, 200 if status == READY else 503)


async def _body(request: Request, limit: int = MAX_FRAME_BYTES) -> bytes:
    pieces, size = [], 0
    async for piece in request.stream():
        size += len(piece)
        if size > limit:
            raise MessageTooLarge("frame", limit)
        pieces.append(piece)
    return b"".join(pieces)


def _declined(refusal: Refusal) -> Response:
    declined = wire.Declined(type(refusal).__name__, str(refusal.facts().get("reason", "")))
    status = STATUS[type(refusal)]
    headers = {"Retry-After": str(RETRY_AFTER_S)} if status == 503 else {}
    return Response(wire.encode_answer(declined), status, headers)
