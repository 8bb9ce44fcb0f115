"""What takes two people takes two: alone, with oneself, the wrong one or an old one it is refused (SEC-6)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest

from app.domain.audit import Access
from app.domain.catalogue import CodeMapping, LotStatus, PackLevel
from app.domain.codes import BadGs1CheckDigit, Gs1Code, TraceCode
from app.domain.permissions import ACTS, SecondPersonIsFirst, SecondPersonNeeded
from app.domain.readiness import OverrideReasonMissing
from app.domain.staff import Role, StaffMember
from app.domain.vial import CartonScanned, CodeSource, LotExpired, VialQuarantined
from app.storage import audit, catalogue, immunizations, journal, projections
from app.storage.readiness import newest_readiness
from app.storage.stock_counts import count_lines
from app.ui.texts import sentence_of
from app.ui.texts.two_people import ALONE
from app.workflows import (
    immunization,
    needle,
    readiness,
    schedules,
    shifts,
    site_setup,
    stock,
    stock_count,
)
from app.workflows.desk import SECOND_STAYS_S, SecondPerson
from app.workflows.needle import CodeOfOtherProduct, HandEntry
from app.workflows.staff import remove_staff
from app.workflows.stock import (
    CodeMappedAlready,
    CodeOfCatalogue,
    DosesNotSensible,
    PackNotPutAside,
    ProductUnknown,
    ReleaseReasonMissing,
)
from tests.factories import DOCTOR, MANAGER, NURSE
from tests.workflows.brought_packs import brought, pack_text
from tests.workflows.copied_site import CopiedSite, everything

NEW_CODE = TraceCode("8555001" + "0000000000017")
NEW_GTIN = Gs1Code("06901234567892", "L1", date(2028, 1, 1), "S1")
AUDITOR = "u-zhongshenyan"


def by_hand(site: CopiedSite, **facts: Any) -> HandEntry:
    lot = next(one for one in site.stock if one.product_code == "FLU4-1" and one.expires_on.year > 2026)
    entry = HandEntry(CodeSource.UNREADABLE, "标签破损", "FLU4-1", lot.lot_number, lot.expires_on)
    return replace(entry, **facts)


@dataclass(frozen=True)
class Tried:
    """An act of two people, ready to be done but for the second one."""

    first: str
    act: Callable[..., Any]
    arguments: tuple[Any, ...]

    def do(self, site: CopiedSite, second: SecondPerson | None) -> Any:
        return site.desk.do(self.act, *self.arguments, second)


def enter_vial(site: CopiedSite) -> Tried:
    return Tried(NURSE, needle.enter_vial, (site.at_needle().encounter_id, by_hand(site)))


def void_immunization(site: CopiedSite) -> Tried:
    return Tried(NURSE, immunization.void_immunization, (site.vaccinated()["immunization_id"], "记录重复"))


def override_readiness(site: CopiedSite) -> Tried:
    return Tried(MANAGER, readiness.override_readiness, ("救护车在途",))


def release_pack(site: CopiedSite) -> Tried:
    code = site.vials("FLU4-1")[0]
    site.desk.do(stock.quarantine_pack, code, "有裂纹")
    return Tried(MANAGER, stock.release_pack, (code, "复核合格"))


def map_code(site: CopiedSite) -> Tried:
    return Tried(MANAGER, stock.map_code, (NEW_CODE, "FLU4-1", PackLevel.UNIT, 1))


def change_lot_status(site: CopiedSite) -> Tried:
    return Tried(MANAGER, site_setup.change_lot_status, (site.stock[0].lot_id, LotStatus.IN_USE, "复核合格"))


def confirm_count(site: CopiedSite) -> Tried:
    site.as_user(MANAGER)
    site.desk.do(stock_count.begin_count)
    for line in count_lines(site.desk.read()):
        packs, rest = divmod(line.book, line.product.doses_per_pack)
        site.desk.do(stock_count.count_lot, line.key, packs, rest)
    return Tried(MANAGER, stock_count.confirm_count, ({},))


def hand_over(site: CopiedSite) -> Tried:
    def take(act: Any, note: str, taker: SecondPerson | None) -> object:
        return shifts.hand_over(act, taker, note)

    return Tried(NURSE, take, ("",))


def take_pack(site: CopiedSite) -> Tried:
    return Tried(MANAGER, schedules.take_pack, (brought(site, pack_text())[0], site.folder))


PREPARED: dict[str, Callable[[CopiedSite], Tried]] = {
    one.__name__: one
    for one in (
        enter_vial, void_immunization, override_readiness, release_pack, map_code, change_lot_status,
        confirm_count, hand_over, take_pack,
    )
}  # fmt: skip
every_act = pytest.mark.parametrize("name", PREPARED)


def prepared(site: CopiedSite, name: str) -> Tried:
    tried = PREPARED[name](site)
    site.as_user(tried.first)
    return tried


def entries(site: CopiedSite) -> int:
    return site.desk.read()["journal"].count


def last(site: CopiedSite) -> Any:
    return list(journal.events(site.desk.read()))[-1]


def test_every_act_of_two_people_is_tried_here_and_says_what_one_alone_does() -> None:
    two = {name for name, rule in ACTS.items() if rule.seconds}
    assert two == set(PREPARED) == set(ALONE)


@every_act
def test_alone_it_is_refused_and_the_refusal_says_what_is_safe(site: CopiedSite, name: str) -> None:
    tried = prepared(site, name)
    before = entries(site)
    with pytest.raises(SecondPersonNeeded) as caught:
        tried.do(site, None)
    assert ALONE[name] in str(sentence_of(caught.value))
    assert entries(site) == before


@every_act
def test_with_oneself_it_is_refused(site: CopiedSite, name: str) -> None:
    tried = prepared(site, name)
    before = entries(site)
    with pytest.raises(SecondPersonIsFirst):
        tried.do(site, site.beside(tried.first))
    assert entries(site) == before


@every_act
def test_with_somebody_of_another_role_it_is_refused_whatever_roles_are_claimed(
    site: CopiedSite, name: str
) -> None:
    """The roles are those of the site's own list, not those the caller brings along."""
    tried = prepared(site, name)
    before = entries(site)
    auditor = site.beside(AUDITOR)
    claiming = SecondPerson(replace(auditor.member, roles=frozenset(Role)), auditor.shown_at)
    for second in (auditor, claiming):
        with pytest.raises(SecondPersonNeeded):
            tried.do(site, second)
    assert entries(site) == before


@every_act
def test_with_somebody_unknown_to_the_site_it_is_refused(site: CopiedSite, name: str) -> None:
    tried = prepared(site, name)
    nobody = StaffMember("u-nobody", "某人", "", frozenset(Role))
    with pytest.raises(SecondPersonNeeded):
        tried.do(site, SecondPerson(nobody, site.clock.monotonic()))


@every_act
def test_who_showed_themselves_a_while_ago_counts_no_more(site: CopiedSite, name: str) -> None:
    tried, second = prepared(site, name), site.beside()
    site.clock.go(seconds=SECOND_STAYS_S + 1)
    with pytest.raises(SecondPersonNeeded):
        tried.do(site, second)


@every_act
def test_done_by_two_the_entry_names_both(site: CopiedSite, name: str) -> None:
    tried = prepared(site, name)
    tried.do(site, site.beside())
    event = last(site)
    assert event.user == tried.first
    assert DOCTOR in (event.body.get("approved_by"), event.body.get("taken_by"))


def test_a_second_person_counts_for_one_act_alone(site: CopiedSite) -> None:
    """Replayed, a showing would make one colleague's PIN good for everything within two minutes."""
    first, other = release_pack(site), map_code(site)
    site.as_user(MANAGER)
    second = site.beside()
    first.do(site, second)
    before = entries(site)
    with pytest.raises(SecondPersonNeeded):
        other.do(site, second)
    assert entries(site) == before
    other.do(site, site.beside())


def test_a_refusal_of_the_act_uses_nobody_up(site: CopiedSite) -> None:
    site.as_user(MANAGER)
    second = site.beside()
    with pytest.raises(OverrideReasonMissing):
        site.desk.do(readiness.override_readiness, " ", second)
    site.desk.do(readiness.override_readiness, "救护车在途", second)


def test_who_was_removed_meanwhile_is_no_second_person(site: CopiedSite) -> None:
    tried, second = prepared(site, "map_code"), site.beside()
    site.desk.do(remove_staff, DOCTOR)
    with pytest.raises(SecondPersonNeeded):
        tried.do(site, second)


def test_a_hard_fact_is_said_before_a_second_person_is_asked_for(site: CopiedSite) -> None:
    encounter = site.at_needle()
    gone = by_hand(site, lot_number="X-1", expires_on=date(2026, 1, 1))
    with pytest.raises(LotExpired):
        site.desk.do(needle.enter_vial, encounter.encounter_id, gone)


def test_both_stand_in_the_trail_and_both_are_counted(site: CopiedSite) -> None:
    for name in ("override_readiness", "release_pack", "map_code"):
        prepared(site, name).do(site, site.beside())
        site.as_user(NURSE)
    found = audit.page(site.desk.read(), audit.Wanted(accesses=(Access.OVERRIDDEN,)), 0, 9)
    assert [(one.line.staff_id, one.line.second_id) for one in found] == [(MANAGER, DOCTOR)] * 3
    counts = audit.counts_by_staff(site.desk.read(), Access.OVERRIDDEN, "")
    assert counts == [(MANAGER, 3, 0), (DOCTOR, 0, 3)]


def test_both_are_known_of_the_vial_the_dose_and_what_was_voided(site: CopiedSite) -> None:
    dose = site.vaccinated(site.patient(index=1))
    encounter = site.at_needle()
    site.desk.do(needle.enter_vial, encounter.encounter_id, by_hand(site), site.beside(MANAGER))
    view = needle.needle_view(site.desk.read(), encounter.encounter_id, site.desk.now())
    assert view.vial_second == "苏晚晴"
    site.desk.do(immunization.void_immunization, dose["immunization_id"], "记录重复", site.beside())
    (told,) = immunizations.recorded_here(site.desk.read(), dose["patient_id"])
    assert (told["voided_by"], told["void_approved_by"]) == (NURSE, DOCTOR)
    known = newest_readiness(site.desk.read())
    assert known is not None
    assert known.approved_by == ""


def test_a_dose_undone_at_once_takes_one_person(site: CopiedSite) -> None:
    dose = site.vaccinated()
    site.desk.do(immunization.undo_immunization, dose["immunization_id"])
    assert "approved_by" not in last(site).body


# A pack that was put aside


def scan(site: CopiedSite, encounter_id: str, code: str) -> object:
    return site.desk.do(needle.scan_vial, encounter_id, TraceCode(code), CodeSource.SCANNED)


def test_a_pack_let_go_by_two_may_be_used_and_put_aside_again(site: CopiedSite) -> None:
    encounter, code = site.at_needle(), site.vials("FLU4-1")[0]
    for _ in range(2):
        site.as_user(NURSE)
        site.desk.do(stock.quarantine_pack, code, "有裂纹")
        with pytest.raises(VialQuarantined):
            scan(site, encounter.encounter_id, code)
        (aside,) = catalogue.packs_aside(site.desk.read())
        assert (aside.code, aside.reason, aside.put_by) == (code, "有裂纹", NURSE)
        assert aside.lot is not None
        site.as_user(MANAGER)
        with pytest.raises(ReleaseReasonMissing):
            site.desk.do(stock.release_pack, code, " ", site.beside())
        site.desk.do(stock.release_pack, code, "复核合格", site.beside())
    site.as_user(NURSE)
    assert scan(site, encounter.encounter_id, code)
    assert catalogue.packs_aside(site.desk.read()) == []


def test_a_pack_that_is_not_aside_is_not_let_go(site: CopiedSite) -> None:
    site.as_user(MANAGER)
    with pytest.raises(PackNotPutAside):
        site.desk.do(stock.release_pack, site.vials("FLU4-1")[0], "复核合格", site.beside())


def test_letting_a_pack_go_lifts_no_other_hard_fact(site: CopiedSite) -> None:
    encounter, code = site.at_needle(), site.vials("FLU4-1", expired=True)[0]
    site.desk.do(stock.quarantine_pack, code, "过期")
    site.as_user(MANAGER)
    site.desk.do(stock.release_pack, code, "复核合格", site.beside())
    site.as_user(NURSE)
    with pytest.raises(LotExpired):
        scan(site, encounter.encounter_id, code)


# A code nobody knew


@pytest.mark.parametrize(
    ("code", "kind"), [(NEW_CODE, "8555001"), (NEW_GTIN, "06901234567892")], ids=["trace code", "GTIN"]
)
def test_a_code_named_by_two_is_found_from_then_on(
    site: CopiedSite, code: TraceCode | Gs1Code, kind: str
) -> None:
    """domain.md 2.3: an unknown code is mapped by two people, at its level of packing."""
    assert catalogue.find_product_of(site.desk.read(), kind) is None
    site.as_user(MANAGER)
    said = site.desk.do(stock.map_code, code, "IPV-5", PackLevel.INNER, 50, site.beside())
    assert said == CodeMapping(kind, "IPV-5", PackLevel.INNER, 50, MANAGER, DOCTOR, last(site).body["at"])
    assert catalogue.find_mapping(site.desk.read(), kind) == said
    found = catalogue.find_product_of(site.desk.read(), kind)
    assert found is not None
    assert (found[0].product_code, *found[1:]) == ("IPV-5", PackLevel.INNER, 50)


def test_what_two_people_said_is_put_right_by_two_and_both_words_stay(site: CopiedSite) -> None:
    site.as_user(MANAGER)
    site.desk.do(stock.map_code, NEW_CODE, "IPV-5", PackLevel.UNIT, 5, site.beside())
    with pytest.raises(CodeMappedAlready):
        site.desk.do(stock.map_code, NEW_CODE, "IPV-5", PackLevel.UNIT, 5, site.beside())
    site.desk.do(stock.map_code, NEW_CODE, "FLU4-1", PackLevel.UNIT, 1, site.beside())
    assert last(site).body["instead_of"] == "IPV-5"
    known = catalogue.find_mapping(site.desk.read(), "8555001")
    assert known is not None
    assert known.product_code == "FLU4-1"
    before = everything(site.desk.read())
    site.store.write(lambda transaction: projections.rebuild(transaction.db))
    assert everything(site.desk.read()) == before


def test_the_catalogues_own_word_is_not_put_right_by_a_site(site: CopiedSite) -> None:
    site.as_user(MANAGER)
    product = catalogue.get_product(site.desk.read(), "FLU4-1")
    with pytest.raises(CodeOfCatalogue):
        site.desk.do(stock.map_code, Gs1Code(product.gtin or ""), "IPV-5", PackLevel.UNIT, 5, site.beside())
    code = TraceCode(f"{product.code_prefix}{1:013d}")
    with pytest.raises(CodeOfCatalogue):
        site.desk.do(stock.map_code, code, "IPV-5", PackLevel.UNIT, 5, site.beside())


@pytest.mark.parametrize(
    ("code", "product_code", "level", "doses", "refusal"),
    [
        (NEW_CODE, "NONE-1", PackLevel.UNIT, 1, ProductUnknown),
        (NEW_CODE, "IPV-5", PackLevel.UNIT, 1, DosesNotSensible),
        (NEW_CODE, "IPV-5", PackLevel.INNER, 4, DosesNotSensible),
        (NEW_CODE, "IPV-5", PackLevel.CARTON, 100_001, DosesNotSensible),
        (Gs1Code("06901234567893"), "IPV-5", PackLevel.UNIT, 5, BadGs1CheckDigit),
    ],
)
def test_nonsense_is_not_named(
    site: CopiedSite,
    code: TraceCode | Gs1Code,
    product_code: str,
    level: PackLevel,
    doses: int,
    refusal: type[Exception],
) -> None:
    site.as_user(MANAGER)
    before = entries(site)
    with pytest.raises(refusal):
        site.desk.do(stock.map_code, code, product_code, level, doses, site.beside())
    assert entries(site) == before


def test_a_vial_whose_kind_of_code_is_another_products_is_not_taken_by_hand(site: CopiedSite) -> None:
    """The needle never names a code, but it believes what two people said of one."""
    site.as_user(MANAGER)
    site.desk.do(stock.map_code, NEW_CODE, "IPV-5", PackLevel.UNIT, 5, site.beside())
    site.desk.do(stock.map_code, NEW_GTIN, "FLU4-1", PackLevel.INNER, 10, site.beside())
    site.as_user(NURSE)
    encounter = site.at_needle()
    for code, refusal in (
        (NEW_CODE.code, CodeOfOtherProduct), (f"(01){NEW_GTIN.gtin}(21)S1", CartonScanned),
    ):  # fmt: skip
        entry = by_hand(site, source=CodeSource.UNKNOWN_CODE, trace_code=code)
        with pytest.raises(refusal):
            site.desk.do(needle.enter_vial, encounter.encounter_id, entry, site.beside())
    with pytest.raises(CartonScanned):
        site.desk.do(needle.scan_vial, encounter.encounter_id, NEW_GTIN, CodeSource.SCANNED)
