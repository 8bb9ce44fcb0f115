"""A site, a bad link, a centre and its database, each a process, and everything that can befall them."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

import psutil  # type: ignore[import-untyped]
import psycopg

from app.domain.journal import Event
from app.storage import journal
from app.sync.state import Idle
from app.sync.store_identity import enrol_store
from server.postgres import EmbeddedPostgres
from tests.server.centre_process import GLANCE_S, CentreProcess
from tests.server.made_cluster import copy_cluster
from tests.server.proxy import Proxy
from tests.server.site_in_a_storm import engine_of, line_of, open_site
from tests.sync.local_journal import SITE
from tests.workflows.copied_site import CopiedSite

NAME = "storm"


class Storm:
    """Runs until its time is over; what the site said before it was killed has to be at the centre."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.random = Random(seed)
        self.seed = seed
        self.acknowledged: list[str] = []
        self.blows: list[str] = []
        self._own: list[Event] = []
        self._folder = folder / "site"
        self._cluster = EmbeddedPostgres(copy_cluster(folder / "cluster"))
        with psycopg.connect(self._cluster.start(), autocommit=True) as connection:
            connection.execute(f"create database {NAME}".encode())
        self.centre = CentreProcess(self._dsn(), folder / "log").start()
        self._proxy = Proxy(self.centre.port)
        self._runs = 0
        site = self._open_site()
        enrol_store(site.store, self.centre.url, self.centre.issue_code(SITE), site.clock)
        site.close()
        self._start_site()

    def rage(self, seconds: float) -> None:
        """Let one thing after the other happen."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            (blow,) = self.random.choices(BLOWS, WEIGHTS)
            self.strike(blow)

    def strike(self, blow: Callable[["Storm"], None]) -> None:
        """Let one thing happen, then some time pass."""
        self.blows.append(blow.__name__)
        blow(self)
        threading.Event().wait(self.random.uniform(0.1, 1.5))

    def calm_down(self) -> None:
        """End the site, mend the link, and let the site sync once more to its end."""
        self._kill_site()
        self._proxy.heal()
        site = self._open_site()
        line = line_of(site, self._proxy.url)
        engine = engine_of(site, line)
        engine.wake(forced=True)
        while engine.step() == 0:
            pass
        assert isinstance(engine.state, Idle), engine.state
        line.close()
        db = site.desk.read()
        journal.verify(db)
        self._own = list(journal.events(db))
        site.close()

    def judge(self) -> None:
        """Every acknowledged dose is at the centre once, and so is every event of the site."""
        own = self._own
        with self.centre.database() as centre:
            doses = [str(row[0]) for row in centre.execute("select immunization_id from immunization")]
            held = [str(row[0]) for row in centre.execute("select event_id from journal")]
        assert not set(self.acknowledged) - set(doses), "an acknowledged dose is lost"
        assert len(doses) == len(set(doses)), "a dose is there twice"
        given = {event.body["immunization_id"] for event in own if event.kind == "immunization.recorded"}
        assert set(doses) == given, "site and centre do not agree"
        assert sorted(held) == sorted(event.id for event in own), "an event is lost or doubled"

    def database_log(self) -> str:
        """Return what PostgreSQL wrote of its life."""
        return self._cluster.log.read_text()

    def close(self) -> None:
        """End everything."""
        if self._site.poll() is None:
            self._kill_site()
        self._proxy.close()
        self.centre.stop()
        self._cluster.stop()

    # What befalls them.

    def kill_site(self) -> None:
        self._kill_site()
        self._start_site()

    def kill_centre(self) -> None:
        self.centre.kill()
        self._start_centre()

    def kill_a_connection_of_the_database(self) -> None:
        """PostgreSQL then throws out everybody and recovers from its log, on the same port."""
        children = psutil.Process(self._cluster.pid).children()
        backends = [child for child in children if f" {NAME} " in " ".join(child.cmdline())]
        if backends:
            os.kill(self.random.choice(backends).pid, signal.SIGKILL)

    def kill_database(self) -> None:
        """All of it at once, as with the machine; it comes back on another port, so the centre does too."""
        family = [psutil.Process(self._cluster.pid), *psutil.Process(self._cluster.pid).children()]
        for process in family:
            process.kill()
        psutil.wait_procs(family[1:], 30)
        self._cluster.stop()
        self.centre.kill()
        self._cluster.start()
        self.centre.dsn = self._dsn()
        self._start_centre()

    def cut_link(self) -> None:
        self._proxy.cut(self.random.choice(("up", "down")), self.random.randrange(6000))

    def slow_link(self) -> None:
        self._proxy.delay(self.random.uniform(0.02, 0.5))

    def stall_link(self) -> None:
        self._proxy.stall()

    def mend_link(self) -> None:
        self._proxy.heal()

    def _start_centre(self) -> None:
        """As whoever looks after it does: once the database answers."""
        while not self._database_answers():
            threading.Event().wait(GLANCE_S)
        self.centre.start()

    def _database_answers(self) -> bool:
        try:
            psycopg.connect(self.centre.dsn).close()
        except psycopg.OperationalError:
            return False
        return True

    def _dsn(self) -> str:
        return self._cluster.dsn.removesuffix("/postgres") + f"/{NAME}"

    def _open_site(self) -> CopiedSite:
        return open_site(self._folder, self._new_seed())

    def _new_seed(self) -> int:
        """Return a seed for each opening: from the same one would come the same ids."""
        self._runs += 1
        return self.seed * 1000 + self._runs

    def _start_site(self) -> None:
        self._site = subprocess.Popen(
            [
                *(sys.executable, "-m", "tests.server.site_in_a_storm", str(self._folder)),
                *(self._proxy.url, str(self._new_seed())),
            ],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._site.stdout is not None
        assert self._site.stdout.readline() == "ready\n", "the site begins its work"

    def _kill_site(self) -> None:
        assert self._site.poll() is None, "the site ends by a blow alone"
        self._site.kill()
        assert self._site.stdout is not None
        self.acknowledged += self._site.stdout.read().split()
        self._site.stdout.close()
        self._site.wait()


BLOWS_BY_WEIGHT: dict[Callable[[Storm], None], int] = {
    Storm.cut_link: 4, Storm.slow_link: 3, Storm.stall_link: 2, Storm.mend_link: 7, Storm.kill_site: 2,
    Storm.kill_centre: 2, Storm.kill_a_connection_of_the_database: 2, Storm.kill_database: 1,
}  # fmt: skip
SQUALL = (
    Storm.slow_link, Storm.kill_site, Storm.mend_link, Storm.cut_link, Storm.mend_link, Storm.kill_centre,
    Storm.kill_a_connection_of_the_database, Storm.stall_link, Storm.mend_link, Storm.kill_database,
    Storm.mend_link, Storm.cut_link,
)  # fmt: skip
"""All that can befall them, once and in an order in which something is under way each time."""
BLOWS, WEIGHTS = list(BLOWS_BY_WEIGHT), list(BLOWS_BY_WEIGHT.values())
