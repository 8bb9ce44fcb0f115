"""Which rule packs the site took, in the store: who did, and the digest by which the file is held to it."""

from dataclasses import dataclass

from sqlite_utils import Database

from app.domain.journal import Event


@dataclass(frozen=True)
class TakenPack:
    """That people took a pack."""

    name: str
    """With its edition: ``cn-nip-2021``."""
    sha256: str
    taken_by: str
    approved_by: str
    """The second person; empty for one of before it took two."""
    taken_at: str


def put_taken(db: Database, event: Event) -> None:
    """Keep who took a pack; of one name and edition the last counts."""
    body = event.body
    name, approved_by = f"{body['pack']}-{body['edition']}", body.get("approved_by", "")
    db.execute(
        "insert or replace into pack_taken values (?, ?, ?, ?, ?)",
        [name, body["sha256"], event.user, approved_by, body["recorded_at"]],
    )


def packs_taken(db: Database) -> dict[str, TakenPack]:
    """Return every pack that was taken, by its name with its edition."""
    rows = db.execute("select name, sha256, taken_by, approved_by, taken_at from pack_taken order by name")
    return {row[0]: TakenPack(*row) for row in rows}
