"""The sentences of the refusals where a detail of a dose is corrected, and the names of the details."""

from collections.abc import Callable
from typing import Any

from app.domain.journal import Json
from app.domain.refusals import Refusal
from app.ui.texts.sentence import Sentence
from app.ui.texts.words import BODY_SITES, dose_words
from app.workflows import correction

DETAILS = {
    "body_site": "接种部位",
    "dose_number": "剂次",
    "lot_number": "批号",
    "performer": "接种人",
}
"""The details of a dose that are corrected, by their field in its record."""

_FIELDS = DETAILS | {"lot_id": "批号"}
_NOT_CHANGED = "原记录没有改动。"


def detail_words(dose: Json, field: str) -> str:
    """Return how a dose's record states a detail: 左上臂."""
    if field == "body_site":
        return next((words for site, words in BODY_SITES.items() if site == dose[field]), dose[field])
    if field == "dose_number":
        return dose_words(dose[field])
    return str(dose["performer_name" if field == "performer" else field])


def difference_words(before: Json, after: Json) -> str:
    """Return what became of each detail that was corrected: 接种部位 左上臂→右上臂."""
    changed = [field for field in DETAILS if before[field] != after[field]]
    return "，".join(
        f"{DETAILS[field]} {detail_words(before, field)}→{detail_words(after, field)}" for field in changed
    )


SENTENCES: dict[type[Refusal], Callable[[Any], Sentence]] = {
    correction.NothingCorrected: lambda _: Sentence(
        "改成的和原来一样。", _NOT_CHANGED, "请先改错的那一项，再按 Enter。"
    ),
    correction.CorrectionNotPossible: lambda r: Sentence(
        f"这一剂不可能是这样的{_FIELDS[r.field]}。", _NOT_CHANGED, "请从列表里另选一个。"
    ),
    correction.CorrectionNeedsManager: lambda r: Sentence(
        f"这一剂是{r.performer_name}打的：别人的剂次、改接种人，要由负责人更正。",
        _NOT_CHANGED,
        "请本人或负责人登录后更正。",
    ),
}
"""How each refusal of a correction is said."""
