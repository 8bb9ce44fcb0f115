"""Duplicates and gaps in what has been projected, each rate with what it counts."""

from collections.abc import Mapping
from dataclasses import dataclass

from psycopg.rows import dict_row

from server.database import Database

PERSON_FIELDS = ("name", "sex", "birth_on", "document_number")
DOSE_FIELDS = ("vaccine_code", "product_code", "lot_number", "expires_on", "dose_number", "occurred_at")


@dataclass(frozen=True)
class Rate:
    """A part of a whole."""

    count: int
    of: int

    @property
    def percent(self) -> str:
        """With one decimal, never rounded up to 100 nor down to 0; a dash when there is nothing to count."""
        if self.of == 0:
            return "—"
        tenths = self.count * 1000 // self.of
        if tenths == 0 and self.count:
            return "<0.1%"
        return f"{tenths // 10}.{tenths % 10}%"


@dataclass(frozen=True)
class Quality:
    """The rates, all of one instant."""

    same_document: Rate
    """Persons beyond the first with one document type and number, of all persons."""
    same_identity: Rate
    """Persons beyond the first with one name, sex and birth date, of all persons."""
    same_dose: Rate
    """Doses beyond the first of one person, vaccine and Chinese calendar day, of all valid doses."""
    person_fields: Mapping[str, Rate]
    """By field: persons in whom it is filled."""
    whole_persons: Rate
    dose_fields: Mapping[str, Rate]
    """By field: valid doses in which it is filled; valid is recorded and not voided."""
    whole_doses: Rate


VALID = "recorded_hlc is not null and voided_hlc is null"
SURPLUS = (
    "(select coalesce(sum(n - 1), 0)::bigint from (select count(*) as n from {} group by {}) g where n > 1)"
)
DUPLICATES = {
    "same_document": SURPLUS.format(
        "person where document_number <> ''", "coalesce(document_type, ''), document_number"
    ),
    "same_identity": SURPLUS.format(
        "person where name <> '' and birth_on is not null", "name, sex, birth_on"
    ),
    "same_dose": SURPLUS.format(
        f"immunization where {VALID} and vaccine_code <> '' and occurred_at is not null",
        "person_id, vaccine_code, (occurred_at at time zone 'Asia/Shanghai')::date",
    ),
}


def measure(database: Database) -> Quality:
    """Count everything in one transaction's view; on a large centre this takes seconds."""
    row: dict[str, int] = {}
    with database.transaction(), database.cursor(row_factory=dict_row) as cursor:
        cursor.execute("set transaction isolation level repeatable read read only")
        queries = (
            "select " + ", ".join(f"{query} as {name}" for name, query in DUPLICATES.items()),
            _completeness("person", "true", PERSON_FIELDS),
            _completeness("immunization", VALID, DOSE_FIELDS),
        )
        for query in queries:
            row |= cursor.execute(query.encode()).fetchone() or {}
    persons, doses = row["persons"], row["immunizations"]
    return Quality(
        Rate(row["same_document"], persons),
        Rate(row["same_identity"], persons),
        Rate(row["same_dose"], doses),
        {name: Rate(row[name], persons) for name in PERSON_FIELDS},
        Rate(row["whole_person"], persons),
        {name: Rate(row[name], doses) for name in DOSE_FIELDS},
        Rate(row["whole_immunization"], doses),
    )


def _completeness(table: str, rows: str, fields: tuple[str, ...]) -> str:
    filled = {name: f"nullif({name}::text, '') is not null" for name in fields}
    counts = [f"count(*) filter (where {test}) as {name}" for name, test in filled.items()]
    whole = f"count(*) filter (where {' and '.join(filled.values())}) as whole_{table}"
    return f"select count(*) as {table}s, {', '.join([*counts, whole])} from {table} where {rows}"
