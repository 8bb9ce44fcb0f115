"""The county opens a store by its key: on the same or a new machine, once, and nobody else does (SEC-3)."""

import hmac
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from app.domain.county_key import (
    CountyFileUnreadable,
    CountyRequest,
    read_county_key,
    read_request,
)
from app.domain.refusals import Refusal
from app.storage.county import (
    CountyFileUnwritable,
    CountyKeyNone,
    get_file,
    let_county_in,
    shut_county_out,
    write_request,
)
from app.storage.county_private import (
    COST,
    CountyKeyOther,
    CountyKeyThere,
    CountyPasswordShort,
    CountyPasswordWrong,
    CountyRequestBroken,
    Opener,
    make_county_key,
    open_private,
    read_public,
)
from app.storage.keys import KeyFileChanged, RecoveryKeyNone, RecoveryKeyWrong
from app.storage.opening import open_with_recovery_key
from app.storage.rekeying import change_key, is_key_change_due
from app.storage.restoring import put_in_place, recover_backup
from app.storage.store import Store
from tests.storage.kept_site import MADE_AT, RECOVERY, KeptSite, keys_of
from tests.strategies import seeded_random

RANDOM = seeded_random(6)
PASSWORD = "fucheng-county-2026"
AT = "2026-11-22T01:00:00.000Z"
SITE = "云溪镇卫生院"


@pytest.fixture(scope="module", autouse=True)
def _quick() -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(COST, "memory_cost_kib", 64)
        patch.setitem(COST, "time_cost", 1)
        yield


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The county's folder, with its private key."""
    folder = tmp_path_factory.mktemp("county")
    make_county_key("阜城县疾控中心", AT, PASSWORD, folder / "private.json", RANDOM)
    return folder


@pytest.fixture
def private(county: Path) -> bytes:
    return (county / "private.json").read_bytes()


@pytest.fixture
def opens(private: bytes) -> Opener:
    return open_private(private, PASSWORD)


@pytest.fixture
def site(tmp_path: Path, private: bytes) -> KeptSite:
    site = KeptSite(tmp_path / "site")
    let_county_in(site.store, read_public(private), SITE, AT, RANDOM, use_keyring=False)
    return site


def request_of(folder: Path) -> CountyRequest:
    path, _ = write_request(keys_of(folder), folder)
    request = read_request(path.read_bytes())
    path.unlink()
    return request


def opened(folder: Path, secret: bytes) -> Store:
    return open_with_recovery_key(folder, secret, RANDOM, use_keyring=False)


def refused(work: Callable[[], object]) -> Refusal:
    with pytest.raises(Refusal) as caught:
        work()
    return caught.value


def test_the_county_opens_the_store_and_so_does_the_envelope(site: KeptSite, opens: Opener) -> None:
    site.close()
    request = request_of(site.folder)
    assert (request.site_name, request.sealed_at) == (SITE, AT)
    secret = opens(request)
    assert secret != RECOVERY
    assert keys_of(site.folder).is_countys(secret)
    assert not keys_of(site.folder).is_countys(RECOVERY)
    for either in (secret, RECOVERY):
        opened(site.folder, either).close()


def test_a_backup_is_opened_by_the_county_on_a_new_machine(
    site: KeptSite, opens: Opener, tmp_path: Path
) -> None:
    site.vaccinated()
    backup = site.back_up(tmp_path / "disk").folder
    site.close()
    shutil.rmtree(site.folder)
    secret = opens(request_of(backup))
    new = tmp_path / "new"
    put_in_place(backup, recover_backup(backup, secret).key, new, site.clock.now(), RANDOM, lambda: None)
    store = opened(new, secret)
    assert store.read().execute("select count(*) from immunization").fetchone() == (1,)
    store.close()


def test_a_new_database_key_is_sealed_for_the_county_as_well(site: KeptSite, opens: Opener) -> None:
    secret = opens(request_of(site.folder))
    change_key(site.store, RANDOM, use_keyring=False)
    key = site.store.key
    site.close()
    assert keys_of(site.folder).recover(secret).key == key
    assert opens(request_of(site.folder)) == secret, "nobody has to ask the county for it"


def test_a_slot_for_a_key_that_is_changed_meanwhile_is_refused(site: KeptSite, private: bytes) -> None:
    """Its county would be told that the file is not the one of the store, on the day it is needed."""
    before, asked = request_of(site.folder), []

    def random(size: int) -> bytes:
        asked.append(size)
        if len(asked) == 3:
            change_key(site.store, RANDOM, use_keyring=False)
        return RANDOM(size)

    with pytest.raises(KeyFileChanged):
        let_county_in(site.store, read_public(private), SITE, AT, random, use_keyring=False)
    assert request_of(site.folder) == before


def test_what_was_told_once_opens_nothing_once_it_is_made_anew(site: KeptSite, opens: Opener) -> None:
    told = opens(request_of(site.folder))
    let_county_in(site.store, request_of(site.folder).key, SITE, AT, RANDOM, use_keyring=False)
    assert is_key_change_due(site.store.read()), "the key it opened goes out of use"
    site.close()
    assert refused(lambda: opened(site.folder, told)) == RecoveryKeyWrong(MADE_AT)
    opened(site.folder, opens(request_of(site.folder))).close()


def test_a_county_that_is_shut_out_opens_only_what_was_copied_before(
    site: KeptSite, opens: Opener, tmp_path: Path
) -> None:
    backup = site.back_up(tmp_path / "disk").folder
    told = opens(request_of(site.folder))
    shut_county_out(site.store, RANDOM, use_keyring=False)
    assert is_key_change_due(site.store.read())
    site.close()
    assert isinstance(refused(lambda: request_of(site.folder)), CountyKeyNone)
    assert refused(lambda: opened(site.folder, told)) == RecoveryKeyWrong(MADE_AT)
    assert recover_backup(backup, told).key


def test_of_two_counties_the_last_one_taken_opens(site: KeptSite, opens: Opener, tmp_path: Path) -> None:
    other = make_county_key("河间县疾控中心", AT, PASSWORD, tmp_path / "other.json", RANDOM)
    let_county_in(site.store, other, SITE, AT, RANDOM, use_keyring=False)
    site.close()
    request = request_of(site.folder)
    assert refused(lambda: opens(request)) == CountyKeyOther("河间县疾控中心", other.fingerprint)
    secret = open_private((tmp_path / "other.json").read_bytes(), PASSWORD)(request)
    opened(site.folder, secret).close()


def test_without_an_envelope_the_county_is_the_one_way_in(site: KeptSite, opens: Opener) -> None:
    site.close()
    keys = keys_of(site.folder)
    secret = opens(request_of(site.folder))
    database_key = keys.recover(secret).key
    keys._change(keys._checked(database_key), database_key, recovery=None)
    assert keys.recover(secret).key == database_key
    assert refused(lambda: keys.recover(RECOVERY)) == RecoveryKeyWrong("")
    keys.put_county(None, database_key)
    assert isinstance(refused(lambda: keys.recover(secret)), RecoveryKeyNone)


def edited(folder: Path, edit: Callable[[dict[str, Any]], object]) -> None:
    content = json.loads((folder / "keys.json").read_bytes())
    edit(content)
    (folder / "keys.json").write_text(json.dumps(content), "utf-8")


def test_a_slot_somebody_exchanged_is_noticed(site: KeptSite, opens: Opener, tmp_path: Path) -> None:
    site.close()
    theirs = make_county_key("阜城县疾控中心", AT, PASSWORD, tmp_path / "theirs.json", RANDOM)
    secret = opens(request_of(site.folder))
    content = (site.folder / "keys.json").read_bytes()
    for edit in (
        lambda c: c["county"]["request"]["for"].update(theirs.items()),
        lambda c: c["county"]["request"].update(site_name="别处"),
        lambda c: c.update(county=None),
        lambda c: c.update(county=None, version=2),
    ):
        (site.folder / "keys.json").write_bytes(content)
        edited(site.folder, edit)
        assert isinstance(refused(lambda: opened(site.folder, RECOVERY)), KeyFileChanged)
    (site.folder / "keys.json").write_bytes(content)
    edited(site.folder, lambda c: c["county"].update(sealed=c["recovery"]["sealed"]))
    assert refused(lambda: opened(site.folder, secret)) == RecoveryKeyWrong(MADE_AT)


def test_a_request_that_was_changed_is_refused_by_the_county(site: KeptSite, opens: Opener) -> None:
    request = request_of(site.folder)
    site.close()
    for changed in (
        replace(request, site_name="别处"),
        replace(request, device_id="0190a0b0"),
        replace(request, sealed_at="2026-11-23T01:00:00.000Z"),
        replace(request, wrapped=request.wrapped[:-1]),
        replace(request, wrapped=bytes(len(request.wrapped))),
    ):
        assert refused(partial(opens, changed)) == CountyRequestBroken(changed.site_name)


def test_the_private_key_wants_its_password_and_is_never_written_over(county: Path, private: bytes) -> None:
    assert isinstance(refused(lambda: open_private(private, PASSWORD + "x")), CountyPasswordWrong)
    path = county / "private.json"
    again = refused(lambda: make_county_key("x", AT, PASSWORD, path, RANDOM))
    assert again == CountyKeyThere(str(path))
    assert path.read_bytes() == private
    assert path.stat().st_mode & 0o077 == 0
    short = refused(lambda: make_county_key("x", AT, "short", county / "new.json", RANDOM))
    assert short == CountyPasswordShort(12)
    gone = refused(lambda: make_county_key("x", AT, PASSWORD, county / "no" / "new.json", RANDOM))
    assert isinstance(gone, CountyFileUnwritable)


@pytest.mark.parametrize(
    "changes",
    [{"salt": "?"}, {"argon2": {}}, {"argon2": {"time_cost": 1 << 30}}, {"sealed": 7}, {"kind": "x"}],
)
def test_a_damaged_private_key_is_refused_before_it_costs_anything(changes: Any, private: bytes) -> None:
    data = json.dumps(json.loads(private) | changes).encode()
    assert isinstance(refused(lambda: open_private(data, PASSWORD)), CountyFileUnreadable)


def test_a_private_key_under_another_name_is_none(private: bytes) -> None:
    data = json.dumps(json.loads(private) | {"name": "别处"}).encode()
    assert isinstance(refused(lambda: open_private(data, PASSWORD)), CountyPasswordWrong)


def test_a_folder_or_a_large_file_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "large").write_bytes(b"{" * (1 << 17))
    for path in (tmp_path, tmp_path / "large", tmp_path / "none", Path("\0")):
        with pytest.raises(CountyFileUnreadable):
            read_county_key(get_file(path, "key"))


def test_a_key_file_of_the_release_before_opens_and_is_the_newer_one_once_it_is_changed(
    tmp_path: Path,
) -> None:
    """A file that knows nothing of a county, with the MAC of its day."""
    site = KeptSite(tmp_path / "site")
    key = site.store.key
    site.close()

    def as_before(content: dict[str, Any]) -> None:
        del content["county"], content["mac"]
        content["version"] = 2
        covered = json.dumps(content, sort_keys=True, ensure_ascii=False)
        content["mac"] = hmac.new(key, b"vaxpost-slots/2" + covered.encode(), sha256).hexdigest()

    edited(site.folder, as_before)
    keys = keys_of(site.folder)
    assert keys.recover(RECOVERY).key == key
    assert keys.county_request() is None
    keys.put_recovery(bytes(20), MADE_AT, key, RANDOM)
    assert json.loads(keys.path.read_bytes())["version"] == 3
    assert keys.recover(bytes(20)).key == key
