"""The next session at a site whose last one was cut off: whoever was there has gone home."""

from app.storage.observations import seated
from app.storage.site import running_session
from app.workflows.observation import leave_early
from app.workflows.registration import cancel_visit
from app.workflows.site_setup import close_session, open_session, still_here
from tests.factories import MANAGER, SmallSite


def begin_next_session(site: SmallSite, name: str) -> None:
    """Let everybody go, close, and open the next; the manager stays at the desk."""
    site.as_user(MANAGER)
    for seat in seated(site.desk.read()):
        site.desk.do(leave_early, seat.encounter_id, "停电")
    session = running_session(site.desk.read())
    assert session is not None, "a session is under way"
    left = still_here(site.desk.read(), session.session_id)
    for visit in (*left.called, *left.waiting):
        site.desk.do(cancel_visit, visit.encounter_id, "停电")
    site.desk.do(close_session)
    site.desk.do(open_session, name)
