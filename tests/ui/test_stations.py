"""A page is built when somebody goes there, or while nobody touches anything; none is missing anything."""

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.ui.certificate.page import CertificatePage
from app.ui.kit.sheet import Sheet
from app.ui.observation.page import ObservationPage
from app.ui.screening.page import ScreeningPage
from app.ui.shell import Shell
from app.ui.station import Station
from app.ui.work import STATIONS
from tests.factories import SmallSite


def built(shell: Shell) -> set[str]:
    return {page.station_id for page in shell.findChildren(Station)}


def test_at_first_there_is_the_page_in_front_and_the_one_that_watches_the_people(shell: Shell) -> None:
    assert built(shell) == {"registration", "observation"}
    assert list(shell.stations) == [station.station_id for station in STATIONS]
    assert shell.current.station_id == "registration"
    assert isinstance(shell.stations.find_built(ObservationPage), ObservationPage)
    assert shell.stations.find_built(ScreeningPage) is None


def test_a_page_is_built_by_going_there_once(shell: Shell) -> None:
    assert shell.go_to("screening", None)
    first = shell.current
    shell.go_to("registration", None)
    shell.go_to("screening", None)
    assert shell.current is first
    assert built(shell) == {"registration", "screening", "observation"}


def test_the_others_are_built_one_a_second_while_nobody_touches_anything(
    shell: Shell, small_site: SmallSite, qtbot: QtBot
) -> None:
    small_site.clock.go(seconds=1)
    shell.bench.tick()
    assert len(built(shell)) == 2, "somebody was there a second ago"
    for number in range(3, len(STATIONS) + 1):
        small_site.clock.go(seconds=2)
        shell.bench.tick()
        assert len(built(shell)) == number
    small_site.clock.go(seconds=2)
    shell.bench.tick()
    assert shell.current.station_id == "registration"


def test_what_the_pages_hold_back_comes_after_them(shell: Shell, small_site: SmallSite) -> None:
    """Forms and questions are large: nobody waits for them with the page, nor later if there was time."""
    pages = [page for page in shell.stations.values() if page.parts]
    wanted = [(page.station_id, part) for page in pages for part in page.parts]
    assert wanted == [("registration", "form"), ("screening", "examination"), ("screening", "consent")]

    def there() -> list[tuple[str, str]]:
        return [(page.station_id, part) for page in pages for part in page.parts if part in vars(page)]

    assert there() == []
    for number in range(1, len(wanted) + 1):
        small_site.clock.go(seconds=2)
        shell.bench.tick()
        assert there() == wanted[:number]


def test_no_sheet_is_built_before_it_is_asked_for(shell: Shell) -> None:
    for _ in shell.stations.values():
        pass
    assert shell.findChildren(Sheet) == []


def test_a_key_puts_the_building_off(shell: Shell, small_site: SmallSite, qtbot: QtBot) -> None:
    small_site.clock.go(seconds=2)
    qtbot.keyClick(shell.windowHandle(), Qt.Key.Key_Shift)
    shell.bench.tick()
    assert len(built(shell)) == 2


def test_a_page_built_later_offers_what_was_done_for_undoing(shell: Shell) -> None:
    undone: list[str] = []
    shell.go_to("certificate", None)
    assert isinstance(shell.current, CertificatePage)
    shell.bench.announce("已登记", lambda: undone.append("taken back"))
    shell.current.toast.undone.emit()
    assert undone == ["taken back"]
