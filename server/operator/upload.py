"""A form that brings a file, as a browser sends it: multipart/form-data (RFC 7578), read whole."""

from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message

from app.sync.envelope import MAX_FILE_BYTES
from server.operator.forms import MAX_FORM_BYTES, MAX_FORM_FIELDS, FormUnfit

MULTIPART = "multipart/form-data"
MAX_UPLOAD_BYTES = MAX_FILE_BYTES + MAX_FORM_BYTES
MAX_FILE_NAME = 80


@dataclass(frozen=True)
class Upload:
    """The one file of a form."""

    name: str
    """Without folders, printable and short; empty where none was chosen."""
    data: bytes


NOTHING = Upload("", b"")


def read_upload(content_type: str, body: bytes) -> tuple[Mapping[str, str], Upload]:
    """Return the fields of a form and its file; raises FormUnfit."""
    kind, boundary = _parameters(content_type, "boundary")
    mark = b"\r\n--" + boundary.encode("ascii", "replace")
    pieces = (b"\r\n" + body).split(mark, MAX_FORM_FIELDS + 1)
    if kind != MULTIPART or not boundary or len(pieces) < 3 or not pieces[-1].startswith(b"--"):
        raise FormUnfit
    fields, upload = dict[str, str](), NOTHING
    for piece in pieces[1:-1]:
        head, _, value = piece.partition(b"\r\n\r\n")
        name, file_name = _names(head)
        if file_name is not None:
            upload = Upload(_plain(file_name), value)
        else:
            fields[name] = _text(value)
    return fields, upload


def _names(head: bytes) -> tuple[str, str | None]:
    """Return the name of a field, and of its file if it is one."""
    for line in _text(head).split("\r\n"):
        key, _, value = line.partition(":")
        if key.strip().lower() == "content-disposition":
            message = Message()
            message["content-disposition"] = value.strip()
            name = message.get_param("name", header="content-disposition")
            file_name = message.get_param("filename", header="content-disposition")
            if isinstance(name, str) and not isinstance(file_name, tuple):
                return name, file_name
    raise FormUnfit


def _parameters(header: str, wanted: str) -> tuple[str, str]:
    message = Message()
    message["content-type"] = header
    value = message.get_param(wanted)
    return message.get_content_type(), value if isinstance(value, str) else ""


def _text(value: bytes) -> str:
    try:
        text = value.decode()
    except UnicodeDecodeError as error:
        raise FormUnfit from error
    if "\0" in text:
        raise FormUnfit
    return text


def _plain(name: str) -> str:
    """Return a file's name as it may be written anywhere: no folder, nothing that is not seen."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(sign for sign in last if sign.isprintable())[-MAX_FILE_NAME:]
