"""A visit until the power goes off: ``python -m tests.journeys.interrupted_visit FOLDER STEP KEYS``."""

import sys
from pathlib import Path

from app.ui.start import make_application
from tests.journeys.scripted_visit import MANAGER, Walk
from tests.quick_passwords import stretched_a_little


def main() -> None:
    """Walk; in the step named, die of SIGKILL right after so many keys and scans."""
    folder, step, inputs = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    application = make_application()
    walk = Walk(folder, residents=30, pictured=False)

    def before(beginning: str) -> None:
        print(beginning, flush=True)
        if beginning == step:
            walk.hand.cut_at = walk.hand.keys + walk.hand.scans + inputs

    walk.sign_in(MANAGER)
    walk.go_on(before)
    application.processEvents()


if __name__ == "__main__":
    with stretched_a_little():
        main()
