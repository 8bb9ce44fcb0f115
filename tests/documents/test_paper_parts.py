"""The parts paper is made of: fonts, fitted text, codes."""

import zxingcpp
from hypothesis import example, given, settings
from hypothesis import strategies as st
from reportlab.pdfbase.ttfonts import TTFontFace

from app.documents.codes import STRONG_UP_TO_VERSION, code128, qr
from app.documents.embedding import embedded, to_unicode
from app.documents.fit import ELLIPSIS, balanced, fit, wrap
from app.documents.typefaces import Style, runs, typeface, width
from tests.documents.examples import HAN

PROSE = st.text(HAN | st.sampled_from("，。、（）：0123456789ABC mg·"), min_size=1, max_size=60).filter(
    str.strip
)


def test_the_fast_face_reads_a_font_as_reportlab_does() -> None:
    ours = embedded("NotoSansSC-Regular").face
    theirs = TTFontFace(ours.filename)
    blank = 0xA0
    assert {**ours.charToGlyph, blank: 0} == {**theirs.charToGlyph, blank: 0}
    assert {**ours.charWidths, blank: 0} == {**theirs.charWidths, blank: 0}
    assert ours.defaultWidth == theirs.defaultWidth
    subset = [0, 32, *map(ord, "预防接种凭证123,aé"), 0x2CC56]
    assert ours.makeSubset(subset) == theirs.makeSubset(subset)


def test_characters_outside_the_basic_plane_are_mapped_as_surrogates() -> None:
    mapped = to_unicode("AAAAAA+Font", [0, 0x6797, 0x2CC56])
    assert "<01> <6797>" in mapped
    assert "<02> <D873DC56>" in mapped
    assert "3 beginbfchar" in mapped


def test_a_long_map_is_written_in_blocks_a_reader_accepts() -> None:
    mapped = to_unicode("F", range(0x4E00, 0x4E00 + 230))
    assert [line for line in mapped.splitlines() if "beginbfchar" in line] == [
        "100 beginbfchar",
        "100 beginbfchar",
        "30 beginbfchar",
    ]


def test_a_font_is_chosen_for_each_character() -> None:
    pieces = list(runs("陈𠮷A", Style.SERIF))
    assert pieces == [("NotoSerifSC-Bold", "陈"), ("HanaMinA", "𠮷"), ("NotoSerifSC-Bold", "A")]
    assert [stem for stem, _piece in runs("陈", Style.BOLD)] == ["NotoSansSC-Bold"]


def test_a_font_that_is_not_installed_is_no_font() -> None:
    assert typeface("NoSuchFont") is None


@given(PROSE, st.sampled_from([5.0, 7.6, 12.0]), st.floats(30, 300))
@settings(deadline=None)
def test_wrapped_text_loses_nothing_and_stays_in_its_room(prose: str, size: float, room: float) -> None:
    for lines in (wrap(prose, Style.REGULAR, size, room), balanced(prose, Style.REGULAR, size, room)):
        assert "".join("".join(lines).split()) == "".join(prose.split())
        for line in lines:
            hanging = line.rstrip("，。、）：·")
            assert len(hanging) <= 1 or width(hanging, Style.REGULAR, size) <= room + 1e-6


@given(PROSE, st.floats(40, 300))
@settings(deadline=None)
def test_no_later_line_begins_with_closing_punctuation(prose: str, room: float) -> None:
    assert all(line[0] not in "，。、）：" for line in wrap(prose, Style.REGULAR, 8, room)[1:] if line)


def test_balanced_lines_are_as_few_and_about_equal() -> None:
    name = "示例生物制品股份有限公司"
    assert wrap(name, Style.REGULAR, 7, 60) == ("示例生物制品股份", "有限公司")
    assert balanced(name, Style.REGULAR, 7, 60) == ("示例生物制品", "股份有限公司")


def test_a_number_is_not_torn_apart() -> None:
    assert wrap("批号 202502A011", Style.REGULAR, 7, 45) == ("批号", "202502A011")


@given(PROSE, st.integers(1, 3), st.floats(40, 300))
@settings(deadline=None)
def test_fitted_text_takes_its_lines_at_most_and_tells_when_it_is_cut(
    prose: str, most: int, room: float
) -> None:
    fitted = fit(prose, Style.REGULAR, (9.6, 7, 5), room, most)
    assert len(fitted.lines) <= most
    whole = "".join("".join(fitted.lines).split()) == "".join(prose.split())
    assert whole or fitted.lines[-1].endswith(ELLIPSIS)


def test_a_size_is_given_up_only_when_the_text_does_not_fit() -> None:
    assert fit("云溪镇", Style.REGULAR, (9.6, 7), 100, 1).size == 9.6
    assert fit("云溪镇" * 4, Style.REGULAR, (9.6, 7), 100, 1).size == 7


def test_a_small_qr_code_is_strong_and_a_large_one_readable() -> None:
    small, large = qr("HC1:" + "A" * 500), qr("HC1:" + "A" * 900)
    assert (small.level, small.version) == ("Q", 17)
    assert large.level == "M"
    assert large.version <= STRONG_UP_TO_VERSION + 2


@given(st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ-", min_size=8, max_size=20))
@example("99000000")
@example("10099000")
@settings(deadline=None)
def test_bars_carry_their_text(number: str) -> None:
    bars = code128(number)
    row = bytearray(b"\xff" * (bars.modules + 20))
    for place, wide in bars.bars:
        row[10 + place : 10 + place + wide] = bytes(wide)
    tripled = bytes(value for value in row for _ in range(3))
    image = memoryview(tripled * 30).cast("B", (30, len(tripled)))
    (read,) = zxingcpp.read_barcodes(image)
    assert read.text == number
