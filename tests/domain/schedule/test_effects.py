"""A special condition changes nothing silently: every group that it changes is named (VER-5)."""

from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.people import Sex
from app.domain.schedule.choosing import choose
from app.domain.schedule.effects import changed_groups
from app.domain.schedule.engine import assess
from app.domain.schedule.history import Dose, Observed, Subject
from tests.domain.schedule import shipped
from tests.domain.schedule.little_packs import antigen, dose, pack, series, vaccine

PACKS = choose(shipped.PACKS)
CODES = sorted({kind.code for one in PACKS.packs for kind in one.observations})
VACCINES = sorted({one.code for each in PACKS.packs for one in each.vaccines})
BORN = date(2022, 3, 31)
ON = BORN + timedelta(900)

held = st.lists(st.sampled_from(CODES), max_size=4, unique=True)
days = st.integers(0, 900)
doses = st.builds(lambda code, day: Dose(code, BORN + timedelta(day)), st.sampled_from(VACCINES), days)
histories = st.lists(doses, max_size=4)


@settings(max_examples=25)
@given(held, histories, days)
def test_whatever_differs_for_the_conditions_is_put_down_to_one(
    codes: list[str], history: list[Dose], age: int
) -> None:
    on = BORN + timedelta(age)
    observed = tuple(map(Observed, codes))
    patient = Subject(BORN, Sex.FEMALE, observed)
    plain = assess(Subject(BORN, Sex.FEMALE), history, PACKS, on)
    answer = assess(patient, history, PACKS, on)
    named = changed_groups(patient, history, PACKS, on)
    assert set(named) == set(codes)
    others = {line.group: line for line in plain.forecasts}
    for line in answer.forecasts:
        if line.group not in frozenset[str]().union(*named.values()):
            assert line == others[line.group]


def test_a_condition_that_is_over_changes_nothing() -> None:
    over = Observed("immune_deficient", until=ON - timedelta(1))
    assert changed_groups(Subject(BORN, Sex.FEMALE, (over,)), [], PACKS, ON) == {}
    lasting = Observed("immune_deficient", until=ON)
    assert "MMR" in changed_groups(Subject(BORN, Sex.FEMALE, (lasting,)), [], PACKS, ON)["immune_deficient"]


def test_what_only_two_together_change_is_put_down_to_both() -> None:
    """The dose is left out for whoever has both; neither alone says so."""
    both = [{"kind": "observation", "observation": code} for code in ("a", "b")]
    packs = choose(
        [
            pack(
                antigen(series(dose("V", skips=[{"sets": [{"conditions": both, "logic": "and"}]}]))),
                vaccines=[vaccine("V", "A")],
                observations=[{"code": "a", "title": "甲"}, {"code": "b", "title": "乙"}],
                on_by_default=True,
            )
        ]
    )
    alone = Subject(BORN, Sex.FEMALE, (Observed("a"),))
    assert changed_groups(alone, [], packs, ON) == {"a": frozenset()}
    together = Subject(BORN, Sex.FEMALE, (Observed("a"), Observed("b")))
    changed = changed_groups(together, [], packs, ON)
    assert changed["a"] == changed["b"] != frozenset()


def test_each_condition_is_put_down_to_what_it_changes_by_itself() -> None:
    both = (Observed("preterm"), Observed("immune_deficient"))
    changed = changed_groups(Subject(BORN, Sex.FEMALE, both), [], PACKS, ON)
    assert changed["preterm"] == frozenset()
    assert "MMR" in changed["immune_deficient"]
    assert "HepB" not in changed["immune_deficient"]


def test_a_group_that_is_there_for_the_condition_alone_is_named() -> None:
    risk: dict[str, Any] = {"type": "risk", "indications": [{"observation": "a", "text": ""}]}
    told = pack(
        antigen(series(dose("V", min="0 days"))),
        antigen(series(dose("W", min="0 days"), group="B", **risk), name="B"),
        vaccines=[vaccine("V", "A"), vaccine("W", "B")],
        observations=[{"code": "a", "title": "甲"}],
        on_by_default=True,
    )
    ill = Subject(BORN, Sex.FEMALE, (Observed("a"),))
    assert changed_groups(ill, [], choose([told]), ON) == {"a": frozenset({"B"})}


def test_a_dose_that_is_judged_in_another_way_names_its_group_though_the_line_is_the_same() -> None:
    """The first target dose is left out in the judging: the same dose satisfies the second."""
    skip = {"context": "evaluation", "sets": [{"conditions": [{"kind": "observation", "observation": "a"}]}]}
    told = pack(
        antigen(series(dose("V", min="0 days", skips=[skip]), dose("V", min="0 days", recurring=True))),
        antigen(series(dose("W", min="0 days"), group="B"), name="B"),
        vaccines=[vaccine("V", "A"), vaccine("W", "B")],
        observations=[{"code": "a", "title": "甲"}],
        on_by_default=True,
    )
    ill = Subject(BORN, Sex.FEMALE, (Observed("a"),))
    history = [Dose("V", ON - timedelta(5)), Dose("W", ON - timedelta(5)), Dose("V", ON - timedelta(3))]
    assert changed_groups(ill, history, choose([told]), ON) == {"a": frozenset({"A"})}


def test_what_differs_in_the_judging_hides_nothing_that_differs_on_another_line() -> None:
    skip = {"context": "evaluation", "sets": [{"conditions": [{"kind": "observation", "observation": "a"}]}]}
    told = pack(
        antigen(series(dose("V", min="0 days", skips=[skip]), dose("V", min="0 days", recurring=True))),
        antigen(
            series(dose("W", min="0 days"), group="B"),
            name="B",
            contraindications=[{"observation": "a", "text": "不种"}],
        ),
        vaccines=[vaccine("V", "A"), vaccine("W", "B")],
        observations=[{"code": "a", "title": "甲"}],
        on_by_default=True,
    )
    ill = Subject(BORN, Sex.FEMALE, (Observed("a"),))
    changed = changed_groups(ill, [Dose("V", ON - timedelta(5))], choose([told]), ON)
    assert changed == {"a": frozenset({"A", "B"})}
