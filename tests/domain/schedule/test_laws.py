"""What holds for every history: order, monotony, dates that can be kept, days that can be moved."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from app.domain.people import Sex
from app.domain.schedule.answers import Assessment, DoseStatus, SeriesStatus
from app.domain.schedule.engine import assess
from app.domain.schedule.history import Dose, Subject
from app.domain.schedule.pack import Pack
from app.domain.schedule.packs import Packs
from tests.domain.schedule.little_packs import antigen, dose, pack, series, vaccine
from tests.domain.schedule.shipped import PACKS

BORN, CHILD = date(2024, 2, 29), 7 * 365
CHILDHOOD = pack(
    antigen(
        series(
            dose("D", min="2 months", latest="6 months"),
            dose("D", min="4 months", gap="28 days"),
            dose("D", min="6 months", gap="28 days", latest="12 months"),
            dose("D", min="18 months", gap="6 months", allowable=[{"vaccine": "T", "begin_age": "4 years"}]),
            dose("T", min="6 years", gap="12 months", max="12 years"),
        )
    ),
    antigen(
        series(dose("M", min="8 months"), dose("M", min="18 months", gap="28 days"), group="M"), name="M"
    ),
    antigen(
        series(dose("JL", min="8 months"), dose("JL", min="2 years", gap="12 months"), series_id="live",
               group="J"),
        series(dose("JI", min="8 months"), dose("JI", gap="7 days"), dose("JI", min="2 years", gap="1 month"),
               series_id="killed", group="J", selection={"default": False, "preference": 2}),
        name="J",
    ),
    vaccines=[
        vaccine("D", "A"), vaccine("T", "A"), vaccine("DM", "A", "M", form="live"),
        vaccine("M", "M", form="live"), vaccine("JL", "J", form="live"), vaccine("JI", "J"),
    ],
    conflicts=[{"previous": ["@live_injected"], "current": ["@live_injected"], "end": "28 days"}],
)  # fmt: skip


@dataclass(frozen=True)
class World:
    """Packs, and the vaccine codes to draw from."""

    packs: Packs
    codes: tuple[str, ...]


def _world(packs: Sequence[Pack]) -> World:
    codes = {vaccine.code for pack in packs for vaccine in pack.vaccines}
    return World(Packs(packs), (*sorted(codes), "?"))


SHIPPED = [one for one in PACKS if one.on_by_default]
LITTLE = _world([CHILDHOOD])
WORLDS = [LITTLE, *([_world(SHIPPED)] if SHIPPED else [])]
"""The little pack, and what a site uses."""
ALTERNATIVES = {"J"}
"""Antigens with two series: a dose of the other one counts there, and is not added here."""
BY_DAYS = Packs(
    [
        pack(
            antigen(
                series(
                    dose("D", min="60 days", latest="200 days"),
                    dose("D", min="120 days", gap="28 days"),
                    dose("D", gap="180 days", max="2000 days"),
                )
            ),
            vaccines=[vaccine("D", "A"), vaccine("T", "A")],
        )
    ]
)

days = st.integers(-3, CHILD)
instants = days.map(lambda day: BORN + timedelta(max(day, 0)))


def doses(world: World) -> st.SearchStrategy[Dose]:
    return st.builds(lambda code, day: Dose(code, BORN + timedelta(day)), st.sampled_from(world.codes), days)


Life = tuple[World, list[Dose]]
lives: st.SearchStrategy[Life] = st.sampled_from(WORLDS).flatmap(
    lambda world: st.tuples(st.just(world), st.lists(doses(world), max_size=9))
)


def asked(history: Sequence[Dose], on: date, packs: Packs, born: date = BORN) -> Assessment:
    return assess(Subject(born, Sex.FEMALE), history, packs, on)


def counted(answer: Assessment) -> dict[str, int]:
    """How many doses count, by antigen."""
    found: dict[str, int] = {}
    for one in answer.evaluations:
        for judged in one.antigens:
            found[judged.antigen] = found.get(judged.antigen, 0) + (judged.status is DoseStatus.VALID)
    return found


@given(life=lives, on=instants, data=st.data())
def test_the_order_of_entry_does_not_matter(life: Life, on: date, data: st.DataObject) -> None:
    world, history = life
    shuffled = data.draw(st.permutations(history))
    plain, other = asked(history, on, world.packs), asked(shuffled, on, world.packs)
    assert plain.forecasts == other.forecasts
    told, told_other = (
        sorted((one.dose.given_on, one.dose.vaccine_code, one.status) for one in answer.evaluations)
        for answer in (plain, other)
    )
    assert told == told_other


@given(life=lives, on=instants)
def test_every_history_is_answered_for_every_dose(life: Life, on: date) -> None:
    world, history = life
    answer = asked(history, on, world.packs)
    assert [one.dose for one in answer.evaluations] == history
    for one in answer.evaluations:
        assert one.reasons or one.status is DoseStatus.VALID


@given(life=lives, on=instants, data=st.data())
def test_a_valid_dose_more_never_protects_less(life: Life, on: date, data: st.DataObject) -> None:
    """Given after the others: one entered in between may well make a later one come too soon."""
    world, history = life
    extra = data.draw(doses(world))
    last = max((one.given_on for one in history), default=BORN)
    extra = replace(extra, given_on=max(extra.given_on, last))
    on = max(on, extra.given_on)
    more = asked([*history, extra], on, world.packs)
    assume(more.evaluations[-1].status is DoseStatus.VALID)
    before, after = counted(asked(history, on, world.packs)), counted(more)
    assert all(after[name] >= number for name, number in before.items())
    held = {judged.antigen for judged in more.evaluations[-1].antigens}
    beside = {  # two of a day count once
        judged.antigen
        for one in more.evaluations[:-1]
        for judged in one.antigens
        if one.dose.given_on == extra.given_on
    }
    grown = held - ALTERNATIVES - beside
    assert world is not LITTLE or all(after[name] > before.get(name, 0) for name in grown)


@given(life=lives, on=instants)
def test_a_dose_given_on_the_day_forecast_is_valid(life: Life, on: date) -> None:
    """As long as the packs are the same on that day: a forecast is today's."""
    world, history = life
    known = [one for one in history if one.given_on <= on]
    last = max((one.given_on for one in known), default=BORN)
    for due in asked(history, on, world.packs).forecasts:
        if due.status is not SeriesStatus.NOT_COMPLETE or due.earliest_on is None or not due.vaccines:
            continue
        assert due.recommended_on is not None
        for day in {due.earliest_on, due.recommended_on}:
            if day < last or world.packs.on(day) is not world.packs.on(on):
                continue  # before a dose of another group it would have been judged without that one
            given_then = Dose(due.vaccines[0].vaccine_code, day)
            answer = asked([*known, given_then], max(day, on), world.packs)
            of_group = {one.status for one in answer.evaluations[-1].antigens if one.group == due.group}
            assert of_group == {DoseStatus.VALID}, (due, answer.evaluations[-1])


@given(life=lives, on=instants)
def test_nothing_is_forecast_before_its_minimum_age_or_after_its_last_day(life: Life, on: date) -> None:
    world, history = life
    for due in asked(history, on, world.packs).forecasts:
        for one in due.series:
            ruling = world.packs.on(on).rulings.get((one.antigen, one.series_id))
            if ruling is None or not one.target_dose or not one.earliest_on or not one.recommended_on:
                continue
            for age in ruling.series.doses[one.target_dose - 1].ages:
                if age.min is not None:
                    assert one.earliest_on >= age.min.after(BORN, ruling.pack.arithmetic)
            assert one.earliest_on <= one.recommended_on
            assert one.past_due_on is None or one.earliest_on <= one.past_due_on
            assert one.latest_on is None or one.earliest_on <= one.latest_on


@given(
    history=st.lists(doses(World(BY_DAYS, ("D", "T", "?"))), max_size=9),
    on=instants,
    shift=st.integers(-5000, 5000),
)
def test_a_life_moved_by_days_moves_the_forecast_by_the_same_days(
    history: list[Dose], on: date, shift: int
) -> None:
    by = timedelta(shift)
    moved = [replace(one, given_on=one.given_on + by) for one in history]
    here = asked(history, on, BY_DAYS)
    there = asked(moved, on + by, BY_DAYS, BORN + by)
    assert [one.status for one in here.evaluations] == [one.status for one in there.evaluations]
    for one, other in zip(here.forecasts, there.forecasts, strict=True):
        assert one.status is other.status
        for name in ("earliest_on", "recommended_on", "past_due_on", "latest_on"):
            day = getattr(one, name)
            assert getattr(other, name) == (day and day + by)
