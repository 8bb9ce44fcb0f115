"""What an operator sees and does at the centre's pages, and what nobody else can (SEC-1, SEC-4)."""

import uuid
from dataclasses import replace

import pytest

from app.storage.projections import PROJECTIONS
from app.sync.enrolment import Enrolment
from app.sync.identity import make_request, new_key
from server.authority import fingerprint_of
from server.database import Database
from server.devices import Device, EnrolmentCodeUnknown, enrol, find_devices
from server.operator import forms, texts, web
from tests.clocks import ManualClock
from tests.server.desk import AUTHORITY, admit, job_of, number, push, push_of, take
from tests.server.operator.visitor import NAME, PASSWORD, Visitor
from tests.server.test_projection import event
from tests.server.test_stock import apply
from tests.sync.local_journal import SITE, LocalJournal

HOSTILE = "<script>alert(1)</script>"
PERSON = "0192f0c0-0000-7000-8000-000000000001"


def test_who_has_not_signed_in_is_sent_to_the_door_and_sees_nothing(visitor: Visitor) -> None:
    for path in web.PAGES.keys() - web.OPEN:
        assert visitor.client.get(path).headers["location"] == "/sign-in"


def test_no_act_is_done_without_signing_in(visitor: Visitor, database: Database) -> None:
    admit(database, journal := LocalJournal(seed=1))
    csrf = visitor.open("/sign-in").form("/sign-in")["csrf"]
    for action in web.ACTS.keys() - web.OPEN:
        fields = {"csrf": csrf, "device_id": journal.device_id, "site": SITE}
        assert visitor.client.post(action, data=fields).headers["location"] == "/sign-in"
    assert number(database, "select count(*) from device where revoked_at is null") == 1
    assert number(database, "select count(*) from operator_act") == 0


@pytest.mark.parametrize("action", sorted(web.ACTS))
def test_no_act_is_done_without_the_visitors_own_csrf_token(
    operator: Visitor, database: Database, action: str
) -> None:
    admit(database, journal := LocalJournal(seed=1))
    for forged in ({}, {"csrf": ""}, {"csrf": forms.csrf_token("somebody else's")}):
        fields = {**forged, "device_id": journal.device_id, "site": SITE, "name": NAME, "password": PASSWORD}
        assert operator.client.post(action, data=fields).status_code == 403
    assert number(database, "select count(*) from device where revoked_at is null") == 1
    assert number(database, "select count(*) from operator_act") == 0
    assert operator.open("/").form("/sign-out")


def test_the_cookie_is_for_this_site_alone_and_new_after_signing_in(visitor: Visitor) -> None:
    visitor.open("/sign-in")
    before = visitor.last.headers["set-cookie"]
    visitor.sign_in()
    after = visitor.last.headers["set-cookie"]
    for cookie in (before, after):
        assert {"HttpOnly", "SameSite=strict", "Path=/"} <= set(cookie.split("; "))
    assert before.split(";")[0] != after.split(";")[0]


def test_behind_tls_the_cookie_is_for_tls_alone(address: str) -> None:
    visitor = Visitor(address)
    visitor.client.headers["X-Forwarded-Proto"] = "https"
    visitor.open("/sign-in")
    assert "Secure" in visitor.last.headers["set-cookie"].split("; ")
    visitor.close()


def test_every_answer_forbids_scripts_frames_and_keeping(operator: Visitor) -> None:
    for path in (*web.PAGES, "/style.css"):
        operator.open(path)
        assert "default-src 'none'" in operator.last.headers["content-security-policy"]
        assert "frame-ancestors 'none'" in operator.last.headers["content-security-policy"]
        assert operator.last.headers["cache-control"] == "no-store"


def test_a_wrong_password_is_refused_with_a_sentence_and_then_with_a_pause(visitor: Visitor) -> None:
    for status in (403, 403, 403, 429):
        page = visitor.sign_in(password="wrong")
        assert visitor.last.status_code == status
    assert "这次没有核对" in page.text
    visitor.sign_in()
    assert visitor.last.status_code == 429


def test_after_signing_out_the_session_is_gone(operator: Visitor) -> None:
    secret = operator.client.cookies[forms.COOKIE]
    operator.send("/", "/sign-out")
    assert "Max-Age=0" in operator.last.headers["set-cookie"].split("; ")
    operator.client.cookies.clear()
    operator.client.cookies.set(forms.COOKIE, secret)
    assert operator.client.get("/").headers["location"] == "/sign-in"


def test_a_site_is_listed_with_its_last_contact_and_what_its_devices_still_hold(
    operator: Visitor, database: Database, clock: ManualClock
) -> None:
    """SYN-1: three of five events are here; the device has told so."""
    admit(database, journal := LocalJournal(seed=1))
    assert operator.open("/").rows[1][2:5] == ["从未联系", "从未联系", "—"]
    journal.record_many(5)
    push(database, journal, count=3, at=clock.now())
    clock.go(minutes=12)
    assert operator.open("/").rows[1][:6] == [
        SITE, "1", "12 分钟前2026-11-23 09:00", "12 分钟前2026-11-23 09:00", "2", "3",
    ]  # fmt: skip


@pytest.mark.parametrize(("hours", "tone"), [(19, "success"), (21, "warning"), (25, "danger")])
def test_a_silent_site_turns_amber_and_then_red(
    operator: Visitor, database: Database, clock: ManualClock, hours: int, tone: str
) -> None:
    """Requirement: uploaded within 24 hours."""
    admit(database, journal := LocalJournal(seed=1))
    take(database, [job_of(journal)], clock.now())
    clock.go(minutes=60 * hours)
    operator.wear(database, clock.now())
    page = operator.open("/")
    assert page.rows[1][2].startswith(f"{hours} 小时前")
    assert f'class="tag {tone}">{hours} 小时前' in operator.last.text


def test_a_refused_push_is_shown_with_its_reason_until_it_is_taken(
    operator: Visitor, database: Database, clock: ManualClock
) -> None:
    admit(database, journal := LocalJournal(seed=1))
    journal.record_many(3)
    broken = replace(push_of(journal, after=0), head=bytes(32))
    take(database, [job_of(journal, broken)], clock.now())
    row = operator.open("/records").rows[1]
    assert row[:3] == [SITE, journal.device_id, "1"]
    assert "哈希链对不上" in row[3]
    assert row[4] == "3"
    push(database, journal, at=clock.now())
    assert "没有退回的记录" in operator.open("/records").text


def test_what_cannot_be_filed_is_shown_with_its_reason_and_its_site_until_it_is_admitted(
    operator: Visitor, database: Database, clock: ManualClock
) -> None:
    """SYN-1: the operator reads for which site the device needs a code."""
    admit(database, journal := LocalJournal(seed=1))
    journal.append(journal.event("note.made", {}, site="elsewhere"))
    journal.append_bytes("none", b"no event")
    push(database, journal, at=clock.now())
    rows = operator.open("/records").rows[1:]
    assert [row[:3] for row in rows] == [[SITE, journal.device_id, str(seq)] for seq in (1, 2)]
    assert "不在这台设备的登记范围内" in rows[0][3]
    assert [row[4] for row in rows] == ["elsewhere", "—"]
    assert operator.open("/").rows[1][7] == "2"
    admit(database, journal, "elsewhere")
    assert len(operator.open("/records").rows) == 2


def test_a_flagged_record_is_shown_with_field_and_reason_and_no_person(
    operator: Visitor, database: Database
) -> None:
    admit(database, journal := LocalJournal(seed=1))
    journal.record("patient.registered", {"patient_id": PERSON, "name": HOSTILE, "sex": "1"}, person=PERSON)
    push(database, journal)
    page = operator.open("/records")
    assert page.rows[1][:5] == [SITE, journal.device_id, "1", "建档", "出生日期：缺少birth_on · missing"]
    assert "alert" not in operator.last.text
    assert PERSON not in operator.last.text


def test_every_kind_of_record_has_a_name_and_a_later_one_is_called_a_record(
    operator: Visitor, database: Database
) -> None:
    assert PROJECTIONS.keys() <= texts.KINDS.keys()
    admit(database, journal := LocalJournal(seed=1))
    place = (journal.device_id, journal.stream.epoch)
    journal.record("a.later.kind")
    push(database, journal)
    database.execute("insert into semantic_error values (%s, %s, 1, 'id', 'reused')", place)
    assert operator.open("/records").rows[1][3] == "其他记录a.later.kind"


def test_what_a_device_sends_is_text_on_the_pages(operator: Visitor, database: Database) -> None:
    admit(database, journal := LocalJournal(seed=1), site=HOSTILE)
    journal.site = HOSTILE
    journal.record(HOSTILE)
    journal.append(journal.event("note.made", {}, site=HOSTILE * 2))
    push(database, journal)
    for path in web.PAGES:
        assert "script" not in operator.open(path).tags
    assert HOSTILE in operator.open("/").text


def test_a_revoked_device_speaks_no_more_and_the_book_says_by_whom(
    operator: Visitor, database: Database, clock: ManualClock
) -> None:
    """SEC-1: a stolen laptop."""
    admit(database, journal := LocalJournal(seed=1))
    journal.record()
    page = operator.send("/devices", "/devices/revoke", device_id=journal.device_id)
    assert f"设备 {journal.device_id} 已停用。" in page.text
    (refusal,) = take(database, [job_of(journal, push_of(journal))], clock.now())
    assert type(refusal).__name__ == "DeviceRevoked"
    acts = database.execute("select name, subject from operator_act where act = 'device_revoked'").fetchall()
    assert acts == [(NAME, journal.device_id)]


def test_an_issued_code_lets_a_device_in_and_is_shown_once(
    operator: Visitor, database: Database, clock: ManualClock
) -> None:
    page = operator.send("/codes", "/codes/issue", site=f" {SITE} ")
    html = operator.last.text
    code = html.split("<code>")[1].split("</code>")[0]
    assert SITE in page.text
    assert code not in operator.open("/codes").text
    assert database.execute(
        "select name, subject from operator_act where act = 'code_issued'"
    ).fetchall() == [(NAME, SITE)]
    assert enrolled_site(database, code, clock) == SITE
    assert "没有等待使用的登记码" in operator.open("/codes").text


def test_a_withdrawn_code_lets_nobody_in(operator: Visitor, database: Database, clock: ManualClock) -> None:
    operator.send("/codes", "/codes/issue", site=SITE)
    code = operator.last.text.split("<code>")[1].split("</code>")[0]
    page = operator.send("/codes", "/codes/withdraw")
    assert "登记码已收回。" in page.text
    with pytest.raises(EnrolmentCodeUnknown):
        enrolled_site(database, code, clock)


def test_a_code_for_no_site_is_not_issued(operator: Visitor, database: Database) -> None:
    assert "没有发登记码" in operator.send("/codes", "/codes/issue", site="  ").text
    assert number(database, "select count(*) from enrolment_code") == 0


def test_a_new_password_needs_the_old_one_and_ends_other_sessions(
    operator: Visitor, address: str, database: Database, clock: ManualClock
) -> None:
    """SEC-2: regularly changed."""
    new = "quite another password"
    other = Visitor(address)
    other.wear(database, clock.now())
    for fields in (
        {"password": "wrong", "new_password": new, "again": new},
        {"password": PASSWORD, "new_password": new, "again": new + "!"},
        {"password": PASSWORD, "new_password": "short", "again": "short"},
    ):
        operator.send("/password", "/password", **fields)
        assert operator.last.status_code == 422
    operator.send("/password", "/password", password=PASSWORD, new_password=new, again=new)
    assert operator.last.headers["location"] == "/"
    assert operator.client.get("/").status_code == 200
    assert other.client.get("/").headers["location"] == "/sign-in"
    other.close()


def test_the_book_shows_acts_and_look_ups(operator: Visitor, database: Database) -> None:
    database.execute(
        "insert into look_up values ('device-1', gen_random_uuid(), %s, 'u-1', '急诊', '', %s, 3, now())",
        (SITE, [uuid.UUID(PERSON)]),
    )
    operator.send("/codes", "/codes/issue", site=SITE)
    page = operator.open("/acts")
    assert [NAME, "发登记码", SITE] in [row[1:] for row in page.rows]
    assert [SITE, "device-1", "u-1", "急诊", "1", "3"] in [row[1:] for row in page.rows]
    assert PERSON not in operator.last.text


def test_the_stock_of_a_site_is_listed_with_what_is_left_and_what_is_expired(
    operator: Visitor, database: Database
) -> None:
    """TRC-1: the practice clock stands on 23 November 2026."""
    lots = (("A1", "2026-11-22", 3), ("A2", "2026-11-23", 3), ("A3", "2028-01-01", 3))
    for place, (lot_number, expires_on, doses) in enumerate(lots):
        lot_id = f"0192f0c0-0000-7000-8000-0000000003{place:02}"
        received = {"lot_id": lot_id, "product_code": "HEPB-10", "lot_number": lot_number}
        apply(
            database,
            event("lot.received", {**received, "expires_on": expires_on}),
            event("pack_codes.related", {"lot_id": lot_id, "codes": [[lot_number, "1", None, doses]]}),
        )
    given = {"patient_id": PERSON, "immunization_id": PERSON, "product_code": "HEPB-10", "lot_number": "A2"}
    apply(database, event("immunization.recorded", {**given, "trace_code": "A2"}))
    lost = {"lot_id": lot_id, "place": "shelf", "doses": -1, "cause": "broken", "reason": "破损"}
    apply(database, event("stock.adjusted", lost))
    page = operator.open("/stock")
    assert [row[2:] for row in page.rows[1:]] == [
        ["A1", "2026-11-22 已过期", "在用", "3", "0", "0", "3"],
        ["A2", "2026-11-23 近效期", "在用", "3", "1", "0", "2"],
        ["A3", "2028-01-01", "在用", "3", "0", "0", "2盘点 -1"],
    ]
    assert len(operator.open(f"/stock?site={SITE}").rows) == 4
    assert "没有库存记录" in operator.open("/stock?site=elsewhere").text
    assert len(operator.open("/stock?site=%00").rows) == 4, "no name is everybody"


def test_a_site_is_put_into_an_area_and_the_book_says_by_whom(operator: Visitor, database: Database) -> None:
    """SYN-2."""
    admit(database, journal := LocalJournal(seed=1))
    journal.record("immunization.recorded", {})
    push(database, journal)
    assert operator.open("/areas").rows[1][:4] == [SITE, SITE, "0", "1"]
    page = operator.send("/areas", "/areas", area=" 云溪镇 ")
    assert f"{SITE} 已放入 云溪镇，以前的 1 条记录会告知该地区的其他单位。" in page.text
    assert page.rows[1][:4] == [SITE, "云溪镇", "0", "1"]
    assert "没有改动" in operator.send("/areas", "/areas", area="云溪镇").text
    acts = database.execute("select name, subject from operator_act where act = 'area_changed'").fetchall()
    assert acts == [(NAME, f"{SITE} → 云溪镇")]


@pytest.mark.parametrize("fields", [{"area": " "}, {"area": "x" * 41}, {"area": "镇", "site": "elsewhere"}])
def test_nothing_unfit_is_put_into_an_area(
    operator: Visitor, database: Database, fields: dict[str, str]
) -> None:
    admit(database, LocalJournal(seed=1))
    assert "没有改动" in operator.send("/areas", "/areas", **fields).text
    assert operator.last.status_code == 422
    assert number(database, "select count(*) from site_area") == 0


def enrolled_site(database: Database, code: str, clock: ManualClock) -> str:
    csr = make_request(new_key(), "device-9")
    enrolled = enrol(database, AUTHORITY, Enrolment.made(code, csr), clock.now())
    fingerprint = fingerprint_of(enrolled.certificate)
    device = find_devices(database, [fingerprint], clock.now())[fingerprint]
    assert isinstance(device, Device)
    (site,) = device.sites
    return site
