"""What a merge leaves to a person: two words on one field, two records that may be one person.

Name, birth date and document of a person are never decided by a clock alone. Each correction carries the
values it knew of (``before``), so whoever reads two words sees whether the newer one knew the older.
"""

from dataclasses import dataclass
from enum import StrEnum

from app.domain.identity import DocumentType
from app.domain.journal import Json

BEFORE = "before"
"""The key of a correction's body: by field, the values its author knew to have stood there."""


class JudgedField(StrEnum):
    """What of a person is decided by people where two corrections differ."""

    NAME = "name"
    BIRTH_ON = "birth_on"
    DOCUMENT = "document"


COLUMNS = {
    JudgedField.NAME: ("name",),
    JudgedField.BIRTH_ON: ("birth_on",),
    JudgedField.DOCUMENT: ("document_type", "document_number"),
}
"""The keys of a person's body that make up a field."""


class PairReason(StrEnum):
    """Why two records are to be compared."""

    DOCUMENT = "document"
    """Both state one document, and name or birth date differ, or each was a record of its own before."""
    NAMESAKE = "namesake"
    """Same name, birth date and sex, and not two citizen numbers."""


@dataclass(frozen=True)
class Judgement:
    """A person's decision on two records; the newest on a pair stands, so each can be taken back."""

    low_id: str
    high_id: str
    """Both ``patient_id``, the lesser first."""
    is_one: bool
    kept_id: str
    """Whose data stands, where they are one person; one of the two."""
    hlc: int
    event_id: str
    by: str
    at: str


def pair(one_id: str, other_id: str) -> tuple[str, str]:
    """Return two ids in their only order."""
    return (one_id, other_id) if one_id < other_id else (other_id, one_id)


def value_of(body: Json, field: JudgedField) -> str:
    """Return what a person's body says in a field, as one text."""
    return " ".join(str(body[key]) for key in COLUMNS[field])


def known_values(body: Json, field: JudgedField) -> list[str]:
    """Return the values a word knew of in a field, its own last."""
    told = body.get(BEFORE)
    earlier = told.get(field, []) if isinstance(told, dict) else []
    listed = [value for value in earlier if isinstance(value, str)] if isinstance(earlier, list) else []
    return [*listed, value_of(body, field)]


def unknown_to(newest: Json, other: Json) -> list[JudgedField]:
    """Return the fields whose value in ``other`` the author of the newest word did not know of.

    Nothing is said of a word that does not tell what it knew: a first record, or an older program's.
    """
    if BEFORE not in newest:
        return []
    return [field for field in JudgedField if value_of(other, field) not in known_values(newest, field)]


def values_before(seen: Json, *others: Json) -> dict[str, list[str]]:
    """Return what a correction of ``seen`` carries as ``before``; ``others`` were looked at as well."""
    found: dict[str, list[str]] = {}
    for field in JudgedField:
        known = [value for body in (seen, *others) for value in known_values(body, field)]
        found[field.value] = list(dict.fromkeys(known))
    return found


def values_seen(known: dict[str, list[str]], seen: Json, held: Json) -> dict[str, list[str]]:
    """Return ``known`` without what came while somebody corrected what they had ``seen``."""
    return {
        field: [value for value in values if value != value_of(held, JudgedField(field))]
        + [value_of(seen, JudgedField(field))]
        for field, values in known.items()
    }


_OF_CITIZENS = (DocumentType.CITIZEN_CARD, DocumentType.HOUSEHOLD_BOOK)


def are_two_for_certain(one: Json, other: Json) -> bool:
    """Return whether each states a citizen number, which no two people share, and they differ."""
    numbers = [body["document_number"] for body in (one, other) if body["document_type"] in _OF_CITIZENS]
    return len(numbers) == 2 and numbers[0] != numbers[1]


def may_be_one(one: Json, other: Json) -> bool:
    """Return whether two records without a document in common are perhaps one person."""
    same = all(one[key] == other[key] for key in ("name", "birth_on", "sex"))
    return same and not are_two_for_certain(one, other)
