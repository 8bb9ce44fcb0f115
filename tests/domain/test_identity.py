"""Laws and vectors of document numbers and names (domain.md §5; REG-12, REG-8)."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain import identity
from app.domain.identity import DocumentType, DocumentWarning, check_document
from app.domain.people import Sex
from app.domain.refusals import Refusal

TODAY = date(2026, 3, 14)
CARD = DocumentType.CITIZEN_CARD


@st.composite
def citizen_numbers(draw: st.DrawFn, regions: str = "10[0-9]{4}") -> tuple[str, date, Sex]:
    region = draw(st.from_regex(regions, fullmatch=True))
    birth_on = draw(st.dates(date(1910, 1, 1), TODAY))
    sequence = draw(st.integers(0, 999))
    first17 = f"{region}{birth_on:%Y%m%d}{sequence:03d}"
    return first17 + identity.check_digit(first17), birth_on, Sex.MALE if sequence % 2 else Sex.FEMALE


@settings(deadline=None)
@given(citizen_numbers())
def test_every_well_formed_number_is_accepted_and_tells_birth_and_sex(case: tuple[str, date, Sex]) -> None:
    number, birth_on, sex = case
    assert check_document(CARD, number, today=TODAY) == identity.CheckedDocument(CARD, number, birth_on, sex)


@settings(deadline=None)
@given(citizen_numbers("[1-8][0-9]{5}"))
def test_no_region_is_unknown_enough_to_be_refused(case: tuple[str, date, Sex]) -> None:
    """Withdrawn counties live on in old numbers (domain.md §5.1)."""
    assert check_document(CARD, case[0], today=TODAY).number == case[0]


@settings(deadline=None)
@given(citizen_numbers(), st.integers(0, 17), st.sampled_from("0123456789X"))
def test_any_single_wrong_character_is_refused(
    case: tuple[str, date, Sex], place: int, character: str
) -> None:
    number = case[0]
    if number[place] == character:
        return
    with pytest.raises(Refusal):
        check_document(CARD, number[:place] + character + number[place + 1 :], today=TODAY)


@settings(deadline=None)
@given(citizen_numbers(), st.integers(0, 17))
def test_a_slip_in_a_persons_number_is_named_and_a_sound_one_has_none(
    case: tuple[str, date, Sex], place: int
) -> None:
    """The eight digits of the birth date show that it is a person's; a slip in another one is seen."""
    number = case[0]
    assert identity.slip_in(number, today=TODAY) is None
    if 6 <= place < 14:
        return
    wrong = number[:place] + ("2" if number[place] == "1" else "1") + number[place + 1 :]
    assert isinstance(identity.slip_in(wrong, today=TODAY), identity.WrongCheckDigit)


@pytest.mark.parametrize(
    ("number", "slip"),
    [
        ("110101199002300014", identity.ImpossibleBirthDate("19900230")),
        ("120103198806018242", identity.WrongCheckDigit("2", "1")),
        ("12010319880601824", None),
        ("89008080000001000000", None),
        ("069012345678921234", None),
        ("hello", None),
        ("", None),
    ],
)
def test_only_what_has_the_shape_of_a_persons_number_has_a_slip(number: str, slip: Refusal | None) -> None:
    assert identity.slip_in(number, today=TODAY) == slip


@settings(deadline=None)
@given(citizen_numbers(), st.integers(0, 16))
def test_any_two_swapped_neighbours_are_refused(case: tuple[str, date, Sex], place: int) -> None:
    number = case[0]
    if number[place] == number[place + 1]:
        return
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    with pytest.raises(Refusal):
        check_document(CARD, swapped, today=TODAY)


@settings(deadline=None)
@given(citizen_numbers(), st.data())
def test_full_width_lower_case_and_blanks_make_no_difference(
    case: tuple[str, date, Sex], data: st.DataObject
) -> None:
    written = ""
    for char in case[0].lower():
        wide = chr(ord(char) + 0xFEE0)
        written += data.draw(st.sampled_from(["", " ", "\u3000", "\n", "\u200b"]))
        written += data.draw(st.sampled_from([char, wide]))
    assert check_document(CARD, written, today=TODAY).number == case[0]


@settings(deadline=None)
@given(st.sampled_from(DocumentType), st.text(max_size=60))
def test_any_text_is_either_checked_or_refused(type: DocumentType, text: str) -> None:
    try:
        document = check_document(type, text, today=TODAY)
    except Refusal:
        return
    assert len(document.number) <= identity.LONGEST_NUMBER


@pytest.mark.parametrize(
    ("number", "type", "birth_on", "sex"),
    [
        ("360426199101010071", CARD, date(1991, 1, 1), Sex.MALE),
        ("120103198806018241", CARD, date(1988, 6, 1), Sex.FEMALE),
        ("110101194912310024", CARD, date(1949, 12, 31), Sex.FEMALE),
        ("110101202402290016", CARD, date(2024, 2, 29), Sex.MALE),
        ("810000199001010019", DocumentType.HMT_RESIDENCE_PERMIT, date(1990, 1, 1), Sex.MALE),
        ("820000199001010029", DocumentType.HMT_RESIDENCE_PERMIT, date(1990, 1, 1), Sex.FEMALE),
        ("830000199001010039", DocumentType.HMT_RESIDENCE_PERMIT, date(1990, 1, 1), Sex.MALE),
        ("911124198805200017", DocumentType.FOREIGNER_RESIDENCE_CARD, date(1988, 5, 20), Sex.MALE),
    ],
)
def test_the_known_numbers_are_accepted_as_what_they_are(
    number: str, type: DocumentType, birth_on: date, sex: Sex
) -> None:
    assert identity.type_of_number(number) is type
    assert check_document(type, number, today=TODAY) == identity.CheckedDocument(type, number, birth_on, sex)


@pytest.mark.parametrize(
    ("number", "refusal"),
    [
        ("11010520300101001X", identity.FutureBirthDate(date(2030, 1, 1), TODAY)),
        ("110101199002300014", identity.ImpossibleBirthDate("19900230")),
        ("110101199002300015", identity.WrongCheckDigit(given="5", expected="4")),
        ("360426910101007", identity.FirstGenerationNumber()),
        ("36042619910101007", identity.WrongLength(17, 18, 18)),
        ("3604261991010100711", identity.WrongLength(19, 18, 18)),
        ("36042619910X010071", identity.BadCharacter("X", 12)),
        ("36042619910101007Y", identity.BadCharacter("Y", 18)),
        ("٣60426199101010071", identity.BadCharacter("٣", 1)),
        (" \u3000\n", identity.NumberMissing()),
    ],
)
def test_the_known_wrong_numbers_are_refused_for_the_right_reason(number: str, refusal: Refusal) -> None:
    with pytest.raises(type(refusal)) as caught:
        check_document(CARD, number, today=TODAY)
    assert caught.value == refusal


def test_a_birth_date_is_in_the_future_only_before_that_day() -> None:
    born_today = check_document(CARD, "11010520300101001X", today=date(2030, 1, 1))
    assert born_today.birth_on == date(2030, 1, 1)


@pytest.mark.parametrize(
    ("type", "number", "normal"),
    [
        (DocumentType.HOUSEHOLD_BOOK, "110101202402290016", "110101202402290016"),
        (DocumentType.PASSPORT, "e1234 5678", "E12345678"),
        (DocumentType.MILITARY_CARD, "军字第1234567号", "军字第1234567号"),
        (DocumentType.HK_MACAO_PERMIT, "h12345678", "H12345678"),
        (DocumentType.HK_MACAO_PERMIT, "M1234567801", "M1234567801"),
        (DocumentType.TAIWAN_PERMIT, "12345678", "12345678"),
        (DocumentType.TAIWAN_PERMIT, "1234567890(B)", "1234567890(B)"),
        (DocumentType.FOREIGNER_RESIDENCE_CARD, "usa110000000000", "USA110000000000"),
        (DocumentType.BIRTH_CERTIFICATE, "T110000001", "T110000001"),
        (DocumentType.OTHER, "x-1", "X-1"),
        (DocumentType.NONE, "", ""),
    ],
)
def test_other_documents_are_accepted_and_normalised(type: DocumentType, number: str, normal: str) -> None:
    assert check_document(type, number, today=TODAY) == identity.CheckedDocument(
        type, normal, *_told_by(type), ()
    )


def _told_by(type: DocumentType) -> tuple[date | None, Sex | None]:
    return (date(2024, 2, 29), Sex.MALE) if type is DocumentType.HOUSEHOLD_BOOK else (None, None)


@pytest.mark.parametrize(
    ("type", "number", "refusal"),
    [
        (DocumentType.DRIVING_LICENCE, "110101", identity.NotForRegistration(DocumentType.DRIVING_LICENCE)),
        (DocumentType.PASSPORT, "E123", identity.WrongLength(4, 5, 18)),
        (DocumentType.PASSPORT, "E1234*678", identity.BadCharacter("*", 6)),
        (DocumentType.OTHER, "9" * 33, identity.WrongLength(33, 1, 32)),
        (DocumentType.BIRTH_CERTIFICATE, "出110000001", identity.BadCharacter("出", 1)),
        (DocumentType.FOREIGNER_RESIDENCE_CARD, "911124198805200018", identity.WrongCheckDigit("8", "7")),
    ],
)
def test_other_documents_are_refused_for_the_right_reason(
    type: DocumentType, number: str, refusal: Refusal
) -> None:
    with pytest.raises(Refusal) as caught:
        check_document(type, number, today=TODAY)
    assert caught.value == refusal


@pytest.mark.parametrize(
    ("type", "number", "warning"),
    [
        (DocumentType.HK_MACAO_PERMIT, "1234", DocumentWarning.UNUSUAL_FORMAT),
        (DocumentType.BIRTH_CERTIFICATE, "1100000011", DocumentWarning.UNUSUAL_FORMAT),
        (CARD, "810000199001010019", DocumentWarning.NUMBER_OF_OTHER_TYPE),
        (DocumentType.HMT_RESIDENCE_PERMIT, "360426199101010071", DocumentWarning.NUMBER_OF_OTHER_TYPE),
        (DocumentType.FOREIGNER_RESIDENCE_CARD, "360426199101010071", DocumentWarning.NUMBER_OF_OTHER_TYPE),
        (CARD, "100101190501010019", DocumentWarning.VERY_OLD),
    ],
)
def test_what_is_only_unusual_warns_and_never_refuses(
    type: DocumentType, number: str, warning: DocumentWarning
) -> None:
    if number.startswith("1001"):
        number = number[:17] + identity.check_digit(number[:17])
    assert check_document(type, number, today=TODAY).warnings == (warning,)


def test_a_foreigners_number_without_a_birth_date_where_we_expect_it_is_kept() -> None:
    """The place of the date in the numbers of 2023 is unverified (domain.md §5.2)."""
    first17 = "91112419889900001"
    number = first17 + identity.check_digit(first17)
    document = check_document(DocumentType.FOREIGNER_RESIDENCE_CARD, number, today=TODAY)
    assert (document.birth_on, document.warnings) == (None, (DocumentWarning.BIRTH_DATE_UNREADABLE,))


def test_a_sex_or_birth_date_that_differs_from_the_number_warns() -> None:
    document = check_document(CARD, "360426199101010071", today=TODAY)
    compare = identity.compare_with_stated
    assert compare(document, sex=Sex.MALE, birth_on=date(1991, 1, 1)) == ()
    assert compare(document, sex=Sex.UNKNOWN, birth_on=date(1991, 1, 1)) == ()
    assert compare(document, sex=Sex.FEMALE, birth_on=date(1991, 1, 2)) == (
        DocumentWarning.SEX_DIFFERS,
        DocumentWarning.BIRTH_DATE_DIFFERS,
    )


def test_history_import_reads_a_first_generation_number() -> None:
    document = identity.read_first_generation("360426910101007", today=TODAY)
    assert (document.birth_on, document.sex) == (date(1991, 1, 1), Sex.MALE)
    with pytest.raises(identity.ImpossibleBirthDate):
        identity.read_first_generation("360426910230007", today=TODAY)


def test_the_codes_of_ws364_are_those_of_the_standard() -> None:
    codes = {type: type.ws364_code for type in DocumentType if type.ws364_code}
    assert (codes[CARD], codes[DocumentType.PASSPORT], codes[DocumentType.OTHER]) == ("01", "03", "99")
    assert DocumentType.HMT_RESIDENCE_PERMIT not in codes


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("10010119940521002X", "100101********002X"),
        ("USA110000000000", "USA110*****0000"),
        ("E12345678", "E*****678"),
        ("1234", "1***"),
        ("7", "7"),
        ("", ""),
    ],
)
def test_a_number_is_shown_with_its_middle_hidden(number: str, shown: str) -> None:
    assert identity.mask_number(number) == shown


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("李雷", "李*"),
        ("陈雨桐", "陈*桐"),
        ("欧阳娜娜", "欧**娜"),
        ("𬱖", "𬱖*"),
        ("玛依拉·艾力", "玛****力"),
    ],
)
def test_a_name_is_shown_by_its_first_and_last_character(name: str, shown: str) -> None:
    assert identity.mask_name(name) == shown


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        (" 张　伟 ", "张伟"),
        ("玛依拉．艾力", "玛依拉·艾力"),
        ("玛依拉 • 艾力", "玛依拉·艾力"),
        ("玛依拉‧艾力", "玛依拉·艾力"),
        ("玛依拉・艾力", "玛依拉·艾力"),
        ("Li   Lei", "Li Lei"),
        ("𬱖\ue123", "𬱖\ue123"),
    ],
)
def test_a_name_is_kept_with_one_kind_of_dot_and_no_stray_blanks(typed: str, name: str) -> None:
    assert identity.normalise_name(typed) == name


@settings(deadline=None)
@given(st.text(alphabet="张𬱖鿏·• A\u3000", max_size=30))
def test_a_normalised_name_stays_as_it_is(text: str) -> None:
    try:
        name = identity.normalise_name(text)
    except Refusal:
        return
    assert identity.normalise_name(name) == name


def test_a_names_length_is_counted_in_code_points() -> None:
    assert identity.normalise_name("𬱖" * 25) == "𬱖" * 25
    with pytest.raises(identity.NameTooLong) as caught:
        identity.normalise_name("𬱖" * 26)
    assert caught.value == identity.NameTooLong(26, 25)
    assert len(identity.normalise_name("A" * 50)) == 50
    with pytest.raises(identity.NameTooLong):
        identity.normalise_name("A" * 51)
    with pytest.raises(identity.NameMissing):
        identity.normalise_name("\u3000")
