"""Paper: where a sheet goes, a printer if there is one, else a file in the data folder."""

from pathlib import Path


class Printing:
    """Delivers finished sheets; recording never waits for it."""

    def __init__(self, folder: Path) -> None:
        """``folder`` takes the sheets where there is no printer."""
        self._folder = folder

    @property
    def target(self) -> str:
        """Return what the print log says: the queue's name, or ``file``."""
        return "file"

    def deliver(self, pdf: bytes, serial: str, file: Path | None = None) -> str:
        """Send a sheet on its way and return where to, in words; names of people are in no file name."""
        path = file or self._folder / f"{serial}.pdf"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(pdf)
        return f"文件 {path.name}"
