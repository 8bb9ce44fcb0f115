"""People whose names and numbers a test chooses."""

from dataclasses import replace
from datetime import date

from app.domain.identity import DocumentType, check_digit
from app.domain.people import Guardian, Patient, Sex
from app.workflows import registration
from tests.factories import NURSE, SmallSite

ADULT_BORN = date(1962, 3, 4)
LONG_NAME = "迪丽热巴·阿卜杜热合曼"
LONGEST_NAME = "阿卜杜热合曼·买买提吐尔逊·卡德尔江·奥斯曼伊敏江"


def number_of(birth_on: date = ADULT_BORN, sequence: int = 11) -> str:
    """Return a possible number that nobody has; an odd sequence is a man's."""
    first17 = f"100101{birth_on:%Y%m%d}{sequence:03d}"
    return first17 + check_digit(first17)


def somebody(name: str = "欧阳予安", *, born: date = ADULT_BORN, sequence: int = 11) -> Patient:
    """Return a complete record, not yet on file."""
    return Patient(
        patient_id="",
        name=name,
        sex=Sex.MALE if sequence % 2 else Sex.FEMALE,
        birth_on=born,
        document_type=DocumentType.CITIZEN_CARD,
        document_number=number_of(born, sequence),
        phone="10033344455",
        address="云溪镇上河村 1 组 2 号",
        population_group="其他",
    )


def child(name: str = "欧阳小满", *, born: date, sequence: int = 22) -> Patient:
    """Return a complete record of a minor with her guardian."""
    mother = Guardian("欧阳澜", "母亲", "10033344455")
    return replace(somebody(name, born=born, sequence=sequence), guardian=mother)


def register(site: SmallSite, patient: Patient) -> Patient:
    """Put a person on file."""
    site.as_user(NURSE)
    return site.desk.do(registration.register_patient, patient)
