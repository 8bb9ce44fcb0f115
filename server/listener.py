"""The HTTPS server around the centre's app: quiet, no header that only costs bytes, TLS for devices."""

import ssl

import uvicorn
from starlette.applications import Starlette

from server.peer import PeerProtocol

KEEP_ALIVE_S = 75
"""Longer than a device's, so that a device never writes into a connection just closed."""
LAST_REQUESTS_S = 5


def count_connections(server: uvicorn.Server) -> int:
    """Return how many connections are open."""
    return len(server.server_state.connections)


def make_server(app: Starlette, host: str, port: int, tls: ssl.SSLContext | None) -> uvicorn.Server:
    """Return a server that logs no request, for addresses and paths are nobody's business.

    Only the operator's pages, on loopback, go without TLS.
    """
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        http="httptools" if tls is None else PeerProtocol,
        ws="none",
        ssl_context_factory=None if tls is None else lambda config, default: tls,
        access_log=False,
        log_level="warning",
        server_header=False,
        date_header=False,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=LAST_REQUESTS_S,
    )
    return uvicorn.Server(config)
