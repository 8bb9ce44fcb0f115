"""Row 15: a list of 100,000 rows, beside a bare QTableView with a model that answers from memory."""

from random import Random

from PySide6.QtCore import QAbstractTableModel, QModelIndex, Qt
from PySide6.QtWidgets import QApplication, QTableView, QWidget

from app.ui.kit.table import Column, RecordTable
from app.ui.kit.theme import dress_window
from app.ui.start import make_application
from benchmarks.figures import Figure, p50, p99, send, timed, verdict

ROWS, COLUMNS, JUMPS = 100_000, 10, 200


class _Bare(QAbstractTableModel):
    """Answers the display role and nothing else."""

    def rowCount(self, parent: object = None) -> int:
        """Return how many rows."""
        return ROWS

    def columnCount(self, parent: object = None) -> int:
        """Return how many columns."""
        return COLUMNS

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:  # type: ignore[override]
        """Return the words of a cell."""
        return f"{index.row()}-{index.column()}" if role == Qt.ItemDataRole.DisplayRole else None


def main() -> None:
    """Measure and send."""
    app = make_application()
    opened: dict[str, list[float]] = {"ours": [], "bare": []}
    jumps: dict[str, list[float]] = {"ours": [], "bare": []}
    for _ in range(5):
        for name in ("bare", "ours"):
            made: list[QTableView] = []
            opened[name].append(timed(lambda name=name, made=made: made.append(_open(app, name))))  # type: ignore[misc]
            jumps[name] += _jump(app, made[0])
            made[0].close()
    ratio, jump_ratio = p50(opened["ours"]) / p50(opened["bare"]), p99(jumps["ours"]) / p99(jumps["bare"])
    send(
        [
            Figure(
                "15", "list of 100,000 rows: open", f"{p50(opened['ours']):.0f} ms",
                f"bare QTableView {p50(opened['bare']):.0f} ms", f"{ratio:.2f}x", "<= 150 ms", "<= 2x",
                verdict(must=p50(opened["ours"]) <= 150, aim=ratio <= 2),
            ),
            Figure(
                "15", "the same: repaint after a jump",
                f"p50 {p50(jumps['ours']):.1f}, p99 {p99(jumps['ours']):.1f} ms",
                f"bare p50 {p50(jumps['bare']):.1f}, p99 {p99(jumps['bare']):.1f} ms", f"{jump_ratio:.2f}x",
                "p99 <= 50 ms", "<= 1x", verdict(must=p99(jumps["ours"]) <= 50, aim=jump_ratio <= 1),
            ),
        ]
    )  # fmt: skip


def _open(app: QApplication, name: str) -> QTableView:
    if name == "bare":
        view: QTableView = QTableView()
        model = _Bare(view)
        view.setModel(model)
    else:
        view = RecordTable("list", [Column(str(number)) for number in range(COLUMNS)])
        dress_window(view)
        view.show_rows(
            ROWS, lambda at, n: [tuple(f"{r}-{c}" for c in range(COLUMNS)) for r in range(at, at + n)]
        )
    view.resize(1100, 760)
    view.show()
    app.processEvents()
    _paint(view)
    return view


def _paint(view: QWidget) -> None:
    view.repaint()


def _jump(app: QApplication, view: QTableView) -> list[float]:
    random = Random(3)
    times = []
    for _ in range(JUMPS):
        row = random.randrange(ROWS)
        app.processEvents()

        def jump(row: int = row) -> None:
            view.scrollTo(view.model().index(row, 0), QTableView.ScrollHint.PositionAtTop)
            view.viewport().repaint()

        times.append(timed(jump))
    return times


if __name__ == "__main__":
    main()
