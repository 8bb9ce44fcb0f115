"""A bad link: a TCP proxy that cuts both directions after a given number of bytes, delays and stalls."""

import socket
import threading
from contextlib import suppress

NEVER = 1 << 60


class Proxy:
    """Forwards every connection to one port until told to cut."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._lock = threading.Condition()
        self._delay_s = 0.0
        self._stalled = self._closing = False
        self._left = {"up": NEVER, "down": NEVER}
        self._connections: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._spawn(self._accept)

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self._listener.getsockname()[1]}"

    def cut(self, direction: str, after: int) -> None:
        """Let so many more bytes pass in a direction (``up``, ``down``), then cut the connection."""
        with self._lock:
            self._left[direction] = after

    def delay(self, seconds: float) -> None:
        """Let every piece wait so long before it passes."""
        with self._lock:
            self._delay_s = seconds

    def stall(self) -> None:
        """Let nothing pass, and nobody know."""
        with self._lock:
            self._stalled = True

    def heal(self) -> None:
        """Let everything pass from now on."""
        with self._lock:
            self._left = {"up": NEVER, "down": NEVER}
            self._delay_s, self._stalled = 0.0, False
            self._lock.notify_all()

    def close(self) -> None:
        with self._lock:
            self._closing = True
        self.heal()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in self._connections:
            _shut(connection)
        for thread in self._threads:
            thread.join()
        for connection in self._connections:
            connection.close()

    def _spawn(self, work: "object", *args: object) -> None:
        thread = threading.Thread(target=work, args=args, daemon=True)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            self._connections.append(near)
            try:
                far = socket.create_connection(("127.0.0.1", self._target))
            except OSError:
                _shut(near)
                continue
            self._connections.append(far)
            self._spawn(self._pump, near, far, "up")
            self._spawn(self._pump, far, near, "down")

    def _pump(self, source: socket.socket, target: socket.socket, direction: str) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                with self._lock:
                    if self._delay_s:
                        self._lock.wait_for(lambda: self._closing, self._delay_s)
                    self._lock.wait_for(lambda: not self._stalled)
                    passing = data[: self._left[direction]]
                    self._left[direction] -= len(passing)
                target.sendall(passing)
                if len(passing) < len(data):
                    break
        _shut(source)
        _shut(target)


def _shut(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
