"""Sentences shrink and break, they are not cut; what is shortened says so."""

from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from app.ui.kit.fonts import text_width
from app.ui.kit.painting import elided, fit_sentence
from app.ui.kit.spans import Span, SpanLine, facts, whole
from app.ui.kit.text import Text

CHINESE = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=40)
SIZES = (40, 34, 28, 22, 18)


@given(CHINESE)
def test_a_banner_sentence_of_forty_characters_is_shown_whole(sentence: str) -> None:
    fitted = fit_sentence(sentence, 560.0, 72.0, SIZES, True)
    assert "".join(fitted.lines) == sentence
    assert not fitted.cut


@given(CHINESE, st.integers(120, 900), st.integers(30, 90))
def test_a_fitted_sentence_stays_inside_its_room(sentence: str, width: int, height: int) -> None:
    fitted = fit_sentence(sentence, float(width), float(height), SIZES, True)
    assert all(text_width(line, fitted.size, True) <= width + 0.5 for line in fitted.lines)
    assert fitted.height <= height or len(fitted.lines) == 1


@given(CHINESE, st.integers(120, 900))
def test_a_sentence_is_only_cut_where_the_smallest_size_does_not_hold_it(sentence: str, width: int) -> None:
    fitted = fit_sentence(sentence, float(width), 72.0, SIZES, True)
    if fitted.cut:
        assert fitted.size == SIZES[-1]
        assert fitted.lines[-1].endswith("…")
    else:
        assert "".join(fitted.lines) == sentence


@given(CHINESE, st.integers(40, 400))
def test_an_elided_text_is_never_wider_than_its_room(words: str, width: int) -> None:
    assert text_width(elided(words, 18, False, width), 18, False) <= width + 0.5


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=25))
def test_a_name_of_25_characters_is_shown_whole_in_the_card_of_the_needle(name: str) -> None:
    """The name is compared by eye with the booklet (VER-1): an ellipsis would hide the difference."""
    lines = whole(facts(name, "女·3 月龄"), 360.0)
    assert "".join(span.text for line in lines for span in line) == name + "女·3 月龄"
    assert all(sum(span.width for span in line) <= 360.5 for line in lines)


def test_a_shortened_line_has_the_whole_text_as_its_tool_tip(qtbot: QtBot) -> None:
    words = Text("证件尾号 0028·监护人 欧阳澜（母）")
    qtbot.addWidget(words)
    words.show()
    words.resize(80, 27)
    assert (words.shortened, words.toolTip()) == (True, words.text())
    words.resize(600, 27)
    assert (words.shortened, words.toolTip()) == (False, "")


def test_a_shortened_line_of_spans_has_the_whole_text_as_its_tool_tip(qtbot: QtBot) -> None:
    line = SpanLine([Span("本机已保存 "), Span("37", bold=True), Span("·待上传 12")])
    qtbot.addWidget(line)
    line.resize(60, 27)
    line.show()
    assert line.cut
    assert line.toolTip() == "本机已保存 37·待上传 12"


def test_text_is_never_read_as_markup(qtbot: QtBot) -> None:
    words = Text("<b>张</b>")
    qtbot.addWidget(words)
    assert words.sizeHint().width() >= text_width("<b>张</b>", 18, False)
