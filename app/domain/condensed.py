"""What a run of events of others comes to: the newest word on each person, doses, voidings; and its text.

A page of events is condensed when it is read into tables; long runs come condensed from the centre already,
so that a new site is filled in minutes. Nothing of an event can be believed to be well formed: what cannot be
read is left out.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from typing import Any, TypeVar

from app.domain.conditions import LONGEST_NOTE, ConditionStatus
from app.domain.identity import DocumentType
from app.domain.journal import Event, Json
from app.domain.people import MANDATORY, Sex
from app.domain.review import Judgement

UUID_TEXT = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
DOSE_KIND = "immunization.recorded"
PAST_DOSE_KIND = "past_dose.recorded"
_DOSE_KINDS = frozenset({DOSE_KIND, PAST_DOSE_KIND})
_VOID_KINDS = frozenset({"immunization.voided", "past_dose.withdrawn"})
PERSON_KINDS = frozenset({"patient.registered", "patient.amended"})
PERSON_TEXTS = tuple(key for key in MANDATORY if key not in ("sex", "birth_on"))
OTHER_TEXTS = (
    "nationality", "region_code", "ethnic_group", "workplace", "household_address", "residence",
    "registered_at",
)  # fmt: skip
CONTACTS = ("guardian", "proxy")
CONTACT_TEXTS = ("name", "relation", "phone")
DOSE_COLUMNS = (
    "immunization_id", "patient_id", "vaccine_code", "vaccine_name", "product_code", "dose_number",
    "lot_number", "trace_code", "site_name", "occurred_at",
)  # fmt: skip
DOSE_TEXTS = ("vaccine_code", "vaccine_name", "product_code", "lot_number", "site_name")
CONDITION_KIND = "condition.recorded"
CONDITION_COLUMNS = (
    "condition_id", "patient_id", "code", "title", "since", "until", "note", "status", "supersedes",
    "reason", "recorded_at", "recorded_by",
)  # fmt: skip
MAX_TEXT = 100
"""Of a text of a dose; names of products are shorter."""
LINE_ROWS, LINE_BYTES = 100, 128 << 10
"""Of one line of the text, so that no line is longer than an event may be."""
MISFIT = (KeyError, TypeError, ValueError, AttributeError, OverflowError)
"""What reading a body raises that is not what it should be."""

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False)
_SEXES, _DOCUMENT_TYPES = frozenset(Sex), frozenset(DocumentType)
_HEX = bytes.maketrans(b"123456789abcdef", b"0" * 15)

T = TypeVar("T")
DoseRow = tuple[Any, ...]
"""The values of ``DOSE_COLUMNS``."""
ConditionRow = tuple[Any, ...]
"""The values of ``CONDITION_COLUMNS``."""


@dataclass(frozen=True)
class Person:
    """The newest word on a person in a run."""

    hlc: int
    body: Json
    """Of ``patient.registered`` or ``patient.amended``."""


@dataclass(frozen=True)
class Condensed:
    """What a run of events comes to."""

    people: tuple[Person, ...] = ()
    """One of each ``patient_id``."""
    doses: tuple[DoseRow, ...] = ()
    voids: tuple[str, ...] = ()
    """The ``immunization_id`` of each dose entered in error, or copied and taken back."""
    judgements: tuple[Judgement, ...] = ()
    """The newest of each pair of records."""
    conditions: tuple[ConditionRow, ...] = ()
    """Every statement of a special condition (``app/domain/conditions.py``)."""


def condense(events: Iterable[Event | DoseRow]) -> Condensed:
    """Return what events come to, whatever their order; of some doses no more was read than is told."""
    of_people: list[Event] = []
    doses: list[DoseRow] = []
    voids: list[str] = []
    conditions: list[ConditionRow] = []
    judged: dict[tuple[str, str], Judgement] = {}
    for event in events:
        try:
            if not isinstance(event, Event):
                doses.append(event)
            elif event.kind in _DOSE_KINDS:
                doses.append(tuple(map(event.body.get, DOSE_COLUMNS)))
            elif event.kind in PERSON_KINDS:
                of_people.append(event)
            elif event.kind in _VOID_KINDS:
                voids.append(_id(event.body["immunization_id"]))
            elif event.kind == CONDITION_KIND:
                conditions.append(tuple(event.body[key] for key in CONDITION_COLUMNS))
            elif event.kind == "patient.judged":
                word_on = read_judgement(event)
                both = (word_on.low_id, word_on.high_id)
                judged[both] = max(
                    judged.get(both, word_on), word_on, key=lambda one: (one.hlc, one.event_id)
                )
        except MISFIT:
            continue
    people: dict[str, tuple[int, str, Event]] = {}
    for event in _fit(of_people, lambda found: _check_people([one.body for one in found])):
        word = (event.hlc, event.id, event)
        patient_id = event.body["patient_id"]
        people[patient_id] = max(people.get(patient_id, word), word, key=lambda one: one[:2])
    newest = tuple(Person(hlc, event.body) for hlc, _, event in people.values())
    return Condensed(
        newest,
        tuple(_fit(doses, _check_rows)),
        tuple(voids),
        tuple(judged.values()),
        tuple(_fit(conditions, _check_conditions)),
    )


def read_judgement(event: Event) -> Judgement:
    """Return the decision of ``patient.judged``; raises one of ``MISFIT`` on a body that holds none."""
    body = event.body
    return _judgement(
        [*(body[key] for key in JUDGEMENT_KEYS), event.hlc, event.id, event.user, body["judged_at"]]
    )


JUDGEMENT_KEYS = ("low_id", "high_id", "is_one", "kept_id")


def _judgement(values: Sequence[Any]) -> Judgement:
    told = Judgement(*values)
    low_id, high_id = map(_id, (told.low_id, told.high_id))
    if low_id >= high_id or told.kept_id not in (low_id, high_id) or type(told.is_one) is not bool:
        raise ValueError
    _number(told.hlc)
    _all_texts((told.event_id, told.by, told.at))
    return told


def _fit(found: Sequence[T], check: Callable[[Sequence[T]], object]) -> Sequence[T]:
    """Return what passes a check: mostly all at once, else each by itself."""
    try:
        check(found)
    except MISFIT:
        return [one for one in found if _fits(one, check)] if len(found) > 1 else ()
    return found


def _fits(one: T, check: Callable[[Sequence[T]], object]) -> bool:
    try:
        check([one])
    except MISFIT:
        return False
    return True


def write_lines(condensed: Condensed) -> list[bytes]:
    """Return the text of a run, line by line, without line feeds; columns compress well."""
    lines = list(_people_lines(condensed.people))
    lines += [_text({"doses": list(zip(*rows, strict=True))}) for rows in _runs(condensed.doses)]
    lines += [_text({"voids": rows}) for rows in _runs(condensed.voids)]
    lines += [
        _text({"judgements": [list(vars(one).values()) for one in rows]})
        for rows in _runs(condensed.judgements)
    ]
    lines += [_text({"conditions": rows}) for rows in _runs(condensed.conditions)]
    return lines


def _people_lines(people: Iterable[Person]) -> Iterator[bytes]:
    held, weight = list[bytes](), 0
    for person in people:
        text = _text([person.hlc, person.body])
        if held and weight + len(text) > LINE_BYTES:
            yield b'{"people":[' + b",".join(held) + b"]}"
            held, weight = [], 0
        held.append(text)
        weight += len(text)
    if held:
        yield b'{"people":[' + b",".join(held) + b"]}"


def _text(value: object) -> bytes:
    return _ENCODER.encode(value).encode()


def read_lines(lines: Iterable[bytes]) -> Condensed:
    """Return the run of a text; raises ValueError on anything else."""
    people: list[Person] = []
    doses: list[DoseRow] = []
    voids: list[str] = []
    judgements: list[Judgement] = []
    conditions: list[ConditionRow] = []
    try:
        for line in lines:
            read = json.loads(line)
            told = [Person(_number(hlc), body) for hlc, body in read.get("people", ())]
            _check_people([person.body for person in told])
            people += told
            rows = list(zip(*read.get("doses", ()), strict=True))
            _check_rows(rows)
            doses += rows
            voids += map(_id, read.get("voids", ()))
            judgements += map(_judgement, read.get("judgements", ()))
            stated = [tuple(row) for row in read.get("conditions", ())]
            _check_conditions(stated)
            conditions += stated
    except (*MISFIT, RecursionError) as misfit:
        raise ValueError("not a condensed run") from misfit
    return Condensed(tuple(people), tuple(doses), tuple(voids), tuple(judgements), tuple(conditions))


def _runs(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (rows[start : start + LINE_ROWS] for start in range(0, len(rows), LINE_ROWS))


def _check_rows(rows: Sequence[DoseRow]) -> None:
    """Pass doses, given as the values of ``DOSE_COLUMNS``."""
    if not rows:
        return
    named = dict(zip(DOSE_COLUMNS, zip(*rows, strict=True), strict=True))
    for name in DOSE_TEXTS:
        _all_texts(named[name])
        if max(map(len, named[name])) > MAX_TEXT:
            raise ValueError
    _all_ids(named["immunization_id"] + named["patient_id"])
    for number in named["dose_number"]:
        _number(number)
    codes = [code for code in named["trace_code"] if code is not None]
    _all_texts(codes)
    if max(map(len, codes), default=0) > MAX_TEXT:
        raise ValueError
    if any(datetime.fromisoformat(instant).tzinfo is None for instant in named["occurred_at"]):
        raise ValueError


def _check_conditions(rows: Sequence[ConditionRow]) -> None:
    """Pass statements, given as the values of ``CONDITION_COLUMNS``."""
    for row in rows:
        told = dict(zip(CONDITION_COLUMNS, row, strict=True))
        texts = [told[key] for key in ("code", "title", "note", "reason", "recorded_by")]
        _all_texts(texts)
        _all_ids([told["condition_id"], told["patient_id"], told["supersedes"] or told["condition_id"]])
        ConditionStatus(told["status"])
        for day in (told["since"], told["until"]):
            if day is not None:
                date.fromisoformat(day)
        if max(map(len, texts)) > LONGEST_NOTE or datetime.fromisoformat(told["recorded_at"]).tzinfo is None:
            raise ValueError


def _check_people(bodies: Sequence[Json]) -> None:
    """Pass people whose records can be read."""
    if not bodies:
        return
    for key in PERSON_TEXTS:
        _all_texts([body[key] for body in bodies])
    for key in OTHER_TEXTS:
        _all_texts([body[key] for body in bodies if key in body])
    _all_texts(chain(*[body.get("readings", ()) for body in bodies]))
    if not {body["sex"] for body in bodies} <= _SEXES:
        raise ValueError
    if not {body["document_type"] for body in bodies} <= _DOCUMENT_TYPES:
        raise ValueError
    for body in bodies:
        date.fromisoformat(body["birth_on"])
    if not {type(body.get("booklet", True)) for body in bodies} <= {bool}:
        raise TypeError
    for contact in filter(None, [body.get(key) for body in bodies for key in CONTACTS]):
        if set(contact) != set(CONTACT_TEXTS):
            raise KeyError
        _all_texts(contact.values())
    _all_ids([body["patient_id"] for body in bodies])


def _all_ids(values: Sequence[object]) -> None:
    """Pass ids in their only spelling."""
    _all_texts(values)
    text = "".join(f"{value}\n" for value in values)
    if text.encode().translate(_HEX) != b"00000000-0000-0000-0000-000000000000\n" * len(values):
        raise ValueError


def _id(value: object) -> str:
    """Return an id if it is one, in its only spelling."""
    if not isinstance(value, str) or UUID_TEXT.fullmatch(value) is None:
        raise ValueError
    return value


def _number(value: object) -> int:
    if type(value) is not int or not 0 <= value < 2**63:
        raise ValueError
    return value


def _all_texts(values: Iterable[object]) -> None:
    if not set(map(type, values)) <= {str}:
        raise TypeError
