"""What a scan is: every kind of code, through prefixes, separators and rubbish (TRC-2, SITE-13)."""

from contextlib import suppress
from datetime import date
from random import Random

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from app.devices.scan_text import read_scan
from app.domain import codes
from app.domain.codes import GS
from app.domain.ids import CROCKFORD
from app.domain.refusals import Refusal

TODAY = date(2026, 3, 14)
GTIN = "06901234567892"
GS1_CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!\"%&'()*+,-./_:;<=>?"
fields = st.text(GS1_CHARACTERS, min_size=1, max_size=20)
gs1_codes = st.builds(
    codes.Gs1Code,
    gtin=st.just(GTIN),
    lot_number=st.none() | fields,
    expires_on=st.none() | st.dates(date(2020, 1, 1), date(2070, 12, 31)),
    serial=st.none() | fields,
    produced_on=st.none() | st.dates(date(2000, 1, 1), TODAY),
)


def elements_of(code: codes.Gs1Code) -> list[str]:
    """Return the element strings of a code, each of free length with its separator."""
    elements = [f"01{code.gtin}"]
    elements += [f"10{code.lot_number}{GS}"] if code.lot_number else []
    elements += [f"17{code.expires_on:%y%m%d}"] if code.expires_on else []
    elements += [f"21{code.serial}{GS}"] if code.serial else []
    elements += [f"11{code.produced_on:%y%m%d}"] if code.produced_on else []
    return elements


@settings(deadline=None)
@given(gs1_codes, st.randoms(use_true_random=False), st.sampled_from(["]d2", "]C1", "]Q3", "]e0"]))
def test_a_gs1_code_reads_back_in_any_order_of_its_fields(
    code: codes.Gs1Code, random: Random, aim_id: str
) -> None:
    elements = elements_of(code)
    random.shuffle(elements)
    assert read_scan(aim_id + "".join(elements), on=TODAY) == code
    assert read_scan(aim_id + "".join(elements).removesuffix(GS), on=TODAY) == code


@settings(deadline=None)
@given(gs1_codes, st.randoms(use_true_random=False))
def test_a_gs1_code_without_aim_identifier_is_never_read_wrong(code: codes.Gs1Code, random: Random) -> None:
    elements = elements_of(code)
    random.shuffle(elements)
    text = "".join(elements).removesuffix(GS)
    assume(GS in text)
    assert read_scan(text, on=TODAY) == code


@settings(deadline=None)
@given(
    st.text("ABCDEFGH023456789", min_size=1, max_size=17),
    st.text("ABCDEFGH023456789", min_size=1, max_size=17),
)
@example("2024A", "SN001")
def test_a_lost_separator_is_said_and_never_guessed(lot: str, serial: str) -> None:
    """Without GS, lot 2024A and serial SN001 would read as the lot 2024A21SN001."""
    with pytest.raises(codes.SeparatorMissing) as caught:
        read_scan(f"01{GTIN}1726063010{lot}21{serial}", on=TODAY)
    assert caught.value == codes.SeparatorMissing("10", f"{lot}21{serial}")


@pytest.mark.parametrize(
    "swallowing",
    [
        "21SN00117260630" + "10LOT1",
        "17260630" + "21SN001" + "10LOT1",
        "10LOT" + "17260630",
        "1726063010" + "A" * 18 + "21SN0001",
    ],
)
def test_a_field_that_swallowed_another_is_refused_in_any_order(swallowing: str) -> None:
    with pytest.raises(codes.SeparatorMissing):
        read_scan(f"01{GTIN}{swallowing}", on=TODAY)


@pytest.mark.parametrize("aim_id", ["]d2", "]C1", "]Q3", "]e0"])
def test_an_aim_identifier_vouches_for_a_lot_that_holds_21(aim_id: str) -> None:
    code = read_scan(f"{aim_id}01{GTIN}172606301020210601", on=TODAY)
    assert code == codes.Gs1Code(GTIN, "20210601", date(2026, 6, 30))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (f"01{GTIN}172606301012ABC{GS}21SN0001", codes.Gs1Code(GTIN, "12ABC", date(2026, 6, 30), "SN0001")),
        (f"01{GTIN}172606301012ABC", codes.Gs1Code(GTIN, "12ABC", date(2026, 6, 30))),
        (f"01{GTIN}17260200", codes.Gs1Code(GTIN, None, date(2026, 2, 28))),
        ("17260630" + f"01{GTIN}10A", codes.Gs1Code(GTIN, "A", date(2026, 6, 30))),
        (f"01{GTIN}15000000", codes.Gs1Code(GTIN)),
        (f"01{GTIN}2155511790010166", codes.Gs1Code(GTIN, serial="55511790010166")),
        (f"{GS}01{GTIN}10A{GS}{GS}240x{GS}", codes.Gs1Code(GTIN, "A")),
        (f"(01){GTIN}(17)260630(10)12ABC(21)SN1", codes.Gs1Code(GTIN, "12ABC", date(2026, 6, 30), "SN1")),
        ("]C10106901234567892" + "1012", codes.Gs1Code(GTIN, "12")),
        ("83857930000879766660", codes.TraceCode("83857930000879766660")),
        ("]C083857930000879766660\r\n", codes.TraceCode("83857930000879766660")),
        ("]C183857930000879766660", codes.TraceCode("83857930000879766660")),
        ("8385 7930 0008 7976 6660", codes.TraceCode("83857930000879766660")),
        ("８３８５７９３００００８７９７６６６６０", codes.TraceCode("83857930000879766660")),
        ("]C100106901234567892128", codes.UnknownCode("00106901234567892128")),
        ("]Q1VXT1:0123456789", codes.TicketCode("0123456789")),
        ("vxt1:abcdefgh0z", codes.TicketCode("ABCDEFGH0Z")),
        ("36042619910101007 1", codes.CitizenNumber("360426199101010071")),
        ("810000199001010019", codes.CitizenNumber("810000199001010019")),
        ("911124198805200017", codes.CitizenNumber("911124198805200017")),
        ("110101199002300014", codes.UnknownCode("110101199002300014")),
        ("cn7k-q2m9xd4h8", codes.CertificateNumber("CN7K-Q2M9XD4H8")),
        ("]Q1HC1:6BF %$*+ ", codes.CertificateText("HC1:6BF %$*+ ")),
        ("6901234567892", codes.UnknownCode("6901234567892")),
        ("0106901234567891 is no GS1", codes.UnknownCode("0106901234567891 is no GS1")),
        ("]d2" + "10ABC", codes.UnknownCode("10ABC")),
    ],
)
def test_each_kind_of_code_is_told_from_the_others(text: str, code: codes.ScannedCode) -> None:
    assert read_scan(text, on=TODAY) == code


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("", codes.NothingRead()),
        ("]d2\r", codes.NothingRead()),
        (f"{GS}\u3000", codes.NothingRead()),
        ("1" * 4297, codes.CodeTooLong(4297, 4296)),
        ("8385793你", codes.UnreadableCode("你", 8)),
        ("838\x005793", codes.UnreadableCode("\x00", 4)),
        ("VXT1:0123", codes.TicketDamaged("0123")),
        ("0106901234567891172606301012ABC", codes.BadGs1CheckDigit("06901234567891", "1", "2")),
        (f"01{GTIN}17260631", codes.BadGs1Date("17", "260631")),
        (f"01{GTIN}1726133110A", codes.BadGs1Date("17", "261331")),
        (f"01{GTIN}11269999", codes.BadGs1Date("11", "269999")),
        (f"01{GTIN}10A B", codes.Gs1NotUnderstood("10A B")),
        (f"]d201{GTIN}10{'A' * 18}2112", codes.Gs1NotUnderstood(f"10{'A' * 18}2112")),
        (f"01{GTIN}10A{GS}10B", codes.Gs1Contradicts("10", ("A", "B"))),
    ],
)
def test_what_cannot_be_read_safely_is_refused_for_the_right_reason(text: str, refusal: Refusal) -> None:
    with pytest.raises(Refusal) as caught:
        read_scan(text, on=TODAY)
    assert caught.value == refusal


@settings(deadline=None)
@given(st.dates(date(2001, 1, 1), date(2099, 12, 31)))
def test_the_century_follows_the_day_that_is_passed_not_the_machine(on: date) -> None:
    code = read_scan(f"01{GTIN}17{on:%y%m%d}", on=on)
    assert code == codes.Gs1Code(GTIN, expires_on=on)


@settings(deadline=None)
@given(st.text() | st.text(f"01237]dC{GS}()VXT:HC" + CROCKFORD, max_size=60))
def test_any_text_is_either_a_code_or_a_refusal(text: str) -> None:
    with suppress(Refusal):
        assert isinstance(read_scan(text, on=TODAY), codes.ScannedCode)
