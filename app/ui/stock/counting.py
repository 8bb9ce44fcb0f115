"""The way through a count: count, say why what differs does, sign with a second person, print the record."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from app.domain.refusals import Refusal
from app.domain.stock_count import Explained, Key
from app.storage.stock_counts import CountBegun, count_lines, get_count
from app.ui.bench import Bench
from app.ui.kit.sheet import Sheet
from app.ui.stock.count_record import print_count
from app.ui.stock.count_sheet import CountSheet
from app.ui.stock.difference_sheets import Causes, CauseSheet, SignCountSheet
from app.ui.texts.stock_count import summary_words
from app.workflows.desk import SecondPerson
from app.workflows.stock_count import begin_count, confirm_count, count_under_way


class Counting:
    """Puts one sheet after the other over the page; what is counted waits in the store meanwhile."""

    def __init__(
        self,
        page: QWidget,
        bench: Bench,
        put: Callable[[Sheet], object],
        refused: Callable[[Refusal], object],
        done: Callable[[str], object],
    ) -> None:
        """``put`` opens a sheet in place of the one that is open; ``done`` hears what a count came to."""
        self._page, self._bench, self._put = page, bench, put
        self._refused, self._done = refused, done
        self._causes: dict[Key, Explained] = {}
        """Said so far; a power cut costs these few words, never a count."""

    def ask(self) -> None:
        """Go on with the count under way, or begin one."""
        if self._bench.bars("begin_count"):
            return
        begun = count_under_way(self._bench.read(), self._bench.now())
        if begun is None:
            self._begin()
        else:
            self._count(begun)

    def _begin(self) -> None:
        self._causes.clear()
        self._bench.submit_or(self._page, self._count, self._refused, begin_count)

    def _count(self, begun: CountBegun) -> None:
        self._put(CountSheet(self._page, self._bench, begun, self._explain, self._begin))

    def _explain(self) -> None:
        """Ask for the causes, where anything differs."""
        differing = [line for line in count_lines(self._bench.read()) if line.difference]
        if differing:
            self._put(CauseSheet(self._page, differing, self._causes, self._sign))
        else:
            self._sign({})

    def _sign(self, causes: Causes) -> None:
        self._causes = dict(causes)
        lines = count_lines(self._bench.read())
        words = summary_words(lines)

        def sign(second: SecondPerson) -> None:
            self._bench.submit_or(
                self._page, lambda count_id: self._signed(count_id, words), self._refused, confirm_count,
                causes, second,
            )  # fmt: skip

        self._put(SignCountSheet(self._page, self._bench, lines, causes, sign))

    def _signed(self, count_id: str, words: str) -> None:
        self._causes.clear()
        said = f"盘点记下了：{words}"
        self._done(said)
        print_count(self._bench, get_count(self._bench.read(), count_id), said)
