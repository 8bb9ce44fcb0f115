"""Products, lots and pack codes in the store."""

import json
from dataclasses import asdict
from datetime import date
from functools import lru_cache

from sqlite_utils import Database

from app.domain.catalogue import (
    AsidePack,
    BodySite,
    CodeMapping,
    Identification,
    Lot,
    LotStatus,
    PackCode,
    PackLevel,
    Product,
    Route,
    StorageBand,
)
from app.domain.journal import Event, Json
from app.domain.leaflet import Leaflet, LeafletInterval


def product_body(product: Product) -> Json:
    """Return a product as the body of ``product.added``."""
    return asdict(product)


@lru_cache(maxsize=256)
def _product(body: str) -> Product:
    """Every look at the needle reads a product; the text is the key, so a new statement is read anew."""
    return read_product(json.loads(body))


def read_product(body: Json) -> Product:
    """Return the product that ``product_body`` wrote."""
    said = [
        Identification(**one | {"level": PackLevel(one["level"])}) for one in body.get("identifications", ())
    ]
    kinds = {
        "route": Route(body["route"]),
        "body_site": BodySite(body["body_site"]),
        "body_sites": tuple(BodySite(site) for site in body.get("body_sites", ())),
        "storage": StorageBand(body.get("storage", StorageBand.REFRIGERATED)),
        "identifications": tuple(said),
        "leaflet": _leaflet(body.get("leaflet")),
    }
    return Product(**body | kinds)


def _leaflet(body: Json | None) -> Leaflet | None:
    if body is None:
        return None
    return Leaflet(**body | {"intervals": tuple(LeafletInterval(**one) for one in body["intervals"])})


def put_product(db: Database, event: Event) -> None:
    """Keep a product as last stated."""
    body = event.body
    db.execute(
        """insert into product values (?, ?, ?, ?, ?) on conflict (product_code) do update set
        vaccine_code = excluded.vaccine_code, gtin = excluded.gtin,
        code_prefix = excluded.code_prefix, body = excluded.body""",
        [body["product_code"], body["vaccine_code"], body["gtin"], body["code_prefix"], json.dumps(body)],
    )


def get_product(db: Database, product_code: str) -> Product:
    """Return a product that is known to exist."""
    (body,) = db.execute("select body from product where product_code = ?", [product_code]).fetchone()
    return _product(body)


def find_product(db: Database, product_code: str) -> Product | None:
    """Return a product, or None."""
    row = db.execute("select body from product where product_code = ?", [product_code]).fetchone()
    return _product(row[0]) if row else None


def find_product_of(db: Database, code: str) -> tuple[Product, PackLevel, int] | None:
    """Return the product one of whose packs has this code, that pack's level and its doses, or None.

    ``code``: a GTIN-14 or the 7 digits of a drug identification code. The catalogue's own word comes before
    what two people said.
    """
    if stated := find_stated(db, code):
        return stated
    mapping = find_mapping(db, code)
    return (get_product(db, mapping.product_code), mapping.level, mapping.doses) if mapping else None


def find_stated(db: Database, code: str) -> tuple[Product, PackLevel, int] | None:
    """Return what the catalogue itself says of a code, as ``find_product_of`` does."""
    row = db.execute(
        """select body from product where gtin = ?1 or code_prefix = ?1
        or exists (select 1 from json_each(body, '$.identifications')
            where value ->> 'gtin' = ?1 or value ->> 'code_prefix' = ?1)""",
        [code],
    ).fetchone()
    if row is None:
        return None
    product = _product(row[0])
    said = [one for one in product.identifications if code in (one.gtin, one.code_prefix)]
    if said:
        return product, said[0].level, said[0].doses
    return product, PackLevel.UNIT, product.doses_per_pack


def put_code_mapping(db: Database, event: Event) -> None:
    """Keep what two people said of a code; the last word counts."""
    body = event.body
    db.execute(
        "insert or replace into code_mapping values (?, ?, ?, ?, ?, ?, ?)",
        [body["code"], body["product_code"], body["level"], body["doses"], event.user, body["approved_by"],
         body["at"]],
    )  # fmt: skip


def find_mapping(db: Database, code: str) -> CodeMapping | None:
    """Return what two people said of a code, or None."""
    row = db.execute(
        """select code, product_code, level, doses, mapped_by, approved_by, mapped_at from code_mapping
        where code = ?""",
        [code],
    ).fetchone()
    return CodeMapping(row[0], row[1], PackLevel(row[2]), *row[3:]) if row else None


def all_products(db: Database) -> list[Product]:
    """Return the catalogue in the order it was added."""
    return [_product(body) for (body,) in db.execute("select body from product order by rowid")]


def put_lot(db: Database, event: Event) -> None:
    """Keep a lot that was received."""
    body = event.body
    db.execute(
        "insert into lot values (?, ?, ?, ?, ?, '')",
        [body["lot_id"], body["product_code"], body["lot_number"], body["expires_on"], LotStatus.IN_USE],
    )


def put_lot_status(db: Database, event: Event) -> None:
    """Keep a lot's new status: quarantined, recalled or in use again."""
    body = event.body
    db.execute(
        "update lot set status = ?, status_reason = ? where lot_id = ?",
        [body["status"], body["reason"], body["lot_id"]],
    )


_LOT = "lot_id, product_code, lot_number, expires_on, status, status_reason"


def find_lot(db: Database, lot_id: str) -> Lot | None:
    """Return a lot, or None."""
    row = db.execute(f"select {_LOT} from lot where lot_id = ?", [lot_id]).fetchone()
    return _lot(row) if row else None


def find_lot_by_number(db: Database, product_code: str, lot_number: str) -> Lot | None:
    """Return a product's lot with this number, or None."""
    row = db.execute(
        f"select {_LOT} from lot where product_code = ? and lot_number = ?", [product_code, lot_number]
    ).fetchone()
    return _lot(row) if row else None


def lots_of(db: Database, product_code: str) -> list[Lot]:
    """Return a product's lots, the first to expire first."""
    rows = db.execute(f"select {_LOT} from lot where product_code = ? order by expires_on", [product_code])
    return [_lot(row) for row in rows]


def _lot(row: tuple[str, str, str, str, str, str]) -> Lot:
    return Lot(row[0], row[1], row[2], date.fromisoformat(row[3]), LotStatus(row[4]), row[5])


def put_pack_codes(db: Database, event: Event) -> None:
    """Keep the codes of a delivery's relation file; a code never changes its lot."""
    body = event.body
    db.conn.executemany(
        "insert or ignore into pack_code values (?, ?, ?, ?, ?)",
        [[code, level, parent, body["lot_id"], doses] for code, level, parent, doses in body["codes"]],
    )


def put_pack_quarantined(db: Database, event: Event) -> None:
    """Keep that one pack was put aside, whether or not a delivery named its code; the first reason stands."""
    body = event.body
    db.execute(
        "insert or ignore into put_aside (code, reason, put_by, put_at) values (?, ?, ?, ?)",
        [body["code"], body["reason"], event.user, body.get("at", "")],
    )


def put_pack_released(db: Database, event: Event) -> None:
    """Keep that two people found nothing against a pack that was put aside."""
    db.execute("delete from put_aside where code = ?", [event.body["code"]])


_ASIDE = """select put_aside.code, reason, put_by, put_at, lot_id from put_aside
    left join pack_code using (code)"""


def find_aside(db: Database, code: str) -> AsidePack | None:
    """Return a pack that is put aside, with the lot a delivery named for it, or None."""
    row = db.execute(f"{_ASIDE} where put_aside.code = ?", [code]).fetchone()
    return _aside(db, row) if row else None


def packs_aside(db: Database, since: str = "", limit: int = 200) -> list[AsidePack]:
    """Return the packs put aside since an instant, the last one first."""
    rows = db.execute(f"{_ASIDE} where put_at >= ? order by put_at desc limit ?", [since, limit])
    return [_aside(db, row) for row in rows.fetchall()]


def _aside(db: Database, row: tuple[str, str, str, str, str | None]) -> AsidePack:
    code, reason, by, at, lot_id = row
    return AsidePack(code, reason, by, at, find_lot(db, lot_id) if lot_id else None)


def is_put_aside(db: Database, code: str) -> bool:
    """Return whether the pack with this identification was put aside."""
    return db.execute("select 1 from put_aside where code = ?", [code]).fetchone() is not None


def find_pack(db: Database, code: str) -> PackCode | None:
    """Return what a delivery said of a trace code, or None."""
    row = db.execute(
        """select code, level, parent_code, lot_id, doses, exists (select 1 from put_aside
        where put_aside.code = pack_code.code) from pack_code where code = ?""",
        [code],
    ).fetchone()
    return PackCode(row[0], PackLevel(row[1]), row[2], row[3], row[4], bool(row[5])) if row else None


def children_of(db: Database, parent_code: str) -> list[str]:
    """Return the codes packed in this one."""
    rows = db.execute("select code from pack_code where parent_code = ? order by code", [parent_code])
    return [code for (code,) in rows]
