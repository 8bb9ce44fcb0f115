"""Synthetic certificates for the tests of this room."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache

from hypothesis import strategies as st

from app.documents.trust import (
    Identity,
    issue_certificate,
    make_root,
    make_signing_key,
    request_certificate,
    trusted_key,
)
from app.domain.certificate import CertificateDose, CertificateFacts, CertificateHolder, new_number
from app.domain.identity import DocumentType
from app.domain.people import Sex
from app.domain.trust import TrustList

NOW = datetime(2026, 3, 14, 10, 5, tzinfo=UTC)
HOLDER = CertificateHolder(
    name="陈雨桐",
    birth_on=date(1994, 5, 21),
    sex=Sex.FEMALE,
    document_type="citizen_card",
    document_number="100101199405210020",
    recipient_code="100101010120260417",
    phone="100 0000 0126",
    address="云溪镇桂花路 18 号 2 单元 301 室",
)
HEPATITIS_B = CertificateDose(
    vaccine_code="HepB",
    product_code="HepB-CHO-20",
    vaccine_name="重组乙型肝炎疫苗",
    specification="CHO 细胞·20 μg/支",
    dose_number=1,
    series_doses=3,
    occurred_on=date(2025, 9, 6),
    market_holder="示例生物制品股份有限公司",
    lot_number="202502A011",
    site_name="云溪镇卫生院",
    receipted_at=NOW,
)
CORONAVAC = replace(
    HEPATITIS_B,
    vaccine_code="COVID-19",
    vaccine_name="新型冠状病毒灭活疫苗",
    specification="Vero 细胞·0.5 mL/支",
    series_doses=2,
    dcc_product="CoronaVac",
)


def seeded(seed: int = 7) -> "random.Random":
    """Return repeatable randomness."""
    return random.Random(seed)


def series(dose: CertificateDose, count: int) -> tuple[CertificateDose, ...]:
    """Return the same dose given so many times, a month apart, with lots of their own."""
    return tuple(
        replace(
            dose,
            dose_number=number + 1,
            series_doses=max(count, dose.series_doses),
            occurred_on=dose.occurred_on + timedelta(days=35 * number),
            lot_number=f"2025{number + 2:02d}A{11 + 8 * number:03d}",
        )
        for number in range(count)
    )


FACTS = CertificateFacts(
    number=new_number("desk-1", seeded().randbytes),
    serial="20260314-0087",
    version=1,
    issued_at=NOW,
    site_name="云溪镇卫生院",
    enquiry_phone="0350-000 0126",
    holder=HOLDER,
    doses=series(HEPATITIS_B, 3),
)


@cache
def root() -> Identity:
    """Return a root made once."""
    return make_root("示例中心", NOW - timedelta(days=30))


@cache
def desk(name: str = "desk-1") -> Identity:
    """Return an enrolled workstation."""
    private_pem = make_signing_key()
    request = request_certificate(private_pem, "云溪镇卫生院", name)
    return Identity(private_pem, issue_certificate(root(), request, NOW - timedelta(days=20)))


@cache
def trust() -> TrustList:
    """Return a fresh list that trusts the desk, and knows no root."""
    return TrustList(5, NOW - timedelta(days=1), (trusted_key(desk().certificate_der),))


HAN = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5)
RARE = st.sampled_from("𬭊𠮷𫖯㛃䶮𰻝龘囍〇\U0003134a")
NAMES = st.text(HAN | RARE | st.sampled_from("·ABC xyz"), min_size=1, max_size=25).filter(str.strip)
DAYS = st.dates(date(1920, 1, 1), date(2026, 3, 14))


@st.composite
def holders(draw: st.DrawFn) -> CertificateHolder:
    """Draw anybody."""
    return CertificateHolder(
        name=draw(NAMES),
        birth_on=draw(DAYS),
        sex=draw(st.sampled_from(Sex)),
        document_type=draw(st.sampled_from(DocumentType)),
        document_number=draw(st.text("0123456789X", max_size=32)),
        recipient_code=draw(st.text("0123456789", max_size=18)),
        phone=draw(st.text("0123456789 -", max_size=20)),
        address=draw(st.text(HAN | st.sampled_from("0123456789 号室"), max_size=60)),
    )


@st.composite
def doses(draw: st.DrawFn) -> CertificateDose:
    """Draw any dose of a COVID-19 or another vaccine."""
    return replace(
        draw(st.sampled_from([HEPATITIS_B, CORONAVAC])),
        vaccine_name=draw(st.text(HAN, min_size=1, max_size=30)),
        specification=draw(st.text(HAN, max_size=30)),
        dose_number=draw(st.integers(1, 9)),
        occurred_on=draw(DAYS),
        market_holder=draw(st.text(HAN, min_size=1, max_size=40)),
        lot_number=draw(st.text("0123456789ABCXYZ-", min_size=1, max_size=20)),
        site_name=draw(st.text(HAN, min_size=1, max_size=30)),
        receipted_at=draw(st.none() | st.just(NOW)),
    )


@st.composite
def certificates(draw: st.DrawFn) -> CertificateFacts:
    """Draw a whole certificate of one to twenty doses."""
    return replace(
        FACTS,
        number=new_number(draw(st.text(max_size=8)), seeded(draw(st.integers(0, 2**32))).randbytes),
        version=draw(st.integers(1, 99)),
        holder=draw(holders()),
        doses=tuple(draw(st.lists(doses(), min_size=1, max_size=20))),
        document_masked=draw(st.booleans()),
        practice=draw(st.booleans()),
    )
