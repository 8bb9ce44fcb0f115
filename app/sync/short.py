"""Codec 3: a message of one event or none as its text, with ids, hashes, instants and numbers as bytes.

A control byte says what stands behind it, for canonical JSON holds none: ids and the like take half their
length, and a compressor with a trained dictionary does the rest. Columns (codec 2) make a byte or two in ten
less of one event, and cost the centre six times as much to read.
"""

import re
from binascii import a2b_hex, b2a_hex
from collections.abc import Callable, Sequence

from app.sync import looks
from app.sync.columns import Unfit
from app.sync.looks import hash_bytes, hash_text, instant_numbers, instant_text, look_of
from app.sync.trained import Trained

TRAINED = Trained("codec-3.dictionary", window_bytes=1 << 20, sized=False, prepared=False)
"""Another dictionary needs another codec number."""
LEVEL = 6
MAX_PLAIN_BYTES = 32 << 10
"""Of a message before it is compressed; a longer one is not short."""
LAST_YEAR = b"7"
"""The digits of a later instant are more than seven bytes hold."""

_NUMBER = re.compile(rb"([:,\[])([1-9][0-9]{10,18})")
_STRING = re.compile(rb'"([A-Za-z0-9_.:-]{16,128})"')
_MARKED = re.compile(
    rb"\x01(.{16})|\x02(.{32})|\x03(.{7})|\x04(.{8})|\x05(.{32})|\x06(.{64})|\x07(.{6})|\x08(.{8})", re.DOTALL
)


def squeeze(lines: Sequence[bytes]) -> bytes:
    """Return lines as codec 3; raises Unfit unless exactly these lines will be read from it."""
    text = b"\n".join(lines)
    plain = compressible(text)
    if len(plain) > MAX_PLAIN_BYTES or _restored(plain) != text:
        raise Unfit("text")
    return TRAINED.compress(plain, LEVEL)


def expand(data: bytes) -> list[bytes]:
    """Return the lines; raises Unfit."""
    plain = TRAINED.decompress(data, MAX_PLAIN_BYTES)
    return _restored(plain).split(b"\n")


def compressible(text: bytes) -> bytes:
    """Return what goes through the compressor."""
    return _STRING.sub(_string, _NUMBER.sub(_number, text))


def _number(found: re.Match[bytes]) -> bytes:
    number = int(found[2])
    return found[1] + (b"\x08" + number.to_bytes(8) if number >> 48 else b"\x07" + number.to_bytes(6))


def _string(found: re.Match[bytes]) -> bytes:
    text = found[1]
    match look_of(text):
        case looks.UUID7 | looks.UUID:
            return b"\x01" + a2b_hex(text.replace(b"-", b""))
        case looks.HASH:
            return b"\x02" + hash_bytes(text)
        case looks.INSTANT if text < LAST_YEAR:
            return b"\x03" + instant_numbers([text])[0].to_bytes(7)
        case looks.HEX | looks.DIGITS if len(text) in _HEX:
            return _HEX[len(text)] + a2b_hex(text)
    return found[0]


_HEX = {16: b"\x04", 64: b"\x05", 128: b"\x06"}
"""By the digits of an epoch, a key and a signature."""


def _restored(plain: bytes) -> bytes:
    """Return the text again; raises Unfit."""
    try:
        return _MARKED.sub(_text, plain)
    except ValueError as error:
        raise Unfit("value") from error


def _text(found: re.Match[bytes]) -> bytes:
    kind = found.lastindex or 0
    return _TEXTS[kind - 1](found[kind])


def _uuid_text(raw: bytes) -> bytes:
    digits = raw.hex()
    return f'"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"'.encode()


def _hex_text(raw: bytes) -> bytes:
    return b'"%b"' % b2a_hex(raw)


def _number_text(raw: bytes) -> bytes:
    return b"%d" % int.from_bytes(raw)


_TEXTS: tuple[Callable[[bytes], bytes], ...] = (
    _uuid_text, lambda raw: b'"%b"' % hash_text(raw), lambda raw: b'"%b"' % instant_text(int.from_bytes(raw)),
    _hex_text, _hex_text, _hex_text, _number_text, _number_text,
)  # fmt: skip
