"""The audit trail as a file: who took it out and why, a run of the chain, the device's word on both (SEC-4).

A text table that opens anywhere. Whoever changes a line has to change every hash after it, and then the head,
which the device has signed together with who, when and why; the head stands in the journal too.
"""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from app.domain.audit import Access, AuditFileBroken, AuditFileUnreadable, AuditRecord, Line, Purpose, link
from app.domain.journal import canonical

_PURPOSE = b"vaxpost-audit-file/1\n"
_TITLE = "接种岗审计记录"
_HEADING = {
    "site_name": "接种单位",
    "taken_by": "导出人",
    "taken_at": "导出时间（UTC）",
    "why": "导出原因",
    "before": "前一条的散列",
    "head": "最后一条的散列",
    "rows": "各行的校验",
    "public_key": "签名公钥",
    "signature": "签名",
}
_COLUMNS = (
    "序号", "时间（UTC）", "人员编号", "姓名", "第二人编号", "第二人", "工位", "代码", "做了什么", "档案编号",
    "原因代码", "说明", "来源", "散列",
)  # fmt: skip
_GUARDED = ("=", "+", "-", "@", "\t", "\r", "'")
"""A cell that begins so would be reckoned with, or hidden, by a spreadsheet."""


@dataclass(frozen=True)
class AuditMark:
    """Who took the file out, when and why."""

    site_name: str
    taken_by: str
    """Name and id of the member of staff."""
    taken_at: str
    """UTC instant, as in bodies."""
    why: str


@dataclass(frozen=True)
class AuditFile:
    """What a file holds that stands as it was written."""

    mark: AuditMark
    before: bytes
    """The hash of the line before the first."""
    records: tuple[AuditRecord, ...]
    public_key: str
    """Whose word stands under it, hexadecimal."""


def audit_csv(
    mark: AuditMark,
    before: bytes,
    records: Iterable[AuditRecord],
    private_key: bytes,
    names: Mapping[str, str],
    words: Mapping[Access, str],
) -> bytes:
    """Return the file; ``names`` of staff by id and ``words`` for what was done are for people to read."""
    head, rows = before, io.StringIO(newline="")
    table = csv.writer(rows, lineterminator="\n")
    table.writerow(_COLUMNS)
    for record in records:
        line, head = record.line, record.hash
        cells = (
            str(record.seq), line.at, line.staff_id, names.get(line.staff_id, ""), line.second_id,
            names.get(line.second_id, ""), line.desk, str(line.access), words[line.access],
            line.patient_id or "", str(line.purpose or ""), line.words, line.source, record.hash.hex(),
        )  # fmt: skip
        table.writerow([_guarded(cell) for cell in cells])
    own = Ed25519PrivateKey.from_private_bytes(private_key)
    text = rows.getvalue()
    heading = {
        **vars(mark),
        "before": before.hex(),
        "head": head.hex(),
        "rows": sha256(text.encode()).hexdigest(),
        "public_key": own.public_key().public_bytes_raw().hex(),
    }
    heading["signature"] = own.sign(_PURPOSE + canonical(heading)).hex()
    above = io.StringIO(newline="")
    lines = [(_TITLE,), *((label, _guarded(heading[key])) for key, label in _HEADING.items()), ()]
    csv.writer(above, lineterminator="\n").writerows(lines)
    return ("\ufeff" + above.getvalue() + text).encode()


def read_audit_csv(content: bytes) -> AuditFile:
    """Return what a file holds; raises AuditFileUnreadable, or AuditFileBroken at the first false line."""
    heading, text = _parts(content)
    try:
        key, word = bytes.fromhex(heading["public_key"]), bytes.fromhex(heading.pop("signature"))
        before, head = bytes.fromhex(heading["before"]), bytes.fromhex(heading["head"])
        records = [_record(cells) for cells in list(csv.reader(io.StringIO(text, newline="")))[1:]]
    except (KeyError, ValueError, csv.Error):
        raise AuditFileUnreadable() from None
    follows, number = before, records[0].seq if records else 0
    for record in records:
        follows = link(follows, number, record.line)
        if record.seq != number or follows != record.hash:
            raise AuditFileBroken(number)
        number += 1
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(word, _PURPOSE + canonical(heading))
    except (InvalidSignature, ValueError):
        raise AuditFileBroken(0) from None
    if follows != head or sha256(text.encode()).hexdigest() != heading["rows"]:
        raise AuditFileBroken(number)
    mark = AuditMark(*(heading[field] for field in ("site_name", "taken_by", "taken_at", "why")))
    return AuditFile(mark, before, tuple(records), heading["public_key"])


def _parts(content: bytes) -> tuple[dict[str, str], str]:
    """Return the heading by its keys, and the text of the table."""
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
        above, gap, table = text.partition("\n\n")
        rows = list(csv.reader(io.StringIO(above, newline="")))
        told = {label: _plain(value) for label, value in rows[1:]}
        if not gap or rows[0] != [_TITLE]:
            raise ValueError
        return {key: told[label] for key, label in _HEADING.items()}, table
    except (ValueError, KeyError, IndexError, csv.Error):
        raise AuditFileUnreadable() from None


def _record(cells: list[str]) -> AuditRecord:
    seq, at, who, _, second, _, desk, access, _, patient_id, purpose, words, source, value = map(
        _plain, cells
    )
    line = Line(
        at,
        who,
        desk,
        Access(access),
        patient_id or None,
        Purpose(purpose) if purpose else None,
        words,
        source,
        second,
    )
    return AuditRecord(int(seq), line, bytes.fromhex(value))


def _guarded(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_GUARDED) else cell


def _plain(cell: str) -> str:
    return cell.removeprefix("'")
