"""Identity documents: which numbers are possible, what they tell, how they are masked (domain.md §5)."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.people import Sex, age_on
from app.domain.refusals import Refusal

CITIZEN_LENGTH = 18
LONGEST_NUMBER = 32
"""T/CPMA 024-2020: a document number has at most 32 characters."""
LONGEST_HAN_NAME = 25
LONGEST_LETTER_NAME = 50
OLDEST_YEARS = 120
"""A person older than this is worth a second look, never a refusal."""

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"
_HMT_REGIONS = ("810000", "820000", "830000")
_HALF_WIDTH = {full: full - 0xFEE0 for full in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff"
_PERSONS_SHAPE = re.compile(
    r"[1-9]\d{5}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dX]", re.ASCII
)
_DOTS = str.maketrans(dict.fromkeys("．•‧・･∙⋅", "·"))
_HAN = re.compile("[\u2e80-\u2fdf\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


class DocumentType(StrEnum):
    """The kinds of document a person may show (domain.md §5.2)."""

    CITIZEN_CARD = "citizen_card"
    HOUSEHOLD_BOOK = "household_book"
    PASSPORT = "passport"
    MILITARY_CARD = "military_card"
    DRIVING_LICENCE = "driving_licence"
    HK_MACAO_PERMIT = "hk_macao_permit"
    TAIWAN_PERMIT = "taiwan_permit"
    HMT_RESIDENCE_PERMIT = "hmt_residence_permit"
    FOREIGNER_RESIDENCE_CARD = "foreigner_residence_card"
    BIRTH_CERTIFICATE = "birth_certificate"
    OTHER = "other"
    NONE = "none"

    @property
    def ws364_code(self) -> str | None:
        """Return the code of WS 364.3 CV02.01.101, or None where the standard has none that is known."""
        return _WS364_CODES.get(self)


_WS364_CODES = {
    DocumentType.CITIZEN_CARD: "01",
    DocumentType.HOUSEHOLD_BOOK: "02",
    DocumentType.PASSPORT: "03",
    DocumentType.MILITARY_CARD: "04",
    DocumentType.DRIVING_LICENCE: "05",
    DocumentType.HK_MACAO_PERMIT: "06",
    DocumentType.TAIWAN_PERMIT: "07",
    DocumentType.OTHER: "99",
}


class DocumentWarning(StrEnum):
    """What a person should look at again; none of them stops a registration."""

    NUMBER_OF_OTHER_TYPE = "number_of_other_type"
    UNUSUAL_FORMAT = "unusual_format"
    """The format known for this type is unverified, so a number that differs only warns."""
    BIRTH_DATE_UNREADABLE = "birth_date_unreadable"
    VERY_OLD = "very_old"
    SEX_DIFFERS = "sex_differs"
    BIRTH_DATE_DIFFERS = "birth_date_differs"


@dataclass(unsafe_hash=True)
class NumberMissing(Refusal):
    """No number was given."""


@dataclass(unsafe_hash=True)
class WrongLength(Refusal):
    """The number is too short or too long for its type."""

    length: int
    shortest: int
    longest: int


@dataclass(unsafe_hash=True)
class BadCharacter(Refusal):
    """A character stands where this type of number cannot have it; positions count from 1."""

    character: str
    position: int


@dataclass(unsafe_hash=True)
class WrongCheckDigit(Refusal):
    """The last character does not follow from the first seventeen (GB 11643-1999)."""

    given: str
    expected: str


@dataclass(unsafe_hash=True)
class ImpossibleBirthDate(Refusal):
    """The eight digits of the birth date are no day of the calendar."""

    digits: str


@dataclass(unsafe_hash=True)
class FutureBirthDate(Refusal):
    """The number says that the person is not born yet."""

    birth_on: date
    today: date


@dataclass(unsafe_hash=True)
class FirstGenerationNumber(Refusal):
    """A 15-digit number of the first generation: out of use at the desk, read only by history import."""


@dataclass(unsafe_hash=True)
class NotForRegistration(Refusal):
    """This type of document does not register a person."""

    type: DocumentType


@dataclass(unsafe_hash=True)
class NameMissing(Refusal):
    """No name was given."""


@dataclass(unsafe_hash=True)
class NameTooLong(Refusal):
    """A name over 25 Chinese characters or 50 letters (T/CPMA 024-2020), counted in code points."""

    length: int
    longest: int


@dataclass(frozen=True)
class CheckedDocument:
    """A document number that is possible, normalised, with what it tells."""

    type: DocumentType
    number: str
    birth_on: date | None = None
    sex: Sex | None = None
    warnings: tuple[DocumentWarning, ...] = ()


def half_width(text: str) -> str:
    """Return the text with full-width letters, digits, signs and blanks in half width."""
    return text.translate(_HALF_WIDTH)


def normalise_number(text: str) -> str:
    """Return the number half-width, without blanks, with a-z in upper case."""
    kept = "".join(char for char in half_width(text) if not char.isspace() and char not in _INVISIBLE)
    return "".join(char.upper() if char.isascii() else char for char in kept)


def check_document(type: DocumentType, number: str, *, today: date) -> CheckedDocument:
    """Return the document with its number normalised, or raise the refusal that says what is wrong.

    Region codes are never checked: counties that were withdrawn live on in old numbers (domain.md §5.1).
    """
    normal = normalise_number(number)
    if type is DocumentType.DRIVING_LICENCE:
        raise NotForRegistration(type)
    if type is DocumentType.NONE:
        return CheckedDocument(type, _within(normal, 0, LONGEST_NUMBER))
    if not normal:
        raise NumberMissing
    return _CHECKS[type](type, normal, today)


def type_of_number(number: str) -> DocumentType:
    """Return the type whose number this looks like, the citizen card if nothing says otherwise."""
    normal = normalise_number(number)
    if normal.startswith(_HMT_REGIONS):
        return DocumentType.HMT_RESIDENCE_PERMIT
    if re.fullmatch(r"9\d{16}[\dX]|[A-Z]{3}\d{12}", normal, re.ASCII):
        return DocumentType.FOREIGNER_RESIDENCE_CARD
    return DocumentType.CITIZEN_CARD


def slip_in(text: str, *, today: date) -> Refusal | None:
    """Return what is wrong with a text of the shape of a person's number; None if it is sound or of another.

    The shape: 18 characters, where the birth date stands a year from 1900 on, a month and a day up to 31.
    """
    normal = normalise_number(text)
    if not _PERSONS_SHAPE.fullmatch(normal):
        return None
    try:
        check_document(type_of_number(normal), normal, today=today)
    except Refusal as refusal:
        return refusal
    return None


def read_first_generation(number: str, *, today: date) -> CheckedDocument:
    """Return a 15-digit number as history import may keep it; births were always 19YY."""
    normal = _of_characters(_within(normalise_number(number), 15, 15), r"\d")
    birth_on = _birth_date("19" + normal[6:12], today)
    return CheckedDocument(DocumentType.CITIZEN_CARD, normal, birth_on, _sex_of(normal[14]))


def compare_with_stated(
    document: CheckedDocument, *, sex: Sex, birth_on: date
) -> tuple[DocumentWarning, ...]:
    """Return a warning for each fact of the number that differs from what was stated; never a refusal."""
    told = (Sex.MALE, Sex.FEMALE)
    warnings = []
    if document.sex in told and sex in told and document.sex is not sex:
        warnings.append(DocumentWarning.SEX_DIFFERS)
    if document.birth_on not in (None, birth_on):
        warnings.append(DocumentWarning.BIRTH_DATE_DIFFERS)
    return tuple(warnings)


def mask_number(number: str) -> str:
    """Return the number with its middle hidden: 6 and 4 characters stay of 15 or more, else 1 and 3 of 8."""
    length = len(number)
    head, tail = (6, 4) if length >= 15 else (1, 3) if length >= 8 else (min(length, 1), 0)
    return number[:head] + "*" * (length - head - tail) + number[length - tail :]


def mask_name(name: str) -> str:
    """Return the first and the last character; of two characters only the first (李*)."""
    if len(name) < 3:
        return name[:1] + "*"
    return name[0] + "*" * (len(name) - 2) + name[-1]


def normalise_name(text: str) -> str:
    """Return the name with one kind of middle dot and single blanks, none beside a Chinese character.

    Characters are never replaced by look-alikes: rare and private-use ones stay as they are.
    Raises NameMissing or NameTooLong.
    """
    visible = "".join(char for char in text if char not in _INVISIBLE).translate(_DOTS)
    name = re.sub(r"\s*·\s*", "·", " ".join(visible.split()))
    han = _HAN.search(name) is not None
    if han:
        name = re.sub(f"(?<={_HAN.pattern}) | (?={_HAN.pattern})", "", name)
    if not name:
        raise NameMissing
    longest = LONGEST_HAN_NAME if han else LONGEST_LETTER_NAME
    if len(name) > longest:
        raise NameTooLong(len(name), longest)
    return name


def check_digit(first17: str) -> str:
    """Return the check character of 17 digits (GB 11643-1999, ISO 7064 MOD 11-2)."""
    return _CHECK_DIGITS[sum(int(d) * w for d, w in zip(first17, _WEIGHTS, strict=True)) % 11]


def _citizen(type: DocumentType, number: str, today: date) -> CheckedDocument:
    if re.fullmatch(r"\d{15}", number, re.ASCII):
        raise FirstGenerationNumber
    _with_check_digit(number)
    birth_on = _birth_date(number[6:14], today)
    warnings = []
    if age_on(birth_on, today).years > OLDEST_YEARS:
        warnings.append(DocumentWarning.VERY_OLD)
    if _belongs_elsewhere(type, number):
        warnings.append(DocumentWarning.NUMBER_OF_OTHER_TYPE)
    return CheckedDocument(type, number, birth_on, _sex_of(number[16]), tuple(warnings))


def _belongs_elsewhere(type: DocumentType, number: str) -> bool:
    own = type_of_number(number)
    return own is not (DocumentType.CITIZEN_CARD if type is DocumentType.HOUSEHOLD_BOOK else type)


def _foreigner(type: DocumentType, number: str, today: date) -> CheckedDocument:
    if re.fullmatch(r"[A-Z]{3}\d{12}", number, re.ASCII):
        return CheckedDocument(type, number)
    if not number.startswith("9"):
        return _citizen(type, number, today)
    _with_check_digit(number)
    try:
        birth_on = _birth_date(number[6:14], today)
    except (ImpossibleBirthDate, FutureBirthDate):
        # The place of the birth date in these numbers is unverified, so it never refuses a person.
        return CheckedDocument(type, number, warnings=(DocumentWarning.BIRTH_DATE_UNREADABLE,))
    return CheckedDocument(type, number, birth_on, _sex_of(number[16]))


def _passport(type: DocumentType, number: str, _today: date) -> CheckedDocument:
    return CheckedDocument(type, _within(_of_characters(number, r"[A-Z0-9]"), 5, 18))


def _free(type: DocumentType, number: str, _today: date) -> CheckedDocument:
    return CheckedDocument(type, _within(number, 1, LONGEST_NUMBER))


def _usually(pattern: str) -> Callable[[DocumentType, str, date], CheckedDocument]:
    def check(type: DocumentType, number: str, _today: date) -> CheckedDocument:
        _within(_of_characters(number, r"[A-Z0-9()]"), 1, LONGEST_NUMBER)
        usual = re.fullmatch(pattern, number, re.ASCII)
        return CheckedDocument(type, number, warnings=() if usual else (DocumentWarning.UNUSUAL_FORMAT,))

    return check


_CHECKS: dict[DocumentType, Callable[[DocumentType, str, date], CheckedDocument]] = {
    DocumentType.CITIZEN_CARD: _citizen,
    DocumentType.HOUSEHOLD_BOOK: _citizen,
    DocumentType.HMT_RESIDENCE_PERMIT: _citizen,
    DocumentType.FOREIGNER_RESIDENCE_CARD: _foreigner,
    DocumentType.PASSPORT: _passport,
    DocumentType.MILITARY_CARD: _free,
    DocumentType.OTHER: _free,
    DocumentType.HK_MACAO_PERMIT: _usually(r"[HM]\d{8}(\d{2})?"),
    DocumentType.TAIWAN_PERMIT: _usually(r"\d{8}|\d{10}(\([A-Z0-9]\)|[A-Z0-9])?"),
    DocumentType.BIRTH_CERTIFICATE: _usually(r"[A-Z]\d{9}"),
}


def _with_check_digit(number: str) -> None:
    _within(number, CITIZEN_LENGTH, CITIZEN_LENGTH)
    _of_characters(number[:17], r"\d")
    _of_characters(number, r"[\dX]")
    expected = check_digit(number[:17])
    if number[17] != expected:
        raise WrongCheckDigit(given=number[17], expected=expected)


def _within(number: str, shortest: int, longest: int) -> str:
    if not shortest <= len(number) <= longest:
        raise WrongLength(len(number), shortest, longest)
    return number


def _of_characters(number: str, pattern: str) -> str:
    for position, char in enumerate(number, start=1):
        if not re.fullmatch(pattern, char, re.ASCII):
            raise BadCharacter(char, position)
    return number


def _birth_date(digits: str, today: date) -> date:
    try:
        birth_on = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        raise ImpossibleBirthDate(digits) from None
    if birth_on > today:
        raise FutureBirthDate(birth_on, today)
    return birth_on


def _sex_of(sequence_digit: str) -> Sex:
    return Sex.MALE if int(sequence_digit) % 2 else Sex.FEMALE
