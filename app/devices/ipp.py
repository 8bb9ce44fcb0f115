"""The few words of IPP needed to ask a print service about printers and jobs (RFC 8010, RFC 8011)."""

import http.client
import os
import socket
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

DEFAULT_SOCKET = "/run/cups/cups.sock"
DEFAULT_PORT = 631
PATIENCE_S = 3.0
GET_JOB_ATTRIBUTES, GET_PRINTER_ATTRIBUTES, CUPS_GET_PRINTERS = 0x0009, 0x000B, 0x4002
NOT_FOUND = 0x0406

Value = int | bool | str
Attributes = dict[str, list[Value]]

_END, _OPERATION, _FIRST_VALUE_TAG = 0x03, 0x01, 0x10
_INTEGER, _BOOLEAN, _ENUM = 0x21, 0x22, 0x23
_KEYWORD, _URI, _CHARSET, _LANGUAGE = 0x44, 0x45, 0x47, 0x48
_HIGHEST_GOOD_STATUS = 0x00FF


class IppError(Exception):
    """The service could not be asked, or said no; ``status`` is 0 if no answer came."""

    def __init__(self, words: str, status: int = 0) -> None:
        super().__init__(words)
        self.status = status


@dataclass(frozen=True)
class IppService:
    """Where a print service listens: the path of a socket, or a host and its port."""

    host: str
    port: int = DEFAULT_PORT

    def ask(
        self, operation: int, path: str, targets: Mapping[str, str | int], wanted: Sequence[str]
    ) -> list[Attributes]:
        """Return the groups of attributes of the answer, without the first; raises IppError.

        ``targets`` says of which printer or job; a name that ends in ``-uri`` is sent as a URI.
        """
        body = _request(operation, targets, wanted)
        connection = _connection(self)
        try:
            connection.request("POST", path, body, {"Content-Type": "application/ipp"})
            answer = connection.getresponse()
            data = answer.read()
        except (OSError, http.client.HTTPException) as error:
            raise IppError(f"{self.host}: {error or type(error).__name__}") from error
        finally:
            connection.close()
        if answer.status != http.HTTPStatus.OK:
            raise IppError(f"HTTP {answer.status} {answer.reason}")
        return read_answer(data)


def default_service() -> IppService:
    """Return the service that ``lp`` uses: CUPS_SERVER, else the local socket, else this machine's port."""
    named = os.environ.get("CUPS_SERVER", "")
    if named.startswith("/"):
        return IppService(named)
    if named:
        host, _, port = named.partition("/")[0].partition(":")
        return IppService(host, int(port or DEFAULT_PORT))
    return IppService(DEFAULT_SOCKET if Path(DEFAULT_SOCKET).exists() else "localhost")


def printer_path(queue: str) -> str:
    """Return the path of a queue within its service."""
    return f"/printers/{quote(queue, safe='')}"


def read_answer(data: bytes) -> list[Attributes]:
    """Return the groups of attributes after the first; raises IppError if the service said no."""
    try:
        status = int(struct.unpack_from(">H", data, 2)[0])
        groups = _read_groups(data)
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise IppError(f"no IPP answer: {data[:40]!r}") from error
    if status > _HIGHEST_GOOD_STATUS:
        said = groups[0].get("status-message", [""])[0] if groups else ""
        raise IppError(f"IPP 0x{status:04x} {said}", status)
    return groups[1:]


class _SocketConnection(http.client.HTTPConnection):
    """HTTP over a socket that has a path."""

    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=PATIENCE_S)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(PATIENCE_S)
        self.sock.connect(self._path)


def _connection(service: IppService) -> http.client.HTTPConnection:
    if service.host.startswith("/"):
        return _SocketConnection(service.host)
    return http.client.HTTPConnection(service.host, service.port, timeout=PATIENCE_S)


def _request(operation: int, targets: Mapping[str, str | int], wanted: Sequence[str]) -> bytes:
    parts = [struct.pack(">HHIB", 0x0200, operation, 1, _OPERATION)]
    parts += [_attribute(_CHARSET, "attributes-charset", "utf-8")]
    parts += [_attribute(_LANGUAGE, "attributes-natural-language", "en")]
    for name, value in targets.items():
        tag = _INTEGER if isinstance(value, int) else _URI if name.endswith("-uri") else _KEYWORD
        parts.append(_attribute(tag, name, value))
    for place, name in enumerate(wanted):
        parts.append(_attribute(_KEYWORD, "" if place else "requested-attributes", name))
    return b"".join([*parts, bytes([_END])])


def _attribute(tag: int, name: str, value: str | int) -> bytes:
    data = struct.pack(">i", value) if isinstance(value, int) else value.encode()
    key = name.encode()
    return struct.pack(f">BH{len(key)}sH", tag, len(key), key, len(data)) + data


def _read_groups(data: bytes) -> list[Attributes]:
    groups: list[Attributes] = []
    name, at = "", 8
    while data[at] != _END:
        tag, at = data[at], at + 1
        if tag < _FIRST_VALUE_TAG:
            groups.append({})
            continue
        key, at = _counted(data, at)
        value, at = _counted(data, at)
        name = key.decode() or name  # further values of an attribute come without its name
        groups[-1].setdefault(name, []).append(_value(tag, value))
    return groups


def _counted(data: bytes, at: int) -> tuple[bytes, int]:
    length = int(struct.unpack_from(">H", data, at)[0])
    end = at + 2 + length
    return data[at + 2 : end], end


def _value(tag: int, data: bytes) -> Value:
    if tag in (_INTEGER, _ENUM):
        return int(struct.unpack(">i", data)[0])
    if tag == _BOOLEAN:
        return data != b"\0"
    return data.decode("utf-8", "replace")
