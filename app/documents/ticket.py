"""The queue ticket: number, people ahead, where to go first; no name and no vaccine (APP-6, APP-12)."""

from dataclasses import dataclass
from datetime import datetime

from app.documents.bitmap import Bitmap


@dataclass(frozen=True)
class Ticket:
    """What a queue ticket says."""

    site_name: str
    number: str
    """As called: A055."""
    ahead: int
    about_at: datetime | None
    """When it is about their turn; None says nothing about it."""
    go_to: str
    """The first place to go, e.g. 5 号预检台."""
    code_text: str
    """What every desk scans: ``codes.ticket_text``."""
    issued_at: datetime
    enquiry_phone: str
    practice: bool = False


def ticket_bitmap(ticket: Ticket) -> Bitmap:
    """Return the ticket for a 58 mm head; raises GlyphMissing."""
    # Pillow is loaded by the first ticket, not by the start of the program.
    from app.documents.ticket_drawing import draw_ticket

    return draw_ticket(ticket)
