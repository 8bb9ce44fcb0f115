"""A day at a site in a process of its own: visit, papers, bug, backup, drill, key change, sync that fails."""

import sys
import threading
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from app.domain.screening import QUESTION_IDS, Answer, Decision
from app.practice.people import residents
from app.storage.drill import drill
from app.storage.rekeying import change_key
from app.storage.site import get_site
from app.sync.state import Offline
from app.ui.bench import Bench
from app.ui.centre_link import CentreLink
from app.ui.faults import tell_of_bugs_without_people
from app.ui.screening.draft import new_draft
from app.ui.start import make_application
from app.workflows import registration
from app.workflows.site_setup import configure_site
from tests.factories import DOCTOR, MANAGER, NURSE
from tests.journeys.hand import Hand
from tests.quick_passwords import stretched_a_little
from tests.storage.kept_site import KeptSite
from tests.sync.paper_line import PaperLine
from tests.sync.picky_centre import PickyCentre

QUEUE = "A5"


def main(root: Path) -> None:
    """Do all of it, say ``working``, and close when a line comes in."""
    tell_of_bugs_without_people()
    make_application()
    site = KeptSite(root / "data", people=30)
    site.as_user(MANAGER)
    site.desk.do(configure_site, replace(get_site(site.desk.read()), practice=False))
    bench = Bench(site.desk)
    hand = Hand(None)  # type: ignore[arg-type]
    site.as_user(NURSE)
    patient = site.desk.do(registration.register_patient, residents(60, site.desk.today(), seed=9)[50])
    dose = site.vaccinated(patient)
    papers: list[str] = []
    refused: list[object] = []
    bench.refused.connect(refused.append)
    bench.delivered.connect(papers.append)
    visit = site.registered(site.patient(index=3))
    bench.paper.print_ticket(visit)
    bench.paper.print_observation_slip(dose["encounter_id"])
    site.as_user(DOCTOR)
    draft = new_draft(site.patient(index=3), site.desk.today())
    for question_id in QUESTION_IDS:
        draft.give(question_id, Answer.NO)
    draft.decision, draft.product_code = Decision.PROCEED, "FLU4-1"
    bench.paper.print_screening(visit, draft.to_form())
    hand.wait_until(lambda: len(papers) == 2 and len(refused) == 1, "there is no printer")
    bench.printing.use(QUEUE)  # now there is one, of a print service that is away
    bench.paper.print_ticket(visit)
    bench.paper.print_observation_slip(dose["encounter_id"])
    bench.paper.print_screening(visit, draft.to_form())
    hand.wait_until(lambda: len(papers) == 5, "three papers are on their way")

    def bug() -> None:
        raise KeyError(f"{patient}")

    try:
        bug()
    except KeyError:
        sys.excepthook(*sys.exc_info())
    thread = threading.Thread(target=bug)
    thread.start()
    thread.join()

    line = PaperLine(PickyCentre(site.clock))
    line.down = True
    link = CentreLink(bench, "paper", line)
    stop = link.start()
    link.sync_now()
    hand.wait_until(lambda: isinstance(link.state, Offline), "the sync has failed")

    backup = site.back_up(root / "disk")
    drill(backup.folder, site.store.key, root / "data" / "drill")
    change_key(site.store, site.random, use_keyring=False)
    site.vaccinated(site.patient(index=4), vial=1)
    QCoreApplication.processEvents()
    print("working", flush=True)
    sys.stdin.readline()
    stop()
    bench.close()
    site.close()


if __name__ == "__main__":
    with stretched_a_little():
        main(Path(sys.argv[1]))
