"""What a certificate's claims say, whoever wrote them: claims to stated content, permissive when reading."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.documents.claims import DCC, DVC
from app.documents.romanise import has_han
from app.domain.trust import KeyUsage, StatedContent, StatedDose

COUNT_LIMIT, TEXT_LIMIT = 10**9, 200
"""What a stranger's code may make a screen show."""
_GROUPS = {"v": KeyUsage.VACCINATION, "t": KeyUsage.TEST, "r": KeyUsage.RECOVERY}


def stated_content(claim: object) -> StatedContent | None:
    """Return what claim -260 says, whoever wrote it; None when it is no health certificate we can show."""
    if not isinstance(claim, Mapping):
        return None
    dcc, dvc = _read_dcc(claim.get(DCC)), _read_dvc(claim.get(DVC))
    if dcc is None or dvc is None:
        return dcc or dvc
    return StatedContent(
        name=dvc.name or dcc.name,
        latin_name=dcc.latin_name,
        birth=dvc.birth,
        doses=dvc.doses + dcc.doses,
        ci=dvc.ci or dcc.ci,
        usage=dcc.usage | dvc.usage,
        document_number=dvc.document_number,
    )


def _read_dcc(content: object) -> StatedContent | None:
    if not isinstance(content, Mapping) or not isinstance(names := content.get("nam"), Mapping):
        return None
    match [(label, content[label]) for label in _GROUPS if content.get(label)]:
        case [(label, [Mapping() as entry, *_] as entries)]:
            return StatedContent(
                name=_text(names.get("fn")) + _gap(names) + _text(names.get("gn")),
                latin_name=" ".join(filter(None, (_text(names.get(part)) for part in ("fnt", "gnt")))),
                birth=_text(content.get("dob")),
                doses=tuple(map(_dcc_dose, entries)) if label == "v" else (),
                ci=_text(entry.get("ci")),
                usage=_GROUPS[label],
            )
    return None


def _gap(names: Mapping[Any, Any]) -> str:
    return " " if names.get("gn") and not has_han(_text(names.get("fn"))) else ""


def _dcc_dose(entry: object) -> StatedDose:
    if not isinstance(entry, Mapping):
        return StatedDose("", "", "")
    number, series = _text(entry.get("dn")), _text(entry.get("sd"))
    return StatedDose(
        vaccine=_text(entry.get("mp")),
        dose_number=f"{number}/{series}" if series else number,
        occurred_on=_text(entry.get("dt")),
        issuer=_text(entry.get("is")),
    )


def _read_dvc(content: object) -> StatedContent | None:
    if not isinstance(content, Mapping) or not isinstance(name := content.get("n"), str):
        return None
    entries = content.get("vx") or content.get("v")
    doses = [entries] if isinstance(entries, Mapping) else entries
    if not isinstance(doses, list) or not all(isinstance(dose, Mapping) for dose in doses):
        return None
    return StatedContent(
        name=name[:TEXT_LIMIT],
        latin_name="",
        birth=_text(content.get("dob")),
        doses=tuple(_dvc_dose(dose) for dose in doses),
        ci=_text(content.get("ci")),
        usage=KeyUsage.VACCINATION,
        document_number=_text(content.get("id") or content.get("nid")),
    )


def _dvc_dose(entry: Mapping[Any, Any]) -> StatedDose:
    return StatedDose(
        vaccine=_text(entry.get("vp")),
        dose_number=_text(entry.get("dn")),
        occurred_on=_text(entry.get("dt")),
        lot_number=_text(entry.get("bo")),
        issuer=_text(entry.get("is")),
    )


def _text(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()[:10]
    if isinstance(value, int) and abs(value) < COUNT_LIMIT and not isinstance(value, bool):
        return str(value)
    return value[:TEXT_LIMIT] if isinstance(value, str) else ""
