"""The doses planned for a visit in the store: what was agreed to, and which dose came of each."""

from collections.abc import Iterable

from sqlite_utils import Database

from app.domain.catalogue import BodySite
from app.domain.journal import Json
from app.domain.visit import PlannedDose


def put_plans(db: Database, encounter_id: str, plans: Iterable[Json]) -> None:
    """Keep what a screening plans in the place of what was planned and not given."""
    drop_open(db, encounter_id)
    (last,) = db.execute(
        "select coalesce(max(place), 0) from planned_dose where encounter_id = ?", [encounter_id]
    ).fetchone()
    for place, plan in enumerate(plans, start=last + 1):
        db.execute(
            "insert into planned_dose values (?, ?, ?, ?, ?, null, null)",
            [encounter_id, place, plan["product_code"], plan["dose_number"], plan["body_site"]],
        )


def drop_open(db: Database, encounter_id: str) -> None:
    """Forget what was planned and not given."""
    db.execute("delete from planned_dose where encounter_id = ? and immunization_id is null", [encounter_id])


def put_answer(db: Database, encounter_id: str, product_code: str | None, *, agreed: bool) -> bool | None:
    """Keep the answer for one product, or for all of them; returns whether anything is agreed to.

    None: another product has not been asked about yet.
    """
    db.execute(
        """update planned_dose set consented = ?1 where encounter_id = ?2 and immunization_id is null
        and product_code = coalesce(?3, product_code)""",
        [int(agreed), encounter_id, product_code],
    )
    answers = [dose.consented for dose in open_doses(db, encounter_id)]
    return None if None in answers else any(answers) if answers else agreed


def put_body_site(db: Database, encounter_id: str, body_site: str) -> None:
    """Keep another body site for the dose that is next."""
    db.execute(
        f"""update planned_dose set body_site = ?3 where encounter_id = ?1
        and place = (select place from {_NEXT})""",
        [encounter_id, "", body_site],
    )


def put_given(db: Database, encounter_id: str, product_code: str, immunization_id: str) -> None:
    """Keep which dose came of a planned one: of the one with its product, else of the next."""
    db.execute(
        """update planned_dose set immunization_id = ?3 where encounter_id = ?1 and place = (select place
        from planned_dose where encounter_id = ?1 and immunization_id is null
        order by product_code = ?2 desc, place limit 1)""",
        [encounter_id, product_code, immunization_id],
    )


def put_taken_back(db: Database, immunization_id: str) -> None:
    """Keep that a dose counts no more: what was planned is open again."""
    db.execute("update planned_dose set immunization_id = null where immunization_id = ?", [immunization_id])


def all_doses(db: Database, encounter_id: str) -> list[PlannedDose]:
    """Return the doses given in a visit and those planned, in the order of the plan."""
    rows = db.execute(
        f"select {_COLUMNS} from planned_dose where encounter_id = ? order by place", [encounter_id]
    )
    return [_planned(row) for row in rows]


def open_doses(db: Database, encounter_id: str) -> list[PlannedDose]:
    """Return the doses planned and not given, those declined among them."""
    return [dose for dose in all_doses(db, encounter_id) if dose.immunization_id is None]


def is_more_to_come(db: Database, encounter_id: str, *, decided: bool) -> bool:
    """Return whether a planned dose is neither given nor declined, or the doctor is to plan the rest anew."""
    doses = all_doses(db, encounter_id)
    if not decided:
        return bool(doses)
    return any(dose.immunization_id is None and dose.consented is not False for dose in doses)


def next_dose(db: Database, encounter_id: str, at_hand: str = "") -> PlannedDose | None:
    """Return the dose that is to be given next; when all are given, the last of them.

    First the one of the product ``at_hand``, then that of the vial presented, then the order of the plan.
    """
    row = db.execute(f"select {_COLUMNS} from {_NEXT}", [encounter_id, at_hand]).fetchone()
    return _planned(row) if row else None


_COLUMNS = "product_code, dose_number, body_site, consented, immunization_id"
_NEXT = """(select * from planned_dose where encounter_id = ?1 and consented is not 0
    order by immunization_id is not null, product_code = ?2 desc, product_code =
    coalesce((select product_code from needle_vial where encounter_id = ?1), '') desc,
    iif(immunization_id is null, place, -place) limit 1)"""


def _planned(row: tuple[str, int, str, int | None, str | None]) -> PlannedDose:
    consented = None if row[3] is None else bool(row[3])
    return PlannedDose(row[0], row[1], BodySite(row[2]), consented, row[4])
