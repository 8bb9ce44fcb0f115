"""The command ``conform``: the published CDSi test cases, every difference and the share."""

from dataclasses import asdict
from pathlib import Path

import click

from app.commands._answer import accept, refuse
from app.commands._cdsi_cases import read_cases
from app.commands._cdsi_pack import edition_of, read_supporting_data
from app.commands._conformance import Difference, differences
from app.domain.refusals import Refusal
from app.domain.schedule.packs import Packs


@click.command()
@click.option(
    "--cdsi",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    required=True,
    help="CDSi 支持数据（XML）的文件夹。",
)
@click.argument("cases", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def conform(folder: Path, cases: Path, as_json: bool) -> None:
    """用 CDC 公布的测试用例核对推算程序。"""
    try:
        pack, _ = read_supporting_data(folder, edition_of(folder))
        packs = Packs([pack])
        answers = [differences(case, packs) for case in read_cases(cases)]
    except Refusal as refusal:
        refuse(refusal, as_json=as_json)
    found = [difference for answer in answers for difference in answer]
    agreed = sum(not answer for answer in answers)
    facts: dict[str, object] = {
        "kind": "conformance",
        "edition": pack.edition,
        "file": cases.name,
        "cases": len(answers),
        "as_expected": agreed,
        "share": f"{100 * agreed / max(len(answers), 1):.1f}",
        "differences": [asdict(difference) for difference in found],
    }
    told = f"{agreed} / {len(answers)} 个用例一致，{facts['share']} %"
    accept(facts, [*map(_line, found), told], as_json=as_json)


def _line(one: Difference) -> str:
    told = f"应为 {one.expected or '无'}，算出 {one.found or '无'}"
    return f"{one.case_id} {one.group} {one.what}：{told}（{one.title}）"
