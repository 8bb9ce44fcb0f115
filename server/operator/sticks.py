"""The operator's page of sticks: a bundle is handed in by upload, its reply fetched for the same stick."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote

from psycopg.rows import class_row
from starlette.responses import RedirectResponse, Response

from app.domain.refusals import Refusal
from app.sync import bundle, reply
from server.database import Database
from server.handing_in import HandedIn, hand_in, whole_ms
from server.operator import pages, pieces
from server.operator.markup import Markup, fill
from server.operator.quarantine import STANDINGS
from server.operator.sights import LISTED
from server.operator.texts import instant, sentence_of
from server.operator.upload import Upload
from server.operator.visit import Visit
from server.replying import ROOM_ON_A_STICK

KEPT = timedelta(days=30)
"""So long a reply can be fetched; after that the bundle is handed in once more, which is the same as once."""

HAND_IN = """<div class="card act"><form class="row" method="post" action="/sticks"
enctype="multipart/form-data">{csrf}
<label>优盘上的记录文件<input name="file" type="file" accept="{ending}" required></label>
<button>交入</button></form></div>"""
FETCH = """<a class="button" href="/sticks/reply?device_id={device_id}">取回复</a>"""
HEADS = ("接种单位", "设备", "文件", "交入", "结果", "#记录", "#已入库", "回复")


@dataclass(frozen=True)
class StickReply:
    """The newest reply made here for a device."""

    device_id: str
    made_at: datetime
    made_by: str
    file_name: str
    sites: str
    standing: str
    outcome: str
    events: int
    held: int


def show_sticks(visit: Visit, notice: Markup | str = "", status: int = 200) -> Response:
    """Show the form and the newest reply of each device."""
    return visit.page(*_body(see_replies(visit.database), visit.csrf), notice=notice, status=status)


def hand_in_stick(visit: Visit) -> Response:
    """Hand in the bundle that was uploaded, and keep the reply to be fetched."""
    upload = visit.upload
    if not upload.data:
        told = "没有选文件，或文件是空的。没有交入。请选优盘上的记录文件。"
        return show_sticks(visit, pages.notice(told, danger=True), 422)
    if upload.data.startswith(reply.MAGIC):
        told = "这是中心写给设备的回复，不是设备交来的记录。没有交入。请选另一个文件，扩展名是 .vxb。"
        return show_sticks(visit, pages.notice(told, danger=True), 422)
    try:
        handed = hand_in(
            visit.database, visit.authority, upload.data, visit.name, whole_ms(visit.now), ROOM_ON_A_STICK
        )
    except Refusal as refusal:
        return show_sticks(visit, pages.notice(sentence_of(refusal), danger=True), 422)
    with visit.database.transaction():
        _keep(visit, upload, handed)
        visit.note("bundle_handed_in", f"{handed.device_id}：{upload.name}")
    words, danger = _outcome(handed)
    return show_sticks(visit, pages.notice(words, danger=danger))


def fetch_reply(visit: Visit) -> Response:
    """Give the reply of a device out as a file; it can be read by that device alone."""
    row = visit.database.execute(
        "select reply, file_name from stick_reply where device_id = %s", (visit.fields.get("device_id", ""),)
    ).fetchone()
    if row is None:
        return RedirectResponse("/sticks", 303)
    name = (row[1] or "vaxpost").removesuffix(bundle.ENDING) + reply.ENDING
    disposition = f"attachment; filename*=UTF-8''{quote(name)}"
    return Response(
        row[0], media_type="application/octet-stream", headers={"Content-Disposition": disposition}
    )


def see_replies(database: Database) -> Sequence[StickReply]:
    """Return the newest reply of each device, newest first."""
    with database.cursor(row_factory=class_row(StickReply)) as cursor:
        return cursor.execute(
            """
            select device_id, made_at, made_by, file_name, sites, standing, outcome, events, held
            from stick_reply order by made_at desc, device_id limit %s
            """,
            (LISTED,),
        ).fetchall()


def _keep(visit: Visit, upload: Upload, handed: HandedIn) -> None:
    """Keep a reply in the place of the device's last one, and let go of what nobody fetched for long."""
    database = visit.database
    database.execute("delete from stick_reply where made_at < %s", (visit.now - KEPT,))
    database.execute(
        """
        insert into stick_reply values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
        on conflict (device_id) do update set (made_at, made_by, file_name, sites, standing, outcome, events,
            held, reply) = (excluded.made_at, excluded.made_by, excluded.file_name, excluded.sites,
            excluded.standing, excluded.outcome, excluded.events, excluded.held, excluded.reply)
        """,
        (
            handed.device_id, visit.now, visit.name, upload.name, handed.sites, handed.standing,
            handed.outcome, handed.events, handed.held, handed.reply,
        ),
    )  # fmt: skip


def _body(replies: Sequence[StickReply], csrf: Markup) -> list[Markup]:
    return [
        pieces.note(
            "没有网络的接种单位把记录写在优盘上。在这里选优盘上的文件交入，再把回复存回同一个优盘，"
            "和原来的文件放在一起，请单位带回去在“同步”页读取。同一个文件可以再交，不会重复入库，回复里是最新的内容。"
        ),
        fill(HAND_IN, csrf=csrf, ending=bundle.ENDING),
        fill("<h2>每台设备最近一次的回复</h2>"),
        pieces.note("回复只有写文件的那台设备能打开，这里存 30 天。"),
        pieces.table(HEADS, [_row(one) for one in replies], "还没有在这里交入过优盘。"),
        pieces.more(replies),
    ]


def _row(one: StickReply) -> Markup:
    tag = pieces.tag(*_tag(one))
    result = fill("{tag}<small>{why}</small>", tag=tag, why=STANDINGS.get(one.standing, one.standing))
    return pieces.row(
        ("", one.sites), ("", pieces.device(one.device_id)), ("file", one.file_name or None),
        ("by", pieces.reason(instant(one.made_at) or "", one.made_by)),
        ("", result if one.standing else tag),
        ("number", one.events), ("number", one.held), ("", fill(FETCH, device_id=one.device_id)),
    )  # fmt: skip


def _tag(one: StickReply) -> tuple[str, str]:
    if one.outcome == "taken":
        return ("已入库", "success") if one.held == one.events else ("没有全部入库", "warning")
    return {"quarantined": ("在隔离", "warning"), "rejected": ("已拒收", "danger")}.get(
        one.outcome, ("没有收下", "danger")
    )


def _outcome(handed: HandedIn) -> tuple[str, bool]:
    """Return what became of a bundle, and whether somebody has to look."""
    whose = f"{handed.sites} 的设备 {handed.device_id}"
    fetch = "请取回复，存回同一个优盘。"
    standing = STANDINGS.get(handed.standing, handed.standing)
    match handed.outcome:
        case "taken" if not handed.events:
            return f"{whose} 没有要交的记录，只要中心的内容。{fetch}", False
        case "taken" if handed.held == handed.events:
            return f"{whose} 的 {handed.events} 条记录都已入库。{fetch}", False
        case "taken":
            return (
                f"{whose} 的 {handed.events} 条记录里有 {handed.held} 条已入库，其余的没有列入，"
                f"仍在设备上，原因见“退回、搁置与存疑”，或由设备再写一次。{fetch}",
                True,
            )
        case "quarantined":
            return (
                f"{whose} {standing}，{handed.events} 条记录放在“隔离”，没有入库。"
                f"请在“隔离”页决定，决定后把同一个文件再交一次。{fetch}",
                True,
            )
        case "rejected":
            return f"{whose} 的这一份已经拒收，没有入库，记录仍在设备上。{fetch}", True
    return f"{whose} {standing}，文件里没有记录，中心的内容也不给它。没有改动。{fetch}", True
