"""The practice site's own centre on this machine, and this device's way in."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app.storage.journal import current_stream
from app.storage.local import get_secret, put_secret
from app.storage.site import get_site
from app.sync.enrolment import enrol, new_token
from app.sync.http import HttpTransport
from app.workflows.desk import Desk
from server.practice import PracticeCentre

TOKEN = "centre.token"


@dataclass(frozen=True)
class CentreAccess:
    """Where the centre is and what lets this device in; ``stop`` ends the centre."""

    url: str
    token: str
    stop: Callable[[], None]


def start_centre(folder: Path, desk: Desk) -> CentreAccess:
    """Start the centre with its data in ``folder`` and enrol this device the first time (some 2 seconds).

    Raises PracticeCentreNotStarted, or what refuses the enrolment; the day goes on without a centre.
    """
    db = desk.read()
    centre = PracticeCentre(folder, get_site(db).site_id)
    address = centre.start()
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
