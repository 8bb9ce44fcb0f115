"""The command ``explain``: the whole reasoning of the schedule for one case given as JSON."""

import sys
from pathlib import Path
from typing import Any

import click

from app.commands._answer import accept, refuse
from app.domain.refusals import Refusal
from app.domain.schedule import choosing
from app.domain.schedule.answers import (
    Assessment,
    DoseEvaluation,
    GroupForecast,
    JudgedBy,
    Reason,
    SeriesForecast,
)
from app.domain.schedule.asking import AskedCase, CaseUnreadable, check_conditions, read_case
from app.domain.schedule.engine import assess
from app.domain.schedule.numbering import vaccine_dose_number
from app.domain.schedule.packs import Packs, Rules
from app.domain.schedule.standing import standing_of
from app.storage.schedules import read_packs
from app.ui.texts.reasons import (
    DOSE_STATUSES,
    PACK_STATUSES,
    STANDINGS,
    name_of,
    names_in,
    reason_sentence,
)

Facts = dict[str, Any]


@click.command("explain")
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def explain(file: Path, as_json: bool) -> None:
    """说明一个人每一剂为什么算或不算、接下来该种什么。

    FILE 是一个 JSON 文件，写 - 则从标准输入读；格式见 docs/cli.md。
    """
    try:
        case = read_case(_text_of(file))
        packs = choosing.choose(read_packs()[0], case.packs)
        check_conditions(case, packs)
    except Refusal as refusal:
        refuse(refusal, as_json=as_json)
    answer = assess(case.subject, case.history, packs, case.on)
    explained = _Explained(case, packs, answer)
    accept(explained.facts(), explained.lines(), as_json=as_json)


def _text_of(file: Path) -> str:
    try:
        content = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
        return content.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CaseUnreadable("", "not_readable", str(error)) from None


class _Explained:
    """An assessment, as facts and as lines."""

    def __init__(self, case: AskedCase, packs: Packs, answer: Assessment) -> None:
        self._case, self._packs, self._answer = case, packs, answer
        self._rules: Rules = packs.on(case.on)
        self._names = names_in(packs)

    def facts(self) -> Facts:
        """Return the whole answer as docs/schemas/explain.json says it."""
        return {
            "kind": "explanation",
            "on": self._case.on,
            "packs": [
                {"pack": choosing.name_of(pack), "title": pack.title, "status": pack.status}
                for pack in self._packs.packs
            ],
            "doses": [self._dose(one) for one in self._answer.evaluations],
            "forecasts": [self._line(one) for one in self._answer.forecasts],
        }

    def lines(self) -> list[str]:
        """Return the same for a person."""
        told = [
            f"按 {'、'.join(f'{pack.title}（{PACK_STATUSES[pack.status]}）' for pack in self._packs.packs)}",
            *(self._dose_words(one) for one in self._answer.evaluations),
        ]
        for line in self._answer.forecasts:
            facts = self._line(line)
            unsigned = "（未核实）" if line.unverified else ""
            told.append(f"{facts['title']}：{facts['sentence']}{unsigned}")
            told += [f"    {reason['sentence']}" for reason in facts["reasons"]]
        return told

    def _dose_words(self, one: DoseEvaluation) -> str:
        name = name_of(self._names, one.dose.vaccine_code)
        told = dict.fromkeys((*one.reasons, *one.doubts))
        why = "".join(reason_sentence(reason, self._names) for reason in told)
        return f"{one.dose.given_on} {name}：{DOSE_STATUSES[one.status]}。{why}"

    def _reasons(self, reasons: tuple[Reason, ...]) -> list[Facts]:
        return [
            {
                "name": reason.name,
                "facts": dict(reason.facts),
                "sentence": reason_sentence(reason, self._names),
            }
            for reason in reasons
        ]

    def _dose(self, one: DoseEvaluation) -> Facts:
        return {
            "vaccine": one.dose.vaccine_code,
            "date": one.dose.given_on,
            "product": one.dose.product_code,
            "status": one.status,
            "reasons": self._reasons(one.reasons),
            "doubts": self._reasons(one.doubts),
            "antigens": [
                {
                    "antigen": part.antigen,
                    "group": part.group,
                    "series_id": part.series_id,
                    "target_dose": part.target_dose,
                    "status": part.status,
                    "reasons": self._reasons(part.reasons),
                    "judged_by": _judged_by(part.judged_by),
                }
                for part in one.antigens
            ],
        }

    def _line(self, line: GroupForecast) -> Facts:
        group = self._rules.groups.get(line.group)
        number = vaccine_dose_number(line, self._answer.evaluations, self._rules)
        return {
            "group": line.group,
            "title": group.title if group and group.title else line.group,
            "status": line.status,
            "standing": standing_of(line, self._case.on),
            "sentence": self._sentence(line, number),
            "dose_number": line.dose_number,
            "vaccine_dose_number": number,
            "earliest_on": line.earliest_on,
            "recommended_on": line.recommended_on,
            "past_due_on": line.past_due_on,
            "latest_on": line.latest_on,
            "vaccines": [
                {"vaccine": one.vaccine_code, "product": one.product_code, "offer": one.offer}
                for one in line.vaccines
            ],
            "unverified": line.unverified,
            "reasons": self._reasons(line.reasons),
            "series": [self._series(one) for one in line.series],
        }

    def _sentence(self, line: GroupForecast, number: int | None) -> str:
        words = STANDINGS[standing_of(line, self._case.on)]
        if line.earliest_on is None or not line.vaccines:
            return f"{words}。"
        name = name_of(self._names, line.vaccines[0].vaccine_code)
        until = f"，到 {line.past_due_on} 为止算按时" if line.past_due_on else ""
        return f"{words}：{name}第 {number} 剂，{line.earliest_on} 起可种{until}。"

    def _series(self, one: SeriesForecast) -> Facts:
        return {
            "antigen": one.antigen,
            "series_id": one.series_id,
            "status": one.status,
            "target_dose": one.target_dose,
            "series_doses": one.series_doses,
            "judged_by": _judged_by(one.judged_by) if one.judged_by else None,
            "source": one.source,
        }


def _judged_by(by: JudgedBy) -> Facts:
    return {"pack": f"{by.pack}-{by.edition}", "before_its_start": by.before_its_start}
