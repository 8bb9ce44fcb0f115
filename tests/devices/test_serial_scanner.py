"""A serial scanner proved on a pseudo terminal, which is a real serial path (SITE-13; ux.md rule 18)."""

import os
import pty
import tty
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtSerialPort import QSerialPort
from pytestqt.qtbot import QtBot

from app.devices.device_condition import DeviceCondition
from app.devices.serial_scanner import LONGEST_BYTES, SerialScanner, serial_ports

CODE = "]d20106901234567892172606301012ABC\x1d21SN0001"


class Plug:
    """A scanner that can be plugged in, send and be pulled out, always under the same port name."""

    def __init__(self, folder: Path) -> None:
        self.port = folder / "scanner"
        self._master: int | None = None

    def plug_in(self) -> None:
        self._master, slave = pty.openpty()
        tty.setraw(slave)
        self.port.unlink(missing_ok=True)
        self.port.symlink_to(os.ttyname(slave))
        os.close(slave)

    def send(self, data: bytes) -> None:
        assert self._master is not None
        os.write(self._master, data)

    def pull_out(self) -> None:
        if self._master is not None:
            os.close(self._master)
            self.port.unlink()
        self._master = None


class Heard:
    """A started scanner and everything it said."""

    def __init__(self, port: Path, qtbot: QtBot) -> None:
        self.scans: list[str] = []
        self.unfinished: list[str] = []
        self.conditions: list[DeviceCondition] = []
        self.scanner = SerialScanner(str(port), retry_ms=20)
        self.scanner.scanned.connect(self.scans.append)
        self.scanner.unfinished.connect(self.unfinished.append)
        self.scanner.condition_changed.connect(self.conditions.append)
        self.scanner.start()
        self._qtbot = qtbot

    def until(self, condition: DeviceCondition) -> None:
        self._qtbot.waitUntil(lambda: self.scanner.condition is condition)


@pytest.fixture
def plug(tmp_path: Path) -> Iterator[Plug]:
    plug = Plug(tmp_path)
    yield plug
    plug.pull_out()


@pytest.fixture
def heard(plug: Plug, qtbot: QtBot) -> Iterator[Heard]:
    plug.plug_in()
    heard = Heard(plug.port, qtbot)
    heard.until(DeviceCondition.READY)
    yield heard
    heard.scanner.stop()


@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n", b"\t"])
def test_a_code_arrives_whole_with_its_separator(plug: Plug, heard: Heard, qtbot: QtBot, end: bytes) -> None:
    plug.send(CODE.encode() + end)
    qtbot.waitUntil(lambda: heard.scans == [CODE])


def test_codes_in_one_go_and_codes_in_pieces_are_told_apart(plug: Plug, heard: Heard, qtbot: QtBot) -> None:
    plug.send(b"83857930000879766660\rVXT1:ABCDEFGH0Z\r8385")
    qtbot.waitUntil(lambda: len(heard.scans) == 2)
    plug.send(b"7930000879766661\r")
    qtbot.waitUntil(lambda: len(heard.scans) == 3)
    assert heard.scans == ["83857930000879766660", "VXT1:ABCDEFGH0Z", "83857930000879766661"]
    assert heard.unfinished == []


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_chinese_text_is_read_in_either_encoding(
    plug: Plug, heard: Heard, qtbot: QtBot, encoding: str
) -> None:
    plug.send("接种岗\r".encode(encoding))
    qtbot.waitUntil(lambda: heard.scans == ["接种岗"])


def test_text_without_line_end_is_no_code_and_never_joins_the_next(
    plug: Plug, heard: Heard, qtbot: QtBot
) -> None:
    plug.send(b"8385793000087")
    qtbot.waitUntil(lambda: heard.unfinished == ["8385793000087"])
    plug.send(b"83857930000879766660\r")
    qtbot.waitUntil(lambda: heard.scans == ["83857930000879766660"])


def test_an_endless_stream_is_cut_off_while_it_lasts(plug: Plug, heard: Heard, qtbot: QtBot) -> None:
    for _ in range(3 * (LONGEST_BYTES // 1024 + 1)):
        plug.send(b"8" * 1024)
        qtbot.wait(1)
    qtbot.waitUntil(lambda: len(heard.unfinished) >= 3)
    assert heard.scans == []


def test_a_scanner_that_was_pulled_out_works_again_without_restart(
    plug: Plug, heard: Heard, qtbot: QtBot
) -> None:
    plug.pull_out()
    heard.until(DeviceCondition.ABSENT)
    assert heard.scanner.fault
    plug.plug_in()
    heard.until(DeviceCondition.READY)
    assert heard.scanner.fault == ""
    plug.send(b"83857930000879766660\r")
    qtbot.waitUntil(lambda: heard.scans == ["83857930000879766660"])
    assert heard.conditions == [DeviceCondition.READY, DeviceCondition.ABSENT, DeviceCondition.READY]


def test_half_a_code_before_the_plug_was_pulled_never_joins_the_next(
    plug: Plug, heard: Heard, qtbot: QtBot
) -> None:
    plug.send(b"838579300")
    qtbot.wait(10)
    plug.pull_out()
    heard.until(DeviceCondition.ABSENT)
    assert (heard.scans, heard.unfinished) == ([], ["838579300"])
    plug.plug_in()
    heard.until(DeviceCondition.READY)
    plug.send(b"83857930000879766660\r")
    qtbot.waitUntil(lambda: heard.scans == ["83857930000879766660"])


def test_a_scanner_that_is_not_there_yet_is_absent_until_it_comes(plug: Plug, qtbot: QtBot) -> None:
    heard = Heard(plug.port, qtbot)
    for _ in range(3):
        heard.scanner.start()
    assert heard.conditions == [DeviceCondition.ABSENT]
    plug.plug_in()
    heard.until(DeviceCondition.READY)
    heard.scanner.stop()
    heard.until(DeviceCondition.OFF)
    with qtbot.assertNotEmitted(heard.scanner.condition_changed, wait=100):
        pass


def test_a_port_in_use_elsewhere_is_faulty_until_it_is_free(plug: Plug, qtbot: QtBot) -> None:
    plug.plug_in()
    other = QSerialPort(str(plug.port))
    assert other.open(QSerialPort.OpenModeFlag.ReadOnly)
    heard = Heard(plug.port, qtbot)
    heard.until(DeviceCondition.FAULTY)
    other.close()
    heard.until(DeviceCondition.READY)
    heard.scanner.stop()


def test_the_ports_a_person_may_choose_have_names() -> None:
    assert all(choice.name.startswith("/dev/") for choice in serial_ports())
