"""Sites and a centre under one seed: the schedule, the healing at the end, and the law."""

from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

from app.domain.journal import ChainBroken
from app.storage import feed, journal
from app.storage.feed import FeedBroken
from app.storage.receipts import hash_at, stream_states
from tests.clocks import ManualClock
from tests.simulator.centre import Centre
from tests.simulator.line import Line
from tests.simulator.machine import Disk, LawBroken, Machine, Rules
from tests.sync.local_journal import SITE

SITES = (1, 1, 2, 3)
ELSEWHERE = "3301990002"
"""A site that no machine may speak for until it is given to them."""
MOMENTS = (5, 18)
MOST_MACHINES = 5
HEALING_ROUNDS = 12
ENCODED_EVERY = 50
"""So many seeds pass for one whose messages go over the real wire; in the others they are handed over."""

ODD_EVERY = 3
"""So many seeds pass for one whose machines record doses of a site they may not speak for."""


@dataclass(frozen=True)
class Play:
    """The parts a mutant may replace."""

    rules: Rules = field(default_factory=Rules)
    centre: type[Centre] = Centre


class World:
    """One simulated stretch of weeks."""

    def __init__(self, seed: int, play: Play | None = None, sites: int = 0) -> None:
        """``sites``: so many, or as many as the seed says."""
        play = play or Play()
        self.seed = seed
        self._rules = play.rules
        self.random = Random(seed)
        trouble = self.random.choice((0.0, 0.1, 0.3, 0.6))
        self._cut_chance = self.random.choice((0.0, 0.0, 0.1, 0.3))
        self.centre = play.centre(
            ManualClock(),
            random=Random(self.random.getrandbits(64)),
            crash_chance=self.random.choice((0.0, 0.0, 0.1, 0.3)),
        )
        self.line = Line(self.centre, Random(self.random.getrandbits(64)), trouble)
        self._disks: list[Disk] = []
        self.machines = [self._new_site() for _ in range(sites or self.random.choice(SITES))]
        self.doses = 0
        self.promised: set[int] = set()
        """Doses a page called delivered when its disk died."""
        self.lost_with_the_centre: set[int] = set()
        """Doses that a restore of the centre threw away: only a site can bring them back."""
        self.filed_no_more: set[int] = set()
        """Doses that a restore of the centre left it the bytes of alone."""
        self._odd = Random(f"odd {seed}")
        self._odd_chance = 0.0 if seed % ODD_EVERY else self._odd.choice((0.1, 0.3))
        """Of a dose, to be recorded under a site the machine may not speak for."""
        self._gives_in_the_end = self._odd.random() < 0.5

    def run(self) -> None:
        """Let things happen, then let them heal; raises LawBroken."""
        for _ in range(self.random.randint(*MOMENTS)):
            (moment,) = self.random.choices(MOMENT_KINDS, MOMENT_WEIGHTS)
            moment(self, self.random.choice(self.machines))
            if self._odd.random() < self._odd_chance / 10:
                self.give_site()
        self.end()

    def end(self) -> None:
        """Let all heal and judge it; raises LawBroken."""
        if self._gives_in_the_end:
            self.give_site()
        self._heal()
        self._judge()
        for disk in self._disks:
            disk.wipe()

    def _new_site(self) -> Machine:
        device_id = f"{self.random.getrandbits(128):032x}"
        machine = self._machine(self._keep(Disk()), device_id)
        machine.install()
        machine.cut_chance = self._cut_chance
        return machine

    def _machine(self, disk: Disk, device_id: str) -> Machine:
        random = Random(self.random.getrandbits(64))
        letters = self.seed % ENCODED_EVERY != 0
        return Machine(disk, device_id, self.line, self._rules, random, letters=letters)

    def _keep(self, disk: Disk) -> Disk:
        self._disks.append(disk)
        return disk

    # What can happen.

    def record(self, machine: Machine) -> None:
        self.record_doses(machine, self.random.choice((1, 1, 2, 4, 9)))

    def record_doses(self, machine: Machine, count: int) -> None:
        for _ in range(count):
            self.doses += 1
            machine.record(self.doses, ELSEWHERE if self._odd.random() < self._odd_chance else SITE)
            machine.clock.go(60)

    def record_elsewhere(self, machine: Machine) -> None:
        """Record a dose of a site the machine may not speak for."""
        self.doses += 1
        machine.record(self.doses, ELSEWHERE)

    def give_site(self) -> None:
        """Let every machine speak for that site."""
        self.centre.give_site(ELSEWHERE)

    def sync(self, machine: Machine) -> None:
        machine.sync()

    def power_cut(self, machine: Machine) -> None:
        machine.start()

    def back_up(self, machine: Machine) -> None:
        machine.backup = machine.disk.image()

    def restore(self, machine: Machine) -> None:
        """The disk is gone: what was saved on it since the backup and never delivered is gone with it."""
        if machine.backup is not None:
            self.promised |= machine.delivered()
            machine.start(self._keep(machine.backup.disk()))

    def clone(self, machine: Machine) -> None:
        """The disk is copied and a second machine works on with the copy."""
        if len(self.machines) < MOST_MACHINES:
            twin = self._machine(self._keep(machine.disk.image().disk()), machine.device_id)
            twin.cut_chance = self._cut_chance
            self.machines.append(twin)

    def lose_what_went_up(self, machine: Machine) -> None:
        """The story that loses a dose in the classic design: back up, record, sync, restore, record."""
        self.back_up(machine)
        for moment in (self.record, self.sync, self.restore, self.record):
            moment(machine)

    def go_two_ways(self, machine: Machine) -> None:
        """The copy and its original both record, and both sync."""
        self.clone(machine)
        for either in (machine, self.machines[-1]):
            self.record(either)
            self.sync(either)

    def set_clock(self, machine: Machine) -> None:
        machine.clock.jump(timedelta(days=self.random.choice((-400, -1, 1, 400))))

    def arrive_late(self, machine: Machine) -> None:
        self.line.deliver_late()

    def back_centre_up(self, machine: Machine) -> None:
        self.centre.kept = self.centre.books()

    def restore_centre(self, machine: Machine) -> None:
        self.put_centre_back(declared=self.random.random() < 0.7)

    def put_centre_back(self, *, declared: bool) -> None:
        held = self.centre.doses()
        self.centre.restore(declared=declared)
        gone, unfiled = held.keys() - self.centre.doses().keys(), self.centre.unfiled()
        self.lost_with_the_centre |= gone - unfiled
        self.filed_no_more |= gone & unfiled

    # The end.

    def _heal(self) -> None:
        """The line is good, the power stays on; everybody syncs until all are at rest."""
        while self.line.late:
            self.line.deliver_late()
        self.be_calm()
        for _ in range(HEALING_ROUNDS):
            before = self.line.messages
            for machine in self.machines:
                machine.sync()
            one_message_each = self.line.messages - before == len(self.machines)
            if one_message_each and all(self._is_done(machine) for machine in self.machines):
                return
        raise LawBroken(f"not at rest: {[machine.engine.state for machine in self.machines]}")

    def be_calm(self) -> None:
        """Let nothing go wrong by itself from now on."""
        self.line.trouble = self.centre.crash_chance = self._cut_chance = 0.0
        for machine in self.machines:
            machine.cut_chance, machine.moments_left = 0.0, None

    def _is_done(self, machine: Machine) -> bool:
        told = sum(position.pos for position in feed.positions(machine.disk.database).values())
        return machine.at_rest() and told == len(self.centre.feed)

    def _judge(self) -> None:
        counted = self.centre.doses()
        saved = (self.promised - self.lost_with_the_centre).union(
            *(machine.disk.saved for machine in self.machines)
        )
        unfiled = self.centre.unfiled()
        if lost := saved - counted.keys() - unfiled:
            raise LawBroken(f"lost: {sorted(lost)}")
        if doubled := [dose for dose, times in counted.items() if times > 1]:
            raise LawBroken(f"doubled: {doubled}")
        for machine in self.machines:
            self._agree(machine)
            if told := machine.refused() ^ (machine.own() & unfiled):
                raise LawBroken(f"told otherwise than it is, of what is not filed: {sorted(told)}")
            if unheard := machine.unheard():
                raise LawBroken(f"wrong and not told: {sorted(unheard)}")
            known = machine.known()
            if untold := counted.keys() - known:
                raise LawBroken(f"not told elsewhere: {sorted(untold)}")
            if lost := known - counted.keys() - unfiled:
                raise LawBroken(f"known at a site and lost: {sorted(lost)}")

    def _agree(self, machine: Machine) -> None:
        """Site and centre hold the same bytes in every stream, and every event of the site is known there."""
        db = machine.disk.database
        try:
            journal.verify(db)
            feed.verify(db)
        except (ChainBroken, FeedBroken) as broken:
            raise LawBroken(str(broken)) from broken
        for state in stream_states(db):
            theirs = self.centre.hashes.get(state.stream.epoch, [])
            ours = hash_at(db, state.stream, state.last_seq)
            if state.last_seq and ours not in theirs[state.last_seq : state.last_seq + 1]:
                raise LawBroken(f"other bytes in {state.stream.epoch}")
        written = {event_id for (event_id,) in db.execute("select event_id from journal")}
        unfiled = {one.event_id for one in self.centre.unfit.values()}
        if unknown := written - self.centre.homes.keys() - unfiled:
            raise LawBroken(f"unknown at the centre: {sorted(unknown)}")


MOMENTS_BY_WEIGHT = {
    World.record: 22, World.sync: 24, World.power_cut: 2, World.back_up: 6, World.restore: 7, World.clone: 4,
    World.lose_what_went_up: 6, World.go_two_ways: 4, World.set_clock: 2, World.arrive_late: 5,
    World.back_centre_up: 6, World.restore_centre: 6,
}  # fmt: skip
MOMENT_KINDS, MOMENT_WEIGHTS = list(MOMENTS_BY_WEIGHT), list(MOMENTS_BY_WEIGHT.values())
