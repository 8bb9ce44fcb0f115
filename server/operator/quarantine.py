"""The operator's page of what was handed in on a stick and is kept apart until somebody decides."""

from collections.abc import Sequence

from server.handing_in import Quarantined
from server.operator import pieces
from server.operator.markup import Filling, Markup, fill
from server.operator.texts import instant

DECIDE = """<form class="decide" method="post" action="/quarantine/decide">{csrf}
<input type="hidden" name="device_id" value="{device_id}"><input type="hidden" name="digest" value="{digest}">
<input name="reason" aria-label="理由" placeholder="理由" required maxlength="200" autocomplete="off">
<button name="verdict" value="accept">收下</button>
<button class="danger" name="verdict" value="reject">拒收</button></form>"""
STANDINGS = {"DeviceRevoked": "已停用", "CertificateExpired": "证书过期"}
"""Why a bundle is kept apart, by the name of the refusal."""


def quarantine_page(held: Sequence[Quarantined], csrf: Markup) -> list[Markup]:
    """Return what is kept apart, each with a way to decide, and what was decided."""
    heads = (
        "接种单位", "设备", "状态", "交入", "#记录", "#接种", "#停用前封签", "记录时间", "决定",
    )  # fmt: skip
    return [
        pieces.note(
            "停用或证书过期的设备，用优盘交来的记录先放在这里，不入库。停用前封签的条数按设备的时钟计算，"
            "拿走设备的人可以改时钟，请同接种单位核对纸质记录后再决定。收下后照常入库；拒收的仍留在设备上。"
        ),
        pieces.table(heads, [_row(one, csrf) for one in held], "没有隔离的记录。"),
        pieces.more(held),
    ]


def _row(one: Quarantined, csrf: Markup) -> Markup:
    standing = pieces.reason(STANDINGS.get(one.standing, one.standing), instant(one.revoked_at) or "")
    written = pieces.reason(instant(one.first_wall) or "", f"至 {instant(one.last_wall) or ''}")
    return pieces.row(
        ("", one.sites), ("", pieces.device(one.device_id)), ("", standing),
        ("", pieces.reason(instant(one.handed_in_at) or "", _bearer(one.handed_in_by))),
        ("number", one.events), ("number", one.doses), ("number", one.sealed_before),
        ("", written),
        ("", _decision(one, csrf)),
    )  # fmt: skip


def _bearer(by: str) -> str:
    """Return who brought it: the end of a device's id, or the prompt."""
    kind, _, device_id = by.partition(":")
    return f"设备 …{device_id[-8:]}" if kind == "device" else by


def _decision(one: Quarantined, csrf: Markup) -> Filling:
    if one.decided_at is None:
        return fill(DECIDE, csrf=csrf, device_id=one.device_id, digest=one.digest.hex())
    words, tone = ("已收下", "success") if one.accepted else ("已拒收", "danger")
    tag = pieces.tag(words, tone)
    return fill(
        '<div class="decided">{tag} {by}：{reason}</div>', tag=tag, by=one.decided_by, reason=one.reason
    )
