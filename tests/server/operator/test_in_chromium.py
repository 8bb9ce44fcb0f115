"""The operator's pages in a real browser: signing in, every page with full lists, every act (SEC-1)."""

import re
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from server.database import Database, open_database
from server.metrics import Gauges
from server.operator.beside import running_beside
from server.operator.web import OPEN, PAGES, make_desk
from tests.clocks import ManualClock
from tests.factories import SmallSite
from tests.server.carried_site import CarriedSite
from tests.server.conftest import new_database
from tests.server.desk import AUTHORITY, number
from tests.server.operator.chromium import LARGE, SMALL, Chromium
from tests.server.operator.full_centre import LONGEST_SITE, SITES, fill
from tests.server.operator.visitor import NAME, PASSWORD, put_operator

FAULTS = """(() => {
    const faults = [];
    const called = element => (element.innerText || element.name || '').slice(0, 40);
    const tell = (what, element) => faults.push(what + ': ' + called(element));
    if (document.documentElement.scrollWidth > document.documentElement.clientWidth)
        tell('scrolls sideways', document.querySelector('h1'));
    for (const box of document.querySelectorAll('.card, header, nav, td, th, button, .tag, .fact, label'))
        if (box.scrollWidth > box.clientWidth + 1) tell('cut', box);
    for (const button of document.querySelectorAll('button, input:not([type=hidden])'))
        if (button.checkVisibility() && button.getBoundingClientRect().height < 36) tell('low', button);
    for (const cell of document.querySelectorAll('td'))
        if (!cell.className.includes('act') && !cell.innerText.trim()) tell('empty', cell);
    for (const field of document.querySelectorAll('input:not([type=hidden])'))
        if (!field.labels.length && !field.ariaLabel) tell('nameless', field);
    const words = 'title, h1, h2, th, button, summary, label, .tag, nav a, .note, .fact span, footer';
    for (const word of document.querySelectorAll(words))
        if (/[A-Za-z]/.test(word.textContent)) tell('untranslated', word);
    const bars = [...document.querySelectorAll('nav a')].map(link => link.getBoundingClientRect().top);
    if (new Set(bars).size > 1) tell('bar of two lines', document.querySelector('nav'));
    return faults;
})()"""


@dataclass
class Desk:
    """The browser at the pages of a full centre."""

    chromium: Chromium
    database: Database
    address: str

    def open(self, path: str) -> None:
        self.chromium.open(self.address.rstrip("/") + path)

    def text(self, selector: str) -> str:
        return str(self.chromium.script(f"document.querySelector('{selector}')?.innerText ?? ''"))

    def click(self, selector: str) -> None:
        self.chromium.follow(f"document.querySelector('{selector}').click()")

    def fill(self, **fields: str) -> None:
        for name, value in fields.items():
            self.chromium.script(f"document.querySelector('input[name={name}]').value = '{value}'")

    def sign_in(self) -> None:
        self.open("/")
        self.fill(name=NAME, password=PASSWORD)
        self.click("main button")

    def titles(self, selector: str) -> list[str]:
        return list(
            self.chromium.script(f"[...document.querySelectorAll('{selector}')].map(e => e.innerText)")
        )


@pytest.fixture(scope="module")
def desk(postgres: str, migrated: str) -> Iterator[Desk]:
    """Return the operator, signed in; one browser and one centre for all of the module."""
    dsn, clock = new_database(postgres, migrated), ManualClock()
    with open_database(dsn) as database, Chromium() as chromium:
        fill(database, clock)
        put_operator(database)
        with running_beside(make_desk(dsn, clock.now, Gauges(), AUTHORITY), "127.0.0.1", 0) as address:
            desk = Desk(chromium, database, address)
            desk.sign_in()
            yield desk


def test_who_signs_in_by_the_form_sees_the_sites(desk: Desk) -> None:
    assert desk.text("h1") == "概况"
    assert desk.text("header span") == NAME
    assert LONGEST_SITE in desk.titles("td:first-child")


@pytest.mark.parametrize("path", sorted(PAGES.keys() - OPEN))
def test_a_page_with_full_lists_is_whole_and_in_chinese(desk: Desk, path: str) -> None:
    """On either screen nothing scrolls sideways, nothing is cut, nothing is left in another language."""
    for size in (LARGE, SMALL):
        desk.chromium.resize(size)
        desk.open(path)
        assert desk.chromium.script("innerWidth") == size[0]
        assert desk.text("nav a[aria-current]") == desk.text("h1")
        assert desk.chromium.script(FAULTS) == []


def test_the_style_is_the_pages_own_and_no_script_of_a_page_would_run(desk: Desk) -> None:
    desk.open("/")
    assert desk.chromium.script("getComputedStyle(document.querySelector('header')).display") == "flex"
    desk.chromium.script(
        "(() => { const s = document.createElement('script'); s.text = 'document.title = 1';"
        " document.body.append(s); })()"
    )
    assert desk.chromium.script("document.title") == "概况 · 接种岗中心"


def test_a_device_is_revoked_in_two_steps(desk: Desk) -> None:
    """SEC-1: one click opens the question, another answers it."""
    desk.open("/devices")
    visible = "document.querySelector('details button').checkVisibility()"
    assert not desk.chromium.script(visible)
    before = number(desk.database, "select count(*) from device where revoked_at is null")
    desk.chromium.script("document.querySelector('details summary').click()")
    assert desk.chromium.script(visible)
    desk.click("details button")
    assert "已停用" in desk.text(".notice")
    assert number(desk.database, "select count(*) from device where revoked_at is null") == before - 1
    assert desk.chromium.script(FAULTS) == []


def test_a_code_is_issued_shown_once_and_withdrawn(desk: Desk) -> None:
    desk.open("/codes")
    desk.fill(site=LONGEST_SITE)
    desk.click("form.row button")
    assert re.fullmatch(r"(\w{5}-){3}\w{5}", desk.text(".issued code"))
    assert LONGEST_SITE in desk.text(".issued")
    assert desk.chromium.script(FAULTS) == []
    before = len(desk.titles("td code"))
    desk.click("td form button")
    assert desk.text(".notice") == "登记码已收回。"
    assert len(desk.titles("td code")) == before - 1


def test_a_site_is_put_into_another_area(desk: Desk) -> None:
    """SYN-2."""
    desk.open("/areas")
    row = f"tr:has(input[value='{SITES[3]}'])".replace("'", '"')
    desk.chromium.script(f"document.querySelector('{row} input[name=area]').value = '东片'")
    desk.click(f"{row} button")
    assert desk.text(".notice").startswith(f"{SITES[3]} 已放入 东片")
    assert desk.text(f"{row} td:nth-child(2)") == "东片"


def test_a_stick_is_handed_in_and_its_reply_fetched(
    desk: Desk, small_site: SmallSite, tmp_path: Path
) -> None:
    """SYN-1: what the browser sends is what the page reads, and what it saves is what the device reads."""
    carried = CarriedSite(small_site, desk.database)
    packed = carried.pack()
    desk.open("/sticks")
    desk.chromium.script(f"""(() => {{
        const files = new DataTransfer();
        const bytes = Uint8Array.from(atob('{b64encode(packed.data).decode()}'), sign => sign.charCodeAt(0));
        files.items.add(new File([bytes], '优盘 1.vxb'));
        document.querySelector('input[type=file]').files = files.files;
    }})()""")
    desk.click("form.row button")
    assert f"{packed.count} 条记录都已入库" in desk.text(".notice")
    assert desk.chromium.script(FAULTS) == []
    link = f"a[href$='{carried.device_id}']"
    written = desk.chromium.fetch(f'document.querySelector("{link}").click()', tmp_path)
    assert written.name == "优盘 1.vxr"
    assert carried.take(written.read_bytes()).receipts == packed.count


def test_the_stock_of_one_site_is_asked_for(desk: Desk) -> None:
    """TRC-1."""
    desk.open("/stock")
    assert len({*desk.titles("td:first-child")}) == len(SITES)
    desk.fill(site=SITES[2])
    desk.click("form.row button")
    assert {*desk.titles("td:first-child")} == {SITES[2]}
    assert {"已过期", "近效期", "没有入库记录", "已召回", "暂停使用"} <= {*desk.titles(".tag")}
    assert desk.chromium.script(FAULTS) == []


def test_who_signs_out_is_out_on_every_page(desk: Desk) -> None:
    desk.open("/")
    desk.click("header button")
    for path in ("/", "/devices"):
        desk.open(path)
        assert desk.text("h1") == "登录"
        assert desk.chromium.script(FAULTS) == []
    desk.sign_in()
