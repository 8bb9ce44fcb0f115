"""Letting the county open this site's data when every password and the envelope are lost (SEC-3)."""

from app.domain.county_key import CountyKey
from app.domain.journal import Json
from app.storage.county import let_county_in, shut_county_out
from app.storage.keys import key_file
from app.storage.site import get_site
from app.workflows.desk import Act, Desk


def take_county_key(desk: Desk, key: CountyKey, heard: str, *, use_keyring: bool = True) -> None:
    """Let the county of this key open the store, and no other; ``heard`` is what it said over the telephone.

    Raises NotPermitted, FingerprintDiffers, and as ``let_county_in``.
    """
    site_name, at = desk.do(_may_take)
    key.check_heard(heard)
    let_county_in(desk.store, key, site_name, at, desk.random, use_keyring=use_keyring)
    desk.do(_record_taken, key)


def remove_county_key(desk: Desk, *, use_keyring: bool = True) -> None:
    """Let no county open the store from now on; copies made before stay as they are.

    Raises NotPermitted, KeyFileChanged.
    """
    desk.do(_may_remove)
    keys = key_file(desk.store.path.parent, desk.random, use_keyring=use_keyring)
    request = keys.county_request()
    if request is not None:
        shut_county_out(desk.store, desk.random, use_keyring=use_keyring)
        desk.do(_record_removed, request.key)


def wrap_anew_for_the_county(desk: Desk, *, use_keyring: bool = True) -> None:
    """Let what the county has opened and told open nothing any more; its key opens again, and otherwise."""
    keys = key_file(desk.store.path.parent, desk.random, use_keyring=use_keyring)
    request = keys.county_request()
    assert request is not None, "the county has just opened it"
    site_name, at = desk.do(_now)
    let_county_in(desk.store, request.key, site_name, at, desk.random, use_keyring=use_keyring)


def _may_take(act: Act) -> tuple[str, str]:
    act.require("take_county_key")
    return _now(act)


def _may_remove(act: Act) -> None:
    act.require("remove_county_key")


def _now(act: Act) -> tuple[str, str]:
    return get_site(act.db).name, act.at


def _record_taken(act: Act, key: CountyKey) -> None:
    act.append("county_key.taken", _told(act, key))


def _record_removed(act: Act, key: CountyKey) -> None:
    act.append("county_key.removed", _told(act, key))


def _told(act: Act, key: CountyKey) -> Json:
    return {"name": key.name, "fingerprint": key.fingerprint, "at": act.at}
