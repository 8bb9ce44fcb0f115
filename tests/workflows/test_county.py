"""A manager lets the county in by what is said over the telephone, and shuts it out (SEC-3, SEC-6)."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.domain.county_key import CountyKey, FingerprintDiffers
from app.domain.permissions import NotPermitted
from app.storage import journal
from app.storage.audit import trail
from app.storage.opening import open_with_recovery_key
from app.storage.rekeying import is_key_change_due
from app.storage.sealing import public_of, unseal
from app.storage.site import get_site
from app.workflows.county import remove_county_key, take_county_key
from app.workflows.desk import Desk
from app.workflows.safekeeping import recover_access
from tests.factories import MANAGER, NURSE
from tests.storage.kept_site import RECOVERY, KeptSite, keys_of
from tests.strategies import seeded_random

PRIVATE = bytes(range(32))
COUNTY = CountyKey("阜城县疾控中心", "2026-11-20T01:00:00.000Z", public_of(PRIVATE))
NEW = "chang-mima-2026"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[KeptSite]:
    site = KeptSite(tmp_path / "site")
    site.as_user(MANAGER)
    yield site
    site.close()


def take(site: KeptSite, key: CountyKey = COUNTY, heard: str = "") -> None:
    take_county_key(site.desk, key, heard or key.fingerprint, use_keyring=False)


def told(site: KeptSite) -> bytes:
    """Return what the county opens."""
    request = keys_of(site.folder).county_request()
    assert request is not None
    return unseal(PRIVATE, request.wrapped, request.bound)


def last(site: KeptSite) -> tuple[str, dict[str, Any]]:
    event = list(journal.events(site.desk.read()))[-1]
    return event.kind, event.body


def test_the_county_is_let_in_by_name_and_groups_and_both_stand_in_the_journal(site: KeptSite) -> None:
    take(site)
    request = keys_of(site.folder).county_request()
    assert request is not None
    assert (request.key, request.site_name) == (COUNTY, get_site(site.desk.read()).name)
    kind, body = last(site)
    assert (kind, body["name"], body["fingerprint"]) == ("county_key.taken", COUNTY.name, COUNTY.fingerprint)
    assert not is_key_change_due(site.desk.read()), "nobody could open it before"


def test_other_groups_than_those_said_let_nobody_in(site: KeptSite) -> None:
    exchanged = replace(COUNTY, public=public_of(bytes(32)))
    before = last(site)
    with pytest.raises(FingerprintDiffers):
        take(site, exchanged, COUNTY.fingerprint)
    assert keys_of(site.folder).county_request() is None
    assert last(site) == before


def test_a_nurse_neither_lets_a_county_in_nor_out(site: KeptSite) -> None:
    take(site)
    site.as_user(NURSE)
    with pytest.raises(NotPermitted):
        take(site)
    with pytest.raises(NotPermitted):
        remove_county_key(site.desk, use_keyring=False)
    assert keys_of(site.folder).county_request() is not None


def test_a_county_shut_out_has_no_slot_and_the_database_key_goes(site: KeptSite) -> None:
    take(site)
    remove_county_key(site.desk, use_keyring=False)
    assert keys_of(site.folder).county_request() is None
    assert is_key_change_due(site.desk.read())
    assert last(site)[0] == "county_key.removed"
    remove_county_key(site.desk, use_keyring=False)
    entries = [event.kind for event in journal.events(site.desk.read())]
    assert entries.count("county_key.removed") == 1, "there was none to remove"


def test_what_the_county_opened_gives_a_manager_a_password_once(site: KeptSite) -> None:
    take(site)
    secret = told(site)
    site.store.close()
    store = open_with_recovery_key(site.folder, secret, seeded_random(8), use_keyring=False)
    desk = Desk(store, site.clock, site.random, "接种台 1")
    recover_access(desk, MANAGER, NEW, secret, use_keyring=False)
    event = list(journal.events(desk.read()))[-1]
    assert (event.kind, event.user) == ("county_key.used", MANAGER)
    assert list(trail(desk.read()))[-1].line.source == event.id
    keys = keys_of(site.folder)
    assert keys.unlock(MANAGER, NEW).key == store.key
    assert not keys.is_countys(secret), "said over a telephone, it opens nothing any more"
    assert keys.is_countys(told(site))
    assert is_key_change_due(desk.read())
    recover_access(desk, MANAGER, NEW + "x", RECOVERY, use_keyring=False)
    assert list(journal.events(desk.read()))[-1].kind == "recovery_key.used"
    site.store = store
