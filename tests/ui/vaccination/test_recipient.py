"""The screen turned to the recipient (一验证): opens by itself, one real key accepts, nothing else does."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain.checklist import Item
from app.domain.people import Guardian
from app.ui.vaccination.recipient_screens import RecipientScreens
from app.ui.vaccination.recipient_view import RecipientView
from app.ui.vaccination.recipient_words import RecipientWords, recipient_words
from tests.ui.vaccination.rig import NeedleRig


@pytest.fixture
def looking(rig: NeedleRig) -> NeedleRig:
    """The recipient's turn."""
    rig.come()
    rig.press("1")
    rig.scan_vial()
    rig.press("2", "3")
    return rig


def words(rig: NeedleRig) -> RecipientWords:
    shown = rig.page.faces.recipient.own.words
    assert shown is not None
    return shown


def test_it_opens_by_itself_says_what_is_given_and_one_key_alone_accepts(looking: NeedleRig) -> None:
    """VER-1: 验证接种疫苗的品种和有效期等."""
    assert looking.recipient_looks()
    assert not looking.page.desk.isVisible()
    view = looking.page.needle.view
    assert view is not None
    assert view.vial is not None
    shown = words(looking)
    assert (shown.vaccine, shown.dose, shown.name) == ("四价流感疫苗", "第 1 剂", view.patient.name)
    assert dict(shown.facts) == {
        "有效期至": view.vial.lot.expires_on.isoformat(),
        "批号": view.vial.lot.lot_number,
        "剂量": "0.5 毫升",
        "打在": "左上臂",
    }
    looking.press("Enter", "Keypad")
    assert Item.RECIPIENT not in looking.confirmed()
    assert looking.recipient_looks()
    assert looking.refusals == []
    looking.press("4")
    assert Item.RECIPIENT in looking.confirmed()
    assert looking.banner == "四项已确认，请注射"


def test_a_click_accepts(looking: NeedleRig) -> None:
    looking.page.faces.recipient.own.button.click()
    looking.settle()
    assert Item.RECIPIENT in looking.confirmed()


def test_escape_goes_back_and_the_key_opens_it_again(looking: NeedleRig) -> None:
    looking.press("Esc")
    assert not looking.recipient_looks()
    assert looking.banner == "请本人看屏幕并认可"
    looking.bench.tick()
    assert not looking.recipient_looks(), "it does not come back every second"
    looking.press("4")
    assert looking.recipient_looks()
    assert Item.RECIPIENT not in looking.confirmed()
    looking.press("4")
    assert Item.RECIPIENT in looking.confirmed()


def test_it_closes_when_another_vial_is_scanned(looking: NeedleRig) -> None:
    looking.scan_vial(vial=1)
    assert not looking.recipient_looks()
    assert looking.banner == "药瓶相符，请看药瓶和注射器"


def test_a_child_s_parent_is_asked_and_named_by_a_mask(rig: NeedleRig) -> None:
    view = _with_minor(rig)
    assert view.guardian == "家长 欧*澜"


def test_the_second_screen_shows_the_same_and_leaves_the_keyboard_alone(qtbot: QtBot) -> None:
    own = QGuiApplication.primaryScreen()
    screens = RecipientScreens(own, lambda: [own])
    qtbot.addWidget(screens.own)
    facts = (("有效期至", "2028-01-17"), ("批号", "1"), ("剂量", "0.5 毫升"), ("打在", "左上臂"))
    sample = RecipientWords("请看", "台", "王", "男", "", "疫苗", "流感", "全名", "第 1 剂", facts, "对")
    screens.show_words(sample)
    assert screens.second is not None
    qtbot.addWidget(screens.second)
    assert screens.second.isVisible()
    assert screens.second.words == sample
    assert screens.second.geometry() == own.geometry()
    assert screens.second.windowFlags() & Qt.WindowType.WindowDoesNotAcceptFocus
    with qtbot.waitSignal(screens.accepted):
        QTest.mouseClick(screens.second.button, Qt.MouseButton.LeftButton)
    screens.leave()
    assert not screens.second.isVisible()


def test_a_screen_with_another_window_on_it_is_not_covered(rig: NeedleRig, qtbot: QtBot) -> None:
    """ux.md rule 19: an alarm on the wall board never goes away by itself."""
    own = QGuiApplication.primaryScreen()
    assert rig.shell.screen() is own
    screens = RecipientScreens(own, lambda: [own])
    qtbot.addWidget(screens.own)
    assert screens.free_screen() is None


def test_nobody_who_walks_by_reads_a_number_or_an_address(rig: NeedleRig) -> None:
    """SEC-5: what is turned to the hall says who, what and where, and nothing to identify them elsewhere."""
    encounter = rig.come()
    rig.scan_vial()
    view = rig.page.needle.view_of(encounter.encounter_id)
    shown = recipient_words(view, rig.site.desk.today(), "接种台 1")
    person = view.patient
    for kept_back in (person.document_number, person.document_number[-4:], person.phone, person.address):
        assert kept_back not in str(shown)


def drawn_anew(rig: NeedleRig) -> RecipientView:
    own = rig.page.faces.recipient.own
    view = RecipientView(rig.page)
    view.resize(own.size())
    view.show_words(words(rig))
    return view


@pytest.mark.usefixtures("dressed")
def test_it_is_drawn_before_its_key_and_never_over_what_is_seen(rig: NeedleRig) -> None:
    rig.come()
    rig.press("1")
    rig.scan_vial()
    own = rig.page.faces.recipient.own
    ahead = words(rig)
    assert (own.isVisible(), own.size()) == (False, rig.page.faces.size())
    rig.press("2", "3")
    assert (own.isVisible(), words(rig)) == (True, ahead)
    foot = QRect(0, own.height() * 5 // 6, own.width(), own.height() // 6)
    assert own.grab(foot).toImage() == drawn_anew(rig).grab(foot).toImage()
    own.prepare(replace(ahead, name="别人"))
    assert words(rig) == ahead


def test_a_locked_desk_takes_the_person_off_the_second_screen(rig: NeedleRig, qtbot: QtBot) -> None:
    own = QGuiApplication.primaryScreen()
    screens = rig.page.faces.recipient
    sample = RecipientWords("请看", "台", "王", "男", "", "疫苗", "流感", "全名", "第 1 剂", (), "对")
    screens.show_on(sample, own)
    assert screens.second is not None
    qtbot.addWidget(screens.second)
    assert screens.second.isVisible()
    rig.bench.covered.emit()
    assert not screens.second.isVisible()


def _with_minor(rig: NeedleRig) -> RecipientWords:
    encounter = rig.come()
    rig.scan_vial()
    view = rig.page.needle.view_of(encounter.encounter_id)
    day = rig.site.desk.today()
    child = replace(
        view.patient, birth_on=day.replace(year=day.year - 2), guardian=Guardian("欧阳澜", "母亲", "1")
    )
    shown = recipient_words(replace(view, patient=child), day, "接种台 1")
    assert shown is not None
    return shown
