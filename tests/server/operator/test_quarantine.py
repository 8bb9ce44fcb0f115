"""The operator decides about what withdrawn devices hand in, with a reason that is kept (SEC-1)."""

import pytest

from server.database import Database
from server.devices import revoke
from server.operator.acts import list_acts
from tests.factories import SmallSite
from tests.server.carried_site import CarriedSite
from tests.server.operator.visitor import NAME, Visitor

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def kept_apart(small_site: SmallSite, database: Database) -> CarriedSite:
    """Return a revoked device whose bundle was handed in."""
    carried = CarriedSite(small_site, database)
    small_site.vaccinated()
    revoke(database, carried.device_id, carried.now)
    carried.carry(carried.pack())
    return carried


def fields(operator: Visitor) -> dict[str, str]:
    form = operator.open("/quarantine").form("/quarantine/decide")
    return {name: form[name] for name in ("csrf", "device_id", "digest")}


def send(operator: Visitor, **given: str) -> str:
    operator.last = operator.client.post("/quarantine/decide", data=given)
    return operator.last.text


@pytest.mark.parametrize(("verdict", "taken"), [("accept", True), ("reject", False)])
def test_what_is_kept_apart_is_listed_and_decided_with_a_reason(
    operator: Visitor, database: Database, kept_apart: CarriedSite, verdict: str, taken: bool
) -> None:
    form = fields(operator)
    assert kept_apart.device_id in operator.last.text
    assert str(kept_apart.waiting()) in operator.last.text
    page = send(operator, **form, verdict=verdict, reason=HOSTILE)
    assert HOSTILE not in page, "no text is markup"
    assert ("已收下" if taken else "已拒收") in page
    assert kept_apart.held() == (kept_apart.waiting() if taken else 0)
    (act,) = [act for act in list_acts(database, 9) if act.act.startswith("bundle_")]
    assert (act.name, act.act) == (NAME, "bundle_accepted" if taken else "bundle_rejected")
    assert act.subject == f"{kept_apart.device_id}：{HOSTILE}"
    again = send(operator, **form, verdict="accept", reason="又一次")
    assert operator.last.status_code == 422
    assert "已有人决定" in again


def test_without_a_reason_or_with_an_unfit_form_nothing_is_decided(
    operator: Visitor, database: Database, kept_apart: CarriedSite
) -> None:
    form = fields(operator)
    for unfit, status in (
        ({"verdict": "accept", "reason": "  "}, 422),
        ({"verdict": "perhaps", "reason": "x"}, 403),
        ({"verdict": "accept", "reason": "x", "digest": "zz"}, 403),
    ):
        send(operator, **form | unfit)
        assert operator.last.status_code == status
    assert kept_apart.held() == 0
    row = database.execute("select decided_at from quarantine").fetchone()
    assert row == (None,)
