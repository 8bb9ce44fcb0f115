"""盘点: counted blind, differences counted twice and explained, signed for by two; no dose is one (STK-2)."""

from datetime import timedelta
from pathlib import Path

import pytest

from app.domain.audit import Access
from app.domain.catalogue import PackLevel
from app.domain.codes import Gs1Code, TraceCode
from app.domain.permissions import SecondPersonIsFirst, SecondPersonNeeded
from app.domain.stock_count import (
    STAYS,
    CartonOpened,
    Cause,
    CauseDoesNotFit,
    CauseMissing,
    CauseWordsMissing,
    CountMissing,
    CountNotSensible,
    Explained,
    LotCountedByHand,
    LotsNotCounted,
    LotsNotCountedTwice,
    NoCountBegun,
    NothingToCount,
    PackCountedBefore,
    PackEmptyOnBooks,
    PackNotOnBooks,
    Place,
)
from app.storage import audit, journal, stock_counts
from app.storage.catalogue import get_product
from app.workflows import stock_count
from app.workflows.deliveries import PackWithoutSerial
from app.workflows.opening import day_now
from app.workflows.stock import quarantine_pack, release_pack
from tests.factories import DOCTOR
from tests.workflows.copied_site import CopiedSite
from tests.workflows.counting import BROKEN, KEEPER, Count
from tests.workflows.founded_site import FoundedSite
from tests.workflows.morning import check_consistency


@pytest.fixture
def count(site: CopiedSite) -> Count:
    return Count(site)


def kinds(site: CopiedSite) -> list[str]:
    return [event.kind for event in journal.events(site.desk.read()) if event.kind.startswith("stock.")]


def test_what_agrees_is_signed_for_and_moves_nothing(count: Count) -> None:
    count.count_the_rest()
    before = count.books()
    assert count.compare() == []
    count_id = count.confirm()
    assert count.books() == before
    assert kinds(count.site) == ["stock.counted"]
    last = stock_counts.last_count(count.site.desk.read())
    assert last is not None
    assert (last.count_id, last.counted_by, last.approved_by) == (count_id, KEEPER, DOCTOR)
    assert all(line["book"] == line["counted"] for line in last.facts["lines"])
    with pytest.raises(NoCountBegun):
        count.site.desk.do(stock_count.compare_count)


def test_a_difference_is_counted_twice_explained_and_moved_by_two(count: Count) -> None:
    """账物相符: the books come to what was found, by an entry with its cause, never by a number set."""
    book, desk = count.books(), count.site.desk
    count.type(book.left - 2)
    count.count_the_rest()
    key = count.line().key
    with pytest.raises(LotsNotCountedTwice):
        desk.do(stock_count.confirm_count, {key: BROKEN}, count.site.beside())
    assert count.compare() == [key]
    with pytest.raises(LotsNotCounted) as caught:
        count.compare()
    assert caught.value.lots == (count.line().name,)
    count.type(book.left - 3)
    assert count.compare() == [key], "the second count came to something else"
    count.type(book.left - 3)
    assert count.compare() == []
    for causes, refusal in (
        ({}, CauseMissing),
        ({key: Explained(Cause.NOT_BOOKED)}, CauseDoesNotFit),
        ({key: Explained(Cause.UNKNOWN, "查过")}, CauseWordsMissing),
    ):
        with pytest.raises(refusal):
            desk.do(stock_count.confirm_count, causes, count.site.beside())
    with pytest.raises(SecondPersonNeeded):
        desk.do(stock_count.confirm_count, {key: BROKEN})
    with pytest.raises(SecondPersonIsFirst):
        desk.do(stock_count.confirm_count, {key: BROKEN}, count.site.beside(KEEPER))
    count.confirm()
    after = count.books()
    assert (after.left, after.adjusted, after.used) == (book.left - 3, -3, book.used)
    (moved,) = stock_counts.movements_of(desk.read(), book.lot.lot_id)
    assert (moved.doses, moved.reason) == (-3, "破损：开冰箱时碰落")
    assert kinds(count.site) == ["stock.adjusted", "stock.counted"]
    last = stock_counts.last_count(desk.read())
    assert last is not None
    (told,) = (line for line in last.facts["lines"] if line["lot_id"] == book.lot.lot_id)
    assert told["numbers"] == [book.left - 2, book.left - 3, book.left - 3], "no number is hidden"
    assert (told["book"], told["counted"], told["reason"]) == (book.left, book.left - 3, moved.reason)
    (*_, noted) = (record.line for record in audit.trail(desk.read()))
    assert (noted.access, noted.words, noted.second_id) == (Access.OVERRIDDEN, moved.reason, DOCTOR)
    check_consistency(count.site)


def test_a_lot_of_which_nothing_was_found_is_not_called_usable(count: Count) -> None:
    db, today = count.site.desk.read(), count.site.desk.today()
    before = day_now(db, today).lots
    for _ in range(2):
        count.type(0)
        count.count_the_rest()
        count.compare()
    count.confirm()
    assert count.books().left == 0
    assert day_now(db, today).lots == before - 1


def test_packs_count_themselves_and_a_closed_box_what_lies_in_it(count: Count) -> None:
    lot = count.lot()
    boxes = sorted(
        {pack.parent_code for pack in lot.packs if pack.level is PackLevel.UNIT and pack.parent_code}
    )
    inside = [pack.code for pack in lot.packs if pack.parent_code == boxes[0]]
    count.scan(inside[0])
    assert (count.line().packs, count.line().scanned) == (1, 1)
    count.scan(boxes[0])
    assert count.line().packs == len(inside), "what was scanned before is not counted again"
    for code in (inside[-1], boxes[0]):
        with pytest.raises(PackCountedBefore):
            count.scan(code)
    count.site.vaccinated(vial=lot.vial_codes.index(inside[3]))
    count.site.as_user(KEEPER)
    count.site.desk.do(stock_count.begin_count)
    assert not count.line().is_counted, "begun again, nothing is counted"
    with pytest.raises(CartonOpened) as caught:
        count.scan(boxes[0])
    assert caught.value.taken == 1
    count.scan(*(code for code in inside if code != inside[3]))
    assert count.line().scanned == len(inside) - 1


def test_packs_looked_for_by_code_and_gone_are_named(count: Count) -> None:
    lot = count.lot()
    count.site.vaccinated(vial=2)
    count.site.as_user(KEEPER)
    count.scan(*lot.vial_codes[3:])
    count.count_the_rest()
    assert count.compare() == [count.line().key]
    assert count.compare() == [], "looked for once more, and not there"
    count.confirm()
    (moved,) = journal.events_of(count.site.desk.read(), ["stock.adjusted"])
    assert moved.body["doses"] == -2
    assert moved.body["codes"] == sorted(lot.vial_codes[:2]), "the one that was given is not looked for"


def test_what_is_scanned_after_two_counts_agreed_is_compared_again(count: Count) -> None:
    lot = count.lot()
    count.scan(*lot.vial_codes[2:])
    count.count_the_rest()
    count.compare()
    assert count.compare() == []
    count.scan(lot.vial_codes[1])
    with pytest.raises(LotsNotCountedTwice):
        count.confirm()
    assert count.compare() == [count.line().key]


def test_a_lot_used_up_by_the_books_is_counted_once_a_pack_of_it_is_found(count: Count) -> None:
    lot = count.lot()
    for _ in range(2):
        count.type(0)
        count.count_the_rest()
        count.compare()
    count.confirm()
    count.site.desk.do(stock_count.begin_count)
    key = lot.lot_id, Place.SHELF
    assert key not in count.lines()
    count.scan(lot.vial_codes[0])
    assert (count.lines()[key].book, count.lines()[key].difference) == (0, 1)


def test_a_box_of_which_a_pack_is_put_aside_is_counted_pack_by_pack(count: Count) -> None:
    code = count.lot().vial_codes[0]
    (box,) = (pack.parent_code for pack in count.lot().packs if pack.code == code)
    assert box is not None
    count.site.desk.do(quarantine_pack, code, "破损")
    with pytest.raises(CartonOpened) as caught:
        count.scan(box)
    assert caught.value.taken == 1


def test_a_count_begun_by_a_clock_that_ran_ahead_is_not_gone_on_with(count: Count) -> None:
    now = count.site.desk.now()
    assert stock_count.count_under_way(count.site.desk.read(), now) is not None
    assert stock_count.count_under_way(count.site.desk.read(), now - timedelta(minutes=1)) is None


def test_what_is_no_pack_of_this_fridge_is_said_and_counts_nothing(count: Count) -> None:
    with pytest.raises(PackNotOnBooks):
        count.scan("12345670000000000001")
    product = get_product(count.site.desk.read(), "FLU4-1")
    assert product.gtin
    with pytest.raises(PackWithoutSerial):
        count.site.desk.do(stock_count.count_pack, Gs1Code(product.gtin, "L", None, None))
    count.type(5)
    with pytest.raises(LotCountedByHand):
        count.scan(count.lot().vial_codes[0])
    typed = ((None, None, CountMissing), (1, 1, CountNotSensible), (200_000, None, CountNotSensible))
    for packs, rest, refusal in typed:
        with pytest.raises(refusal):
            count.site.desk.do(stock_count.count_lot, count.line().key, packs, rest)
    assert count.line().typed == 5


def test_an_opened_vial_counts_what_is_left_and_nothing_once_its_time_is_over(count: Count) -> None:
    """domain.md 10.3: 开瓶余量 is a loss of its own kind."""
    code = count.site.vials("IPV-5")[0]
    count.site.vaccinated(product_code="IPV-5")
    count.site.as_user(KEEPER)
    assert count.site.desk.do(stock_count.count_pack, TraceCode(code)).doses == 4
    count.site.desk.do(stock_count.begin_count)
    count.site.clock.go(minutes=90)
    found = count.site.desk.do(stock_count.count_pack, TraceCode(code))
    assert (found.doses, found.discarded) == (0, 4)


def test_a_pack_the_books_call_used_is_found_if_it_is_closed(count: Count) -> None:
    count.site.vaccinated(vial=0)
    count.site.as_user(KEEPER)
    found = count.site.desk.do(stock_count.count_pack, TraceCode(count.site.vials("FLU4-1")[0]))
    assert (found.doses, found.given) == (1, 1)
    for index in range(5):
        count.site.vaccinated(count.site.patient(index=index + 1), product_code="IPV-5")
    with pytest.raises(PackEmptyOnBooks):
        count.scan(count.site.vials("IPV-5")[0])


def test_what_is_put_aside_is_counted_apart(count: Count) -> None:
    """Written off, it is not taken off a second time."""
    code = count.site.vials("FLU4-1")[0]
    count.site.desk.do(quarantine_pack, code, "破损")
    book = count.books()
    assert book.put_aside == 1
    count.type(0, place=Place.ASIDE)
    count.count_the_rest()
    count.compare()
    count.type(0, place=Place.ASIDE)
    assert count.compare() == []
    count.confirm()
    assert (count.books().put_aside, count.books().left) == (0, book.left)
    check_consistency(count.site)


def test_a_pack_put_aside_while_the_count_goes_on_is_no_difference(count: Count) -> None:
    codes = count.lot().vial_codes
    count.scan(*codes)
    count.site.desk.do(quarantine_pack, codes[0], "破损")
    count.count_the_rest()
    assert count.compare() == []
    count.site.desk.do(release_pack, codes[0], "复核合格", count.site.beside())
    assert count.compare() == []


def test_a_power_cut_keeps_what_was_counted_and_half_a_day_does_not(tmp_path: Path) -> None:
    site = CopiedSite(tmp_path)
    count = Count(site)
    count.scan(*count.lot().vial_codes[:3])
    count.type(7, "RAB-1")
    lines = count.lines()
    site.close()
    site = CopiedSite(tmp_path, clock=site.clock, seed=9)
    db = site.desk.read()
    assert {line.key: line for line in stock_counts.count_lines(db)} == lines
    assert stock_count.count_under_way(db, site.desk.now()) is not None
    site.clock.go(minutes=STAYS.total_seconds() / 60 + 1)
    assert stock_count.count_under_way(db, site.desk.now()) is None
    site.as_user(KEEPER)
    with pytest.raises(NoCountBegun):
        site.desk.do(stock_count.count_pack, TraceCode(site.vials("FLU4-1")[5]))
    site.close()


def test_an_empty_fridge_is_not_counted(tmp_path: Path) -> None:
    site = FoundedSite(tmp_path)
    with pytest.raises(NothingToCount):
        site.desk.do(stock_count.begin_count)
    assert stock_count.count_under_way(site.desk.read(), site.desk.now()) is None
    site.close()


def test_a_month_after_the_last_count_the_next_is_due(count: Count) -> None:
    """N2023 8.1: every month."""
    db, site = count.site.desk.read(), count.site
    count.count_the_rest()
    count.compare()
    count.confirm()
    assert not stock_count.count_is_due(db, site.desk.today())
    site.clock.go(minutes=60 * 24 * 31)
    assert not stock_count.count_is_due(db, site.desk.today())
    site.clock.go(minutes=60 * 24)
    assert stock_count.count_is_due(db, site.desk.today())
