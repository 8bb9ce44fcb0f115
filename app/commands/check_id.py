"""The command ``check-id``: whether a document number is possible and what it tells (REG-12)."""

from datetime import date

import click

from app.commands._answer import Day, accept, refuse, today
from app.domain.identity import CheckedDocument, DocumentType, check_document, type_of_number
from app.domain.people import Sex
from app.domain.refusals import Refusal
from app.ui.texts.codes_and_identity import DOCUMENT_NAMES, WARNINGS

SEXES = {Sex.MALE: "男", Sex.FEMALE: "女"}


@click.command("check-id", context_settings={"ignore_unknown_options": True})
@click.argument("number")
@click.option(
    "--type",
    "document_type",
    type=click.Choice([str(kind) for kind in DocumentType]),
    default=None,
    help="证件类型；不写则按号码判断。",
)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
@click.option("--on", type=Day(), default=None, help="把哪一天当作今天，YYYY-MM-DD。")
def check_id(number: str, document_type: str | None, as_json: bool, on: date | None) -> None:
    """检查一个证件号码。"""
    kind = DocumentType(document_type) if document_type else type_of_number(number)
    try:
        document = check_document(kind, number, today=on or today())
    except Refusal as refusal:
        refuse(refusal, as_json=as_json)
    accept(_facts(document), _lines(document), as_json=as_json)


def _facts(document: CheckedDocument) -> dict[str, object]:
    return {
        "kind": "document",
        "type": document.type,
        "ws364_code": document.type.ws364_code,
        "number": document.number,
        "birth_on": document.birth_on,
        "sex": document.sex.name.lower() if document.sex else None,
        "warnings": document.warnings,
    }


def _lines(document: CheckedDocument) -> list[str]:
    lines = [f"{DOCUMENT_NAMES[document.type]}：{document.number}"]
    if document.birth_on:
        lines.append(f"出生日期：{document.birth_on}")
    if document.sex:
        lines.append(f"性别：{SEXES[document.sex]}")
    return lines + [f"注意：{WARNINGS[warning]}" for warning in document.warnings]
