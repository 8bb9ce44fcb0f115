"""The command ``school-check``: a class list against the records, for kindergarten and school (APP-8)."""

from datetime import date
from pathlib import Path
from typing import Any, NoReturn

import click

from app.commands._answer import Day, accept
from app.commands._store import at_a_desk
from app.documents.entry_check_paper import entry_check_pdf, entry_check_workbook
from app.domain.identity import mask_number
from app.storage.site import get_site
from app.ui.texts import sentence_of
from app.ui.texts.entry_check import class_paper, counts_words, missing_words, row_of_child
from app.ui.texts.reasons import Names, names_in
from app.workflows.class_list import read_class_list
from app.workflows.desk import Desk
from app.workflows.entry_check import CheckedChild, check_children, check_class, match_children
from app.workflows.forecast import packs_in_use
from app.workflows.results import write_result

Facts = dict[str, Any]


@click.argument("file", metavar="LIST.xlsx", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), required=True, help="结果写到哪里（.xlsx）。")
@click.option("--pdf", type=click.Path(path_type=Path), help="同时写一份可以打印的名单。")
@click.option("--on", type=Day(), help="查验日，默认今天。")
@click.option("--why", default="", help="为谁、为什么查，印在每一页上，并记入审计。")
def _school_check(
    desk: Desk, as_json: bool, *, file: Path, out: Path, pdf: Path | None, on: date | None, why: str
) -> NoReturn:
    """按班级名单做入托入学查验。

    LIST.xlsx 要有“姓名”“身份证号”两列，可以有“出生日期”“班级”；只按证件号码找人。
    """
    today = desk.today()
    day, packs = on or today, packs_in_use()
    rules, names = packs.on(day), names_in(packs)
    matched = match_children(desk.read(), read_class_list(file, today))
    desk.do(check_class, matched, file.name, why)
    checked = tuple(check_children(desk.read(), matched, day))
    site, user = get_site(desk.read()), desk.user
    paper = class_paper(
        checked, rules, names, day, site_name=site.name, printed_at=desk.now(),
        taken_by=user.name if user else "", why=f"入托入学查验 {why}".strip(), practice=site.practice,
    )  # fmt: skip
    write_result(out, entry_check_workbook(paper))
    if pdf is not None:
        write_result(pdf, entry_check_pdf(paper))
    facts = {
        "kind": "school_check",
        "on": day,
        "out": str(out),
        "pdf": str(pdf) if pdf else None,
        "unverified": paper.unverified,
        "rows": [_row(one, names, day) for one in checked],
    }
    told = [counts_words(checked)]
    for row in (row_of_child(one, rules, names) for one in checked):
        missing = "；".join(f"{one.dose} {one.when}" for one in row.missing)
        told.append("　".join(part for part in (row.line, row.name, row.verdict, missing, row.said) if part))
    accept(facts, told, as_json=as_json)


def _row(one: CheckedChild, names: Names, on: date) -> Facts:
    listed, check = one.matched.listed, one.check
    rules = packs_in_use().on(on)
    words = [missing_words(missing, rules, names) for missing in check.missing] if check else []
    return {
        "line": listed.line,
        "class": listed.class_name,
        "name": listed.name,
        "number": mask_number(listed.number),
        "verdict": one.verdict,
        "differs": list(one.matched.differs),
        "missing": [
            {
                "group": missing.line.group,
                "vaccine": missing.vaccine_code,
                "dose_number": missing.dose_number,
                "standing": missing.standing,
                "earliest_on": missing.line.earliest_on,
                "sentence": f"{told.dose}：{told.when}。{told.why}",
            }
            for missing, told in zip(check.missing, words, strict=True)
        ]
        if check
        else [],
        "refusal": type(one.refusal).__name__ if one.refusal else None,
        "message": str(sentence_of(one.refusal)) if one.refusal else row_of_child(one, rules, names).said,
    }


school_check = click.command("school-check")(at_a_desk(_school_check))
