"""Runs the operator's pages beside the devices' port: a thread and a loop of their own in one process."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from starlette.applications import Starlette

from server.listener import make_server

GLANCE_S = 0.02


@contextmanager
def running_beside(app: Starlette, host: str, port: int) -> Iterator[str]:
    """Serve an app while the block runs; yields its address. Port 0 takes a free one. Raises OSError."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen()
        server = make_server(app, host, port, None)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="operator")
        thread.start()
        try:
            yield f"http://{host}:{listener.getsockname()[1]}/"
        finally:
            while not server.started and thread.is_alive():
                time.sleep(GLANCE_S)
            server.should_exit = True
            thread.join()
