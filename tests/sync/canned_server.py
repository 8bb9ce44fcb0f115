"""A TLS server on the loopback that answers every connection with the bytes it was given, or says nothing."""

import socket
import ssl
import threading
from collections.abc import Sequence
from contextlib import suppress


class CannedServer:
    """Reads each request to its end, then writes the next answer; one answer a connection."""

    def __init__(self, answers: Sequence[bytes | None], context: ssl.SSLContext) -> None:
        """``None`` answers by closing the connection; when none is left it keeps silent."""
        self._context = context
        self._answers = list(answers)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._held: list[socket.socket] = []
        self.requests: list[bytes] = []
        self.resumed: list[bool | None] = []
        """Of each connection: whether it took up a session of before."""
        self.shown: list[bytes | None] = []
        """Of each connection: the certificate of the other side."""
        self.asked = threading.Event()
        """Set when a whole request has come in."""
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self._listener.getsockname()[1]}"

    def close(self) -> None:
        if self._listener.fileno() < 0:
            return
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()
        for held in self._held:
            held.close()

    def _run(self) -> None:
        while True:
            try:
                plain, _ = self._listener.accept()
            except OSError:
                return
            self._held.append(plain)
            try:
                connection = self._context.wrap_socket(plain, server_side=True)
                self._held.append(connection)
            except OSError:  # the other side does not believe this one
                continue
            self.resumed.append(connection.session_reused)
            self.shown.append(connection.getpeercert(True))
            self.requests.append(_read_request(connection))
            self.asked.set()
            if not self._answers:
                continue
            answer = self._answers.pop(0)
            with suppress(OSError):  # the other side may have had enough of it
                if answer is not None:
                    connection.sendall(answer)
                connection.shutdown(socket.SHUT_RDWR)


def _read_request(connection: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        data += connection.recv(65536)
    head, _, body = data.partition(b"\r\n\r\n")
    length = next(
        int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")
    )
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body
