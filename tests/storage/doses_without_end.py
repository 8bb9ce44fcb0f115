"""A program to be killed: records doses at a copied site and says each one aloud once it is committed."""

import os
import signal
import sys
from pathlib import Path

from app.practice.people import residents
from app.workflows import registration
from tests.factories import NURSE
from tests.workflows.copied_site import CopiedSite
from tests.workflows.next_session import begin_next_session


def main(folder: Path, seed: int) -> None:
    """Vaccinate one new person after the other until killed; a line is an acknowledged dose.

    On a quick machine the fridge is empty before: then say nothing more and wait for the end.
    """
    site = CopiedSite(folder, seed=seed)
    begin_next_session(site, f"第 {seed} 场")
    (given,) = site.desk.read().execute("select count(*) from immunization").fetchone()
    left = len(site.vials("RAB-1")) - given
    print("ready", flush=True)
    for person in residents(left, site.desk.today(), seed=seed):
        site.as_user(NURSE)
        patient = site.desk.do(registration.register_patient, person)
        site.desk.name = f"接种台 {given}"
        record = site.vaccinated(patient, "RAB-1", vial=given)
        print(record["immunization_id"], flush=True)
        given += 1
    os.close(sys.stdout.fileno())
    signal.pause()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
