"""Laws of the codes themselves: trace code, ticket, certificate number, GTIN and GS1 dates (TRC-2)."""

from calendar import monthrange
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain import codes
from app.domain.ids import CROCKFORD, token

TODAY = date(2026, 3, 14)


@settings(deadline=None)
@given(st.from_regex(r"[0-9]{20}", fullmatch=True))
def test_any_twenty_digits_are_a_trace_code_of_product_and_serial(text: str) -> None:
    """No check digit is public, so none is invented (domain.md §2.1)."""
    code = codes.read_trace_code(text)
    assert code is not None
    assert code.product_code7 + code.serial13 == text
    assert (len(code.product_code7), len(code.serial13)) == (7, 13)


@pytest.mark.parametrize("text", ["8" * 19, "8" * 21, "8" * 19 + "X", "٣" * 20])
def test_anything_but_twenty_digits_is_no_trace_code(text: str) -> None:
    assert codes.read_trace_code(text) is None


def test_a_trace_code_tells_neither_lot_nor_expiry() -> None:
    assert not hasattr(codes.TraceCode("83857930000879766660"), "lot_number")
    assert not hasattr(codes.TraceCode("83857930000879766660"), "expires_on")


@settings(deadline=None)
@given(st.binary(min_size=10, max_size=10))
def test_a_ticket_reads_back_from_its_text(random: bytes) -> None:
    ticket = codes.TicketCode(token(10, lambda length: random[:length]))
    assert codes.read_ticket(codes.ticket_text(ticket)) == ticket


@pytest.mark.parametrize("damaged", ["", "ABC", "ABCDEFGHI0", "0123456789A", "012345678 "])
def test_a_damaged_ticket_is_refused_as_a_ticket(damaged: str) -> None:
    with pytest.raises(codes.TicketDamaged) as caught:
        codes.read_ticket("VXT1:" + damaged)
    assert caught.value.token == damaged


@settings(deadline=None)
@given(st.text(CROCKFORD, min_size=4, max_size=9), st.text(CROCKFORD, min_size=4, max_size=9))
def test_two_groups_of_base_32_are_a_certificate_number(left: str, right: str) -> None:
    text = f"{left}-{right}"
    assert codes.read_certificate_number(text) == codes.CertificateNumber(text)


@pytest.mark.parametrize("text", ["CN7-Q2M9XD4H8", "CN7K-Q2M9XD4H80", "CN7KQ2M9XD4H8", "CNIK-Q2M9XD4H8"])
def test_other_groups_are_no_certificate_number(text: str) -> None:
    assert codes.read_certificate_number(text) is None


@settings(deadline=None)
@given(st.from_regex(r"[0-9]{13}", fullmatch=True), st.integers(0, 13), st.integers(1, 9))
def test_exactly_one_check_digit_fits_and_any_wrong_digit_is_found(first13: str, place: int, by: int) -> None:
    fitting = [digit for digit in "0123456789" if _is_gtin(first13 + digit)]
    assert len(fitting) == 1
    gtin = first13 + fitting[0]
    wrong = gtin[:place] + str((int(gtin[place]) + by) % 10) + gtin[place + 1 :]
    assert not _is_gtin(wrong)


def _is_gtin(text: str) -> bool:
    try:
        return codes.check_gtin(text) == text
    except codes.BadGs1CheckDigit as refusal:
        return codes.check_gtin(text[:13] + refusal.expected) == text or refusal.given != text[13]


@settings(deadline=None)
@given(st.dates(date(2000, 1, 1), date(2150, 12, 31)), st.data())
def test_a_gs1_date_reads_back_within_its_window_of_fifty_years(on: date, data: st.DataObject) -> None:
    day = data.draw(st.dates(date(on.year - 49, 1, 1), date(on.year + 50, 12, 31)))
    assert codes.gs1_date("17", f"{day:%y%m%d}", on=on) == day


@settings(deadline=None)
@given(st.integers(0, 99), st.integers(1, 12))
def test_day_zero_is_the_last_day_of_the_month(year: int, month: int) -> None:
    read = codes.gs1_date("17", f"{year:02d}{month:02d}00", on=TODAY)
    assert (read.month, read.day) == (month, monthrange(read.year, month)[1])


@pytest.mark.parametrize("digits", ["260631", "261301", "260001", "260232", "2606 1", "26061", "٣60630", ""])
def test_a_day_that_does_not_exist_is_refused(digits: str) -> None:
    with pytest.raises(codes.BadGs1Date) as caught:
        codes.gs1_date("17", digits, on=TODAY)
    assert caught.value == codes.BadGs1Date("17", digits)
