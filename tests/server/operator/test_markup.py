"""Whatever is filled into a template is text there, never a tag, an attribute or a template."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.operator.markup import EMPTY, Markup, fill
from tests.server.operator.visitor import Reading

SHARP = st.text(alphabet="<>&\"'/={}a \n", max_size=30) | st.text(max_size=30)


@settings(max_examples=50)
@given(SHARP.filter(lambda text: "\r" not in text and "\0" not in text))
def test_what_is_filled_in_comes_out_as_the_text_it_was(text: str) -> None:
    html = fill(
        '<form action="/x" method="post"><input name="n" value="{value}"></form>{text}', value=text, text=text
    )
    reading = Reading(html)
    assert reading.tags == ["form", "input"]
    assert reading.forms == [{"action": "/x", "method": "post", "n": text}]
    assert reading.text == text


@given(SHARP)
def test_html_made_here_is_filled_in_as_it_is_and_once(text: str) -> None:
    inner = fill("<b>{text}</b>", text=text)
    assert fill("{inner}{all}", inner=inner, all=[inner, inner]) == inner * 3


def test_nothing_is_a_dash_and_a_number_a_number() -> None:
    assert fill("{a}{b}{c}", a=None, b=0, c="") == f"{EMPTY}0"


def test_glued_text_is_no_html_any_more() -> None:
    assert fill("{x}", x=Markup("<b>") + "<i>") == "&lt;b&gt;&lt;i&gt;"


@pytest.mark.parametrize("template", ["{}", "{0}", "{a.b}", "{a!r}", "{a:>9}"])
def test_a_template_asks_for_names_alone(template: str) -> None:
    with pytest.raises(ValueError):
        fill(template, a="x")


def test_a_list_of_plain_text_is_refused() -> None:
    with pytest.raises(TypeError):
        fill("{a}", a=["<b>"])  # type: ignore[list-item]
