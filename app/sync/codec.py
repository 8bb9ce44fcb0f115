"""Codec 2: the lines of a message in columns, compressed by zstd with a trained dictionary.

``length of the compressed part · compressed part · raw part``. Compressed are the sizes of the parts and the
parts of ``Columns``; random ids and hashes stand raw behind, for no compressor makes them smaller.
"""

from collections.abc import Sequence

from app.sync.columns import Columns, Lines, Unfit, fold_checked, unfold
from app.sync.trained import Trained

TRAINED = Trained("codec-2.dictionary", window_bytes=8 << 20, sized=True, prepared=True)
"""Another dictionary needs another codec number."""
LEVEL = 6
"""By measurement: beyond it a byte of a long message costs more than it saves, from some Mbit/s on."""
LEVEL_OF_FEW, FEW_BYTES = 19, 32 << 10
"""Of a message with few events, which is what slow links carry."""
MAX_LENGTH_BYTES = 5
"""Of a number."""


def squeeze(lines: Sequence[bytes]) -> bytes:
    """Return lines as codec 2; raises Unfit unless exactly these lines will be read from it."""
    columns = fold_checked(lines)
    plain = compressible(columns)
    few = len(lines) > 1 and len(plain) <= FEW_BYTES
    compressed = TRAINED.compress(plain, LEVEL_OF_FEW if few else LEVEL)
    length = bytearray()
    write_number(length, len(compressed))
    return bytes(length) + compressed + columns.raw


def expand(data: bytes, line_limit: int, limit: int) -> Lines:
    """Return the lines, none longer than ``line_limit`` and ``limit`` together; raises Unfit."""
    [length], start = read_numbers(data, 0, 1)
    plain, raw = TRAINED.decompress(data[start : start + length], limit), data[start + length :]
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
