"""Nobody is called to the needle before the four stand, or a manager has answered for them (SITE-9)."""

import pytest

from app.domain.audit import Access
from app.domain.permissions import NotPermitted
from app.domain.readiness import KitItem, KitItemIncomplete, Need, NotReady, OverrideReasonMissing
from app.domain.visit import Encounter
from app.practice.site import kit
from app.storage import audit
from app.storage.readiness import newest_readiness
from app.workflows import needle
from app.workflows.readiness import check_readiness, override_readiness
from tests.factories import MANAGER, NURSE
from tests.workflows.copied_site import CopiedSite


@pytest.fixture
def waiting(site: CopiedSite) -> Encounter:
    """Somebody ready for the needle on a day without a check."""
    site.clock.go(minutes=24 * 60)
    visit = site.ready()
    site.clock.go(minutes=1)
    return visit


def test_nobody_is_called_before_the_days_check(site: CopiedSite, waiting: Encounter) -> None:
    with pytest.raises(NotReady) as caught:
        site.desk.do(needle.call_ticket, waiting.encounter_id)
    assert caught.value.missing == tuple(Need)
    site.desk.do(check_readiness, tuple(Need), kit(site.desk.today()))
    site.desk.do(needle.call_ticket, waiting.encounter_id)


def test_a_check_that_lacks_something_is_kept_and_does_not_open_the_day(
    site: CopiedSite, waiting: Encounter
) -> None:
    seen = [need for need in Need if need is not Need.AMBULANCE]
    assert site.desk.do(check_readiness, seen, kit(site.desk.today())) == (Need.AMBULANCE,)
    known = newest_readiness(site.desk.read())
    assert known is not None
    assert (known.seen, known.checked_by) == (frozenset(seen), NURSE)
    with pytest.raises(NotReady):
        site.desk.do(needle.call_ticket, waiting.encounter_id)


def test_only_a_manager_with_a_reason_lets_the_day_begin_without(
    site: CopiedSite, waiting: Encounter
) -> None:
    with pytest.raises(NotPermitted):
        site.desk.do(override_readiness, "救护车在途", site.beside())
    site.as_user(MANAGER)
    with pytest.raises(OverrideReasonMissing):
        site.desk.do(override_readiness, "  ", site.beside())
    site.desk.do(override_readiness, "救护车在途", site.beside())
    site.as_user(NURSE)
    site.desk.do(needle.call_ticket, waiting.encounter_id)
    assert (MANAGER, 1, 0) in audit.counts_by_staff(site.desk.read(), Access.OVERRIDDEN, "")


def test_a_later_check_takes_the_managers_word_back(site: CopiedSite, waiting: Encounter) -> None:
    site.as_user(MANAGER)
    site.desk.do(override_readiness, "救护车在途", site.beside())
    site.desk.do(check_readiness, (), ())
    site.as_user(NURSE)
    with pytest.raises(NotReady):
        site.desk.do(needle.call_ticket, waiting.encounter_id)


def test_a_thing_without_a_name_is_not_kept(site: CopiedSite) -> None:
    with pytest.raises(KitItemIncomplete):
        site.desk.do(check_readiness, tuple(Need), (KitItem(" ", site.desk.today()),))
