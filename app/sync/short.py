"""Codec 3: a message of one event or none as its text, with ids, hashes, instants and numbers as bytes.

A control byte says what stands behind it, for canonical JSON holds none: ids and the like take half their
length, and a compressor with a trained dictionary does the rest. Columns (codec 2) make a byte or two in ten
less of one event, and cost the centre six times as much to read.
"""

import re
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from app.sync.columns import Unfit
from app.sync.looks import hash_bytes, hash_text

if TYPE_CHECKING:
    import zstandard

DICTIONARY_FILE = Path(__file__).parents[2] / "resources" / "sync" / "codec-3.dictionary"
LEVEL = 6
MAX_PLAIN_BYTES = 32 << 10
"""Of a message before it is compressed; a longer one is not short."""
MAX_WINDOW_BYTES = 1 << 20

_NUMBER = re.compile(rb"([:,\[])([1-9][0-9]{10,18})")
_STRING = re.compile(rb'"([A-Za-z0-9_.:-]{16,128})"')
_UUID = re.compile(rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_HEX = re.compile(rb"[0-9a-f]+")
_INSTANT = re.compile(rb"2\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
_MARKED = re.compile(
    rb"\x01(.{16})|\x02(.{32})|\x03(.{7})|\x04(.{8})|\x05(.{32})|\x06(.{64})|\x07(.{6})|\x08(.{8})", re.DOTALL
)
_local = threading.local()


def squeeze(lines: Sequence[bytes]) -> bytes:
    """Return lines as codec 3; raises Unfit unless exactly these lines will be read from it."""
    text = b"\n".join(lines)
    plain = compressible(text)
    if len(plain) > MAX_PLAIN_BYTES or _MARKED.sub(_text, plain) != text:
        raise Unfit("text")
    return _compressor().compress(plain)


def expand(data: bytes) -> list[bytes]:
    """Return the lines; raises Unfit."""
    import zstandard

    try:
        told = zstandard.get_frame_parameters(data, format=zstandard.FORMAT_ZSTD1_MAGICLESS)
        if told.content_size != zstandard.CONTENTSIZE_UNKNOWN or told.has_checksum or told.dict_id:
            raise Unfit("frame")
        plain = _decompressor().decompress(data, max_output_size=MAX_PLAIN_BYTES, allow_extra_data=False)
    except (zstandard.ZstdError, ValueError, MemoryError) as error:
        raise Unfit("compression") from error
    return _MARKED.sub(_text, plain).split(b"\n")


def compressible(text: bytes) -> bytes:
    """Return what goes through the compressor."""
    return _STRING.sub(_string, _NUMBER.sub(_number, text))


def _number(found: re.Match[bytes]) -> bytes:
    number = int(found[2])
    return found[1] + (b"\x08" + number.to_bytes(8) if number >> 48 else b"\x07" + number.to_bytes(6))


def _string(found: re.Match[bytes]) -> bytes:
    text = found[1]
    make = _MAKERS.get(len(text))
    return found[0] if make is None else make(text) or found[0]


def _uuid(text: bytes) -> bytes | None:
    return b"\x01" + bytes.fromhex(text.replace(b"-", b"").decode()) if _UUID.fullmatch(text) else None


def _hash(text: bytes) -> bytes | None:
    if b"." in text or b":" in text:
        return None
    return b"\x02" + hash_bytes(text)


def _instant(text: bytes) -> bytes | None:
    return b"\x03" + int(text.translate(None, b"-:.TZ")).to_bytes(7) if _INSTANT.fullmatch(text) else None


def _hex(mark: bytes) -> Callable[[bytes], bytes | None]:
    def make(text: bytes) -> bytes | None:
        return mark + bytes.fromhex(text.decode()) if _HEX.fullmatch(text) else None

    return make


_MAKERS = {36: _uuid, 43: _hash, 24: _instant, 16: _hex(b"\x04"), 64: _hex(b"\x05"), 128: _hex(b"\x06")}


def _text(found: re.Match[bytes]) -> bytes:
    kind = found.lastindex or 0
    raw = found[kind]
    return _TEXTS[kind - 1](raw)


def _uuid_text(raw: bytes) -> bytes:
    digits = raw.hex()
    return f'"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"'.encode()


def _instant_text(raw: bytes) -> bytes:
    digits = f"{int.from_bytes(raw):017}"
    day = f"{digits[:4]}-{digits[4:6]}-{digits[6:8]}"
    return f'"{day}T{digits[8:10]}:{digits[10:12]}:{digits[12:14]}.{digits[14:]}Z"'.encode()


def _hex_text(raw: bytes) -> bytes:
    return b'"' + raw.hex().encode() + b'"'


def _number_text(raw: bytes) -> bytes:
    return b"%d" % int.from_bytes(raw)


_TEXTS: tuple[Callable[[bytes], bytes], ...] = (
    _uuid_text, lambda raw: b'"' + hash_text(raw) + b'"', _instant_text,
    _hex_text, _hex_text, _hex_text, _number_text, _number_text,
)  # fmt: skip


def _compressor() -> "zstandard.ZstdCompressor":
    """Return this thread's compressor."""
    made: Any = getattr(_local, "compressor", None)
    if made is None:
        import zstandard

        dictionary = zstandard.ZstdCompressionDict(DICTIONARY_FILE.read_bytes())
        parameters = zstandard.ZstdCompressionParameters.from_level(
            LEVEL, format=zstandard.FORMAT_ZSTD1_MAGICLESS,
            write_content_size=False, write_checksum=False, write_dict_id=False,
        )  # fmt: skip
        made = _local.compressor = zstandard.ZstdCompressor(
            dict_data=dictionary, compression_params=parameters
        )
    return cast("zstandard.ZstdCompressor", made)


def _decompressor() -> "zstandard.ZstdDecompressor":
    """Return this thread's decompressor."""
    made: Any = getattr(_local, "decompressor", None)
    if made is None:
        import zstandard

        made = _local.decompressor = zstandard.ZstdDecompressor(
            dict_data=zstandard.ZstdCompressionDict(DICTIONARY_FILE.read_bytes()),
            max_window_size=MAX_WINDOW_BYTES, format=zstandard.FORMAT_ZSTD1_MAGICLESS,
        )  # fmt: skip
    return cast("zstandard.ZstdDecompressor", made)
