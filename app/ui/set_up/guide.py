"""Leads a first start from step to step: asks the centre, remembers how far it came, makes the store."""

from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from app.domain.refusals import Refusal
from app.storage.set_up import is_under_way, is_untouched
from app.ui.program import Program
from app.ui.set_up.founding import Answers, found, state_site
from app.ui.set_up.page import ACCOUNT, CENTRE, DONE, SITE, SetUpPage

if TYPE_CHECKING:
    from app.sync.first_enrolment import Newcomer


class Guide(QObject):
    """Shows the guide in the program's window until somebody can sign in."""

    def __init__(self, program: Program, ask_practice: Callable[[], object]) -> None:
        super().__init__(program)
        self._program, self._setting = program, program.setting
        self.page = SetUpPage()
        self.page.centre_stated.connect(self._enrol)
        self.page.site_stated.connect(self._state_site)
        self.page.account_stated.connect(self._found)
        self.page.done.connect(self._leave)
        self.page.practice_asked.connect(ask_practice)
        self.page.restore_asked.connect(self._restore)
        program.sign_in.left.connect(self._come_back)
        program.window.show_guide(self.page)
        if is_under_way(self._setting.folder):
            self._run(self.tr("接着上次的步骤……"), self._find, self._go_on)

    def _find(self) -> "Newcomer | None":
        from app.sync.first_enrolment import find_newcomer

        return find_newcomer(self._setting.folder)

    def _go_on(self, newcomer: "Newcomer | None") -> None:
        """Begin where the program was when it last ended: nothing that was answered is asked again."""
        if newcomer is None or not newcomer.given:
            self.page.show_step(CENTRE)
            return
        self.page.fill(
            address=newcomer.url, proxy=newcomer.proxy, name=newcomer.site_name, phone=newcomer.site_phone
        )
        told = f"中心登记的编号：{newcomer.site_id}。请核对，不对就按 Esc 重来。"
        self.page.show_step(*((ACCOUNT,) if newcomer.site_name else (SITE, told)))

    def _enrol(self, address: str, code: str, proxy: str) -> None:
        def enrol() -> "Newcomer":
            from app.sync.first_enrolment import enrol_newcomer

            return enrol_newcomer(
                self._setting.folder, address, code, self._setting.clock, self._setting.random, proxy=proxy
            )

        self._run(self.tr("正在联系中心……"), enrol, self._go_on)

    def _state_site(self, name: str, phone: str) -> None:
        self._run("", partial(state_site, self._setting, name, phone), lambda _: self.page.show_step(ACCOUNT))

    def _found(self, answers: Answers) -> None:
        self._run(
            self.tr("正在建立加密的数据文件……"),
            partial(found, self._setting, answers),
            lambda _: self.page.show_step(
                DONE,
                self.tr(
                    "数据只存在这台电脑上，加密；联网后自动上传中心。\n"
                    "登录后按 Ctrl+O：登记人员、收货入库、看“四有”、开始场次，就能打第一针。"
                ),
            ),
        )

    def _restore(self) -> None:
        """Go where a backup is put in place, and where the county's help is asked for (SEC-3)."""
        self._program.window.show_sign_in(
            sentence=self.tr("这台电脑还没有数据。插上备份盘，按 F10 从备份恢复；不恢复了，按 Esc 回到设置。")
        )
        self._program.recovering.ask_backup()

    def _come_back(self) -> None:
        """Esc on the sign-in page of a machine on which there is nothing yet."""
        if self._program.bench is None and is_untouched(self._setting.folder):
            self._program.window.show_guide(self.page)
            self.page.show_step(CENTRE)

    def _leave(self) -> None:
        self._program.show_people()
        self._program.window.show_sign_in()

    def _run(self, sentence: str, work: Callable[[], Any], done: Callable[[Any], object]) -> None:
        """Work off the screen thread; a refusal is said and the step stays."""
        self.page.show_busy(sentence)

        def answered(future: "Future[Any]") -> None:
            error = future.exception()
            if isinstance(error, Refusal):
                self.page.show_refusal(error)
            elif error is not None:
                raise error
            else:
                done(future.result())

        self._program.run_aside(work, answered)
