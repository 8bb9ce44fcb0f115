"""A form says what is wrong right at the field, and goes there."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from app.ui.kit.form import Form


@pytest.fixture
def form(qtbot: QtBot) -> Form:
    built = Form(2)
    qtbot.addWidget(built)
    for field_id, label in (("name", "姓名"), ("born", "出生日期"), ("phone", "手机")):
        built.add_field(field_id, label, QLineEdit(), required=field_id == "name", hint="看证件")
    built.show()
    built.activateWindow()
    qtbot.waitUntil(built.isActiveWindow)
    return built


def test_an_error_stands_below_its_field_and_the_keyboard_goes_there(form: Form) -> None:
    form.show_errors({"born": "2 月没有 31 日。"})
    field = form.field("born")
    assert field.error == "2 月没有 31 日。"
    assert field.control.accessibleDescription() == "2 月没有 31 日。"
    assert field.control.hasFocus()


def test_the_next_look_clears_what_was_put_right(form: Form) -> None:
    form.show_errors({"born": "2 月没有 31 日。", "name": "请填姓名。"})
    form.show_errors({"name": "请填姓名。"})
    assert (form.field("born").error, form.field("name").error) == ("", "请填姓名。")
    assert form.field("born").control.accessibleDescription() == "看证件"


def test_tab_follows_the_order_of_the_fields(form: Form) -> None:
    form.field("name").control.setFocus()
    for field_id in ("born", "phone"):
        QTest.keyClick(form.focusWidget(), Qt.Key.Key_Tab)
        assert form.field(field_id).control.hasFocus()


def test_every_field_is_named_by_its_label(form: Form) -> None:
    assert form.field("phone").control.accessibleName() == "手机"
