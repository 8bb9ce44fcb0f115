"""The table of permissions: who it lets through, and that docs/security.md shows the same (SITE-8, SEC-6)."""

import re
from pathlib import Path

import pytest

from app.domain.permissions import (
    ACTS,
    PAGES,
    NotPermitted,
    PageNotPermitted,
    Rule,
    in_order,
    pages_of,
    require_page,
    require_permission,
)
from app.domain.staff import Role, StaffMember
from app.ui.texts.staff import ROLES, roles_words

DOCUMENT = Path(__file__).parents[2] / "docs" / "security.md"


def holding(*roles: Role) -> StaffMember:
    return StaffMember("u-1", "某人", "", frozenset(roles))


def rows(heading: str) -> dict[str, tuple[str, str]]:
    """Return the rows of the table under a heading: name, then words and roles."""
    text = DOCUMENT.read_text("utf-8")
    part = text[text.index(f"### {heading}\n") :]
    part = part[: part.index("\n#", 5)]
    found = re.findall(r"^\| `(\w+)` \| (.+?) \| (.+?) \|$", part, re.MULTILINE)
    return {name: (words, who) for name, words, who in found}


def written(rule: Rule) -> tuple[str, str]:
    everybody = len(rule.roles) == len(Role)
    return rule.words, "所有人" if everybody else roles_words(in_order(rule.roles))


@pytest.mark.parametrize(("heading", "table"), [("Acts", ACTS), ("Pages", PAGES)])
def test_the_document_shows_the_table_of_the_program(heading: str, table: dict[str, Rule]) -> None:
    assert rows(heading) == {name: written(rule) for name, rule in table.items()}


def test_the_document_says_who_may_be_the_second_person() -> None:
    two = {name: rule for name, rule in ACTS.items() if rule.seconds}
    assert rows("Two people") == {
        name: (rule.words, roles_words(in_order(rule.seconds))) for name, rule in two.items()
    }


def test_every_role_has_a_name_of_its_own() -> None:
    assert len(set(ROLES.values())) == len(Role)


@pytest.mark.parametrize("act", ACTS)
def test_an_act_lets_through_who_may_and_names_them_to_everybody_else(act: str) -> None:
    for role in Role:
        if role in ACTS[act].roles:
            require_permission(holding(role), act)
            continue
        with pytest.raises(NotPermitted) as caught:
            require_permission(holding(role), act)
        assert caught.value == NotPermitted(act, in_order(ACTS[act].roles), (role,))


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_read_by_its_roles_alone(page: str) -> None:
    for role in Role:
        member = holding(role)
        assert (page in pages_of(member)) is (role in PAGES[page].roles)
        if role not in PAGES[page].roles:
            with pytest.raises(PageNotPermitted):
                require_page(member, page)


def test_several_roles_add_up() -> None:
    both = holding(Role.REGISTRAR, Role.VACCINATOR)
    require_permission(both, "open_visit")
    require_permission(both, "record_immunization")
    with pytest.raises(NotPermitted):
        require_permission(both, "record_screening")


def test_an_inspector_reads_and_never_writes() -> None:
    """STF-9."""
    assert set(pages_of(holding(Role.INSPECTOR))) == set(PAGES)
    assert [act for act, rule in ACTS.items() if rule.roles <= {Role.INSPECTOR}] == []
    assert {act for act, rule in ACTS.items() if Role.INSPECTOR in rule.roles} <= OF_ONESELF


def test_an_auditor_reads_no_page_with_people_who_come() -> None:
    assert pages_of(holding(Role.AUDITOR)) == ("staff", "backup", "audit")


def test_no_row_of_an_act_unknown_to_the_table_is_made_up() -> None:
    with pytest.raises(KeyError):
        require_permission(holding(*Role), "delete_everything")


OF_ONESELF = {"read_record"}
"""What everybody does with their own way in, and that a record was read: kept of whoever reads."""
