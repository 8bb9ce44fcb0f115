"""Every refusal of this room, and every verdict, has its Chinese sentence."""

from inspect import getmembers, isclass

import pytest

from app.documents import refusals
from app.domain.certificate import NoDoseToCertify
from app.domain.refusals import Refusal
from app.domain.trust import Verdict
from app.ui.texts.paper import SENTENCES, VERDICTS
from tests.documents.examples import NOW

EXAMPLES: list[Refusal] = [
    refusals.GlyphMissing("\U0003134a"),
    refusals.GlyphMissing("\ue000"),
    refusals.RequestNotSigned("CN=desk"),
    refusals.KeyDoesNotMatch(b"\x01\x02"),
    refusals.SigningKeyOutOfDate(NOW, NOW, NOW),
    refusals.ListNotGenuine(),
    refusals.ListGoesBack(4, 5),
    NoDoseToCertify("陈雨桐"),
]


@pytest.mark.parametrize("refusal", EXAMPLES, ids=lambda refusal: type(refusal).__name__)
def test_a_refusal_says_what_happened_what_is_safe_and_what_to_do(refusal: Refusal) -> None:
    sentence = SENTENCES[type(refusal)](refusal)
    for part in (sentence.happened, sentence.safe, sentence.todo):
        assert part.endswith("。")
        assert "None" not in part


def test_no_refusal_and_no_verdict_is_left_without_words() -> None:
    ours = {
        kind
        for _name, kind in getmembers(refusals, isclass)
        if issubclass(kind, Refusal) and kind is not Refusal
    }
    assert ours | {NoDoseToCertify} == set(SENTENCES) == {type(example) for example in EXAMPLES}
    assert set(VERDICTS) == set(Verdict)
    assert len(set(VERDICTS.values())) == len(Verdict)


def test_a_missing_character_is_named_with_a_way_out() -> None:
    sentence = SENTENCES[refusals.GlyphMissing](refusals.GlyphMissing("\U0003134a"))
    assert "U+3134A" in sentence.happened
    assert "HanaMinA" in sentence.todo
