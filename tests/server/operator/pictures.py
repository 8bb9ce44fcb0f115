"""Grabs the operator's pages into docs/screenshots/centre: ``python -m tests.server.operator.pictures``."""

from pathlib import Path
from tempfile import TemporaryDirectory

from server.database import open_database
from server.metrics import Gauges
from server.migrate import migrate
from server.operator.beside import running_beside
from server.operator.web import OPEN, PAGES, make_desk
from server.postgres import EmbeddedPostgres
from tests.clocks import ManualClock
from tests.server.desk import AUTHORITY
from tests.server.operator.chromium import Chromium
from tests.server.operator.full_centre import fill
from tests.server.operator.test_in_chromium import Desk
from tests.server.operator.visitor import put_operator

FOLDER = Path(__file__).parents[3] / "docs" / "screenshots" / "centre"


def main() -> None:
    """Grab the door, then every page behind it."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder:
        cluster, clock = EmbeddedPostgres(Path(folder) / "cluster"), ManualClock()
        dsn = cluster.start()
        try:
            with open_database(dsn) as database, Chromium() as chromium:
                migrate(database, clock.now(), lambda length: bytes(length))
                fill(database, clock)
                put_operator(database)
                with running_beside(
                    make_desk(dsn, clock.now, Gauges(), AUTHORITY), "127.0.0.1", 0
                ) as address:
                    _grab(Desk(chromium, database, address))
        finally:
            cluster.stop()


def _grab(desk: Desk) -> None:
    desk.open("/sign-in")
    desk.chromium.grab(FOLDER / "sign-in.png")
    desk.sign_in()
    for path in PAGES.keys() - OPEN:
        desk.open(path)
        desk.chromium.grab(FOLDER / f"{path.strip('/') or 'sites'}.png")


if __name__ == "__main__":
    main()
