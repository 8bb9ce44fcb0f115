"""zstd with a trained dictionary, as codecs 2 and 3 use it: bare frames, checked before they are unpacked."""

import threading
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from app.sync.columns import Unfit

if TYPE_CHECKING:
    import zstandard

FOLDER = Path(__file__).parents[2] / "resources" / "sync"


class Trained:
    """One dictionary; every thread has compressors and a decompressor of its own."""

    def __init__(self, name: str, window_bytes: int, *, sized: bool, prepared: bool) -> None:
        """``name`` of the file; ``sized``: a frame tells how much it comes to, or none does.

        ``prepared``: the dictionary is made ready for a level once, or level 19 takes long; what is short
        comes to some bytes less where each compression does so for its own length.
        """
        self.file = FOLDER / name
        self._prepared = prepared
        self._window_bytes = window_bytes
        self._sized = sized
        self._local = threading.local()

    def compress(self, plain: bytes, level: int) -> bytes:
        """Return a frame."""
        return self._compressor(level).compress(plain)

    def decompress(self, data: bytes, limit: int) -> bytes:
        """Return what a frame holds, ``limit`` bytes at most; raises Unfit."""
        import zstandard

        try:
            told = zstandard.get_frame_parameters(data, format=zstandard.FORMAT_ZSTD1_MAGICLESS)
            sized = told.content_size != zstandard.CONTENTSIZE_UNKNOWN
            if sized != self._sized or (sized and told.content_size > limit):
                raise Unfit("frame")
            if told.has_checksum or told.dict_id:
                raise Unfit("frame")
            most = 0 if sized else limit
            return self._decompressor().decompress(data, max_output_size=most, allow_extra_data=False)
        except (zstandard.ZstdError, ValueError, MemoryError) as error:
            raise Unfit("compression") from error

    def _compressor(self, level: int) -> "zstandard.ZstdCompressor":
        made: Any = getattr(self._local, f"compressor_{level}", None)
        if made is None:
            import zstandard

            parameters = zstandard.ZstdCompressionParameters.from_level(
                level, format=zstandard.FORMAT_ZSTD1_MAGICLESS,
                write_content_size=self._sized, write_checksum=False, write_dict_id=False,
            )  # fmt: skip
            dictionary = _dictionary(self.file, level if self._prepared else None)
            made = zstandard.ZstdCompressor(dict_data=dictionary, compression_params=parameters)
            setattr(self._local, f"compressor_{level}", made)
        return cast("zstandard.ZstdCompressor", made)

    def _decompressor(self) -> "zstandard.ZstdDecompressor":
        made: Any = getattr(self._local, "decompressor", None)
        if made is None:
            import zstandard

            made = self._local.decompressor = zstandard.ZstdDecompressor(
                dict_data=_dictionary(self.file), max_window_size=self._window_bytes,
                format=zstandard.FORMAT_ZSTD1_MAGICLESS,
            )  # fmt: skip
        return cast("zstandard.ZstdDecompressor", made)


@cache
def _dictionary(file: Path, level: int | None = None) -> "zstandard.ZstdCompressionDict":
    """Return a dictionary, ready to compress at a level if one is named."""
    import zstandard

    made = zstandard.ZstdCompressionDict(file.read_bytes())
    if level is not None:
        made.precompute_compress(level=level)
    return made
