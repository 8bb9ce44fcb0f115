"""Opens the practice site: at first start it is made, with its people, its fridge and its own centre."""

from concurrent.futures import Future
from dataclasses import replace
from typing import TYPE_CHECKING

from app.practice.facts import PASSWORD, RESIDENTS
from app.ui.program import Program, Setting

if TYPE_CHECKING:
    from app.ui.shell import Shell


def start_practice(setting: Setting, residents: int = RESIDENTS) -> Program:
    """Show the window at once and prepare behind it what is missing: at first start so many people."""
    program = Program(replace(setting, hint=f"练习点：每个人的密码都是 {PASSWORD}"), _build)
    program.start(ready=False)
    program.sign_in.show_busy("正在准备练习点：假的居民、疫苗和中心，第一次约十秒……")

    def prepare() -> None:
        from app.practice.preparation import prepare_site

        prepare_site(setting.folder, setting.clock, setting.random, residents)

    def prepared(future: Future[None]) -> None:
        future.result()
        program.show_people()

    program.run_aside(prepare, prepared)
    return program


def _build(program: Program) -> "Shell":
    from app.ui.work import build_practice_shell

    return build_practice_shell(program)
