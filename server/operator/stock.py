"""What each site has in stock, by lot: received less used, as its events tell."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from psycopg.rows import class_row

from server.database import Database
from server.operator.sights import LISTED


@dataclass(frozen=True)
class LotSight:
    """A lot at a site; two receptions of one lot number of a product are one lot."""

    site: str
    product_code: str
    vaccine_name: str | None
    market_holder: str | None
    lot_number: str
    expires_on: date | None
    """Usable through that day; None when nobody has said so."""
    status: str | None
    """As last changed; None when it never was."""
    received: int | None
    """Doses in the packs delivered; None when no delivery was recorded."""
    used: int
    """Doses given and not voided."""
    put_aside: int
    """Doses left in packs put aside."""
    adjusted: int
    """More or less than the books said, on the shelf and put aside, by counts."""

    @property
    def left(self) -> int | None:
        """Doses that should still be there; less than none when more were used than came in."""
        return None if self.received is None else self.received - self.used - self.put_aside + self.adjusted


STOCK = """
with contents as (
    select site, lot_id, sum(doses)::bigint as received,
        coalesce(sum(greatest(0, doses - (
            select count(*) from stock_dose d where d.site = p.site and d.trace_code = p.code
                and d.used_hlc is not null and d.voided_hlc is null
        ))) filter (where aside_reason is not null), 0)::bigint as put_aside
    from stock_pack p
    where lot_id is not null
        and not exists (select from stock_pack inner_one where inner_one.site = p.site
            and inner_one.parent_code = p.code)
        and (%(site)s = '' or site = %(site)s)
    group by site, lot_id
), counted as (
    select site, lot_id, sum(doses)::bigint as adjusted,
        coalesce(sum(doses) filter (where place = 'aside'), 0)::bigint as aside_adjusted
    from stock_movement
    where lot_id is not null and (%(site)s = '' or site = %(site)s)
    group by site, lot_id
), lots as (
    select l.site, product_code, lot_number, min(expires_on) as expires_on,
        (array_agg(status order by changed_hlc desc nulls last))[1] as status,
        sum(received)::bigint as received,
        (coalesce(sum(put_aside), 0) + coalesce(sum(aside_adjusted), 0))::bigint as put_aside,
        coalesce(sum(adjusted), 0)::bigint as adjusted
    from stock_lot l left join contents using (site, lot_id) left join counted using (site, lot_id)
    where product_code is not null and lot_number is not null and (%(site)s = '' or l.site = %(site)s)
    group by 1, 2, 3
), uses as (
    select site, product_code, lot_number, count(*) as used
    from stock_dose
    where used_hlc is not null and voided_hlc is null and product_code is not null and lot_number is not null
        and (%(site)s = '' or site = %(site)s)
    group by 1, 2, 3
)
select site, product_code, vaccine_name, market_holder, lot_number, expires_on, status, received,
    coalesce(used, 0) as used, coalesce(put_aside, 0) as put_aside, coalesce(adjusted, 0) as adjusted
from lots full join uses using (site, product_code, lot_number)
    left join stock_product using (site, product_code)
order by coalesce(received, 0) - coalesce(used, 0) - coalesce(put_aside, 0) + coalesce(adjusted, 0) > 0 and
        (expires_on < %(today)s or status <> 'in_use') is true desc,
    received is null or received + adjusted < coalesce(used, 0) + put_aside desc,
    site, vaccine_name, expires_on, lot_number, product_code
limit %(limit)s
"""


def see_stock(database: Database, site: str, today: date, limit: int = LISTED) -> Sequence[LotSight]:
    """Return the lots of a site, of all with an empty name: first what nobody may use and what cannot be."""
    with database.cursor(row_factory=class_row(LotSight)) as cursor:
        return cursor.execute(STOCK, {"site": site, "today": today, "limit": limit}).fetchall()
