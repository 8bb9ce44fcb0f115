"""An HTTP proxy on the loopback: it opens tunnels and carries what it cannot read."""

import socket
import threading
from contextlib import suppress


class ConnectProxy:
    """Answers CONNECT for one connection and carries its bytes; keeps what it saw."""

    def __init__(self, answer: bytes = b"HTTP/1.1 200 OK\r\n\r\n") -> None:
        self._answer = answer
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.asked = b""
        self.carried = b""
        """What went up through the tunnel."""
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()

    def _run(self) -> None:
        with suppress(OSError):
            near, _ = self._listener.accept()
            with near:
                while b"\r\n\r\n" not in self.asked:
                    self.asked += near.recv(65536)
                near.sendall(self._answer)
                host, _, port = self.asked.split()[1].decode().rpartition(":")
                if b" 200 " in self._answer:
                    with socket.create_connection((host, int(port))) as far:
                        self._carry(near, far)

    def _carry(self, near: socket.socket, far: socket.socket) -> None:
        down = threading.Thread(target=_pump, args=(far, near), daemon=True)
        down.start()
        with suppress(OSError):
            while data := near.recv(65536):
                self.carried += data
                far.sendall(data)
            far.shutdown(socket.SHUT_RDWR)
        down.join()


def _pump(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
