"""The protocol under schedules that Hypothesis makes up and shortens (SYN-1, SYN-5).

Its rules are coarse, "the link drops after k messages": of rules as fine as one message nothing was found.
"""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests.simulator.machine import LawBroken, Machine
from tests.simulator.mutants import MUTANTS
from tests.simulator.world import MOST_MACHINES, Play, World


@dataclass(frozen=True)
class Drop:
    """The link drops after so many messages, and so it goes with the one in hand."""

    after: int
    how: str


QUICK = 2
"""A seed with which Hypothesis soon comes upon what breaks each mutant."""
MACHINES = st.integers(0, MOST_MACHINES - 1)
DROPS = st.none() | st.builds(Drop, st.integers(0, 3), st.sampled_from(["lost", "late", "answer lost"]))
CUTS = st.none() | st.integers(0, 6)


class Weeks(RuleBasedStateMachine):
    """Sites and a centre; every rule is one thing that people or the weather do."""

    play = Play()

    @initialize(sites=st.integers(1, 3))
    def begin(self, sites: int) -> None:
        self.world = World(1, self.play, sites)
        self.world.be_calm()

    def machine(self, number: int) -> Machine:
        return self.world.machines[number % len(self.world.machines)]

    @rule(number=MACHINES, doses=st.integers(1, 5))
    def record(self, number: int, doses: int) -> None:
        self.world.record_doses(self.machine(number), doses)

    @rule(number=MACHINES)
    def record_elsewhere(self, number: int) -> None:
        self.world.record_elsewhere(self.machine(number))

    @rule()
    def give_site(self) -> None:
        self.world.give_site()

    @rule(number=MACHINES, drop=DROPS, cut=CUTS)
    def sync(self, number: int, drop: Drop | None, cut: int | None) -> None:
        """The power goes, if it does, at so many moments around commits."""
        machine, line = self.machine(number), self.world.line
        machine.moments_left = cut
        if drop is not None:
            line.left, line.dropping = drop.after, drop.how
        machine.sync()
        line.left = machine.moments_left = None

    @rule(number=MACHINES)
    def back_up(self, number: int) -> None:
        self.world.back_up(self.machine(number))

    @rule(number=MACHINES)
    def restore(self, number: int) -> None:
        self.world.restore(self.machine(number))

    @rule(number=MACHINES)
    def clone(self, number: int) -> None:
        self.world.clone(self.machine(number))

    @rule(number=MACHINES)
    def go_two_ways(self, number: int) -> None:
        self.world.go_two_ways(self.machine(number))

    @rule(number=MACHINES, days=st.sampled_from([-400, -1, 1, 400]))
    def set_clock(self, number: int, days: int) -> None:
        self.machine(number).clock.jump(timedelta(days=days))

    @rule()
    def let_the_late_arrive(self) -> None:
        self.world.line.deliver_late()

    @rule()
    def back_centre_up(self) -> None:
        self.world.back_centre_up(self.machine(0))

    @rule(declared=st.booleans())
    def put_centre_back(self, declared: bool) -> None:
        self.world.put_centre_back(declared=declared)

    @invariant()
    def no_dose_counts_twice(self) -> None:
        if doubled := [dose for dose, times in self.world.centre.doses().items() if times > 1]:
            raise LawBroken(f"doubled: {doubled}")

    @invariant()
    def what_is_called_delivered_is_at_the_centre_or_went_with_it(self) -> None:
        told = set[int]().union(*(machine.delivered() for machine in self.world.machines))
        gone = self.world.lost_with_the_centre | self.world.filed_no_more
        if lost := told - self.world.centre.doses().keys() - gone:
            raise LawBroken(f"lost: {sorted(lost)}")

    def teardown(self) -> None:
        self.world.end()


def some(examples: int) -> settings:
    return settings(
        max_examples=examples, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
    )


def test_whatever_happens_in_whatever_order_no_dose_is_lost_or_doubled() -> None:
    run_state_machine_as_test(Weeks, settings=some(settings().max_examples))


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_thousands_of_orders_lose_no_dose() -> None:
    run_state_machine_as_test(Weeks, settings=some(10_000))


@pytest.mark.parametrize("name", ["numbers alone", "no new epoch", "incarnation alone"])
def test_a_broken_protocol_is_caught_by_coarse_rules_too(name: str) -> None:
    broken = seed(QUICK)(type("Broken", (Weeks,), {"play": MUTANTS[name]}))
    once = settings(
        some(2000), phases=[Phase.generate], database=None, report_multiple_bugs=False, derandomize=False
    )
    with pytest.raises(LawBroken):
        run_state_machine_as_test(broken, settings=once)
