"""Facts for the checklist, complete unless a test takes something away."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from app.domain.catalogue import BodySite, Lot, Product, Route
from app.domain.checklist import PERSON_ITEMS, CheckFacts, Confirmation, Screened
from app.domain.people import Patient, Sex
from app.domain.screening import Decision
from app.domain.vial import CodeSource, Vial

NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
TODAY = date(2026, 11, 23)
FLU = Product(
    product_code="FLU4-1",
    vaccine_code="FLU4",
    vaccine_name="四价流感疫苗",
    full_name="四价流感病毒裂解疫苗",
    specification="0.5 mL/支",
    dosage_form="注射液",
    dose_quantity_ml="0.5",
    route=Route.INTRAMUSCULAR,
    body_site=BodySite.LEFT_ARM,
    market_holder="示例生物制品股份有限公司",
    manufacturer="示例生物制品股份有限公司",
    doses_per_pack=1,
    series_doses=1,
    programme=False,
    live=False,
    min_age_months=36,
    max_age_months=None,
)
OTHER_PRODUCT = replace(FLU, product_code="RAB-1", vaccine_name="狂犬疫苗", specification="1.0 mL/支")
LOT = Lot("lot-1", "FLU4-1", "202511A", TODAY + timedelta(days=100))
VIAL = Vial(
    trace_code="89008080000000000001",
    source=CodeSource.SCANNED,
    reason="",
    product=FLU,
    lot=LOT,
    doses=1,
    doses_used=0,
    opened_at=None,
)
PATIENT = Patient(
    patient_id="p-1",
    name="曾丽",
    sex=Sex.FEMALE,
    birth_on=date(1990, 1, 1),
    document_type="citizen_card",
    document_number="100101199001010000",
    phone="10000000000",
    address="云溪镇上河村",
    population_group="农村居民",
)
COMPLETE = CheckFacts(
    patient=PATIENT,
    identity_by="u-nurse",
    identity_at=NOW - timedelta(minutes=3),
    screened=Screened(Decision.PROCEED, "u-doctor", NOW - timedelta(minutes=20), consented=True),
    planned=FLU,
    dose_number=1,
    body_site=BodySite.LEFT_ARM,
    vial=VIAL,
    vial_by="u-nurse",
    vial_at=NOW - timedelta(minutes=2),
    confirmations={
        item: Confirmation("u-nurse", NOW - timedelta(seconds=60 - place))
        for place, item in enumerate(PERSON_ITEMS)
    },
)
"""Everything is there and nothing speaks against the dose."""
