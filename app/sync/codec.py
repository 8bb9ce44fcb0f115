"""Codec 2: the lines of a message in columns, compressed by zstd with a trained dictionary.

``length of the compressed part · compressed part · raw part``. Compressed are the sizes of the parts and the
parts of ``Columns``; random ids and hashes stand raw behind, for no compressor makes them smaller.
"""

import threading
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from app.sync.columns import Columns, Lines, Unfit, fold_checked, unfold

if TYPE_CHECKING:
    import zstandard

DICTIONARY_FILE = Path(__file__).parents[2] / "resources" / "sync" / "codec-2.dictionary"
LEVEL = 6
"""By measurement: beyond it a byte of a long message costs more than it saves, from some Mbit/s on."""
LEVEL_OF_FEW, FEW_BYTES = 19, 32 << 10
"""Of a message with few events, which is what slow links carry."""
WINDOW_BYTES = 8 << 20
MAX_LENGTH_BYTES = 5
"""Of a number."""

_local = threading.local()


def squeeze(lines: Sequence[bytes]) -> bytes:
    """Return lines as codec 2; raises Unfit unless exactly these lines will be read from it."""
    columns = fold_checked(lines)
    plain = compressible(columns)
    few = len(lines) > 1 and len(plain) <= FEW_BYTES
    compressed = _compressor(LEVEL_OF_FEW if few else LEVEL).compress(plain)
    length = bytearray()
    write_number(length, len(compressed))
    return bytes(length) + compressed + columns.raw


def expand(data: bytes, line_limit: int, limit: int) -> Lines:
    """Return the lines, none longer than ``line_limit`` and ``limit`` together; raises Unfit."""
    import zstandard

    [length], start = read_numbers(data, 0, 1)
    compressed, raw = data[start : start + length], data[start + length :]
    try:
        told = zstandard.get_frame_parameters(compressed, format=zstandard.FORMAT_ZSTD1_MAGICLESS)
        if told.content_size > limit or told.has_checksum or told.dict_id:
            raise Unfit("frame")
        plain = _decompressor().decompress(compressed, allow_extra_data=False)
    except (zstandard.ZstdError, ValueError, MemoryError) as error:
        raise Unfit("compression") from error
    sizes, at = read_numbers(plain, 0, 5)
    if at + sum(sizes) != len(plain):
        raise Unfit("sizes")
    parts = []
    for size in sizes:
        parts.append(plain[at : at + size])
        at += size
    templates, shapes, tags, planes, texts = parts
    return unfold(Columns(templates, shapes, tags, planes, texts, raw), line_limit, limit)


def compressible(columns: Columns) -> bytes:
    """Return what goes through the compressor."""
    parts = (columns.templates, columns.shapes, columns.tags, columns.planes, columns.texts)
    sizes = bytearray()
    for part in parts:
        write_number(sizes, len(part))
    return bytes(sizes) + b"".join(parts)


@cache
def dictionary(level: int = LEVEL) -> "zstandard.ZstdCompressionDict":
    """Return the dictionary of codec 2, ready for a level; another one needs another codec number."""
    import zstandard

    made = zstandard.ZstdCompressionDict(DICTIONARY_FILE.read_bytes())
    made.precompute_compress(level=level)
    return made


def _compressor(level: int = LEVEL) -> "zstandard.ZstdCompressor":
    """Return this thread's compressor."""
    name = f"compressor_{level}"
    made: Any = getattr(_local, name, None)
    if made is None:
        import zstandard

        parameters = zstandard.ZstdCompressionParameters.from_level(
            level, format=zstandard.FORMAT_ZSTD1_MAGICLESS,
            write_content_size=True, write_checksum=False, write_dict_id=False,
        )  # fmt: skip
        made = zstandard.ZstdCompressor(dict_data=dictionary(level), compression_params=parameters)
        setattr(_local, name, made)
    return cast("zstandard.ZstdCompressor", made)


def _decompressor() -> "zstandard.ZstdDecompressor":
    """Return this thread's decompressor."""
    made: Any = getattr(_local, "decompressor", None)
    if made is None:
        import zstandard

        made = zstandard.ZstdDecompressor(
            dict_data=dictionary(), max_window_size=WINDOW_BYTES, format=zstandard.FORMAT_ZSTD1_MAGICLESS
        )
        _local.decompressor = made
    return cast("zstandard.ZstdDecompressor", made)


def write_number(into: bytearray, number: int) -> None:
    """Append a number from 0, seven bits a byte, the low ones first."""
    while number > 127:
        into.append(number & 127 | 128)
        number >>= 7
    into.append(number)


def read_numbers(data: bytes, at: int, count: int) -> tuple[list[int], int]:
    """Return so many numbers from a place on, and the place after them; raises Unfit."""
    numbers = []
    number = shift = 0
    for byte in data[at : at + count * MAX_LENGTH_BYTES]:
        at += 1
        number |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            numbers.append(number)
            if len(numbers) == count:
                return numbers, at
            number = shift = 0
        elif shift == 7 * MAX_LENGTH_BYTES:
            break
    raise Unfit("number")
