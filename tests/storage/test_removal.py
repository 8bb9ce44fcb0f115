"""Who was removed is let in by no slot, whatever was cut off or brought back (SEC-2, SEC-3)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.storage.rekeying import is_key_change_due
from app.workflows.credentials import shut_out_removed
from app.workflows.staff import remove_staff
from tests.factories import MANAGER, NURSE
from tests.storage.kept_site import KeptSite, keys_of
from tests.workflows.copied_site import quick_folder


@pytest.fixture
def site() -> Iterator[KeptSite]:
    with quick_folder() as folder:
        site = KeptSite(Path(folder))
        site.as_user(MANAGER)
        yield site
        site.close()


def owners(site: KeptSite) -> list[str]:
    return [owner.staff_id for owner in keys_of(site.folder).owners()]


def test_a_removal_that_was_cut_off_is_finished_by_who_signs_in_next(site: KeptSite) -> None:
    """Killed between journal and key file; it is also what a backup of before brings back."""
    site.desk.do(remove_staff, NURSE)
    assert owners(site) == [MANAGER, NURSE]
    shut_out_removed(site.desk, use_keyring=False)
    assert owners(site) == [MANAGER]
    assert is_key_change_due(site.desk.read())
    before = keys_of(site.folder).revision()
    shut_out_removed(site.desk, use_keyring=False)
    assert keys_of(site.folder).revision() == before, "once"


def test_who_works_here_keeps_their_slot(site: KeptSite) -> None:
    shut_out_removed(site.desk, use_keyring=False)
    assert owners(site) == [MANAGER, NURSE]
    assert not is_key_change_due(site.desk.read())
