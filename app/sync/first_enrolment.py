"""A device that is enrolled before its site has a store: what it was given waits, sealed, for the store."""

from base64 import b64decode, b64encode
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from sqlite_utils import Database

from app.domain.clock import Clock
from app.domain.ids import Randomness, uuid7
from app.domain.journal import Json, Stream
from app.domain.refusals import Refusal
from app.storage import set_up
from app.storage.local import put_secret, put_setting
from app.sync.identity import Identity, new_key
from app.sync.store_identity import GIVEN, KEY, PROXY, URL, ask_for_identity, given_bytes


@dataclass(unsafe_hash=True)
class EnrolmentIncomplete(Refusal):
    """The centre's address or the one-time code has not been stated."""


@dataclass(unsafe_hash=True)
class ProxyAddressBad(Refusal):
    """What was stated is no address of an HTTP proxy: ``http://10.0.0.1:3128``."""

    stated: str


@dataclass(frozen=True)
class Newcomer:
    """A device on its way in."""

    stream: Stream
    """Its first; the device is named before its journal begins."""
    key: bytes
    """Private, PKCS#8, DER."""
    url: str = ""
    given: tuple[bytes, ...] = ()
    """Its certificate, then whom it trusts, DER; empty until a centre knows it."""
    site_name: str = ""
    site_phone: str = ""
    """As stated so far, empty before."""
    proxy: str = ""
    """Through which alone the centre is reached, empty for none."""

    @property
    def site_id(self) -> str:
        """Return the site the centre's certificate names."""
        return min(Identity(self.key, self.given[0], self.given[1:]).sites)


def find_newcomer(folder: Path, *, use_keyring: bool = True) -> Newcomer | None:
    """Return who was on their way in when the program last ended, or None."""
    facts = set_up.kept(folder, use_keyring=use_keyring)
    if facts is None:
        return None
    given = tuple(b64decode(der) for der in facts["given"])
    stream = Stream(facts["device_id"], facts["epoch"])
    return Newcomer(
        stream, b64decode(facts["key"]), facts["url"], given, facts["site_name"], facts["site_phone"],
        facts.get("proxy", ""),
    )  # fmt: skip


def keep_newcomer(
    folder: Path, newcomer: Newcomer, random: Randomness, *, use_keyring: bool = True
) -> Newcomer:
    """Remember how far a device has come, and return it."""
    facts: Json = {
        "device_id": newcomer.stream.device_id,
        "epoch": newcomer.stream.epoch,
        "key": b64encode(newcomer.key).decode(),
        "url": newcomer.url,
        "given": [b64encode(der).decode() for der in newcomer.given],
        "site_name": newcomer.site_name,
        "site_phone": newcomer.site_phone,
        "proxy": newcomer.proxy,
    }
    set_up.keep(folder, facts, random, use_keyring=use_keyring)
    return newcomer


def enrol_newcomer(
    folder: Path,
    url: str,
    code: str,
    clock: Clock,
    random: Randomness,
    *,
    proxy: str = "",
    use_keyring: bool = True,
) -> Newcomer:
    """Enrol this device by a one-time code before there is a store; ``proxy`` is used ever after.

    Its name and key are kept before anything is sent: where the answer is lost, the same code works again.
    Raises EnrolmentIncomplete, ProxyAddressBad, PlaintextForbidden, AddressUnreadable, or as
    ``app.sync.enrolment.enrol``.
    """
    if not (url and code):
        raise EnrolmentIncomplete()
    _check_proxy(proxy)
    newcomer = find_newcomer(folder, use_keyring=use_keyring)
    if newcomer is None:
        stream = Stream(uuid7(clock.now(), random), random(8).hex())
        newcomer = keep_newcomer(folder, Newcomer(stream, new_key()), random, use_keyring=use_keyring)
    identity = ask_for_identity(
        url, code, clock, newcomer.key, newcomer.stream.device_id, proxy=proxy or None
    )
    given = (identity.certificate, *identity.trust)
    enrolled = replace(newcomer, url=url, given=given, proxy=proxy)
    return keep_newcomer(folder, enrolled, random, use_keyring=use_keyring)


def move_in(db: Database, newcomer: Newcomer) -> None:
    """Keep in the store what the device was given: from now on it is a site's like any other."""
    put_secret(db, KEY, newcomer.key)
    put_secret(db, GIVEN, given_bytes(newcomer.given))
    put_setting(db, URL, newcomer.url)
    put_setting(db, PROXY, newcomer.proxy)


def _check_proxy(stated: str) -> None:
    try:
        parts = urlsplit(stated)
        sound = parts.scheme in ("http", "https") and parts.hostname and parts.port
    except ValueError:
        sound = False
    if stated and not sound:
        raise ProxyAddressBad(stated)
