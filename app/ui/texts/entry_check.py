"""The entry check (入托入学查验) in words: what is missing, what is doubtful, and why a row has no result."""

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime
from typing import Any

from app.documents.entry_check_paper import EntryPaper, EntryRow, MissingWords
from app.domain import entry_check as check
from app.domain.entry_check import EntryCheck, EntryVerdict, MissingDose
from app.domain.identity import mask_number
from app.domain.people import Patient
from app.domain.refusals import Refusal
from app.domain.schedule.answers import Reason
from app.domain.schedule.packs import Rules
from app.domain.schedule.standing import Standing
from app.ui.kit.tokens import Tone
from app.ui.texts import sentence_of
from app.ui.texts.forecast import vaccine_name, when_words, why_words
from app.ui.texts.reasons import Names, name_of
from app.ui.texts.sentence import Sentence
from app.ui.texts.words import dose_words
from app.workflows import class_list, results
from app.workflows import entry_check as workflow
from app.workflows.entry_check import CheckedChild, Differing

VERDICTS = {
    EntryVerdict.COMPLETE: "齐全",
    EntryVerdict.MISSING: "缺种",
    EntryVerdict.DOUBTFUL: "需核对",
}
NO_RESULT = "没有结果"
VERDICT_TONES = {
    "齐全": (Tone.SUCCESS, "done"),
    "缺种": (Tone.WARNING, "warning"),
    "需核对": (Tone.INFO, "info"),
    NO_RESULT: (Tone.DANGER, "forbidden"),
}
"""How each of these looks."""
_CONDITION_FACTS = {"observation", "observations"}
"""Facts of a reason that name a special condition."""
TITLE, PERSON_TITLE = "入托、入学预防接种查验结果", "入托、入学预防接种查验结果（个人）"
DIFFERENCES = {
    Differing.NAME: "名单上的姓名和档案不同，请核对是不是本人。",
    Differing.BIRTH_DATE: "名单上的出生日期和档案不同，请核对。",
}


def outside_why(reasons: Collection[Reason], names: Names) -> str:
    """Return why for a paper that a kindergarten reads: it names no special condition of a child (SEC-5)."""
    told = [reason for reason in reasons if not _CONDITION_FACTS & reason.facts.keys()]
    return why_words(told, names) + ("另由医生判断。" if len(told) < len(reasons) else "")


def missing_words(missing: MissingDose, rules: Rules, names: Names) -> MissingWords:
    """Return one missing dose: which, when, why, and what was given that does not count."""
    line = missing.line
    code, group = missing.vaccine_code, rules.groups.get(line.group)
    called = vaccine_name(rules, code) if code else group.title if group and group.title else line.group
    refused = "".join(
        f"{name_of(names, one.dose.vaccine_code)} {one.dose.given_on} 不算：{outside_why(one.reasons, names)}"
        for one in missing.not_counted
    )
    late = missing.standing is Standing.LATE
    on_time = f"按时的最后一天是 {line.past_due_on}。" if late and line.past_due_on else ""
    return MissingWords(
        f"{called} {dose_words(missing.dose_number)}",
        when_words(missing.standing, line.earliest_on),
        outside_why(line.reasons, names) + on_time + refused,
    )


def said_of(found: EntryCheck, rules: Rules, names: Names) -> str:
    """Return what is doubtful, and what is too late to be asked for."""
    doubts = "".join(
        f"{name_of(names, one.dose.vaccine_code)} {one.dose.given_on}：{outside_why(one.doubts, names)}"
        for one in found.doubtful
    )
    titles = [rules.groups[line.group].title or line.group for line in found.beyond]
    return doubts + (f"未种且过了可种的年龄，不用补：{'、'.join(titles)}。" if titles else "")


def row_of_person(patient: Patient, found: EntryCheck, rules: Rules, names: Names) -> EntryRow:
    """Return one person who came alone."""
    return EntryRow(
        "", "", patient.name, mask_number(patient.document_number), str(patient.birth_on),
        VERDICTS[found.verdict], tuple(missing_words(one, rules, names) for one in found.missing),
        said_of(found, rules, names),
    )  # fmt: skip


def row_of_child(checked: CheckedChild, rules: Rules, names: Names) -> EntryRow:
    """Return one row of the list, as the list names the child."""
    listed, found = checked.matched.listed, checked.check
    told = "".join(DIFFERENCES[one] for one in checked.matched.differs)
    if checked.refusal is not None:
        sentence = sentence_of(checked.refusal)
        told += f"{sentence.happened}{sentence.todo}"
    if found is not None:
        told += said_of(found, rules, names)
    return EntryRow(
        str(listed.line), listed.class_name, listed.name, mask_number(listed.number),
        str(listed.birth_on or ""), VERDICTS[checked.verdict] if checked.verdict else NO_RESULT,
        tuple(missing_words(one, rules, names) for one in found.missing) if found else (), told,
    )  # fmt: skip


def counts_of(checked: Sequence[CheckedChild]) -> dict[str, int]:
    """Return how many rows come to each verdict, and how many have none."""
    counted = Counter(VERDICTS[one.verdict] if one.verdict else NO_RESULT for one in checked)
    return {words: counted[words] for words in (*VERDICTS.values(), NO_RESULT)}


def counts_words(checked: Sequence[CheckedChild]) -> str:
    """Return the same as a sentence: 名单 40 行：齐全 31，缺种 6，需核对 2，没有结果 1."""
    counts = "，".join(f"{words} {count}" for words, count in counts_of(checked).items())
    return f"名单 {len(checked)} 行：{counts}"


def class_paper(
    checked: Sequence[CheckedChild], rules: Rules, names: Names, on: date, *, site_name: str,
    printed_at: datetime, taken_by: str, why: str, practice: bool,
) -> EntryPaper:  # fmt: skip
    """Return the result of a list for the workbook and the printer."""
    return EntryPaper(
        TITLE, site_name, on,
        tuple(row_of_child(one, rules, names) for one in checked), counts_words(checked),
        any(one.check.unverified for one in checked if one.check), printed_at, taken_by, why, practice,
    )  # fmt: skip


_ROW_LEFT = "这一行没有结果，其余各行照常。"
_NOTHING = "没有查任何人。"

SENTENCES: dict[type[Refusal], Callable[[Any], Sentence]] = {
    check.TooOldForEntryCheck: lambda r: Sentence(
        f"{r.birth_on} 出生，已满 18 周岁。", "没有查验结果。", "入托入学查验只用于未成年人，请核对出生日期。"
    ),
    class_list.ListUnreadable: lambda r: Sentence(
        f"{r.file} 打不开，不是可用的 Excel 工作簿（.xlsx）。",
        _NOTHING,
        "请在 Excel 或 WPS 里另存为 .xlsx，再选一次。",
    ),
    class_list.HeadingMissing: lambda r: Sentence(
        f"{r.file} 前 20 行里没有找到“姓名”和“身份证号”两个列名。",
        _NOTHING,
        "请在名单上写好列名：姓名、身份证号、出生日期、班级。",
    ),
    results.ResultNotWritten: lambda r: Sentence(
        f"{r.file} 写不进去：可能正在别处打开，或这个文件夹不让写。",
        "没有存成文件，原来的文件没有动。",
        "请关掉打开的文件，或换一个地方再存。",
    ),
    class_list.ListTooLong: lambda r: Sentence(f"名单超过 {r.most} 行。", _NOTHING, "请按年级分成几份。"),
    class_list.ListedTwice: lambda r: Sentence(
        f"这个证件号码在第 {r.line} 行已经有了。", _ROW_LEFT, "请核对名单，改正其中一行。"
    ),
    class_list.NumberLostDigits: lambda _: Sentence(
        "证件号码存成了数字，Excel 已经丢掉最后几位。", _ROW_LEFT, "请把这一列设成文本，重新录入号码。"
    ),
    class_list.BirthDateUnreadable: lambda r: Sentence(
        f"出生日期“{r.text}”看不懂。", _ROW_LEFT, "请写成 2020-03-14 的样子。"
    ),
    workflow.NobodyOnFile: lambda _: Sentence(
        "本单位没有这个证件号码的档案。", _ROW_LEFT, "请带接种证来建档或补录；不按姓名查找。"
    ),
    workflow.SeveralOnFile: lambda r: Sentence(
        f"有 {r.count} 份档案用这个证件号码。", _ROW_LEFT, "请先在“核对”里弄清是不是同一人。"
    ),
}
"""How each refusal of the entry check is said."""
