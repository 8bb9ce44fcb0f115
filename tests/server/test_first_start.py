"""A first start through the real window, at a real centre: keyboard and scanner alone (SEC-1, SEC-2)."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.devices.system_clock import SystemClock
from app.domain.staff import Role
from app.storage.keys import DATABASE, KEYS
from app.storage.receipts import upload_counts
from app.storage.set_up import ASIDE
from app.storage.site import find_site
from app.sync.first_enrolment import enrol_newcomer, find_newcomer, keep_newcomer
from app.sync.store_identity import find_centre
from app.ui.set_up.page import ACCOUNT, CENTRE, DONE, SITE
from server.devices import list_devices
from tests.server.centre_process import CentreProcess
from tests.server.first_start import FirstStart
from tests.strategies import seeded_random
from tests.sync.connect_proxy import ConnectProxy
from tests.sync.local_journal import SITE as SITE_ID

PASSWORD = "changmima-2026"


@pytest.fixture
def start(tmp_path: Path, qtbot: QtBot) -> Iterator[Callable[[], FirstStart]]:
    begun: list[FirstStart] = []

    def begin() -> FirstStart:
        begun.append(FirstStart(tmp_path / "site"))
        return begun[-1]

    yield begin
    for one in begun:
        one.program.close()


def test_from_the_one_time_code_to_a_site_that_uploads(
    start: Callable[[], FirstStart], shared_centre: CentreProcess
) -> None:
    first = start()
    page, code = first.page, shared_centre.issue_code()
    first.fill(f"{shared_centre.url} {code}")
    assert (page.step, SITE_ID in page.form.told.text()) == (SITE, True)
    first.fill("云溪镇卫生院", "0350-000 0126")
    assert page.step == ACCOUNT
    first.fill("苏晚晴", PASSWORD, PASSWORD)
    assert page.step == DONE
    assert not (first.folder / ASIDE).exists()
    first.hand.press("Enter")
    program = first.program
    assert program.sign_in.names == ["苏晚晴"]
    first.hand.type(PASSWORD)
    first.hand.press("Enter")
    first.hand.wait_until(lambda: program.shell is not None, "the manager is at the desk")
    bench = program.bench
    assert bench is not None
    assert bench.desk.user is not None
    assert bench.desk.user.roles == frozenset(Role)
    site, centre = find_site(bench.read()), find_centre(bench.desk.store)
    assert site is not None
    assert (site.site_id, site.name, site.practice) == (SITE_ID, "云溪镇卫生院", False)
    assert centre is not None
    first.hand.wait_until(lambda: upload_counts(bench.read()).waiting == 0, "everything is receipted")
    with shared_centre.database() as database:
        assert centre.identity.device_id in [device.device_id for device in list_devices(database)]


def test_each_error_of_the_centre_is_a_sentence_and_the_step_stays(
    start: Callable[[], FirstStart], shared_centre: CentreProcess
) -> None:
    first = start()
    page = first.page
    first.fill("http://127.0.0.1:1", "CODE")
    assert "没有加密" in page.said
    for address, sentence in (("https://127.0.0.1:1", "中心"), (shared_centre.url, "登记码不对")):
        first.clear("address")
        first.fill(address)
        assert page.step == CENTRE
        assert sentence in page.said
    assert not (first.folder / KEYS).exists()
    assert not (first.folder / DATABASE).exists()


def test_what_a_person_leaves_out_or_mistypes_is_a_sentence(
    start: Callable[[], FirstStart], shared_centre: CentreProcess
) -> None:
    first = start()
    page = first.page
    first.fill("")
    assert (page.step, "地址和登记码" in page.said) == (CENTRE, True)
    first.fill(shared_centre.url, shared_centre.issue_code())
    first.fill("")
    assert (page.step, "名称和咨询电话" in page.said) == (SITE, True)
    first.fill("云溪镇卫生院", "0350-000 0126")
    first.fill("")
    assert (page.step, "姓名" in page.said) == (ACCOUNT, True)
    first.fill("苏晚晴", "kurz", "kurz")
    assert "至少 8 个字符" in page.said
    for field_id in ("password", "again"):
        first.clear(field_id)
    page.form.edits["password"].setFocus()
    first.fill(PASSWORD, "anders-2026")
    assert "不一样" in page.said
    assert not (first.folder / KEYS).exists()


def test_a_power_cut_goes_on_at_the_same_step(
    start: Callable[[], FirstStart], shared_centre: CentreProcess
) -> None:
    """The one-time code is not asked for again, and nothing is half made."""
    first = start()
    first.fill(shared_centre.url, shared_centre.issue_code())
    again = first.cut_power()
    assert again.page.step == SITE
    again.fill("云溪镇卫生院", "0350-000 0126")
    last = again.cut_power()
    assert last.page.step == ACCOUNT
    assert [path.name for path in last.folder.iterdir()] == [ASIDE]
    last.hand.press("Esc")
    assert last.page.form.text("name") == "云溪镇卫生院"
    last.hand.press("Enter")
    last.hand.wait_until(lambda: last.page.step == ACCOUNT, "the account is asked for")
    last.fill("苏晚晴", PASSWORD, PASSWORD)
    assert last.page.step == DONE
    last.program.close()


def test_a_centre_behind_a_proxy_is_reached_through_it_alone(
    start: Callable[[], FirstStart], shared_centre: CentreProcess
) -> None:
    """SEC-1: by setting, and ever after; it carries what it cannot read."""
    first, proxy = start(), ConnectProxy()
    address = proxy.url
    first.hand.press("F9")
    first.fill("http://10.0.0.1")
    first.fill(shared_centre.url, shared_centre.issue_code())
    assert "不是代理服务器的地址" in first.page.said
    first.clear("proxy")
    first.fill(address)
    assert first.page.step == SITE
    assert proxy.asked.startswith(b"CONNECT")
    assert b"enrol" not in proxy.carried
    proxy.close()
    again = first.cut_power()
    again.hand.press("Esc")
    assert again.page.form.text("proxy") == address
    again.program.close()
    newcomer = find_newcomer(first.folder)
    assert newcomer is not None
    assert newcomer.proxy == address


def test_an_answer_lost_on_the_way_costs_no_second_code(tmp_path: Path, shared_centre: CentreProcess) -> None:
    clock, random, code = SystemClock(), seeded_random(7), shared_centre.issue_code()
    known = enrol_newcomer(tmp_path, shared_centre.url, code, clock, random)
    keep_newcomer(tmp_path, replace(known, given=()), random)
    assert enrol_newcomer(tmp_path, shared_centre.url, code, clock, random) == known
    assert find_newcomer(tmp_path) == known


def test_nothing_of_it_can_be_read_on_the_disk(tmp_path: Path, shared_centre: CentreProcess) -> None:
    newcomer = enrol_newcomer(
        tmp_path, shared_centre.url, shared_centre.issue_code(), SystemClock(), seeded_random(9)
    )
    sealed = (tmp_path / ASIDE / "sealed").read_bytes()
    assert newcomer.stream.device_id.encode() not in sealed
    (tmp_path / ASIDE / "device.secret").write_bytes(bytes(32))
    assert find_newcomer(tmp_path) is None


def test_the_practice_site_is_one_key_away(start: Callable[[], FirstStart]) -> None:
    first = start()
    first.hand.press("F2")
    assert first.practice_asked == 1
