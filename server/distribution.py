"""How the tables would lie on Citus: which column spreads each, and which are whole on every node.

One PostgreSQL needs none of this; a test keeps the schema fit for it (docs/operations.md, *Citus*).
"""

from server.database import Database

BY_DEVICE = (
    "journal",
    "device_cursor",
    "device_key",
    "seal",
    "semantic_error",
    "feedback_head",
    "unfit_entry",
    "device_contact",
    "refused_event",
    "look_up",
    "quarantine",
    "stick_reply",
)
BY_PERSON = ("person", "immunization", "adverse_event")
BY_SITE = ("stock_product", "stock_lot", "stock_pack", "stock_dose", "stock_movement")
BY_AREA = ("area_feed", "area_head", "feed_block")
DISTRIBUTED = {
    **dict.fromkeys(BY_DEVICE, "device_id"),
    "event_home": "event_id",
    **dict.fromkeys(BY_PERSON, "person_id"),
    **dict.fromkeys(BY_SITE, "site"),
    **dict.fromkeys(BY_AREA, "area"),
}
"""Distribution column by table; tables of one column and type are one family and lie together."""
REFERENCE = frozenset({
    "schema_version", "centre", "enrolment_code", "device", "device_certificate", "operator",
    "operator_session", "sign_in_failure", "operator_act", "site_area", "projector", "wal_mark",
})  # fmt: skip
"""Small, read everywhere, whole on every node."""


def distribute(database: Database) -> None:
    """Spread a freshly migrated, empty database over the nodes of Citus; raises psycopg.Error without it."""
    with database.transaction():
        for table in sorted(REFERENCE):
            database.execute("select create_reference_table(%s)", (table,))
        families: dict[str, str] = {}
        for table, column in DISTRIBUTED.items():
            beside = families.get(column, "none")
            families.setdefault(column, table)
            database.execute(
                "select create_distributed_table(%s, %s, colocate_with => %s)", (table, column, beside)
            )
