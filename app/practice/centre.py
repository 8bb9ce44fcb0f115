"""The practice site's own centre on this machine, and this device's way in."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app.domain.clock import Clock
from app.domain.refusals import Refusal
from app.storage.site import get_site
from app.sync import wire
from app.sync.http import HttpTransport
from app.sync.identity import Identity
from app.sync.store_identity import enrol_store, get_identity
from app.sync.transport import CentreUnreachable
from app.workflows.desk import Desk
from server.practice import PracticeCentre, PracticeCentreNotStarted


@dataclass(unsafe_hash=True)
class NoPracticeCentre(Refusal):
    """The practice centre does not come up; its log says why. The day goes on without it."""

    log: str


@dataclass(frozen=True)
class CentreAccess:
    """Where the centre is and as whom this device comes; ``stop`` ends the centre."""

    url: str
    identity: Identity
    stop: Callable[[], None]


def start_centre(folder: Path, desk: Desk) -> CentreAccess:
    """Start the centre with its data in ``folder`` and enrol this device if it is not known (some 2 seconds).

    Raises NoPracticeCentre, or what refuses the enrolment; the day goes on without a centre.
    """
    centre = PracticeCentre(folder, get_site(desk.read()).site_id)
    try:
        address = centre.start()
    except PracticeCentreNotStarted as error:
        raise NoPracticeCentre(error.log) from error
    try:
        identity = get_identity(desk.store)
        if identity is None or is_forgotten(address.url, identity, desk.clock):
            identity = enrol_store(desk.store, address.url, address.code, desk.clock)
    except Refusal:
        centre.stop()
        raise
    return CentreAccess(address.url, identity, centre.stop)


def is_forgotten(url: str, identity: Identity, clock: Clock) -> bool:
    """Whether this is another centre than the one that let the device in: its folder was thrown away."""
    line = HttpTransport(url, identity, clock)
    hello = wire.encode_request(wire.Request(wire.Hello(identity.device_id)))
    try:
        answer = wire.decode_answer(line.exchange(hello))
    except CentreUnreachable as unreachable:
        return unreachable.reason == "issuer"
    finally:
        line.close()
    return answer == wire.Declined("DeviceUnknown")
