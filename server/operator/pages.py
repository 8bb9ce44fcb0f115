"""The operator's pages: sights of the centre in, HTML out; nothing here reads or writes."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from app.domain.clock import CHINA
from app.domain.event_kinds import OF_LATER
from server.operator import pieces
from server.operator.acts import OperatorAct
from server.operator.markup import Filling, Markup, fill
from server.operator.quality import Quality
from server.operator.sights import (
    AreaSight,
    CodeSight,
    DeviceSight,
    FlaggedSight,
    LookUpSight,
    RefusedSight,
    SiteSight,
    UnfitSight,
)
from server.operator.stock import LotSight
from server.operator.texts import ACTS, FIELDS, FLAGGED, KINDS, LOT_STATUS, REFUSED, instant
from server.operator.training import AreaTraining

NAV = {
    "/": "概况",
    "/records": "退回、搁置与存疑",
    "/devices": "设备",
    "/codes": "登记码",
    "/stock": "库存",
    "/sticks": "优盘",
    "/quarantine": "隔离",
    "/areas": "地区",
    "/quality": "数据质量",
    "/acts": "操作记录",
    "/password": "密码",
}

PAGE = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>{title} · 接种岗中心</title>
<meta name="viewport" content="width=device-width"><link rel="stylesheet" href="/style.css"></head>
<body>{header}<main class="{width}">{notice}<h1>{title}</h1>{body}</main>
<footer>接种岗中心 · {at}（北京时间）</footer></body></html>
"""
HEADER = """<header><b>接种岗中心</b><nav>{links}</nav><span>{name}</span>
<form method="post" action="/sign-out">{csrf}<button>退出</button></form></header>"""
CSRF = '<input type="hidden" name="csrf" value="{csrf}">'
NOTICE = '<p class="notice {tone}" role="status">{text}</p>'
SIGN_IN = """<div class="card"><form method="post" action="/sign-in">{csrf}
<label>姓名<input name="name" autocomplete="username" required autofocus></label>
<label>密码<input name="password" type="password" autocomplete="current-password" required></label>
<button class="wide">登录</button></form></div>"""
PASSWORD = """<p class="note">至少 12 个字符，不含姓名。改好后，其他地方的登录都会退出。</p>
<div class="card form"><form method="post" action="/password">{csrf}
<label>现在的密码<input name="password" type="password" autocomplete="current-password" required></label>
<label>新密码<input name="new_password" type="password" autocomplete="new-password" required></label>
<label>再输一次新密码<input name="again" type="password" autocomplete="new-password" required></label>
<button class="wide">改密码</button></form></div>"""
REVOKE = """<details><summary>停用…</summary><form method="post" action="/devices/revoke">{csrf}
<input type="hidden" name="device_id" value="{device_id}">
<button class="danger">确认停用</button></form></details>"""
ISSUE = """<div class="card act"><form class="row" method="post" action="/codes/issue">{csrf}
<label>接种单位编码<input name="site" required maxlength="40" autocomplete="off"></label>
<button>发一个登记码</button></form></div>"""
ISSUED = """<div class="card issued">
<p>接种单位 {site} 的登记码（只显示这一次，24 小时内有效，只能登记一台设备）：</p>
<p><code>{code}</code></p></div>"""
WITHDRAW = """<form method="post" action="/codes/withdraw">{csrf}
<input type="hidden" name="code_id" value="{code_id}"><button class="danger">收回</button></form>"""

SHOW_SITE = """<div class="card act"><form class="row" method="get" action="/stock">
<label>接种单位编码<input name="site" value="{site}" maxlength="40" autocomplete="off"></label>
<button>只看这个单位</button>{all}</form></div>"""
SHOW_ALL = '<a class="button" href="/stock">看全部</a>'
PUT = """<form class="put" method="post" action="/areas">{csrf}
<input type="hidden" name="site" value="{site}">
<input name="area" aria-label="{site} 的新地区" required maxlength="40" autocomplete="off">
<button>放入</button></form>"""
NEAR_DAYS = 30
"""So many days before its expiry a lot is marked."""

DUPLICATES = (
    "同一证件的重复档案：证件类型和号码都相同的档案，每组除第一份外各计一份 ÷ 全部档案",
    "疑似重复档案：姓名、性别、出生日期都相同，每组除第一份外各计一份 ÷ 全部档案",
    "疑似重复接种：同一档案、同一疫苗种类、同一天（北京时间），每组除第一剂外各计一剂 ÷ 全部有效接种",
)


def page(
    title: str, body: Iterable[Markup], now: datetime, *, header: Markup | None = None, notice: Filling = ""
) -> Markup:
    """Return a whole page; without a header it is the narrow one of signing in."""
    width = "" if header else "narrow"
    return fill(
        PAGE, title=title, header=header or "", width=width, notice=notice, body=body, at=instant(now)
    )


def header(path: str, name: str, csrf: Markup) -> Markup:
    """Return the bar with the operator's name and the way to the other pages."""
    links = [
        fill('<a href="{path}"{current}>{title}</a>', path=link, title=title,
             current=fill(' aria-current="page"') if link == path else "")
        for link, title in NAV.items()
    ]  # fmt: skip
    return fill(HEADER, links=links, name=name, csrf=csrf)


def csrf_field(csrf: str) -> Markup:
    """Return the hidden field that every form carries."""
    return fill(CSRF, csrf=csrf)


def notice(text: str, *, danger: bool = False) -> Markup:
    """Return a line that says what became of an act."""
    return fill(NOTICE, text=text, tone="danger" if danger else "")


def sign_in_page(csrf: Markup) -> list[Markup]:
    """Return the form of signing in."""
    return [fill(SIGN_IN, csrf=csrf)]


def password_page(csrf: Markup) -> list[Markup]:
    """Return the form of a new password."""
    return [fill(PASSWORD, csrf=csrf)]


def sites_page(sites: Sequence[SiteSight], now: datetime) -> list[Markup]:
    """Return the sites, how lately they called and what they still hold."""
    facts = {
        "接种单位": len(sites),
        "在用设备": sum(site.devices for site in sites),
        "未送达（设备最近一次所报）": sum(site.waiting or 0 for site in sites),
        "退回": sum(site.refused for site in sites),
        "搁置": sum(site.unfit for site in sites),
        "存疑": sum(site.flagged for site in sites),
    }
    rows = [
        pieces.row(
            ("", site.site), ("number", site.devices), ("when", pieces.contact(site.heard_at, now)),
            ("when", pieces.contact(site.quiet_since, now)), ("number", pieces.waiting(site.waiting)),
            ("number", site.events), ("number", pieces.count(site.refused, "danger")),
            ("number", pieces.count(site.unfit, "danger")),
            ("number", pieces.count(site.flagged, "warning")),
        )
        for site in sites
    ]  # fmt: skip
    heads = (
        "接种单位",
        "#在用设备",
        "最近联系",
        "最久没有联系的设备",
        "#未送达",
        "#已收记录",
        "#退回",
        "#搁置",
        "#存疑",
    )
    return [
        pieces.facts(facts),
        pieces.table(heads, rows, "还没有设备登记。请先在“登记码”页发一个登记码。"),
        pieces.note(
            "超过 20 小时没有联系显示为琥珀色，超过 24 小时显示为红色。未送达数由设备在最近一次联系时报告，"
            "没有联系的时候可能已经增加。停用的设备只计入已收记录、搁置和存疑。"
        ),
    ]


def records_page(
    refused: Sequence[RefusedSight], unfit: Sequence[UnfitSight], flagged: Sequence[FlaggedSight]
) -> list[Markup]:
    """Return what could not be taken, what is kept and not filed, and what is not what it should be."""
    refused_rows = [
        pieces.row(
            ("", one.sites), ("", pieces.device(one.device_id)), ("number", one.seq),
            ("", pieces.reason(REFUSED.get(one.name, one.name), one.name, one.reason)),
            ("number", one.waiting), ("when", instant(one.refused_at)),
        )
        for one in refused
    ]  # fmt: skip
    unfit_rows = [
        pieces.row(
            ("", one.sites), ("", pieces.device(one.device_id)), ("number", one.seq),
            ("", pieces.reason(REFUSED.get(one.name, one.name), one.name, one.reason)), ("", one.site),
            ("when", instant(one.received_at)),
        )
        for one in unfit
    ]  # fmt: skip
    flagged_rows = [
        pieces.row(
            ("", one.sites), ("", pieces.device(one.device_id)), ("number", one.seq),
            ("", KINDS.get(one.kind) or pieces.reason(OF_LATER, one.kind)),
            ("", pieces.reason(f"{FIELDS.get(one.field, one.field)}：{FLAGGED.get(one.reason, one.reason)}",
                         one.field, one.reason)),
            ("when", instant(one.received_at)),
        )
        for one in flagged
    ]  # fmt: skip
    return [
        fill("<h2>退回：中心收不下，仍在设备上</h2>"),
        pieces.note("这条记录和同一序列里它后面的记录都保存在设备上，没有丢失；设备约每 5 分钟再问一次。"),
        pieces.table(
            ("接种单位", "设备", "#序号", "原因", "#设备未送达", "最近一次"), refused_rows, "没有退回的记录。"
        ),
        fill("<h2>搁置：中心留有原文，没有列入档案</h2>"),
        pieces.note(
            "只搁置这一条，同一设备的其他记录照常收下；设备把它列为没有收下，接种不算已上报。"
            "单位不在登记范围内的，请给这台设备发那个单位的登记码，设备登记后这里的记录自动列入档案；"
            "其他的请通知接种单位作废或更正后重新记录，再报告程序故障。"
        ),
        pieces.table(
            ("接种单位", "设备", "#序号", "原因", "记录所属单位", "收到"), unfit_rows, "没有搁置的记录。"
        ),
        fill("<h2>存疑：已收下，内容有问题</h2>"),
        pieces.note("记录原文已存入中心，能读的部分已列入档案。请通知接种单位更正：更正也是一条新的记录。"),
        pieces.table(("接种单位", "设备", "#序号", "记录", "问题", "收到"), flagged_rows, "没有存疑的记录。"),
        pieces.more(refused, unfit, flagged),
    ]


def devices_page(devices: Sequence[DeviceSight], csrf: Markup, now: datetime) -> list[Markup]:
    """Return the devices, each in good standing with a way to revoke it."""
    rows = [
        pieces.row(
            ("", one.sites), ("", pieces.device(one.device_id)),
            ("when", instant(one.enrolled_at)),
            ("when", pieces.seen(one.heard_at) if one.revoked_at else pieces.contact(one.heard_at, now)),
            ("number", pieces.waiting(one.waiting)), ("number", one.events),
            ("", pieces.tag("在用", "success") if one.revoked_at is None else pieces.revoked(one.revoked_at)),
            ("act", fill(REVOKE, csrf=csrf, device_id=one.device_id) if one.revoked_at is None else ""),
        )
        for one in devices
    ]  # fmt: skip
    heads = ("接种单位", "设备", "登记时间", "最近联系", "#未送达", "#已收记录", "状态", "")
    return [
        pieces.note(
            "停用后，这台设备从下一次请求起不能再上传，也不能用原来的登记码回来。它没有送达的记录仍在设备上。"
        ),
        pieces.table(heads, rows, "还没有设备登记。"),
    ]


def codes_page(
    codes: Sequence[CodeSight], csrf: Markup, issued: tuple[str, str] | None = None
) -> list[Markup]:
    """Return the open codes; ``issued`` is the site and the text of one just made."""
    rows = [
        pieces.row(
            ("", one.site), ("", fill("<code>{mark}</code>", mark=one.code_id.hex()[:8])),
            ("when", instant(one.expires_at)),
            ("act", fill(WITHDRAW, csrf=csrf, code_id=one.code_id.hex())),
        )
        for one in codes
    ]  # fmt: skip
    return [
        fill(ISSUED, site=issued[0], code=issued[1]) if issued else fill(""),
        fill(ISSUE, csrf=csrf),
        fill("<h2>还没有用过的登记码</h2>"),
        pieces.note("中心不保存登记码本身，只保存它的哈希；下面的标记是哈希的开头。"),
        pieces.table(("接种单位", "标记", "有效至", ""), rows, "没有等待使用的登记码。"),
    ]


def stock_page(lots: Sequence[LotSight], site: str, now: datetime) -> list[Markup]:
    """Return the lots of a site or of all: what came in, what was used, what should be left."""
    today = now.astimezone(CHINA).date()
    rows = [
        pieces.row(
            ("", lot.site),
            ("", pieces.reason(lot.vaccine_name or lot.product_code, lot.market_holder or "")),
            ("", lot.lot_number), ("when", _expiry(lot, today)),
            ("", pieces.tag(*LOT_STATUS.get(lot.status or "in_use", (lot.status or "", "")))),
            ("number", lot.received), ("number", lot.used), ("number", lot.put_aside),
            ("number", _left(lot)),
        )
        for lot in lots
    ]  # fmt: skip
    heads = ("接种单位", "疫苗", "批号", "有效期至", "批次状态", "#入库剂数", "#已用", "#隔离", "#应余")
    return [
        pieces.note(
            "应余 = 入库 − 已用 − 隔离 + 盘点差异，按已上传的记录计算；没有上传的接种和还没盘点的报废不在内。"
            "过期、暂停或召回而还有余量的批次排在最前。"
        ),
        fill(SHOW_SITE, site=site, all=fill(SHOW_ALL) if site else fill("")),
        pieces.table(heads, rows, "没有库存记录。"),
        pieces.more(lots, order="前"),
    ]


def _expiry(lot: LotSight, today: date) -> Filling:
    if lot.expires_on is None:
        return None
    day = lot.expires_on.isoformat()
    if lot.expires_on < today:
        return fill("{day} {tag}", day=day, tag=pieces.tag("已过期", "danger"))
    near = lot.expires_on - today <= timedelta(days=NEAR_DAYS)
    return fill("{day} {tag}", day=day, tag=pieces.tag("近效期", "warning")) if near else day


def _left(lot: LotSight) -> Filling:
    if lot.left is None:
        return pieces.tag("没有入库记录", "warning")
    left = pieces.tag(str(lot.left), "danger") if lot.left < 0 else lot.left
    counted = f"盘点 {lot.adjusted:+d}"
    return fill("{left}<small>{counted}</small>", left=left, counted=counted) if lot.adjusted else left


def areas_page(sites: Sequence[AreaSight], csrf: Markup) -> list[Markup]:
    """Return which site stands in which area, each with a way to put it into another."""
    rows = [
        pieces.row(
            ("", one.site), ("", one.area), ("number", one.neighbours), ("number", one.shared),
            ("act", fill(PUT, csrf=csrf, site=one.site)),
        )
        for one in sites
    ]  # fmt: skip
    heads = ("接种单位", "所在地区", "#同地区的其他单位", "#地区互通的记录", "放入另一个地区")
    return [
        pieces.note(
            "同一地区的单位互相告知档案、接种和异常反应；库存和就诊不告知。没有放入地区的单位自成一个地区。"
            "放入后，新地区会得到这个单位以前的记录；原地区已经得到的不收回，但不再得到新的。"
        ),
        pieces.table(heads, rows, "还没有设备登记，也就没有接种单位。"),
    ]


def quality_page(quality: Quality, training: Sequence[AreaTraining]) -> list[Markup]:
    """Return the rates, each with what it counts, and who is trained in each area."""
    duplicates = (quality.same_document, quality.same_identity, quality.same_dose)
    return [
        pieces.note(
            "数字来自打开本页的时刻，按中心现有的全部档案和接种记录计算。重复率只是线索，合并前必须由人核对。"
        ),
        fill("<h2>重复</h2>"),
        pieces.rates(dict(zip(DUPLICATES, duplicates, strict=True))),
        fill("<h2>完整：档案</h2>"),
        pieces.rates({"以下各项都有": quality.whole_persons, **pieces.named(quality.person_fields)}),
        fill("<h2>完整：接种记录</h2>"),
        pieces.note("有效接种：已收到接种记录，且没有作废。"),
        pieces.rates({"以下各项都有": quality.whole_doses, **pieces.named(quality.dose_fields)}),
        fill("<h2>人员培训</h2>"),
        pieces.note("按各接种单位登记的培训合格证计算，已移除的人不算；同一张证在两台电脑上登记只算一次。"),
        pieces.table(TRAINING, [_training_row(one) for one in training], "还没有收到人员培训登记。"),
    ]


TRAINING = ("地区", "#持证接种人员", "#证已过期", "#会异常反应应急处置", "#集中培训期数")


def _training_row(area: AreaTraining) -> Markup:
    counts = (area.certified, area.expired, area.emergencies, area.rounds)
    return pieces.row(("", area.area), *(("number", count) for count in counts))


def acts_page(acts: Sequence[OperatorAct], look_ups: Sequence[LookUpSight]) -> list[Markup]:
    """Return what operators did, and who looked whom up."""
    act_rows = [
        pieces.row(
            ("when", instant(one.done_at)), ("", one.name), ("when", ACTS.get(one.act, one.act)),
            ("", one.subject or None),
        )
        for one in acts
    ]  # fmt: skip
    look_up_rows = [
        pieces.row(
            ("when", instant(one.asked_at)), ("", one.site), ("", pieces.device(one.device_id)),
            ("", one.user_id), ("", one.reason), ("number", one.people), ("number", one.doses),
        )
        for one in look_ups
    ]  # fmt: skip
    heads = ("时间", "接种单位", "设备", "用户", "理由", "#查到人数", "#接种记录")
    return [
        fill("<h2>操作员</h2>"),
        pieces.table(("时间", "操作员", "操作", "对象"), act_rows, "还没有操作。"),
        fill("<h2>联网查询</h2>"),
        pieces.table(heads, look_up_rows, "还没有联网查询。"),
        pieces.more(acts, look_ups),
    ]
