"""The centre in memory that the simulator trusts answers as the real one on PostgreSQL does (SYN-1)."""

from dataclasses import dataclass, field
from datetime import datetime

import pytest

from app.sync import wire
from server.database import Database
from server.feed import put_into_area
from server.ingest import Job, ingest
from tests.server.desk import admit_device, peer_of
from tests.simulator.centre import Centre
from tests.simulator.world import ELSEWHERE, Play, World
from tests.sync.local_journal import SITE


@dataclass
class Minutes(Centre):
    """A centre that is never restored and writes down what it was asked and what it said."""

    said: list[tuple[wire.Request, datetime, wire.Answer]] = field(default_factory=list)
    given: list[int] = field(default_factory=list)
    """So many requests were taken when the other site was given to every device."""

    def take(self, request: wire.Request) -> wire.Answer:
        answer = super().take(request)
        self.said.append((request, self.clock.now(), answer))
        self.clock.go(1)
        return answer

    def give_site(self, site: str) -> None:
        super().give_site(site)
        self.given.append(len(self.said))

    def restore(self, *, declared: bool) -> None:
        pass


@pytest.mark.parametrize("seed", [13, 15, 42, 57])
def test_both_give_the_same_answer_to_everything_a_simulation_asks(database: Database, seed: int) -> None:
    world = World(seed, Play(centre=Minutes))
    world.run()
    centre = world.centre
    assert isinstance(centre, Minutes)
    devices = sorted({machine.device_id for machine in world.machines})
    for device_id in devices:
        admit_device(database, device_id)
    put_into_area(database, ELSEWHERE, SITE)
    results = set()
    for count, (request, now, said) in enumerate(centre.said):
        if count in centre.given:
            for device_id in devices:
                admit_device(database, device_id, ELSEWHERE)
        job = Job(peer_of(request.hello.device_id), wire.encode_request(request))
        (answer,) = ingest(database, centre.incarnation, [job], now)
        assert answer == said
        results.add(type(said.push))
    assert results >= {wire.Ack, wire.Fork, type(None)}
    claimed = {str(row[0]) for row in database.execute("select event_id from event_home")}
    assert claimed == centre.homes.keys()
