"""Names in Latin letters, as a travel document spells them."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.documents.romanise import latin_name, machine_readable, split_name
from app.domain.certificate import LatinName
from tests.documents.examples import NAMES


@pytest.mark.parametrize(
    ("name", "surname", "given_name"),
    [
        ("张伟", "ZHANG", "WEI"),
        ("陈雨桐", "CHEN", "YUTONG"),
        ("吕布", "LYU", "BU"),
        ("聂绿女", "NIE", "LYUNYU"),
        ("吴略", "WU", "LUE"),
        ("邱虐", "QIU", "NUE"),
        ("欧阳娜娜", "OUYANG", "NANA"),
        ("尉迟恭", "YUCHI", "GONG"),
        ("万俟卨", "MOQI", "XIE"),
        ("区小明", "OU", "XIAOMING"),
        ("单雄信", "SHAN", "XIONGXIN"),
        ("仇英", "QIU", "YING"),
        ("查良镛", "ZHA", "LIANGYONG"),
        ("解晓东", "XIE", "XIAODONG"),
        ("曾国藩", "ZENG", "GUOFAN"),
        ("朴树", "PIAO", "SHU"),
        ("王 伟", "WANG", "WEI"),
        ("𫖯德", "FU", "DE"),
        ("阿依古丽·买买提", "AYIGULI MAIMAITI", ""),
        ("Anna-Maria Øberg", "ANNA MARIA", "OEBERG"),
        ("O'Brien Seán", "OBRIEN", "SEAN"),
    ],
)
def test_names_are_spelt_as_on_a_travel_document(name: str, surname: str, given_name: str) -> None:
    assert latin_name(name) == LatinName(surname, given_name)


def test_the_travel_document_wins_over_the_suggestion() -> None:
    assert latin_name("盖叫天", LatinName("Gai", "Jiao-tian")) == LatinName("GAI", "JIAO TIAN")


def test_a_name_with_a_character_nobody_can_read_is_left_to_a_person() -> None:
    assert latin_name("陈𠮷") == LatinName("", "")


def test_a_two_character_name_that_looks_like_a_compound_surname_has_a_given_name() -> None:
    assert split_name("欧阳") == ("欧", "阳")
    assert split_name("欧阳锋") == ("欧阳", "锋")


def test_words_are_joined_for_machines() -> None:
    assert machine_readable("Anna-Maria O'Brien") == "ANNA<MARIA<OBRIEN"


@given(NAMES | st.text())
@settings(deadline=None)
def test_every_spelling_fits_the_pattern_of_the_schema(name: str) -> None:
    latin = latin_name(name)
    assert re.fullmatch("[A-Z<]*", machine_readable(latin.surname) + machine_readable(latin.given))
