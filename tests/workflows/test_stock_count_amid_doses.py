"""The fridge is counted while doses are given, voided and put aside: none is a difference (STK-2)."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from zlib import crc32

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.codes import TraceCode
from app.domain.stock_count import LotCountedByHand, LotsNotCounted, Place
from app.storage import stock_counts
from app.storage.catalogue import get_product, packs_aside
from app.workflows import stock_count
from app.workflows.immunization import void_immunization
from app.workflows.stock import quarantine_pack
from tests.factories import MANAGER, NURSE
from tests.workflows.copied_site import CopiedSite, quick_folder
from tests.workflows.counting import KEEPER, Count
from tests.workflows.morning import check_consistency


class Fridge:
    """What really lies there of one product: doses by code, some of it gone before the count began."""

    def __init__(self, count: Count, product: str, gone: int) -> None:
        self.count, self.product = count, product
        self.doses = get_product(count.site.desk.read(), product).doses_per_pack
        self.codes = count.lot(product).vial_codes
        self.lies = dict.fromkeys(self.codes[gone:], self.doses)
        self.lost = gone * self.doses
        self.given: list[tuple[str, str]] = []
        self.people = 0

    def scan(self, packs: int = 1) -> None:
        """Scan the next packs that lie there, if they have not been."""
        self.count.site.as_user(KEEPER)
        counted = stock_counts.counted_codes(self.count.site.desk.read())
        left = [code for code, doses in self.lies.items() if doses and code not in counted]
        for code in left[:packs]:
            with suppress(LotCountedByHand):
                self.count.site.desk.do(stock_count.count_pack, TraceCode(code))

    def type(self) -> None:
        key = self.count.lot(self.product).lot_id
        aside = self.count.line(self.product, Place.ASIDE).book
        doses = sum(self.lies.values()) - aside
        self.count.type(doses, self.product)
        assert self.count.lines()[(key, Place.SHELF)].typed == doses

    def _turn(self, code: str) -> int:
        """Return in which turn a pack comes to this person: any, and the same in each run."""
        return crc32(f"{code} {self.people}".encode())

    def dose(self) -> None:
        """Give one out of the pack that was opened, else out of one that may or may not have been scanned."""
        aside = {pack.code for pack in packs_aside(self.count.site.desk.read())}
        whole = [code for code, left in self.lies.items() if left and code not in aside]
        code = min(whole, key=lambda code: (self.lies[code] == self.doses, self._turn(code)))
        site = self.count.site
        record = site.vaccinated(site.patient(index=self.people), self.product, self.codes.index(code))
        self.lies[code] -= 1
        self.given.append((record["immunization_id"], code))
        self.people += 1

    def void(self) -> None:
        if self.given:
            dose, code = self.given.pop()
            self.count.site.as_user(NURSE)
            self.count.site.desk.do(void_immunization, dose, "记错", self.count.site.beside())
            self.lies[code] += 1

    def aside(self) -> None:
        closed = [code for code, left in self.lies.items() if left == self.doses]
        self.count.site.as_user(MANAGER)
        self.count.site.desk.do(quarantine_pack, closed[len(closed) // 2], "外观异常")

    def compare(self) -> None:
        with suppress(LotsNotCounted):
            self.count.compare()

    def books(self) -> int:
        """What the books say, on the shelf and apart."""
        return sum(self.count.books(self.product).book(place) for place in Place)

    def settle(self) -> None:
        """Count to the end what lies there, until it is believed."""
        for _ in range(3):
            self.scan(len(self.codes))
            line = self.count.line(self.product)
            if not line.is_counted and line.book:
                self.type()
            self.count.count_the_rest()
            if not self.count.compare():
                return
        raise AssertionError("it is believed the second time")


steps = st.lists(st.sampled_from("scan type dose dose void aside compare".split()), min_size=4, max_size=12)


def count_amid(steps: Sequence[str], gone: int, product: str) -> None:
    """Count while all of this goes on, sign for what is gone, and look at the books."""
    with quick_folder() as folder:
        site = CopiedSite(Path(folder))
        fridge = Fridge(Count(site), product, gone)
        for step in steps:
            getattr(fridge, step)()
        fridge.settle()
        fridge.dose()
        before = fridge.books()
        fridge.count.confirm()
        assert fridge.books() == sum(fridge.lies.values()) == before - fridge.lost
        fridge.dose()
        assert fridge.books() == sum(fridge.lies.values())
        check_consistency(site)
        site.close()


ways = {"steps": steps, "gone": st.integers(0, 3), "product": st.sampled_from(["FLU4-1", "IPV-5"])}
few = settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
many = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))


@few
@given(**ways)
def test_after_a_count_the_books_are_what_lies_there_whatever_was_given_meanwhile(
    steps: Sequence[str], gone: int, product: str
) -> None:
    """A dose given while the count goes on is no difference, whichever side of the scan it falls on."""
    count_amid(steps, gone, product)


@pytest.mark.parametrize("product", ["FLU4-1", "IPV-5"])
def test_a_dose_between_number_and_signature_is_no_difference(product: str) -> None:
    count_amid(["dose", "type", "dose", "compare", "void", "dose"], 1, product)


@pytest.mark.parametrize("product", ["FLU4-1", "IPV-5"])
def test_a_dose_out_of_a_pack_that_was_scanned_is_no_difference(product: str) -> None:
    count_amid(["scan", "dose", "scan", "dose", "compare", "aside"], 1, product)


@pytest.mark.long
@many
@given(**ways)
def test_whatever_goes_on_for_longer(steps: Sequence[str], gone: int, product: str) -> None:
    count_amid(steps, gone, product)
