"""Every face of the sync page, for the tests of its looks and for the pictures."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from app.domain.identity import DocumentType
from app.domain.relay import RelayRole, RelaySetting
from app.practice.people import residents
from app.storage import patients
from app.storage.relay import put_relay
from app.sync.lead_line import LeadUnreachable
from app.sync.state import Idle, Offline, Refused, Working
from app.ui.kit.tokens import Tone
from app.ui.texts import sentence_of
from app.workflows import registration
from tests.clocks import ManualClock
from tests.factories import MANAGER
from tests.storage.other_site import OtherSite, hear
from tests.ui.sync.rig import LONGEST_NAME, SyncRig

BATCH_S = 60.0
"""So slow an exchange that the next batches are small."""


def no_centre(rig: SyncRig) -> None:
    rig.vaccinate(rig.crowd)


def delivered(rig: SyncRig) -> None:
    rig.vaccinate(2 * rig.crowd)
    rig.connect()
    rig.sync(Idle)
    rig.until(lambda: not rig.rows(), "everything is receipted")


def offline(rig: SyncRig) -> None:
    delivered(rig)
    rig.line.down = True
    rig.vaccinate(3 * rig.crowd)
    rig.sync(Offline)


def working(rig: SyncRig) -> None:
    rig.vaccinate(rig.crowd)
    rig.centre.seconds_per_exchange = BATCH_S
    rig.line.passes = 2
    rig.connect()
    rig.until(
        lambda: isinstance(rig.link.state, Working) and rig.link.remaining.seconds() is not None,
        "two batches are up",
    )


def stopping(rig: SyncRig) -> None:
    working(rig)
    rig.press("F9")


def paused(rig: SyncRig) -> None:
    stopping(rig)
    rig.line.let_go()
    rig.until(rig.paused, "uploading stands still")


def refused(rig: SyncRig) -> None:
    delivered(rig)
    rig.centre.dislikes["immunization.recorded"] = ("SiteOutOfScope", "site")
    rig.vaccinate(2)
    rig.sync(Refused)


def unfiled(rig: SyncRig) -> None:
    """The centre keeps two doses and cannot file them; all else is delivered."""
    delivered(rig)
    rig.centre.unfit_kinds["immunization.recorded"] = ("SiteOutOfScope", "site")
    rig.vaccinate(2)
    rig.sync(Idle)
    rig.until(lambda: len(rig.rows()) == 2, "only the doses are left")
    rig.hours_pass(24.5)


def doubted(rig: SyncRig) -> None:
    delivered(rig)
    rig.doubt("immunization.recorded", ("lot_number", "malformed"))
    rig.doubt("patient.registered", ("birth_on", "malformed"), ("document_number", "missing"))


def doubted_and_refused(rig: SyncRig) -> None:
    doubted(rig)
    rig.centre.dislikes["immunization.recorded"] = ("SiteOutOfScope", "site")
    rig.vaccinate(2)
    rig.give_longest_names()
    rig.sync(Refused)
    rig.press("F11")


def overdue(rig: SyncRig) -> None:
    delivered(rig)
    rig.line.down = True
    rig.vaccinate(3)
    rig.hours_pass(3)
    rig.vaccinate(2)
    rig.hours_pass(21)
    rig.vaccinate(2)
    rig.sync(Offline)


def refused_and_overdue(rig: SyncRig) -> None:
    refused(rig)
    rig.vaccinate(rig.crowd)
    rig.give_longest_names()
    rig.hours_pass(24.5)
    rig.sync(Refused)


def two_corrections(rig: SyncRig) -> None:
    """Two sites corrected the name of one person, each with the longest there is."""
    delivered(rig)
    there = OtherSite(rig.site.folder / "there")
    patient_id = there.newcomer()
    hear(rig.site, there.told())
    for site, name in ((rig.site, LONGEST_NAME), (there.site, LONGEST_NAME[::-1])):
        patient = replace(
            patients.get_patient(site.desk.read(), patient_id), name=name, address="云溪镇" * 20
        )
        site.desk.do(registration.amend_patient, patient, reason="写错了")
        there.site.clock.go(minutes=5)
    hear(rig.site, there.told()[1:])
    there.site.close()
    rig.page.refresh(frozenset())
    rig.settle()


def asked_about_a_field(rig: SyncRig) -> None:
    two_corrections(rig)
    rig.site.as_user(MANAGER)
    rig.press("1")


def two_records(rig: SyncRig) -> None:
    """A child with a citizen number here and a birth certificate elsewhere, after ``two_corrections``."""
    two_corrections(rig)
    there = OtherSite(rig.site.folder / "there again", seed=44)
    child = residents(3, rig.site.desk.today(), seed=98)[-1]
    rig.site.desk.do(registration.register_patient, child)
    newborn = replace(child, document_type=DocumentType.BIRTH_CERTIFICATE, document_number="T330100123")
    there.site.desk.do(registration.register_patient, newborn)
    hear(rig.site, there.told())
    there.site.close()
    rig.page.refresh(frozenset())
    rig.settle()


def asked_about_two_records(rig: SyncRig) -> None:
    two_records(rig)
    rig.site.as_user(MANAGER)
    rig.press("1", "1")


def stick(rig: SyncRig) -> None:
    """Two sticks are plugged in and none is picked."""
    delivered(rig)
    places = [Path("/run/media/zhoumin/云溪镇卫生院预防接种门诊资料交换专用优盘"), Path("E:/")]
    rig.page.carrying.sticks = lambda: places
    rig.press("2", "F9")


def clock_apart(rig: SyncRig) -> None:
    """The clock is wrong by as much as takes most room, and others have waited long."""
    rig.centre.clock = ManualClock(rig.site.clock.now() - timedelta(days=363, hours=23, minutes=50))
    delivered(rig)


def lead(rig: SyncRig) -> None:
    """This machine is the lead PC, with as many addresses as are told, and no longer hears."""
    delivered(rig)
    rig.site.store.write(lambda work: put_relay(work.db, RelaySetting(RelayRole.LEAD)))
    rig.page.leading.addresses = lambda: ["192.168.100.120", "192.168.101.121", "192.168.102.122"]
    rig.press("3")


def lead_refused(rig: SyncRig) -> None:
    """The address of the lead PC is none, and what answers elsewhere is a stranger."""
    delivered(rig)
    rig.press("3", "2")
    sheet = rig.page.leading.sheet
    assert sheet is not None
    sheet.show_outcome(str(sentence_of(LeadUnreachable("stranger"))), Tone.WARNING)
    rig.hand.type("https://yufangjiezhongmenzhen-zhuji.yunxizhen-weishengyuan.example:84460")
    rig.press("F9")


Face = Callable[[SyncRig], None]
FACES: list[Face] = [
    no_centre, delivered, offline, refused, unfiled, doubted, doubted_and_refused, overdue,
    refused_and_overdue, asked_about_a_field, asked_about_two_records, stick, lead, lead_refused, clock_apart,
]  # fmt: skip
SEVERAL_BATCHES: list[Face] = [working, stopping, paused]
"""Those of a site with more to upload than one batch."""
