"""Builds what a signed-in person works with: the stations, the scanner, the link to the centre."""

from functools import partial

from PySide6.QtGui import QGuiApplication

from app.devices.wedge import WedgeRouter
from app.domain.refusals import Refusal
from app.sync.http import HttpTransport
from app.sync.identity import Identity
from app.sync.renewal import RenewingTransport
from app.sync.store_identity import find_centre, put_identity
from app.ui.audit.page import AuditPage
from app.ui.backup.keeper import Keeper
from app.ui.backup.page import BackupPage
from app.ui.centre_link import CentreLink
from app.ui.certificate.page import CertificatePage
from app.ui.kit.shortcuts import bind_key
from app.ui.observation.page import ObservationPage
from app.ui.opening.page import OpeningPage
from app.ui.program import Program
from app.ui.registration.page import RegistrationPage
from app.ui.relaying import Relay
from app.ui.screening.page import ScreeningPage
from app.ui.shell import Shell
from app.ui.staff.page import StaffPage
from app.ui.stock.page import StockPage
from app.ui.sync.page import SyncPage
from app.ui.vaccination.page import VaccinationPage

STATIONS = (
    RegistrationPage, ScreeningPage, VaccinationPage, ObservationPage, CertificatePage, OpeningPage,
    StockPage, SyncPage, StaffPage, AuditPage, BackupPage,
)  # fmt: skip


def build_shell(program: Program) -> Shell:
    """Return the shell, its scanner listening."""
    assert program.bench is not None, "the store is open"
    shell = Shell(program.bench, STATIONS)
    application = QGuiApplication.instance()
    assert isinstance(application, QGuiApplication)
    router = WedgeRouter(shell)
    router.watch_all(application)
    router.scanned.connect(program.take_scan)
    router.rejected.connect(program.take_broken_scan)
    program.services += [shell.close_devices, router.stop]
    return shell


def build_site_shell(program: Program) -> Shell:
    """Return the shell of a real site; it begins to sync if the device is enrolled."""
    shell = build_shell(program)
    keeper = Keeper(shell.bench)
    shell.keep(keeper)
    program.services.append(keeper.close)
    centre = find_centre(shell.bench.desk.store)
    if centre is not None:
        link_centre(program, shell, centre.url, centre.identity, centre.proxy)
    return shell


def build_practice_shell(program: Program) -> Shell:
    """Return the shell of the practice site; its centre starts behind it, its sheets are signed."""
    from concurrent.futures import Future

    from app.practice.centre import CentreAccess, start_centre
    from app.ui.certificate.workstation import enrol_for_practice

    shell = build_shell(program)
    assert program.bench is not None, "the store is open"
    desk = program.bench.desk
    enrol_for_practice(desk)

    def started(future: "Future[CentreAccess]") -> None:
        error = future.exception()
        if isinstance(error, Refusal):
            shell.bench.refuse(error)
            return
        access = future.result()
        link_centre(program, shell, access.url, access.identity)

    offer_exercises(program, shell)
    program.start_service(
        lambda: start_centre(program.setting.folder / "centre", desk), started, lambda access: access.stop()
    )
    return shell


def offer_exercises(program: Program, shell: Shell) -> None:
    """Let Ctrl+J lay a wrong dose to be corrected; at the practice site alone."""
    from app.ui.exercise.walk import CorrectionWalk

    banner = program.window.practice_banner
    assert banner is not None, "it stands over every page of the practice site"
    walks: list[CorrectionWalk] = []

    def ask() -> None:
        """Begin with the first press, which builds the page as well."""
        if not walks:
            page = shell.stations["certificate"]
            assert isinstance(page, CertificatePage)
            walks.append(CorrectionWalk(shell.bench, page, shell.pages, banner.show_sentence))
        walks[0].ask()

    bind_key(shell, "Ctrl+J", ask, whole_window=True)


def link_centre(
    program: Program, shell: Shell, url: str, identity: Identity, proxy: str | None = None
) -> CentreLink:
    """Begin to sync and show it in the shell; raises as ``app.sync.http.check_address``."""
    desk = shell.bench.desk
    line = HttpTransport(url, identity, desk.clock, proxy=proxy)
    transport = RenewingTransport(line, identity, desk.clock, partial(put_identity, desk.store))
    link = CentreLink(shell.bench, url, transport)
    shell.bench.ticked.connect(link.sealing.look)
    shell.bench.open_line = lambda: HttpTransport(url, identity, desk.clock, proxy=proxy)
    shell.follow(link)
    program.services.append(link.start())
    link.relay = Relay(shell.bench, link, identity)
    link.relay.start()
    program.services.append(link.relay.stop)
    return link
