"""What the paper room refuses; kept light, so that the screens can name it without loading the room."""

from dataclasses import dataclass
from datetime import datetime

from app.domain.refusals import Refusal


@dataclass(unsafe_hash=True)
class GlyphMissing(Refusal):
    """A character that no installed font can draw; a sheet with a blank in a name is never printed."""

    character: str

    @property
    def code_point(self) -> str:
        """Return the character as U+XXXX, for looking it up."""
        return f"U+{ord(self.character):04X}"


@dataclass(unsafe_hash=True)
class RequestNotSigned(Refusal):
    """A certificate request whose own signature does not hold: it was altered on its way."""

    subject: str


@dataclass(unsafe_hash=True)
class KeyDoesNotMatch(Refusal):
    """A certificate that came back names another key than the one made on this workstation."""

    kid: bytes


@dataclass(unsafe_hash=True)
class SigningKeyOutOfDate(Refusal):
    """The workstation's certificate is not valid at the moment of signing."""

    not_before: datetime
    not_after: datetime
    at: datetime


@dataclass(unsafe_hash=True)
class ListNotGenuine(Refusal):
    """A list that the trusted root did not sign, or that is damaged."""


@dataclass(unsafe_hash=True)
class ListGoesBack(Refusal):
    """A genuine list, but older than the one already here."""

    sequence: int
    known: int
