"""Runs the centre: ``python -m server --dsn … --tls FOLDER``; ``… operator …`` keeps the operators."""

import argparse
import ipaddress
import logging
import sys
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import psycopg

from app.domain.refusals import Refusal
from server.database import wait_for_database
from server.listener import count_connections, make_server
from server.log import begin_log
from server.metrics import Gauges
from server.operator.beside import running_beside
from server.operator.command import main as operator_main
from server.operator.web import make_desk
from server.tls import open_tls
from server.web import make_app, utc_now

log = logging.getLogger("vaxpost.centre")


def main() -> int:
    """Serve until told to stop; return the exit code."""
    if sys.argv[1:2] == ["operator"]:
        return operator_main(sys.argv[2:])
    parser = argparse.ArgumentParser(prog="python -m server", description="The centre of Vaxpost.")
    parser.add_argument("--dsn", required=True, help="PostgreSQL 15 or later, as a libpq URI")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8443)
    parser.add_argument(
        "--tls", required=True, type=Path, metavar="FOLDER", help="see server/tls.py; made if new"
    )
    parser.add_argument(
        "--name", action="append", default=[], help="host name or address devices reach it by"
    )
    parser.add_argument("--practice", action="store_true", help="a summary for all; loopback only")
    parser.add_argument(
        "--in-one-process", action="store_true", help="for a small machine; with --practice it is so anyway"
    )
    parser.add_argument("--restored", action="store_true", help="the database was restored from its backup")
    parser.add_argument("--operator-port", type=int, help="the operator's pages, on 127.0.0.1 alone")
    options = parser.parse_args()
    if options.practice and not ipaddress.ip_address(options.host).is_loopback:
        parser.error("--practice listens on a loopback address only")
    begin_log()
    gauges = Gauges()
    try:
        wait_for_database(options.dsn, log.warning)
        tls = open_tls(options.tls, options.name or [options.host, "localhost"], utc_now())
        app = make_app(
            options.dsn,
            tls.authority,
            practice=options.practice,
            restored=options.restored,
            apart=not (options.in_one_process or options.practice),
            gauges=gauges,
        )
    except Refusal as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1
    except psycopg.OperationalError as error:
        sys.stderr.write(f"the database: {error}\n")
        return 1
    except OSError as error:
        sys.stderr.write(f"the TLS folder: {error.filename}: {error.strerror}\n")
        return 1
    server = make_server(app, options.host, options.port, tls.context)
    if options.operator_port is None:
        server.run()
        return 0
    gauges.connections = partial(count_connections, server)
    desk = make_desk(options.dsn, utc_now, gauges, tls.authority)
    with ExitStack() as beside:
        try:
            address = beside.enter_context(running_beside(desk, "127.0.0.1", options.operator_port))
        except OSError as error:
            sys.stderr.write(f"the operator's port {options.operator_port}: {error.strerror}\n")
            return 1
        log.info("the operator's pages: %s", address)
        server.run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
