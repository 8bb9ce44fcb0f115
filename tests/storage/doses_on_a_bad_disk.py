"""A program on a disk that fails: records doses, says each one aloud, and goes on after a refusal.

``person`` stands for one registered, ``dose`` for one dose committed, ``refused`` for an act that was not.
"""

import sys
from pathlib import Path

from app.practice.people import residents
from app.storage.reserve import Reserve
from app.storage.store import StoreFull, StoreUnwritable
from app.workflows import registration
from tests.factories import NURSE
from tests.workflows.copied_site import CopiedSite


def main(folder: Path, seed: int, doses: int) -> None:
    """Vaccinate so many new persons; what the disk did not take is done again with the next one."""
    reserve = Reserve(folder / "reserve", 1 << 16)
    reserve.fill()
    try:
        site = CopiedSite(folder, seed=seed, reserve=reserve)
    except StoreUnwritable as refusal:
        print("refused", type(refusal).__name__, flush=True)
        return
    site.store.on_short_of_room(lambda refusal: print(type(refusal).__name__, flush=True))
    print("ready", flush=True)
    given = 0
    for number, person in enumerate(residents(60, site.desk.today(), seed=seed)):
        if given == doses:
            break
        try:
            site.as_user(NURSE)
            patient = site.desk.do(registration.register_patient, person)
            print("person", patient.patient_id, flush=True)
            site.desk.name = f"接种台 {number}"
            print("dose", site.vaccinated(patient, "RAB-1", vial=number)["immunization_id"], flush=True)
            given += 1
        except (StoreFull, StoreUnwritable) as refusal:
            print("refused", type(refusal).__name__, flush=True)
    site.close()
    print("closed", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
