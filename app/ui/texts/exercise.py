"""The words of the exercise of correction: what happened, what to press next, what became of it."""

from collections.abc import Callable
from typing import Any

from app.domain.journal import Json
from app.domain.refusals import Refusal
from app.practice.exercise import Exercise, Fault, Judgement, NotAtPractice, Standing
from app.practice.facts import PASSWORD
from app.ui.texts.correction import DETAILS, detail_words
from app.ui.texts.sentence import Sentence
from app.ui.texts.words import dose_words, tail

TITLE = "练习更正"
_VOIDED = "不对：这一针真的打了，只是细节记错，要更正，不作废。按 Ctrl+J，再按 F9 换一题"
_KEPT = "不对：这位没有打过针，改细节不够。再按 F9，选这一剂，按 Enter 作废"


def story(exercise: Exercise) -> str:
    """Return what happened, as a colleague would tell it."""
    wrong, name = exercise.wrong, exercise.person.name
    dose = f"{wrong['vaccine_name']} {dose_words(wrong['dose_number'])}"
    if exercise.fault is Fault.PERSON:
        return f"刚才的一剂{dose}记在了{name}名下，其实打针的是另一位；{name}今天没有打过针。"
    field, true = _faulty(exercise)
    as_recorded, as_it_was = detail_words(wrong, field), detail_words(true, field)
    return f"{name}刚打了{dose}。{DETAILS[field]}记成了“{as_recorded}”，其实是“{as_it_was}”。"


def task(exercise: Exercise) -> str:
    """Return what is to be reached."""
    if exercise.fault is Fault.PERSON:
        return "请把这条记录作废，写明原因：原记录留着，不再计入剂次。"
    return "请更正这一剂，写明原因：两次记录都看得到，接种时间不变。"


def find_words(exercise: Exercise) -> str:
    """Return how the person is found."""
    document = tail(exercise.person.document_number)
    return f"{TITLE} 1/4：按 F6，输入证件尾号 {document}，按 Enter，找到{exercise.person.name}"


def records_words() -> str:
    """Return how the doses are listed."""
    return f"{TITLE} 2/4：人对了。按 F9，看本单位的接种记录"


def choose_words(exercise: Exercise) -> str:
    """Return what is done with the dose that is marked."""
    key = "按 Enter 作废这一剂" if exercise.fault is Fault.PERSON else "按 F10 更正细节"
    return f"{TITLE} 3/4：上下键选这一剂，{key}"


def correct_words(exercise: Exercise) -> str:
    """Return what is changed on the sheet of corrections."""
    if exercise.fault is Fault.PERSON:
        return f"{TITLE}：先按 Esc 返回。打错了人不是细节，要作废"
    field, true = _faulty(exercise)
    tabs = list(DETAILS).index(field)
    go = f"按 {tabs} 次 Tab 到{DETAILS[field]}，" if tabs else ""
    return f"{TITLE} 4/4：{go}用上下键改成“{detail_words(true, field)}”，按 1、2 或 3 选原因，再按 Enter"


def void_words(exercise: Exercise) -> str:
    """Return what is said on the sheet that voids."""
    if exercise.fault is Fault.PERSON:
        return f"{TITLE} 4/4：按 1 选“记错了人”，按 Tab 到“本人”一格，输另一人的密码 {PASSWORD}，按 Enter"
    return f"{TITLE}：先按 Esc 返回。针打了、只是细节记错的，不作废，用 F10 更正"


def wrong_words(exercise: Exercise, judged: Judgement) -> str:
    """Return what is not right yet, and what to press; empty while nothing was done or all is right."""
    if judged.standing is Standing.VOIDED:
        return _VOIDED
    if judged.standing is Standing.KEPT:
        return _KEPT
    if judged.standing is Standing.OTHERWISE:
        wanted, newest = exercise.wrong | exercise.truth, judged.versions[-1]
        field = next(field for field in DETAILS if wanted[field] != newest[field])
        now, was = detail_words(newest, field), detail_words(_named(exercise, wanted), field)
        return f"还不对：{DETAILS[field]}现在是“{now}”，应是“{was}”。再按 F9，选这一剂，按 F10"
    return ""


def right_words(exercise: Exercise, judged: Judgement) -> str:
    """Return what was done right, with the reason."""
    reason = judged.versions[-2 if len(judged.versions) > 1 else -1]["void_reason"]
    if exercise.fault is Fault.PERSON:
        return f"做对了：已作废（{reason}）。原记录划上横线留着，不再计入剂次。"
    return f"做对了：已更正（{reason}）。原来的划上横线留着，更正后的计入接种史。"


def _faulty(exercise: Exercise) -> tuple[str, Json]:
    """Return the field that is wrong, and the record as it should be."""
    (field,) = exercise.truth
    return field, exercise.wrong | exercise.truth


def _named(exercise: Exercise, wanted: Json) -> Json:
    return wanted | {"performer_name": exercise.wrong["performer_name"]}


SENTENCES: dict[type[Refusal], Callable[[Any], Sentence]] = {
    NotAtPractice: lambda _: Sentence(
        "这里是真的接种点，不能练习更正。", "没有写入任何记录。", "请打开练习点再练。"
    ),
}
"""How each refusal of an exercise is said."""
