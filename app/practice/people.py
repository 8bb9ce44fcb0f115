"""Invented residents: common characters for names, citizen numbers under region 10, never issued."""

from datetime import date, timedelta
from random import Random

from app.domain.identity import DocumentType, check_digit
from app.domain.people import ADULT_AT_YEARS, Guardian, Patient, Sex, age_on, is_minor

VILLAGES = ("上河村", "下河村", "柳林村")
_SURNAMES = [
    *"王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶",
    "欧阳",
    "上官",
    "诸葛",
]
_RARE_READINGS = [*"单仇解查区朴盖乐缪曾"]
_GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰建国志文"
    "宇轩子涵雨桐梓萱浩然欣怡思远安宁沐阳予澄若溪知夏景行书瑶一诺"
)
_GROUPS = ("农村居民", "学龄前儿童", "学生", "教职工", "医疗卫生人员", "养老机构人员")
_RARE_NAMES = ("王𬭎", "李㛃", "张𠮷安", "古丽娜尔·买买提江", "迪丽热巴·阿卜杜热合曼")


def citizen_number(random: Random, birth_on: date, sex: Sex) -> str:
    """Return a number with a right check digit that nobody can have."""
    sequence = random.randrange(0, 500) * 2 + (sex is Sex.MALE)
    first17 = f"10{random.randrange(1, 99):02d}{random.randrange(1, 30):02d}{birth_on:%Y%m%d}{sequence:03d}"
    return first17 + check_digit(first17)


def residents(count: int, today: date, seed: int = 1) -> list[Patient]:
    """Return so many invented residents, the same for the same seed; ``patient_id`` is left empty."""
    random = Random(seed)
    people: dict[str, Patient] = {}
    while len(people) < count:
        patient = _resident(random, today, len(people))
        people[patient.document_number] = patient
    return list(people.values())


def _resident(random: Random, today: date, index: int) -> Patient:
    birth_on = today - timedelta(days=_age_in_days(random))
    sex = random.choice((Sex.MALE, Sex.FEMALE))
    village = VILLAGES[index % len(VILLAGES)]
    minor = is_minor(birth_on, today)
    surname = random.choice(_RARE_READINGS if index % 25 == 0 else _SURNAMES)
    name = _RARE_NAMES[index // 97 % len(_RARE_NAMES)] if index % 97 == 96 else _name(random, surname)
    newborn = (today - birth_on).days < 400
    return Patient(
        patient_id="",
        name=name,
        sex=sex,
        birth_on=birth_on,
        document_type=DocumentType.HOUSEHOLD_BOOK if newborn else DocumentType.CITIZEN_CARD,
        document_number=citizen_number(random, birth_on, sex),
        phone=_phone(random),
        address=f"云溪镇{village}{random.randrange(1, 12)}组{random.randrange(1, 90)}号",
        population_group=_group(age_on(birth_on, today).years, newborn, random),
        region_code="100101",
        guardian=_guardian(random, surname) if minor else None,
        booklet=minor,
    )


def _name(random: Random, surname: str) -> str:
    return surname + "".join(random.choices(_GIVEN, k=random.choice((1, 2, 2, 2))))


def _age_in_days(random: Random) -> int:
    """Return an age such as a village's: a third children, many of them small, and many old people."""
    share = random.random()
    if share < 0.12:
        return random.randrange(1, 700)
    if share < 0.34:
        return random.randrange(700, 6570)
    return random.randrange(6570, 34000)


def _group(years: int, newborn: bool, random: Random) -> str:
    """Return the class of 2021 by age; of the six-year-olds some are at school already."""
    if newborn:
        return "学龄前儿童"
    if years >= ADULT_AT_YEARS:
        return random.choice(_GROUPS[:1] * 8 + _GROUPS[3:])
    at_six = random.choice(("学生", "学龄前儿童"))
    return at_six if years == 6 else "学生" if years > 6 else "学龄前儿童"


def _guardian(random: Random, surname: str) -> Guardian:
    relation = random.choice(("母亲", "父亲", "祖母"))
    family = surname if relation == "父亲" else random.choice(_SURNAMES)
    return Guardian(_name(random, family), relation, _phone(random))


def _phone(random: Random) -> str:
    """Return a number under 100, which no mobile operator has."""
    return f"100{random.randrange(10**8):08d}"
