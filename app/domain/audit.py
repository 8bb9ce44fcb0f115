"""The audit trail: who looked at, printed or let pass what, and why; each record holds the one before.

A read changes no fact, so it is no event of the journal: the trail stays on this machine, chained like the
journal, and its head goes into the journal from time to time (``audit.sealed``), where the centre keeps it.
Sources: 未成年人网络保护条例 art. 36 (access to a minor's data is logged, with its reason), SEC-4, SEC-5,
网络安全法 art. 21(3) (kept six months at least; nothing here is ever deleted).
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum

from app.domain.journal import Event, canonical
from app.domain.people import is_minor
from app.domain.refusals import Refusal
from app.domain.screening import Decision
from app.domain.vial import CodeSource

GENESIS = hashlib.sha256(b"vaxpost audit trail 1").digest()


class Access(StrEnum):
    """What was done that the trail keeps."""

    READ = "read"
    PRINTED = "printed"
    EXPORTED = "exported"
    OVERRIDDEN = "overridden"
    CORRECTED = "corrected"
    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    STAFF_CHANGED = "staff_changed"
    CONFIGURED = "configured"


class Purpose(StrEnum):
    """Why a person's record was read or taken out."""

    VISIT = "visit"
    """A visit of this person is open: the reason for everybody who works on it."""
    PRESENT = "present"
    """The person's own document was read at the desk."""
    RECEPTION = "reception"
    """An adult was chosen from the search at the desk; a minor's reason is asked."""
    ARRIVED = "arrived"
    ENQUIRY = "enquiry"
    CERTIFICATE = "certificate"
    ENTRY_CHECK = "entry_check"
    CORRECTION = "correction"
    REACTION = "reaction"
    INSPECTION = "inspection"
    OTHER = "other"


ASKED = (
    Purpose.ARRIVED,
    Purpose.ENQUIRY,
    Purpose.CERTIFICATE,
    Purpose.ENTRY_CHECK,
    Purpose.CORRECTION,
    Purpose.REACTION,
    Purpose.INSPECTION,
    Purpose.OTHER,
)
"""The reasons a person can choose, in the order of their keys; ``OTHER`` needs words."""

_NOTED: Mapping[str, Access] = {
    "user.signed_in": Access.SIGNED_IN,
    "user.sign_in_failed": Access.SIGN_IN_FAILED,
    "user.tries_rewound": Access.SIGN_IN_FAILED,
    "user.tries_uncounted": Access.SIGN_IN_FAILED,
    "certificate.printed": Access.PRINTED,
    "patient.amended": Access.CORRECTED,
    "patient.judged": Access.CORRECTED,
    "immunization.voided": Access.CORRECTED,
    "observation.reopened": Access.OVERRIDDEN,
    "lot.status_changed": Access.OVERRIDDEN,
    "pack.released": Access.OVERRIDDEN,
    "stock.adjusted": Access.OVERRIDDEN,
    "code.mapped": Access.OVERRIDDEN,
    "clock.confirmed": Access.OVERRIDDEN,
    "readiness.overridden": Access.OVERRIDDEN,
    "schedule.taken": Access.OVERRIDDEN,
    "staff.added": Access.STAFF_CHANGED,
    "staff.amended": Access.STAFF_CHANGED,
    "staff.removed": Access.STAFF_CHANGED,
    "staff.certified": Access.STAFF_CHANGED,
    "staff.emergency_trained": Access.STAFF_CHANGED,
    "user.password_reset": Access.STAFF_CHANGED,
    "site.configured": Access.CONFIGURED,
    "device.enrolled": Access.CONFIGURED,
    "relay.chosen": Access.CONFIGURED,
    "backup.planned": Access.CONFIGURED,
    "recovery_key.made": Access.OVERRIDDEN,
    "recovery_key.used": Access.OVERRIDDEN,
    "county_key.taken": Access.OVERRIDDEN,
    "county_key.removed": Access.OVERRIDDEN,
    "county_key.used": Access.OVERRIDDEN,
    "store.restored": Access.OVERRIDDEN,
}

_SAID = ("reason", "considered", "note", "code", "title", "centre", "role")
"""Where the body of an event says why, or what; the first that says anything."""


@dataclass(frozen=True)
class Line:
    """One line of the trail before it has its place."""

    at: str
    """UTC instant, as in bodies."""
    staff_id: str
    desk: str
    access: Access
    patient_id: str | None = None
    purpose: Purpose | None = None
    words: str = ""
    """What was printed or taken out, or the reason in words."""
    source: str = ""
    """The visit that is the reason, or the event this line stands for."""
    second_id: str = ""
    """The second person of a two-person act; a line without one is hashed as before there were any."""


@dataclass(frozen=True)
class AuditRecord:
    """A line in its place: ``seq`` is 1, 2, 3 … without a gap."""

    seq: int
    line: Line
    hash: bytes


def line_of(event: Event, at: str) -> Line | None:
    """Return the line of an event of the journal that stands in the trail as well; None for ordinary work."""
    access, body = _access_of(event), event.body
    if access is None:
        return None
    if access is Access.SIGN_IN_FAILED:  # told when somebody next came in; who tried is not who came
        who, when = str(body.get("staff_id", event.user)), str(body["at"])
        return Line(when, who, event.desk, access, words=str(body.get("why", "")), source=event.id)
    if access is Access.READ:
        return Line(
            at, event.user, event.desk, access, event.person, Purpose.VISIT, source=body["encounter_id"]
        )
    said = next((str(body[name]) for name in _SAID if body.get(name)), "")
    second = str(body.get("approved_by") or "")
    return Line(
        at, event.user, event.desk, access, event.person, words=said, source=event.id, second_id=second
    )


def _access_of(event: Event) -> Access | None:
    """Return as what an event stands in the trail.

    An override is what a person let pass, or changed, against what the machine had said.
    """
    match event.kind:
        case "vial.presented" if event.body["source"] != CodeSource.SCANNED:
            return Access.OVERRIDDEN
        case "observation.ended" if event.body["early"]:
            return Access.OVERRIDDEN
        case "screening.recorded" if event.body["decision"] == Decision.PROCEED and event.body.get(
            "considered"
        ):
            return Access.OVERRIDDEN
        case "condition.recorded" if event.body["supersedes"]:
            return Access.CORRECTED
        case "encounter.called":
            return Access.READ
        case kind:
            return _NOTED.get(kind)


@dataclass(unsafe_hash=True)
class ReasonMissing(Refusal):
    """A minor's record is read outside a visit, and nobody has said why."""

    patient_id: str


@dataclass(unsafe_hash=True)
class ReasonTooShort(Refusal):
    """Another reason than those listed needs words."""

    least: int


@dataclass(unsafe_hash=True)
class AuditBroken(Refusal):
    """A line of the trail is not what was written, or one is gone."""

    seq: int


@dataclass(unsafe_hash=True)
class AuditFileUnreadable(Refusal):
    """The file holds no audit trail that was taken out of this program."""


@dataclass(unsafe_hash=True)
class AuditFileBroken(Refusal):
    """A file is not as it was taken out, from this line on; 0 for who took it out, when and why."""

    seq: int


FEWEST_LETTERS = 4


def reason_is_asked(birth_on: date, today: date, *, visit_open: bool) -> bool:
    """Return whether somebody must say why: a minor's record, outside a visit (未成年人网络保护条例 36)."""
    return not visit_open and is_minor(birth_on, today)


def check_purpose(purpose: Purpose, words: str) -> None:
    """Pass a reason that was chosen; raises ReasonTooShort for ``OTHER`` without words."""
    if purpose is Purpose.OTHER and len(words.strip()) < FEWEST_LETTERS:
        raise ReasonTooShort(FEWEST_LETTERS)


def link(previous: bytes, seq: int, line: Line) -> bytes:
    """Return the hash of a line on top of the one before it."""
    told = {name: value for name, value in asdict(line).items() if value or name != "second_id"}
    return hashlib.sha256(previous + canonical({"seq": seq, **told})).digest()


def verify_trail(trail: Iterable[AuditRecord], sealed: Mapping[int, bytes]) -> int:
    """Return how many lines stand, each on the one before, under the heads the journal holds by their number.

    Raises AuditBroken at the first line that does not follow, is gone, or is not the one sealed.
    """
    count, head = 0, GENESIS
    for record in trail:
        head = link(head, count + 1, record.line)
        if record.seq != count + 1 or head != record.hash:
            raise AuditBroken(count + 1)
        count += 1
        if sealed.get(count, head) != head:
            raise AuditBroken(count)
    if missing := [seq for seq in sealed if seq > count]:
        raise AuditBroken(min(missing))
    return count
