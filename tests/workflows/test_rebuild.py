"""The tables are what the journal says: rebuilt from it they are the same, whatever happened (TRC-1)."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from app.storage import projections
from app.storage.store import Transaction
from tests.strategies import some
from tests.workflows.copied_site import CopiedSite, everything, quick_folder
from tests.workflows.morning import PRODUCTS, Morning, check_consistency

Deeds = list[tuple[str, int]]
products = st.sampled_from(PRODUCTS)


def deeds(*names: str) -> st.SearchStrategy[Deeds]:
    """Return a few of these methods of a morning, each with a number."""
    one = st.tuples(st.sampled_from(" ".join(names).split()), st.integers(0, 3))
    return st.lists(one, min_size=1, max_size=4)


class Mornings(RuleBasedStateMachine):
    """Coarse rules: whole ways through the site, with something out of order in between."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = quick_folder()
        self.morning = Morning(Path(self.folder.name))

    def teardown(self) -> None:
        """Look at everything when the morning is over."""
        try:
            check_consistency(self.morning.site)
        finally:
            self.morning.site.close()
            self.folder.cleanup()

    @rule(product=products, new_vial=st.sampled_from([True, True, True, False]))
    def a_person_comes_as_far_as_the_dose(self, product: str, new_vial: bool) -> None:
        self.morning.come_to_the_dose(product, new_vial=new_vial)

    @rule(product=products, new_vial=st.booleans())
    def a_person_comes_as_far_as_the_needle(self, product: str, new_vial: bool) -> None:
        self.morning.come_to_the_needle(product, new_vial=new_vial)

    @rule(doses=st.integers(0, 3), undone=st.sampled_from([None, None, 0, 1]))
    def a_person_comes_for_three_doses(self, doses: int, undone: int | None) -> None:
        self.morning.come_for_three(doses)
        if undone is not None:
            self.morning.undo(undone)

    @rule(product=products)
    def a_person_comes_as_far_as_the_queue(self, product: str) -> None:
        self.morning.come_to_the_queue(product)

    @rule(deeds=deeds("register amend open_visit state_condition correct_condition"))
    def things_are_done_at_the_registration(self, deeds: Deeds) -> None:
        self.do(deeds)

    @precondition(lambda self: self.morning.visits)
    @rule(
        deeds=deeds(
            "call_off screen screen_for_three advise_against send_back",
            "consent consent_to_one decline_one decline",
        )
    )
    def things_are_done_before_the_needle(self, deeds: Deeds) -> None:
        self.do(deeds)

    @precondition(lambda self: self.morning.visits)
    @rule(
        deeds=deeds(
            "call call_elsewhere show_document scan scan_expired enter_by_hand put_away confirm",
            "tick_anything withdraw choose_arm send_back record",
        )
    )
    def things_are_done_at_the_needle(self, deeds: Deeds) -> None:
        self.do(deeds)

    @precondition(lambda self: self.morning.doses)
    @rule(
        deeds=deeds(
            "undo correct correct_a_detail release leave_early sit_down_again",
            "alarm close_alarm describe certify",
        )
    )
    def things_are_done_after_the_dose(self, deeds: Deeds) -> None:
        self.do(deeds)

    @rule(
        deeds=deeds(
            "let_time_pass set_the_clock_wrong start_again put_a_pack_aside let_a_pack_go "
            "name_a_code change_a_lot count_the_fridge",
            "begin_another_session receive_receipts",
        )
    )
    def things_happen_to_the_site(self, deeds: Deeds) -> None:
        self.do(deeds)

    def do(self, deeds: Deeds) -> None:
        """Do one thing after the other, each with a number that says to whom or to what."""
        for name, number in deeds:
            getattr(self.morning, name)(number)

    @invariant()
    def nobody_has_two_doses_of_one_vaccine_at_a_visit(self) -> None:
        rows = self.morning.site.desk.read().execute(
            "select count(*) from immunization where status = 'completed' group by encounter_id, vaccine_code"
        )
        assert all(count == 1 for (count,) in rows)


class LongMornings(Mornings):
    """The same, for longer."""


TestAnyMorning = Mornings.TestCase
TestAnyMorning.settings = settings(
    max_examples=some(10), stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
)
TestManyMornings = pytest.mark.long(LongMornings.TestCase)
TestManyMornings.settings = settings(
    max_examples=200, stateful_step_count=60, deadline=None, suppress_health_check=list(HealthCheck)
)


def test_a_rebuild_that_breaks_leaves_the_tables_as_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = CopiedSite(tmp_path)
    site.vaccinated()
    before = everything(site.desk.read())

    def broken(db: object, event: object) -> None:
        raise ArithmeticError

    monkeypatch.setitem(projections.PROJECTIONS, "immunization.recorded", broken)
    with pytest.raises(ArithmeticError):
        site.store.write(lambda transaction: projections.rebuild(transaction.db))
    assert everything(site.desk.read()) == before
    site.close()


def test_a_rebuild_brings_back_what_was_lost_from_the_tables(tmp_path: Path) -> None:
    site = CopiedSite(tmp_path)
    site.vaccinated()
    before = everything(site.desk.read())

    def lose(transaction: Transaction) -> None:
        for table in ("planned_dose", "observation", "immunization", "search_term", "check_mark"):
            transaction.db.execute(f"delete from {table}")

    site.store.write(lose)
    assert everything(site.desk.read()) != before
    site.store.write(lambda transaction: projections.rebuild(transaction.db))
    assert everything(site.desk.read()) == before
    site.close()


def test_an_event_of_an_unknown_kind_is_kept_and_changes_no_table(tmp_path: Path) -> None:
    """Old programs keep what newer ones write."""
    site = CopiedSite(tmp_path)
    before = everything(site.desk.read())
    site.desk.do(lambda act: act.append("thing.from_the_future", {"deep": [1, {"x": None}]}))
    assert everything(site.desk.read()) == before
    check_consistency(site)
    site.close()
