"""Which characters and syllables of a name answer to what was typed (ux.md rule 24)."""

from hypothesis import given
from hypothesis import strategies as st

from app.workflows.name_match import match_name
from app.workflows.name_readings import READINGS_PER_NAME, readings

NAMES = st.text(alphabet="区曾单解朴乐盖查仇缪欧阳予安雨桐古丽娜尔买提江", min_size=1, max_size=12)


def test_initials_mark_as_many_characters_as_letters() -> None:
    match = match_name("欧阳予安", "oyy")
    assert match.characters == (0, 1, 2)
    assert match.initials == (0, 1, 2)
    assert match.syllables == ("ou", "yang", "yu", "an")


def test_a_rarer_reading_that_matched_is_named_with_its_tone() -> None:
    match = match_name("区延越", "oyy")
    assert (match.rare_character, match.rare_reading) == ("区", "ōu")


def test_the_usual_reading_is_not_called_rare() -> None:
    assert match_name("区延越", "qyy").rare_character == ""


def test_an_unfinished_last_syllable_marks_its_character() -> None:
    match = match_name("欧阳予安", "ouyangy")
    assert match.characters == (0, 1, 2)
    assert match.initials == ()


def test_typed_characters_are_marked_across_a_middle_dot() -> None:
    assert match_name("古丽娜尔·买买提江", "古丽娜尔买").characters == (0, 1, 2, 3, 5)


def test_a_middle_dot_keeps_characters_and_syllables_apart() -> None:
    match = match_name("古丽娜尔·买买提江", "glnem")
    assert match.characters == (0, 1, 2, 3, 5)
    assert match.initials == (0, 1, 2, 3, 4)


def test_a_name_in_letters_is_matched_letter_by_letter() -> None:
    assert match_name("Li Ming", "lim").characters == (0, 1, 3)


def test_what_does_not_begin_the_name_marks_nothing() -> None:
    match = match_name("欧阳予安", "xyz")
    assert match.characters == ()
    assert match.syllables == ("ou", "yang", "yu", "an")


def test_a_word_of_the_dictionary_keeps_every_reading_of_its_characters() -> None:
    assert {"yueyi", "leyi"} <= set(readings("乐毅"))


def test_the_rare_reading_of_a_surname_is_kept_in_a_long_name() -> None:
    """ux.md rule 24: every reading of a heteronym is indexed (曾 c/z, 单 c/d/s)."""
    long = "解" + "乐盖查仇缪" * 3
    assert any(reading.startswith("xie") for reading in readings(long))
    assert len(readings(long)) <= 2 * READINGS_PER_NAME


@given(NAMES)
def test_every_indexed_reading_marks_the_whole_name(name: str) -> None:
    for typed in readings(name):
        assert match_name(name, typed).characters == tuple(range(len(name)))
