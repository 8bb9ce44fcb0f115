"""The power goes off after the first of two doses: ``python -m tests.ui.vaccination.killed_between DIR``."""

import os
import signal
import sys
from pathlib import Path

from app.ui.bench import Bench
from app.ui.kit.theme import dress_window
from app.ui.shell import Shell
from app.ui.start import make_application
from app.ui.vaccination.page import VaccinationPage
from tests.journeys.hand import Hand
from tests.workflows.copied_site import CopiedSite


def main() -> None:
    """Give the first of two doses through the window, and die as soon as it is on the disk."""
    application = make_application()
    site = CopiedSite(Path(sys.argv[1]))
    site.open_day()
    encounter = site.ready(None, "HEPB-10", "FLU4-1")
    bench = Bench(site.desk)
    shell = Shell(bench, [VaccinationPage])
    dress_window(shell)
    hand = Hand(shell)
    hand.take_window()
    shell.start()
    page = shell.current
    assert isinstance(page, VaccinationPage)

    def step(done: str, act: "object", *args: str) -> None:
        assert callable(act)
        act(*args)
        seen: list[None] = []
        bench.submit(bench, seen.append, lambda _: None)
        hand.wait_until(lambda: bool(seen), done)

    step("the person is called", shell.take_scan, f"VXT1:{encounter.ticket_token}")
    step("the vial is matched", shell.take_scan, site.vials("HEPB-10")[0])
    for key in ("1", "2", "3", "4", "Enter"):
        step(key, hand.press, key)
    assert page.needle.view is not None, "the second waits"
    assert application is not None
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main()
