"""The centre's HTTP surface: sync, health and, in practice, enrolment and a summary."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial

import psycopg
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.domain.refusals import Refusal
from app.sync import wire
from app.sync.enrolment import Enrolment, decode_enrolment, encode_enrolled, token_hash
from app.sync.frame import MAX_FRAME_BYTES, MessageMalformed, MessageTooLarge, WireVersionUnknown
from app.sync.lookup import FoundPerson, LookUp, decode_look_up, encode_found
from server import devices
from server.database import open_database
from server.health import READY, check_health
from server.incarnation import begin_incarnation, incarnation_of
from server.ingest import Job
from server.intake import CentreFailed, Intake, RoomLacking, log_bug
from server.lookup import LookUpReasonMissing, LookUpSiteForeign, look_up
from server.metrics import Gauges
from server.migrate import migrate
from server.summary import summarise

RETRY_AFTER_S = 5
STATUS: dict[type[Refusal], int] = {
    MessageMalformed: 400,
    devices.DeviceUnknown: 401,
    devices.EnrolmentCodeUnknown: 403,
    MessageTooLarge: 413,
    WireVersionUnknown: 426,
    CentreFailed: 500,
    LookUpReasonMissing: 422,
    LookUpSiteForeign: 403,
    RoomLacking: 503,
}


def utc_now() -> datetime:
    """Return the centre's time."""
    return datetime.now(UTC)


def make_app(dsn: str, *, practice: bool, restored: bool = False, gauges: Gauges | None = None) -> Starlette:
    """Return the centre on a database; it fills ``gauges``. Raises DatabaseNewer or psycopg.OperationalError.

    ``restored``: the database was put back from its backup just now.
    """
    with open_database(dsn) as database:
        migrate(database, utc_now(), os.urandom)
        if restored:
            begin_incarnation(database, utc_now(), os.urandom)
        incarnation = incarnation_of(database)
    intake, gauges = Intake(dsn, incarnation, utc_now), gauges or Gauges()
    gauges.queued, gauges.lag_s = intake.queued, intake.lag_s
    gauges.health = partial(check_health, dsn, incarnation)
    surface = _Surface(dsn, intake, gauges)
    routes = [
        Route("/v1/sync", surface.sync, methods=["POST"]),
        Route("/v1/lookup", surface.look_up, methods=["POST"]),
        Route("/v1/health", surface.health, methods=["GET"]),
    ]
    if practice:
        routes += [
            Route("/v1/enrol", surface.enrol, methods=["POST"]),
            Route("/v1/summary", surface.summary, methods=["GET"]),
        ]
    return Starlette(routes=routes, lifespan=surface.lifespan)


class _Surface:
    """The handlers, with the desk they hand requests to."""

    def __init__(self, dsn: str, intake: Intake, gauges: Gauges) -> None:
        self._dsn = dsn
        self._gauges = gauges
        self._intake = intake

    @asynccontextmanager
    async def lifespan(self, app: Starlette) -> AsyncIterator[None]:
        self._intake.open()
        try:
            yield
        finally:
            await asyncio.to_thread(self._intake.close)

    async def sync(self, request: Request) -> Response:
        try:
            job = Job(token_hash(_bearer(request)), await _body(request))
            reply = await asyncio.wrap_future(self._intake.submit(job))
        except Refusal as refusal:
            return self._decline(refusal)
        except ClientDisconnect:
            return Response(status_code=400)
        return self._decline(reply) if isinstance(reply, Refusal) else Response(wire.encode_answer(reply))

    async def enrol(self, request: Request) -> Response:
        try:
            enrolment = decode_enrolment(await _body(request))
            site = await asyncio.to_thread(self._enrol, enrolment)
        except Refusal as refusal:
            return self._decline(refusal)
        except psycopg.OperationalError:
            return self._decline(RoomLacking())
        except ClientDisconnect:
            return Response(status_code=400)
        return Response(encode_enrolled(site))

    async def look_up(self, request: Request) -> Response:
        try:
            caller, asked = token_hash(_bearer(request)), decode_look_up(await _body(request))
            found = await asyncio.to_thread(self._look_up, caller, asked)
        except Refusal as refusal:
            return self._decline(refusal)
        except psycopg.OperationalError:
            return self._decline(RoomLacking())
        except ClientDisconnect:
            return Response(status_code=400)
        except Exception as bug:  # noqa: BLE001 - the outer edge of a request
            log_bug(bug)
            return self._decline(CentreFailed())
        return Response(encode_found(found))

    async def health(self, request: Request) -> Response:
        return await answer_health(self._gauges)

    async def summary(self, request: Request) -> Response:
        return JSONResponse(await asyncio.to_thread(self._summarise))

    def _decline(self, refusal: Refusal) -> Response:
        self._gauges.declined[type(refusal).__name__] += 1
        return _declined(refusal)

    def _enrol(self, enrolment: Enrolment) -> str:
        with open_database(self._dsn) as database:
            return devices.enrol(database, enrolment, utc_now())

    def _look_up(self, caller: bytes, asked: LookUp) -> tuple[FoundPerson, ...]:
        with open_database(self._dsn) as database:
            device = devices.find_devices(database, [caller]).get(caller)
            if device is None:
                raise devices.DeviceUnknown
            return look_up(database, device, asked, utc_now(), os.urandom)

    def _summarise(self) -> dict[str, object]:
        with open_database(self._dsn) as database:
            return summarise(database)


async def answer_health(gauges: Gauges) -> Response:
    """Return 200 when the centre can do its work, else 503 and what is in the way."""
    status = await asyncio.to_thread(gauges.health)
    return JSONResponse({"status": status}, 200 if status == READY else 503)


def _bearer(request: Request) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme != "Bearer" or not token:
        raise devices.DeviceUnknown
    return token


async def _body(request: Request) -> bytes:
    pieces, size = [], 0
    async for piece in request.stream():
        size += len(piece)
        if size > MAX_FRAME_BYTES:
            raise MessageTooLarge("frame", MAX_FRAME_BYTES)
        pieces.append(piece)
    return b"".join(pieces)


def _declined(refusal: Refusal) -> Response:
    declined = wire.Declined(type(refusal).__name__, str(refusal.facts().get("reason", "")))
    status = STATUS[type(refusal)]
    headers = {"Retry-After": str(RETRY_AFTER_S)} if status == 503 else {}
    return Response(wire.encode_answer(declined), status, headers)
