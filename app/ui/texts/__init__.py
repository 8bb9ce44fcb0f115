"""What a refusal says in Chinese: what happened, what is safe, what to do now."""

from collections.abc import Callable
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from app.domain.refusals import Refusal
from app.ui.texts.sentence import Sentence


def sentence_of(refusal: Refusal) -> Sentence:
    """Return the sentence of a refusal; every class has one (tests/ui/test_texts.py)."""
    return _sentences()[type(refusal)](refusal)


@cache
def _sentences() -> dict[type[Refusal], Callable[[Any], Sentence]]:
    """Gather ``SENTENCES`` of every file beside this one; late, so that start-up does not pay for it."""
    gathered: dict[type[Refusal], Callable[[Any], Sentence]] = {}
    for module in iter_modules(__path__):
        gathered |= getattr(import_module(f"{__name__}.{module.name}"), "SENTENCES", {})
    return gathered
