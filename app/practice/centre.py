"""The practice site's own centre on this machine, and this device's way in."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app.domain.refusals import Refusal
from app.storage.journal import current_stream
from app.storage.local import get_secret, put_secret
from app.storage.site import get_site
from app.sync.enrolment import enrol, new_token
from app.sync.http import HttpTransport
from app.workflows.desk import Desk
from server.practice import PracticeCentre, PracticeCentreNotStarted

TOKEN = "centre.token"


@dataclass(unsafe_hash=True)
class NoPracticeCentre(Refusal):
    """The practice centre does not come up; its log says why. The day goes on without it."""

    log: str


@dataclass(frozen=True)
class CentreAccess:
    """Where the centre is and what lets this device in; ``stop`` ends the centre."""

    url: str
    token: str
    stop: Callable[[], None]


def start_centre(folder: Path, desk: Desk) -> CentreAccess:
    """Start the centre with its data in ``folder`` and enrol this device the first time (some 2 seconds).

    Raises NoPracticeCentre, or what refuses the enrolment; the day goes on without a centre.
    """
    db = desk.read()
    centre = PracticeCentre(folder, get_site(db).site_id)
    try:
        address = centre.start()
    except PracticeCentreNotStarted as error:
        raise NoPracticeCentre(error.log) from error
    known = get_secret(db, TOKEN)
    token = known.decode() if known else new_token(desk.random)
    if known is None:
        line = HttpTransport(address.url, "", desk.clock, practice=True)
        try:
            enrol(line, address.code, current_stream(db).device_id, token)
        finally:
            line.close()
        desk.store.write(lambda transaction: put_secret(transaction.db, TOKEN, token.encode()))
    return CentreAccess(address.url, token, centre.stop)
