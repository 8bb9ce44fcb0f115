"""A stick is handed in on the operator's page and its reply fetched there; each no has a reason (SYN-1)."""

import re
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from app.sync.bundle import Bundle, read_bundle, write_bundle
from app.sync.reply import read_reply
from app.sync.stick_reply import BundleQuarantined
from server.database import Database
from server.devices import revoke
from server.operator import forms
from server.operator.acts import list_acts
from server.operator.upload import MAX_UPLOAD_BYTES
from tests.clocks import ManualClock
from tests.factories import SmallSite
from tests.server.carried_site import CarriedSite
from tests.server.desk import AUTHORITY, number
from tests.server.operator.visitor import NAME, Reading, Visitor

FILE = "vaxpost-0000beef-20261123-090000.vxb"


@pytest.fixture
def carried(small_site: SmallSite, database: Database) -> CarriedSite:
    """Return a site without a line, with a dose to tell of."""
    carried = CarriedSite(small_site, database)
    small_site.vaccinated()
    return carried


def bring(operator: Visitor, data: bytes, name: str = FILE, **fields: str) -> Reading:
    """Hand a file in by the form, as a browser does."""
    csrf = operator.open("/sticks").form("/sticks")["csrf"]
    operator.last = operator.client.post(
        "/sticks", data={"csrf": csrf, **fields}, files={"file": (name, data)}
    )
    return Reading(operator.last.text)


def fetched(operator: Visitor, carried: CarriedSite) -> httpx.Response:
    return operator.client.get("/sticks/reply", params={"device_id": carried.device_id})


def told(operator: Visitor) -> str:
    (words,) = re.findall(r'<p class="notice \w*" role="status">(.*?)</p>', operator.last.text)
    return str(words)


def test_a_bundle_is_handed_in_and_its_reply_brings_the_receipts_home(
    operator: Visitor, database: Database, carried: CarriedSite
) -> None:
    waiting = carried.waiting()
    page = bring(operator, carried.pack().data)
    assert f"的 {waiting} 条记录都已入库" in told(operator)
    assert page.rows[1][1:3] == [carried.device_id, FILE]
    assert page.rows[1][4:7] == ["已入库", str(waiting), str(waiting)]
    answer = fetched(operator, carried)
    assert answer.headers["content-disposition"].endswith(FILE.replace(".vxb", ".vxr"))
    assert carried.take(answer.content).receipts == waiting == carried.held()
    (act,) = [act for act in list_acts(database, 9) if act.act == "bundle_handed_in"]
    assert (act.name, act.subject) == (NAME, f"{carried.device_id}：{FILE}")


def test_the_same_file_again_is_the_same_as_once_and_the_newest_reply_stands(
    operator: Visitor, database: Database, carried: CarriedSite, clock: ManualClock
) -> None:
    packed = carried.pack()
    for _ in range(2):
        page = bring(operator, packed.data)
        clock.go(minutes=5)
    assert len(page.rows) == 2
    assert carried.held() == packed.count
    reply = read_reply(fetched(operator, carried).content, carried.identity)
    assert reply.made_at == clock.now() - timedelta(minutes=5)


def test_a_reply_that_nobody_fetched_for_a_month_is_let_go(
    operator: Visitor, database: Database, carried: CarriedSite, clock: ManualClock
) -> None:
    bring(operator, carried.pack().data)
    for days, device_id in ((29, "device-8"), (31, "device-9")):
        database.execute(
            "insert into stick_reply select %s, %s, made_by, file_name, sites, standing, outcome, events,"
            " held, reply from stick_reply where device_id = %s",
            (device_id, clock.now() - timedelta(days), carried.device_id),
        )
    page = bring(operator, carried.pack().data)
    assert [row[1] for row in page.rows[1:]] == [carried.device_id, "device-8"]


def test_of_a_bundle_with_a_record_that_cannot_be_taken_it_is_told_how_many_are_here(
    operator: Visitor, database: Database, carried: CarriedSite
) -> None:
    packed = carried.pack()
    database.execute("update device_certificate set sites = '{elsewhere}'")
    page = bring(operator, packed.data)
    held = number(database, "select count(*) from event_home")
    assert 0 <= held < packed.count == carried.held(), "the bytes of all are here"
    assert f"的 {packed.count} 条记录里有 {held} 条已入库" in told(operator)
    assert page.rows[1][4:7] == ["没有全部入库", str(packed.count), str(held)]


def test_what_a_withdrawn_device_brings_is_kept_apart_and_said_so(
    operator: Visitor, database: Database, carried: CarriedSite
) -> None:
    """SEC-1: it counts nowhere until somebody has decided; then the same file brings the receipts."""
    packed = carried.pack()
    revoke(database, carried.device_id, carried.now)
    assert "在隔离已停用" in bring(operator, packed.data).rows[1]
    assert f"已停用，{packed.count} 条记录放在“隔离”，没有入库" in told(operator)
    with pytest.raises(BundleQuarantined):
        carried.take(fetched(operator, carried).content)
    assert carried.held() == 0
    decision = operator.open("/quarantine").form("/quarantine/decide")
    operator.client.post("/quarantine/decide", data=decision | {"verdict": "reject", "reason": "被盗"})
    bring(operator, packed.data)
    assert "已经拒收，没有入库" in told(operator)
    bring(operator, write_bundle(Bundle(carried.identity.certificate, carried.now, ()), carried.identity))
    assert "文件里没有记录，中心的内容也不给它" in told(operator)


def unfit(carried: CarriedSite) -> dict[str, bytes]:
    """Return by what is said of it each kind of file that is no bundle for here."""
    data = carried.pack().data
    bundle = read_bundle(data, AUTHORITY.key)
    return {
        "没有选文件": b"",
        "不完整": data[:-9],
        "被改过": data[:-9] + bytes(9),
        "不是接种岗的记录文件": "姓名,电话".encode(),
        "回复，不是设备交来的": b"\x8fVXPREPLY/1\n...",
        "另一个中心": data.replace(b'"to":"', b'"to":"0'),
        "不合格式": write_bundle(replace(bundle, requests=(b"rubbish",)), carried.identity),
    }


def test_what_is_no_bundle_for_this_centre_is_refused_with_its_reason_and_nothing_is_changed(
    operator: Visitor, database: Database, carried: CarriedSite
) -> None:
    for words, data in unfit(carried).items():
        bring(operator, data)
        assert operator.last.status_code == 422, words
        assert words in told(operator)
        assert "没有" in told(operator)
    database.execute("delete from device_certificate")
    bring(operator, carried.pack().data)
    assert "没有在本中心登记过" in told(operator)
    assert carried.held() == 0
    assert list_acts(database, 9) == []
    assert fetched(operator, carried).headers["location"] == "/sticks"


def test_who_has_not_signed_in_sends_no_file_and_gets_none(
    visitor: Visitor, operator: Visitor, carried: CarriedSite
) -> None:
    bring(operator, carried.pack().data)
    visitor.client.cookies.clear()
    assert fetched(visitor, carried).headers["location"] == "/sign-in"
    csrf = visitor.open("/sign-in").form("/sign-in")["csrf"]
    sent = visitor.client.post("/sticks", data={"csrf": csrf}, files={"file": (FILE, b"x")})
    assert sent.headers["location"] == "/sign-in"
    unread = visitor.client.post("/sticks", content=b"no form at all")
    assert unread.headers["location"] == "/sign-in", "of a stranger nothing is read"


def test_a_file_with_a_forged_form_or_too_large_is_not_read(operator: Visitor, carried: CarriedSite) -> None:
    data = carried.pack().data
    for forged in ("", forms.csrf_token("somebody else's")):
        assert bring(operator, data, csrf=forged).rows == []
        assert operator.last.status_code == 403
    assert bring(operator, bytes(MAX_UPLOAD_BYTES)).rows == []
    assert operator.last.status_code == 403
    assert carried.held() == 0


def test_a_name_that_would_lead_elsewhere_is_only_a_name(operator: Visitor, carried: CarriedSite) -> None:
    hostile = '..\\..\\etc/<script>"\r\nX: y.vxb'
    page = bring(operator, carried.pack().data, hostile)
    assert "script" not in page.tags
    disposition = fetched(operator, carried).headers["content-disposition"]
    assert "/" not in disposition
    assert "X" not in fetched(operator, carried).headers
