"""The county's way into a store: a secret of this store alone, wrapped for the county's key (SEC-3)."""

from dataclasses import dataclass, replace
from pathlib import Path

from app.domain.county_key import (
    MOST_BYTES,
    CountyFileUnreadable,
    CountyKey,
    CountyRequest,
    request_text,
)
from app.domain.ids import Randomness
from app.domain.recovery_key import KEY_BYTES
from app.domain.refusals import Refusal
from app.storage.disk import replace_file
from app.storage.journal import current_stream
from app.storage.keys import KeyFile, key_file
from app.storage.local import put_setting
from app.storage.opening import KEY_CHANGE_DUE, remember_revision
from app.storage.recovery_slots import make_county_slot
from app.storage.sealing import seal
from app.storage.store import Store


@dataclass(unsafe_hash=True)
class CountyKeyNone(Refusal):
    """The store was never let be opened by a county, or no longer."""

    path: str


@dataclass(unsafe_hash=True)
class CopyNotThere(Refusal):
    """There is no backup in this folder that a request could be written from."""

    path: str


@dataclass(unsafe_hash=True)
class CountyFileUnwritable(Refusal):
    """A file for the county or its sites could not be written."""

    path: str
    technical: str


def let_county_in(
    store: Store,
    key: CountyKey,
    site_name: str,
    at: str,
    random: Randomness,
    *,
    use_keyring: bool = True,
) -> None:
    """Let the holder of this key open the store from now on, and no other county.

    If another could, or this one has, the database key is due to be changed: what they may have opened is of
    the key before. Raises KeyFileChanged.
    """
    keys = key_file(store.path.parent, random, use_keyring=use_keyring)
    before, database_key = keys.county_request(), store.key
    secret = random(KEY_BYTES)
    request = _wrapped(key, site_name, current_stream(store.read()).device_id, at, secret, random)
    slot = make_county_slot(request, secret, database_key, random)
    if before is not None:
        _change_key_soon(store)
    remember_revision(store, keys.put_county(slot, database_key))


def shut_county_out(store: Store, random: Randomness, *, use_keyring: bool = True) -> None:
    """Let no county open the store; the database key is due to be changed. Raises KeyFileChanged."""
    keys = key_file(store.path.parent, random, use_keyring=use_keyring)
    _change_key_soon(store)
    remember_revision(store, keys.put_county(None, store.key))


def write_request(keys: KeyFile, folder: Path) -> tuple[Path, CountyRequest]:
    """Write into a folder what is brought to the county; return where, and what it says.

    Nothing is proven here, for nobody has got in. Raises CountyKeyNone, CountyFileUnwritable and as
    ``KeyFile.county_request``.
    """
    request = keys.county_request()
    if request is None:
        raise CountyKeyNone(str(keys.path))
    path = folder / f"vaxpost-county-request-{request.device_id[:13]}.json"
    put_file(path, request_text(request))
    return path, request


def put_file(path: Path, content: bytes) -> None:
    """Write a file that another of its name may give way to; raises CountyFileUnwritable."""
    try:
        replace_file(path, content)
    except OSError as error:
        raise CountyFileUnwritable(str(path), type(error).__name__) from error


def get_file(path: Path, what: str) -> bytes:
    """Return a small file; raises CountyFileUnreadable for none or a large one."""
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except (OSError, ValueError):
        raise CountyFileUnreadable(what) from None
    if len(content) > MOST_BYTES:
        raise CountyFileUnreadable(what)
    return content


def _wrapped(
    key: CountyKey, site_name: str, device_id: str, at: str, secret: bytes, random: Randomness
) -> CountyRequest:
    request = CountyRequest(key, site_name, device_id, at, b"")
    return replace(request, wrapped=seal(key.public, secret, request.bound, random))


def _change_key_soon(store: Store) -> None:
    store.write(lambda transaction: put_setting(transaction.db, KEY_CHANGE_DUE, "1"))
