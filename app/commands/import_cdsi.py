"""The command ``import-cdsi``: the CDC's supporting data (XML) as a rule pack."""

from pathlib import Path

import click

from app.commands._answer import accept, refuse
from app.commands._cdsi_pack import edition_of, read_supporting_data
from app.domain.refusals import Refusal


@click.command("import-cdsi")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--edition", default=None, help="版本，例如 4.64；不写则取文件夹名里的。")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), default=None, help="写入哪个文件。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def import_cdsi(folder: Path, edition: str | None, out: Path | None, as_json: bool) -> None:
    """把 CDC 公布的 CDSi 支持数据转成一份免疫程序文件。"""
    try:
        pack, text = read_supporting_data(folder, edition or edition_of(folder))
    except Refusal as refusal:
        refuse(refusal, as_json=as_json)
    file = out or Path(f"{pack.pack}-{pack.edition}.json")
    file.write_text(text, "utf-8")
    facts: dict[str, object] = {
        "kind": "pack",
        "pack": pack.pack,
        "edition": pack.edition,
        "file": str(file),
        "antigens": len(pack.antigens),
        "series": sum(len(antigen.series) for antigen in pack.antigens),
        "vaccines": len(pack.vaccines),
        "conflicts": len(pack.conflicts),
    }
    lines = [f"{pack.title}：{facts['antigens']} 种抗原，{facts['series']} 个程序，写入 {file}"]
    accept(facts, lines, as_json=as_json)
