"""The shape of the database, step by numbered step; steps only go forward and never change once released."""

from sqlite_utils import Database, Migrations

from app.storage.shape import (
    ACCOUNTS_0007,
    AUDIT_0008,
    CARRIED_0002,
    CONDITIONS_0012,
    DELIVERIES_0013,
    LOCAL_0001,
    NUMBERS_0026,
    PACKS_TAKEN_0019,
    PLANNED_DOSES_0014,
    PROJECTIONS_0001,
    READINESS_0009,
    RECEIPTS_0024,
    RECORD_0001,
    SEALS_0006,
    SECOND_PEOPLE_0010,
    STOCK_COUNTS_0016,
    TERMS_0015,
    TRAINING_0023,
    VERSIONS_0021,
)
from app.storage.shape_of_area import (
    ELSEWHERE_0003,
    FEED_0003,
    FEEDBACK_0004,
    REVIEW_0005,
    UNFIT_0025,
)

FIRST_VISIT = "0001_journal_and_first_visit"
CARRIED_STREAMS = "0002_carried_streams"
AREA_FEEDS = "0003_area_feeds"
FEEDBACK = "0004_feedback"
REVIEWS = "0005_reviews"
SEALS = "0006_seals"
ACCOUNTS = "0007_accounts"
AUDIT = "0008_audit"
READINESS = "0009_readiness"
SECOND_PEOPLE = "0010_second_people"
CONDITIONS = "0012_conditions"
DELIVERIES = "0013_deliveries"
PLANNED_DOSES = "0014_planned_doses"
TERMS = "0015_terms_with_the_person"
STOCK_COUNTS = "0016_stock_counts"
PACKS_TAKEN = "0019_packs_taken"
VERSIONS = "0021_versions_of_a_person"
TRAINING = "0023_training_rounds_and_emergencies"
RECEIPTS = "0024_receipts_by_runs"
UNFIT = "0025_unfit_entries"
NUMBERS = "0026_numbers_by_document"
KNOWN_STEPS = (
    FIRST_VISIT, CARRIED_STREAMS, AREA_FEEDS, FEEDBACK, REVIEWS, SEALS, ACCOUNTS, AUDIT, READINESS,
    SECOND_PEOPLE, CONDITIONS, DELIVERIES, PLANNED_DOSES, TERMS,
    STOCK_COUNTS, PACKS_TAKEN, VERSIONS, TRAINING, RECEIPTS, UNFIT, NUMBERS,
)  # fmt: skip

migrations = Migrations("vaxpost")


@migrations(name=FIRST_VISIT)
def first_visit(db: Database) -> None:
    """Create the journal, the projections of one visit and what stays on this machine."""
    for statement in (*RECORD_0001, *PROJECTIONS_0001, *LOCAL_0001):
        db.execute(statement)


@migrations(name=CARRIED_STREAMS)
def carried_streams(db: Database) -> None:
    """Let a stream that forked or was rewound go on in another."""
    for statement in CARRIED_0002:
        db.execute(statement)


@migrations(name=AREA_FEEDS)
def area_feeds(db: Database) -> None:
    """Take in what the other sites of the area recorded."""
    for statement in (*FEED_0003, *ELSEWHERE_0003):
        db.execute(statement)


@migrations(name=FEEDBACK)
def feedback(db: Database) -> None:
    """Keep what the centre found in this device's own events."""
    for statement in FEEDBACK_0004:
        db.execute(statement)


@migrations(name=REVIEWS)
def reviews(db: Database) -> None:
    """Keep what a merge leaves to people, and what they decided."""
    for statement in REVIEW_0005:
        db.execute(statement)


@migrations(name=SEALS)
def seals(db: Database) -> None:
    """Keep the seals made hour by hour."""
    for statement in SEALS_0006:
        db.execute(statement)


@migrations(name=ACCOUNTS)
def accounts(db: Database) -> None:
    """Keep how staff are trained, planned and let in."""
    for statement in ACCOUNTS_0007:
        db.execute(statement)


@migrations(name=AUDIT)
def audit(db: Database) -> None:
    """Keep who looked at whom, and why."""
    for statement in AUDIT_0008:
        db.execute(statement)


@migrations(name=READINESS)
def readiness(db: Database) -> None:
    """Keep what stands before the day's first injection."""
    for statement in READINESS_0009:
        db.execute(statement)


@migrations(name=SECOND_PEOPLE)
def second_people(db: Database) -> None:
    """Keep who the second person of an act was, and the codes two people gave a product."""
    for statement in SECOND_PEOPLE_0010:
        db.execute(statement)


@migrations(name=CONDITIONS)
def conditions(db: Database) -> None:
    """Keep the special conditions of people, as doctors stated them."""
    for statement in CONDITIONS_0012:
        db.execute(statement)


@migrations(name=DELIVERIES)
def deliveries(db: Database) -> None:
    """Keep what came in, and how."""
    for statement in DELIVERIES_0013:
        db.execute(statement)


@migrations(name=PLANNED_DOSES)
def planned_doses(db: Database) -> None:
    """Let one visit plan several doses."""
    for statement in PLANNED_DOSES_0014:
        db.execute(statement)


@migrations(name=TERMS)
def terms(db: Database) -> None:
    """Keep what a person is found by beside the person."""
    for statement in TERMS_0015:
        db.execute(statement)


@migrations(name=STOCK_COUNTS)
def stock_counts(db: Database) -> None:
    """Keep what counts of the fridge found, and the one under way."""
    for statement in STOCK_COUNTS_0016:
        db.execute(statement)


@migrations(name=PACKS_TAKEN)
def packs_taken(db: Database) -> None:
    """Keep which rule packs the site took, and who did."""
    for statement in PACKS_TAKEN_0019:
        db.execute(statement)


@migrations(name=VERSIONS)
def versions(db: Database) -> None:
    """Let the versions of a person's record be found."""
    for statement in VERSIONS_0021:
        db.execute(statement)


@migrations(name=TRAINING)
def training(db: Database) -> None:
    """Keep from which round a training certificate came, and who can handle a reaction."""
    for statement in TRAINING_0023:
        db.execute(statement)


@migrations(name=RECEIPTS)
def receipts(db: Database) -> None:
    """Keep what the centre received at one instant in one row."""
    for statement in RECEIPTS_0024:
        db.execute(statement)


@migrations(name=UNFIT)
def unfit(db: Database) -> None:
    """Keep what the centre has the bytes of and cannot file."""
    for statement in UNFIT_0025:
        db.execute(statement)


@migrations(name=NUMBERS)
def numbers(db: Database) -> None:
    """Find birth dates and numbers in the record alone, and let the terms take half of their room."""
    for statement in NUMBERS_0026:
        db.execute(statement)
