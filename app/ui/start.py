"""From the command line to the window on the screen."""

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLibraryInfo, QLocale, Qt, QTranslator
from PySide6.QtWidgets import QApplication

from app.devices.system_clock import SystemClock
from app.storage.set_up import is_untouched
from app.ui.collecting import collect_here, keep_what_is_built
from app.ui.faults import tell_of_bugs_without_people
from app.ui.kit.theme import dress_application
from app.ui.program import Program, Setting
from app.ui.unforeseen import Unforeseen

if TYPE_CHECKING:
    from app.ui.shell import Shell

PRACTICE = "practice"
"""The folder of the practice site, beside the one of the site."""


def run(arguments: Sequence[str]) -> int:
    """Open the window and return its exit status; 2 for wrong arguments."""
    tell_of_bugs_without_people()
    app, program = open_window(arguments)
    tell_of_bugs_without_people(Unforeseen(program).tell)
    status = app.exec()
    program.close()
    return status


def open_window(arguments: Sequence[str]) -> tuple[QApplication, Program]:
    """Return the application and the program, its window shown; the heavy parts come once it is painted."""
    given = _parser().parse_args(arguments)
    app = make_application()
    collect_here(app)
    folder = given.data or _default_folder(practice=given.practice)
    setting = Setting(folder, SystemClock(), os.urandom, given.desk, given.practice)
    if given.practice:
        from app.ui.practice_start import start_practice

        program = start_practice(setting)
    else:
        program = Program(setting, _build)
        fresh = is_untouched(folder)
        program.start(ready=not fresh)
        if fresh:
            lead_through_set_up(program)
    for settled in (program.sign_in.painted, program.unlocked):
        settled.connect(keep_what_is_built, Qt.ConnectionType.SingleShotConnection)
    return app, program


def lead_through_set_up(program: Program) -> None:
    """Show the guide to a site; or, if that is wanted, the practice site, and tell its bugs there."""
    from app.ui.set_up.guide import Guide

    def turn_to_practice() -> None:
        from app.ui.practice_start import start_practice

        folder = program.setting.folder.with_name(PRACTICE)
        practice = start_practice(replace(program.setting, folder=folder, practice=True))
        tell_of_bugs_without_people(Unforeseen(practice).tell)
        program.window.close()
        program.services.append(practice.close)

    Guide(program, turn_to_practice)


def _build(program: Program) -> "Shell":
    from app.ui.work import build_site_shell

    return build_site_shell(program)


def make_application() -> QApplication:
    """Return the dressed application: own fonts and look, Qt's own words in Chinese."""
    if "fcitx" in os.environ.get("XMODIFIERS", "") or os.environ.get("QT_IM_MODULE") == "fcitx":
        os.environ["QT_IM_MODULE"] = "ibus"
    QApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    app = QApplication([*sys.argv[:1], "-style", "Fusion"])
    app.setApplicationName("Vaxpost")
    QLocale.setDefault(QLocale(QLocale.Language.Chinese, QLocale.Country.China))
    translator = QTranslator(app)
    if translator.load("qtbase_zh_CN", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(translator)
    dress_application(app)
    return app


SMALL_COMMANDS = """支持命令（python -m app 命令 --help 有说明）：
  parse-code  check-id  explain  journal verify  rebuild  take-pack  school-check
  audit-check  county-key  enrol  relay  import-cdsi  conform"""
"""Said by ``--help``: written out, for the window's start reads no commands."""


def _parser() -> argparse.ArgumentParser:
    description = "接种岗 Vaxpost：预防接种门诊的程序"
    parser = argparse.ArgumentParser("python -m app", description=description, epilog=SMALL_COMMANDS)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--practice", action="store_true", help="打开练习点：都是假的人和药")
    parser.add_argument("--data", type=Path, help="数据文件夹")
    parser.add_argument("--desk", default="接种台 1", help="这台电脑的台名")
    return parser


def _default_folder(*, practice: bool) -> Path:
    from platformdirs import user_data_path

    return user_data_path("vaxpost", appauthor=False) / (PRACTICE if practice else "site")
