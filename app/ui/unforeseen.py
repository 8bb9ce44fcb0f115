"""What nobody foresaw, said on the screen: a page that no longer reads, a fault of the program (rule 17)."""

import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.domain.refusals import ProgramFailed, Refusal

if TYPE_CHECKING:
    from app.ui.program import Program


class Unforeseen(QObject):
    """Hears every bug, on whatever thread, and shows each place of one once; the work goes on."""

    _heard = Signal(object)

    def __init__(self, program: "Program") -> None:
        super().__init__(program)
        self._program = program
        self._shown: set[Refusal] = set()
        self._heard.connect(self._show)

    def tell(self, error: BaseException) -> None:
        """Have a bug shown, on the screen thread."""
        self._heard.emit(error)

    def _show(self, error: BaseException) -> None:
        refusal = _damage(self._program.setting.folder, error) or _bug(error)
        if refusal in self._shown:
            return
        self._shown.add(refusal)
        program = self._program
        if program.bench is not None and program.window.is_working:
            program.bench.refuse(refusal)
        else:
            program.sign_in.show_refusal(refusal)


def _damage(folder: Path, error: BaseException) -> Refusal | None:
    """Return the refusal of a database that a reading found damaged, or of a disk that gave out."""
    from sqlcipher3 import dbapi2

    from app.storage.connecting import why_unwritten
    from app.storage.keys import DATABASE

    return why_unwritten(folder / DATABASE, error) if isinstance(error, dbapi2.Error) else None


def _bug(error: BaseException) -> Refusal:
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return ProgramFailed(type(error).__qualname__, place)
