"""Ticket and observation slip: readable by people and scanners, silent on the person (APP-6, OBS-1)."""

import io
from dataclasses import replace
from datetime import date, timedelta
from itertools import groupby

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from app.documents.bitmap import Bitmap
from app.documents.escpos import BAND, escpos
from app.documents.forecast_slip import DosesGiven, DoseToCome, ForecastSlip, forecast_bitmap
from app.documents.observation_slip import GivenDose, ObservationSlip, observation_bitmap
from app.documents.refusals import GlyphMissing
from app.documents.slip import _TALLEST
from app.documents.ticket import Ticket, ticket_bitmap
from tests.documents.examples import HAN, NOW
from tests.documents.rendering import codes
from tests.strategies import some

TICKET = Ticket(
    site_name="云溪镇卫生院",
    number="A055",
    ahead=9,
    about_at=NOW + timedelta(minutes=25),
    go_to="5 号预检台",
    code_text="VXT1:7K2M9XD4H8QZ",
    issued_at=NOW,
    enquiry_phone="0350-000 0126",
)
SLIP = ObservationSlip(
    ticket_number="A030",
    name="何小兰",
    started_at=NOW,
    due_at=NOW + timedelta(minutes=30),
    doses=(GivenDose("四价流感疫苗", "2025Q0714"),),
    code_text="VXT1:7K2M9XD4H8QZ",
    enquiry_phone="0350-000 0126",
)
DRAWN = [ticket_bitmap(TICKET), observation_bitmap(SLIP)]


def picture(bitmap: Bitmap) -> Image.Image:
    """Return a bitmap as a reader of pictures sees it."""
    return Image.open(io.BytesIO(bitmap.png())).convert("L")


def printed(commands: bytes, wide: int) -> bytes:
    """Return the rows a printer would burn when it is sent these commands."""
    rows, at = b"", commands.index(b"\x1dv0\x00")
    while commands.startswith(b"\x1dv0\x00", at):
        bytes_wide, high = (int.from_bytes(commands[at + o : at + o + 2], "little") for o in (4, 6))
        assert bytes_wide * 8 == wide
        rows += commands[at + 8 : at + 8 + bytes_wide * high]
        at += 8 + bytes_wide * high
    return rows


@pytest.mark.parametrize("bitmap", DRAWN)
def test_the_code_reads_back_from_the_picture(bitmap: Bitmap) -> None:
    assert codes(picture(bitmap)) == {"QR Code": "VXT1:7K2M9XD4H8QZ"}


@pytest.mark.parametrize("bitmap", DRAWN)
def test_the_code_has_its_white_margin(bitmap: Bitmap) -> None:
    shown = picture(bitmap)
    (code,) = zxingcpp.read_barcodes(shown)
    left, top = code.position.top_left.x, code.position.top_left.y
    right, bottom = code.position.bottom_right.x, code.position.bottom_right.y
    sides = (
        (left - 22, top - 22, left - 2, bottom + 22),
        (right + 4, top - 22, right + 22, bottom + 22),
        (left, top - 22, right, top - 2),
        (left, bottom + 4, right, bottom + 22),
    )
    for beside in sides:
        assert shown.crop(beside).getextrema() == (255, 255)


@pytest.mark.parametrize("bitmap", DRAWN)
def test_the_printer_burns_exactly_the_picture(bitmap: Bitmap) -> None:
    commands = escpos(bitmap)
    assert commands.startswith(b"\x1b@")
    assert commands.endswith(b"\x1dV\x42\x00")
    assert printed(commands, bitmap.width) == bitmap.rows
    assert commands.count(b"\x1dv0\x00") == -(-bitmap.height // BAND)


def test_a_printer_without_a_knife_is_not_told_to_cut() -> None:
    assert escpos(DRAWN[0], feed_lines=6, cut=False).endswith(b"\x1bd\x06")


@pytest.mark.parametrize("bitmap", DRAWN)
def test_it_is_as_wide_as_the_head_and_has_only_black_and_white(bitmap: Bitmap) -> None:
    assert bitmap.width == 384
    assert len(bitmap.rows) == bitmap.height * 48
    assert {value for _count, value in picture(bitmap).getcolors() or []} == {0, 255}


@pytest.mark.parametrize(("bitmap", "bars"), [(DRAWN[0], 0), (DRAWN[1], 1)])
def test_there_is_at_most_one_black_bar(bitmap: Bitmap, bars: int) -> None:
    shown = picture(bitmap)
    column = [shown.getpixel((14, row)) == 0 for row in range(bitmap.height)]
    assert sum(black and len(list(run)) > 40 for black, run in groupby(column)) == bars


def test_the_slip_shows_only_the_ends_of_a_name() -> None:
    assert observation_bitmap(replace(SLIP, name="何大兰")) == DRAWN[1]
    assert observation_bitmap(replace(SLIP, name="王小兰")) != DRAWN[1]


@pytest.mark.parametrize(
    "changed",
    [
        {"number": "A056"}, {"ahead": 10}, {"about_at": None}, {"go_to": "6 号预检台"}, {"practice": True},
        {"site_name": "云溪区医院"}, {"enquiry_phone": "0350-000 0127"}, {"issued_at": NOW + timedelta(1)},
    ],
)  # fmt: skip
def test_everything_a_ticket_knows_is_on_it(changed: dict[str, object]) -> None:
    assert ticket_bitmap(replace(TICKET, **changed)) != DRAWN[0]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "changed",
    [
        {"ticket_number": "A031"}, {"started_at": NOW - timedelta(minutes=1)}, {"practice": True},
        {"due_at": NOW + timedelta(minutes=31)}, {"doses": (GivenDose("四价流感疫苗", "2025Q0715"),)},
        {"doses": (*SLIP.doses, GivenDose("乙肝疫苗", "1"))},
    ],
)  # fmt: skip
def test_everything_a_slip_knows_is_on_it(changed: dict[str, object]) -> None:
    assert observation_bitmap(replace(SLIP, **changed)) != DRAWN[1]  # type: ignore[arg-type]


WORDS = st.text(HAN | st.sampled_from("0123456789 号台（）AB-"), min_size=1, max_size=40).filter(str.strip)


@given(WORDS, WORDS, st.text(HAN, min_size=1, max_size=25))
@settings(deadline=None, max_examples=some(15))
def test_any_words_stay_on_the_paper_and_leave_the_code_readable(site: str, place: str, name: str) -> None:
    doses = (GivenDose(site, place),)
    drawn = [
        ticket_bitmap(replace(TICKET, site_name=site, go_to=place)),
        observation_bitmap(replace(SLIP, name=name, doses=doses)),
    ]
    for bitmap in drawn:
        shown = picture(bitmap)
        assert codes(shown) == {"QR Code": "VXT1:7K2M9XD4H8QZ"}
        assert shown.crop((0, 0, 4, bitmap.height)).getextrema() == (255, 255)
        assert shown.crop((380, 0, 384, bitmap.height)).getextrema() == (255, 255)


def test_a_name_no_font_has_is_refused() -> None:
    with pytest.raises(GlyphMissing):
        observation_bitmap(replace(SLIP, name="何小\U0003134a"))


FORECAST = ForecastSlip(
    name="欧阳小满",
    site_name="云溪镇卫生院",
    next_on=date(2027, 1, 22),
    given=(DosesGiven("乙肝", "1 剂，末次 2026-11-23"),),
    doses=(
        DoseToCome("乙肝 第 2 剂", "今天可种", "距上一剂满 28 天。"),
        DoseToCome("脊灰 第 1 剂", "2027-01-22 起"),
    ),
    unverified=True,
    printed_at=NOW,
    enquiry_phone="0350-000 0126",
)


@pytest.mark.parametrize(
    "changed",
    [
        {"name": "何小兰"}, {"site_name": "云溪区医院"}, {"next_on": date(2027, 1, 23)}, {"next_on": None},
        {"doses": FORECAST.doses[:1]}, {"unverified": False}, {"printed_at": NOW + timedelta(1)},
        {"enquiry_phone": "0350-000 0127"}, {"practice": True},
        {"doses": (replace(FORECAST.doses[0], dose="乙肝 第 3 剂"), FORECAST.doses[1])},
        {"doses": (replace(FORECAST.doses[0], why="满 1 月龄起可种。"), FORECAST.doses[1])},
        {"given": ()}, {"given": (DosesGiven("乙肝", "2 剂，末次 2026-11-23"),)},
    ],
)  # fmt: skip
def test_everything_a_forecast_slip_knows_is_on_it(changed: dict[str, object]) -> None:
    drawn = forecast_bitmap(FORECAST)
    assert (drawn.width, len(drawn.rows)) == (384, drawn.height * 48)
    assert forecast_bitmap(replace(FORECAST, **changed)) != drawn  # type: ignore[arg-type]


def test_the_forecast_slip_shows_only_the_ends_of_a_name() -> None:
    drawn = [forecast_bitmap(replace(FORECAST, name=name)) for name in ("欧小大满", "欧云云满")]
    assert drawn[0] == drawn[1]


def test_the_longest_forecast_slip_is_whole() -> None:
    """Every group late with three lines of reasons, every vaccine of the programme given."""
    why = "满 8 月龄起可种。和上一次接种的活疫苗隔满 28 天。按时的最后一天是 2027-05-11。" * 2
    doses = tuple(DoseToCome(f"流脑AC 第 {number} 剂", "逾期，尽快补种", why) for number in range(12))
    given = tuple(DosesGiven(f"疫苗{number}", "5 剂，末次 2026-11-23，其中 1 剂不算") for number in range(24))
    drawn = forecast_bitmap(replace(FORECAST, doses=doses, given=given, practice=True))
    assert drawn.height < _TALLEST
    foot = drawn.rows[-48 * 60 :]
    assert any(foot), "the imprint is drawn on it"
