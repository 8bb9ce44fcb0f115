"""How a request reaches the centre and what can come of it, whatever carries it."""

from dataclasses import dataclass
from typing import Protocol

from app.domain.refusals import Refusal


@dataclass(unsafe_hash=True)
class CentreUnreachable(Refusal):
    """No whole answer came back; the request may or may not have been taken."""

    reason: str
    """``connect`` (nothing was sent), ``timeout``, ``cut`` or ``proxy``; of the other side's certificate
    ``issuer``, ``expired`` or ``host``; ``rejected`` (it does not believe ours), ``plaintext``, ``tls``."""


@dataclass(unsafe_hash=True)
class CentreBusy(Refusal):
    """The centre (or a proxy before it) asks to come back later."""

    status: int
    retry_after_s: float


@dataclass(unsafe_hash=True)
class AnswerForeign(Refusal):
    """Something answered that is not the centre: a captive portal, a proxy's error page, rubbish."""

    reason: str
    """``redirect``, ``status``, ``content``, ``size`` or ``slow``."""
    status: int


@dataclass(unsafe_hash=True)
class CentreDeclined(Refusal):
    """The centre refuses a request as a whole."""

    name: str
    """The centre's refusal: ``DeviceUnknown``, ``WireVersionUnknown``, ``MessageMalformed`` …"""
    reason: str


class Transport(Protocol):
    """One request out, one answer back."""

    def exchange(self, request: bytes) -> bytes:
        """Return the frame that answers; raises CentreUnreachable, CentreBusy or AnswerForeign."""
        ...
