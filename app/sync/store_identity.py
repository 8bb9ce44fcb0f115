"""The device's identity in the encrypted store: its key before the first word, then what the centre gave."""

import json
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.clock import Clock
from app.domain.refusals import Refusal
from app.storage.journal import current_stream
from app.storage.local import get_secret, get_setting, put_secret, put_setting
from app.storage.site import find_site
from app.storage.store import Store, Transaction
from app.sync.enrolment import enrol
from app.sync.http import HttpTransport
from app.sync.identity import Identity, make_identity, make_request, new_key
from app.sync.store_outbox import asked

KEY, GIVEN = "centre.key", "centre.given"
URL, PROXY = "centre.url", "centre.proxy"


@dataclass(unsafe_hash=True)
class PracticeHasItsOwnCentre(Refusal):
    """Invented people are for the practice site's own centre, never for a real one."""

    url: str


@dataclass(frozen=True)
class Centre:
    """The centre of this site, and as whom this device comes."""

    url: str
    proxy: str | None
    """The one HTTP proxy on the way."""
    identity: Identity


def get_identity(store: Store) -> Identity | None:
    """Return who this device is to its centre, or None if it is not enrolled."""
    db = store.read()
    key, given = get_secret(db, KEY), get_secret(db, GIVEN)
    if key is None or given is None:
        return None
    certificate, *trust = (b64decode(der) for der in json.loads(given))
    return Identity(key, certificate, tuple(trust))


def find_centre(store: Store) -> Centre | None:
    """Return the centre this device was enrolled at by ``enrol_site``, or None."""
    db = store.read()
    url, identity = get_setting(db, URL), get_identity(store)
    return Centre(url, get_setting(db, PROXY) or None, identity) if url and identity else None


def put_identity(store: Store, identity: Identity) -> None:
    """Keep what the centre gave for the key the store has; raises OutboxUnavailable."""
    _keep(store, GIVEN, given_bytes((identity.certificate, *identity.trust)))


def given_bytes(given: Sequence[bytes]) -> bytes:
    """Return the device's certificate, then whom it trusts (DER), as they are kept."""
    return json.dumps([b64encode(der).decode() for der in given]).encode()


def enrol_site(store: Store, url: str, code: str, clock: Clock, *, proxy: str = "") -> Identity:
    """Enrol this device at the centre of its site and remember where that is; raises as ``enrol_store``.

    Raises PracticeHasItsOwnCentre.
    """
    site = find_site(store.read())
    if site is not None and site.practice:
        raise PracticeHasItsOwnCentre(url)
    identity = enrol_store(store, url, code, clock, proxy=proxy or None)

    def remember(transaction: Transaction) -> None:
        put_setting(transaction.db, URL, url)
        put_setting(transaction.db, PROXY, proxy)

    store.write(remember)
    return identity


def enrol_store(store: Store, url: str, code: str, clock: Clock, *, proxy: str | None = None) -> Identity:
    """Enrol this device by a one-time code and keep its identity.

    Its key is kept before anything is sent, so that the same enrolment can be repeated if the answer is lost.
    Raises PlaintextForbidden, AddressUnreadable or what refuses it (``app.sync.enrolment.enrol``).
    """
    device_id = current_stream(store.read()).device_id
    identity = ask_for_identity(url, code, clock, _own_key(store), device_id, proxy=proxy)
    put_identity(store, identity)
    return identity


def ask_for_identity(
    url: str, code: str, clock: Clock, key: bytes, device_id: str, *, proxy: str | None = None
) -> Identity:
    """Enrol a device of this name and key at a centre; raises as ``enrol_store``."""
    line = HttpTransport(url, None, clock, proxy=proxy)
    try:
        return make_identity(key, enrol(line, code, make_request(key, device_id)))
    finally:
        line.close()


def _own_key(store: Store) -> bytes:
    known = get_secret(store.read(), KEY)
    if known is not None:
        return known
    key = new_key()
    _keep(store, KEY, key)
    return key


def _keep(store: Store, name: str, value: bytes) -> None:
    asked(lambda: store.write(lambda transaction: put_secret(transaction.db, name, value)))
