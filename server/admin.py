"""The operator at a prompt: ``python -m server.admin --dsn … ACT``, the acts being those of ``--help``."""

import argparse
import os
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import psycopg

from app.domain.refusals import Refusal
from server import devices
from server.database import Database, open_database
from server.feed import put_into_area
from server.handing_in import hand_in, whole_ms
from server.operator.acts import note_act
from server.replying import ROOM_ON_A_STICK
from server.reproject import reproject
from server.tls import open_authority
from server.web import utc_now

BY = "server.admin"
"""In the book of acts, in the place of an operator's name."""


def main(arguments: Sequence[str]) -> int:
    """Do one thing and return the exit code: 0 done, 1 refused, 2 called wrongly."""
    given = _parser().parse_args(arguments)
    if not given.dsn:
        sys.stderr.write("--dsn or VAXPOST_DSN\n")
        return 2
    try:
        with open_database(given.dsn) as database:
            lines = _do(database, given)
    except Refusal as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1
    except psycopg.OperationalError as error:
        sys.stderr.write(f"the database: {error}\n")
        return 1
    except OSError as error:  # of the file that was named, or of the one beside it
        sys.stderr.write(f"{error.filename}: {error.strerror}\n")
        return 1
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m server.admin", description="The centre's devices.")
    parser.add_argument("--dsn", default=os.environ.get("VAXPOST_DSN"), help="default: VAXPOST_DSN")
    does = parser.add_subparsers(dest="does", required=True)
    code = does.add_parser(
        "code", help="issue a one-time code that lets one device in for a site, within a day"
    )
    code.add_argument("site")
    does.add_parser("codes", help="list the codes issued, without the codes themselves")
    does.add_parser("devices", help="list the devices")
    bundle = does.add_parser(
        "hand-in",
        help="take a device's bundle from a stick; the reply goes beside it, with all there is for it",
    )
    bundle.add_argument("bundle")
    bundle.add_argument("--tls", required=True, help="the centre's TLS folder")
    area = does.add_parser("area", help="let a site stand in an area: its sites tell each other of doses")
    area.add_argument("site")
    area.add_argument("area")
    does.add_parser("reproject", help="read the journal into the tables once more; may run beside the centre")
    revoke = does.add_parser("revoke", help="withdraw a device: its next request is refused")
    revoke.add_argument("device")
    return parser


def _do(database: Database, given: argparse.Namespace) -> list[str]:
    now = utc_now()
    if given.does == "code":
        with database.transaction():
            code = devices.issue_code(database, given.site, now, os.urandom)
            _note(database, "code_issued", given.site, now)
        return [devices.grouped(code)]
    if given.does == "revoke":
        with database.transaction():
            devices.revoke(database, given.device, now)
            _note(database, "device_revoked", given.device, now)
        return []
    if given.does == "area":
        with database.transaction():
            told = put_into_area(database, given.site, given.area)
            _note(database, "area_changed", f"{given.site} → {given.area}", now)
        return [str(told)]
    if given.does == "hand-in":
        return [_hand_in(database, Path(given.bundle), Path(given.tls), now)]
    if given.does == "reproject":
        _note(database, "reprojected", "", now)
        return [str(reproject(database, now))]
    if given.does == "codes":
        return [
            _row(code.site, code.issued_at, code.expires_at, code.used_by)
            for code in devices.list_codes(database)
        ]
    return [
        _row(device.device_id, ",".join(device.sites), device.enrolled_at, device.expires_at, device.heard_at,
             device.revoked_at and f"revoked {_cell(device.revoked_at)}")
        for device in devices.list_devices(database)
    ]  # fmt: skip


def _hand_in(database: Database, file: Path, tls: Path, now: datetime) -> str:
    """Take a bundle from a stick and write the reply beside it; return where."""
    reply = file.with_suffix(".vxr")
    authority = open_authority(tls)
    handed = hand_in(database, authority, file.read_bytes(), BY, whole_ms(now), ROOM_ON_A_STICK)
    reply.write_bytes(handed.reply)
    _note(database, "bundle_handed_in", file.name, now)
    return str(reply)


def _note(database: Database, act: str, subject: str, now: datetime) -> None:
    note_act(database, BY, act, subject, now, os.urandom)


def _row(*cells: object) -> str:
    return "\t".join(map(_cell, cells))


def _cell(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return "-" if value is None else str(value)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
