"""The invented residents are such as a village has."""

from datetime import date

from app.domain.people import age_on
from app.practice.people import residents

TODAY = date(2026, 3, 14)


def test_the_class_of_a_resident_fits_their_age() -> None:
    for person in residents(300, TODAY):
        years = age_on(person.birth_on, TODAY).years
        fits = {"学龄前儿童": years <= 6, "学生": 6 <= years < 18}
        assert fits.get(person.population_group, years >= 18), person
