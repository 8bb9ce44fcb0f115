"""Certificates of throw-away authorities, good on the day the tests run."""

import atexit
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from app.sync.enrolment import Enrolled
from app.sync.identity import Identity, make_identity, make_request, new_key
from server.authority import Authority, read_request
from server.tls import Tls, open_tls

NOW = datetime.now(UTC)


@cache
def centre_tls(*names: str, days_old: int = 0, number: int = 1) -> Tls:
    """Return the TLS of a centre with these names (127.0.0.1); each centre has an authority of its own."""
    folder = TemporaryDirectory()
    atexit.register(folder.cleanup)
    return open_tls(Path(folder.name), names or ("127.0.0.1",), NOW - timedelta(days=days_old))


@cache
def identity_of(tls: Tls, device_id: str = "device-1", site: str = "site-1") -> Identity:
    """Return the identity a centre has given a device."""
    return make_device(tls.authority, device_id, site)


def make_device(authority: Authority, device_id: str, site: str, at: datetime = NOW) -> Identity:
    """Return a new identity, by no code."""
    key = new_key()
    issued = authority.issue_device(read_request(make_request(key, device_id)), [site], at)
    return make_identity(key, Enrolled(issued.certificate, authority.trust))
