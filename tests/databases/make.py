"""Leaves the database of a release, which is never remade: ``python -m tests.databases.make 0.1.0``."""

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from random import Random

from app.domain.observation import Look
from app.practice import site as practice
from app.storage.keys import SlotOwner
from app.storage.opening import create_store
from app.workflows import certificates, immunization, needle, observation, stock
from app.workflows.desk import Desk
from tests.factories import MANAGER, NURSE, SmallSite

FOLDER = Path(__file__).parent
PASSWORD = "lianxi-2026"


@dataclass
class ReleasedSite(SmallSite):
    """A small practice site, made the way a real one is: with a key file and a machine's secret."""

    people: int = 20

    def __post_init__(self) -> None:
        self.random = Random(11).randbytes
        owners = [SlotOwner(member.staff_id, member.name, member.title) for member in practice.STAFF]
        self.store = create_store(self.folder, owners, PASSWORD, self.random, use_keyring=False)
        self.desk = Desk(self.store, self.clock, self.random, "接种台 1")
        self.stock = practice.fill(self.desk, self.people)
        self.as_user(NURSE)


def make(folder: Path) -> None:
    """Fill a folder with a site that has been at work: something of every kind of record."""
    shutil.rmtree(folder, ignore_errors=True)
    site = ReleasedSite(folder)
    first = site.vaccinated()
    facts = site.desk.do(certificates.prepare_certificate, first["patient_id"])
    site.desk.do(certificates.issue_and_print, first["patient_id"], facts, "HC1:TEST", "key-1", "pdf")
    site.clock.go(minutes=31)
    site.desk.do(observation.release, first["encounter_id"], tuple(Look))
    second = site.vaccinated(site.patient(index=1), "IPV-5")
    site.desk.do(observation.raise_alarm, second["encounter_id"], "皮疹")
    third = site.vaccinated(site.patient(index=2), "IPV-5")
    site.as_user(MANAGER)
    site.desk.do(immunization.void_immunization, third["immunization_id"], "录入错误", site.beside())
    site.as_user(NURSE)
    site.desk.do(stock.quarantine_pack, site.vials("RAB-1")[0], "破损")
    site.desk.do(needle.return_visit, third["encounter_id"], "doctor", "发热")
    site.at_needle(site.patient(index=3))
    site.close()


if __name__ == "__main__":
    make(FOLDER / sys.argv[1])
