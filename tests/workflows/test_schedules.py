"""A rule pack is taken by two people, of here, whole or not at all; what nobody vouches for is not used."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from app.domain.schedule.choosing import name_of
from app.domain.schedule.pack_standing import PackStanding
from app.domain.schedule.refusals import (
    PackBroken,
    PackGone,
    PackNotKept,
    PackNotVouched,
    PackOfOtherPlace,
    PackUnreadable,
    PackUnsigned,
)
from app.storage import projections
from app.storage.packs_taken import TakenPack, packs_taken
from app.storage.schedules import SHIPPED, Brought
from app.ui.texts import sentence_of
from app.workflows import schedules
from app.workflows.desk import Act
from app.workflows.forecast import forecast_from, packs_in_use, use_packs
from tests.factories import DOCTOR, MANAGER
from tests.ui.registration.people import child
from tests.workflows.brought_packs import brought, kept, of_province, of_site, pack_text, take
from tests.workflows.copied_site import CopiedSite, everything

TODAY = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def shipped_again() -> Iterator[None]:
    """Leave this process with the packs that ship."""
    yield
    use_packs(None)


def standing(site: CopiedSite) -> dict[str, PackStanding]:
    return {name_of(one.pack): one.standing for one in schedules.packs_now(site.desk).places}


def number_of_events(site: CopiedSite) -> int:
    return site.desk.read()["journal"].count


def test_a_pack_that_two_took_is_used_and_both_are_known_after_a_rebuild(site: CopiedSite) -> None:
    one = take(site, pack_text(title='"县里核过的 HPV"'))
    assert {pack.title for pack in packs_in_use().packs} > {"县里核过的 HPV"}
    taken = packs_taken(site.desk.read())
    at = taken["cn-hpv-2025"].taken_at
    assert taken == {"cn-hpv-2025": TakenPack("cn-hpv-2025", one.sha256, MANAGER, DOCTOR, at)}
    assert schedules.packs_now(site.desk).taken == taken
    before = everything(site.desk.read())
    site.store.write(lambda transaction: projections.rebuild(transaction.db))
    assert everything(site.desk.read()) == before


def test_the_same_pack_taken_again_goes_over_the_one_before(site: CopiedSite) -> None:
    take(site, pack_text(title='"第一次"'))
    take(site, pack_text(title='"第二次"'))
    assert "第二次" in {pack.title for pack in packs_in_use().packs}
    assert kept(site.folder) == ["cn-hpv-2025.before", "cn-hpv-2025.json"]
    assert len(packs_taken(site.desk.read())) == 1


def test_what_is_broken_or_unsigned_is_refused_with_its_line_and_the_last_good_one_stays(
    site: CopiedSite,
) -> None:
    take(site, pack_text(title='"第一次"'))
    before = number_of_events(site)
    text = pack_text()
    with pytest.raises(PackBroken) as broken:
        brought(site, text.replace('"6 months"', '"6 moons"', 1), "new.json")
    assert '"6 months"' in text.splitlines()[broken.value.line - 1]
    with pytest.raises(PackUnsigned):
        brought(site, (SHIPPED / "cn-hpv-2025.json").read_text("utf-8"))
    with pytest.raises(PackUnreadable):
        schedules.look_at(site.desk, site.folder / "gone.json")
    with pytest.raises(PackUnreadable):
        brought(site, " " * (5 << 20))
    assert number_of_events(site) == before
    assert "第一次" in {pack.title for pack in packs_in_use().packs}


@pytest.mark.parametrize(
    ("text", "code", "needed"),
    [
        (of_province("320000"), "320000", "100101"),
        (of_site("1001010002"), "1001010002", "1001010001"),
        (pack_text(pack='"us", "region": {"layer": "national", "code": "US"}'), "US", "CN"),
    ],
)
def test_the_rule_of_another_place_is_refused(site: CopiedSite, text: str, code: str, needed: str) -> None:
    with pytest.raises(PackOfOtherPlace) as caught:
        brought(site, text)
    assert (caught.value.code, caught.value.site_code) == (code, needed)
    assert "region" in text.splitlines()[caught.value.line - 1]
    assert code in str(sentence_of(caught.value))


def test_a_pack_moved_to_another_place_between_looking_and_taking_is_refused_by_the_act(
    site: CopiedSite,
) -> None:
    looked = brought(site, of_site())[0]
    site.as_user(MANAGER)
    moved = site.desk.read().execute("select count(*) from site").fetchone()
    assert moved == (1,)
    site.store.write(lambda one: one.db.execute("update site set body = replace(body, '1001010001', '7')"))
    with pytest.raises(PackOfOtherPlace):
        site.desk.do(schedules.take_pack, looked, site.folder, site.beside())


def test_what_the_disk_does_not_take_is_not_on_record(site: CopiedSite) -> None:
    one = brought(site, pack_text())[0]
    (site.folder / "schedules").write_text("a file where the folder should be")
    site.as_user(MANAGER)
    before = number_of_events(site)
    with pytest.raises(PackNotKept):
        site.desk.do(schedules.take_pack, one, site.folder, site.beside())
    assert number_of_events(site) == before
    assert packs_taken(site.desk.read()) == {}


def test_a_file_changed_or_put_there_by_hand_is_not_used_and_what_ships_is(site: CopiedSite) -> None:
    take(site, pack_text(title='"两人换上的"'))
    assert schedules.hold_to_record(site.desk.read(), site.folder) == ()
    file = site.folder / "schedules" / "cn-hpv-2025.json"
    file.write_text(pack_text(title='"一个人改的"'), "utf-8")
    (site.folder / "schedules" / "cn-mine-1.json").write_text(pack_text(pack='"cn-mine"', edition='"1"'))
    use_packs(site.folder)
    assert "一个人改的" in {pack.title for pack in packs_in_use().packs}, "before the store is open"
    refused = schedules.hold_to_record(site.desk.read(), site.folder)
    assert [(type(one), vars(one)["file"]) for one in refused] == [
        (PackNotVouched, "cn-hpv-2025.json"),
        (PackNotVouched, "cn-mine-1.json"),
    ]
    assert schedules.packs_now(site.desk).refused == refused
    titles = {pack.title for pack in packs_in_use().packs}
    assert titles.isdisjoint({"一个人改的", "两人换上的"})
    assert standing(site)["cn-hpv-2025"] is PackStanding.IN_FORCE


def test_what_was_written_and_never_came_on_record_leaves_the_last_good_one_in_force(
    site: CopiedSite,
) -> None:
    """The power goes, or the disk is full, between the file and the record."""
    take(site, pack_text(title='"第一次"'))
    take(site, pack_text(title='"第二次"'))
    one: Brought = brought(site, pack_text(title='"第三次"'))[0]

    def taken_and_cut(act: Act) -> None:
        schedules.take_pack(act, one, site.folder, site.beside())
        raise PowerCut

    with pytest.raises(PowerCut):
        site.desk.do(taken_and_cut)
    use_packs(site.folder)
    assert schedules.hold_to_record(site.desk.read(), site.folder) == ()
    titles = {pack.title for pack in packs_in_use().packs}
    assert "第二次" in titles
    assert titles.isdisjoint({"第一次", "第三次"})
    site.as_user(MANAGER)
    site.desk.do(schedules.take_pack, one, site.folder, site.beside())
    schedules.use_packs_of(site.desk.read(), site.folder)
    assert "第三次" in {pack.title for pack in packs_in_use().packs}


class PowerCut(Exception):
    """Nothing of the transaction stays."""


def test_a_pack_whose_file_is_gone_is_told_of(site: CopiedSite) -> None:
    take(site, of_site())
    (site.folder / "schedules" / "cn-hpv-here-2025.json").unlink()
    use_packs(site.folder)
    (gone,) = schedules.hold_to_record(site.desk.read(), site.folder)
    assert isinstance(gone, PackGone)
    assert "cn-hpv-here-2025" not in standing(site)


def test_a_file_that_cannot_be_read_is_told_of_and_does_not_keep_the_program_from_its_packs(
    site: CopiedSite,
) -> None:
    take(site, pack_text(title='"两人换上的"'))
    file = site.folder / "schedules" / "cn-hpv-2025.json"
    file.unlink()
    file.mkdir()
    assert [type(one) for one in use_packs(site.folder)] == [PackUnreadable]
    (refused,) = schedules.hold_to_record(site.desk.read(), site.folder)
    assert (type(refused), vars(refused)["file"]) == (PackUnreadable, "cn-hpv-2025.json")
    assert standing(site)["cn-hpv-2025"] is PackStanding.IN_FORCE


# Country, province, site


def next_hpv(site: CopiedSite) -> str:
    """Return which pack plans the HPV of a girl of thirteen."""
    girl = child(born=TODAY - timedelta(days=13 * 365 + 10))
    lines = forecast_from(girl, (), TODAY).next_doses
    (line,) = [one.line for one in lines if one.line.group == "HPV"]
    ruled = line.series[0].judged_by
    assert ruled is not None
    return ruled.pack


def test_the_province_goes_over_the_country_and_the_site_over_the_province(site: CopiedSite) -> None:
    assert next_hpv(site) == "cn-hpv"
    take(site, of_province())
    assert next_hpv(site) == "cn-hpv-100000"
    take(site, of_site())
    assert next_hpv(site) == "cn-hpv-here"
    stand = standing(site)
    assert stand["cn-hpv-here-2025"] is PackStanding.IN_FORCE
    assert {stand["cn-hpv-2025"], stand["cn-hpv-100000-2025"]} == {PackStanding.OVERRULED}
    assert stand["cn-nip-2021"] is PackStanding.IN_FORCE, "the other antigens go on"


def test_a_newer_edition_of_the_country_does_not_go_over_the_province(site: CopiedSite) -> None:
    take(site, of_province())
    take(site, pack_text(edition='"2026"', valid_from='"2026-06-01"'))
    assert next_hpv(site) == "cn-hpv-100000"


def test_when_the_rule_of_the_province_ends_the_countrys_is_back(site: CopiedSite) -> None:
    yesterday = f'"2025-11-10", "valid_to": "{TODAY - timedelta(1)}"'
    take(site, of_province(valid_from=yesterday))
    assert next_hpv(site) == "cn-hpv"
    assert standing(site)["cn-hpv-100000-2025"] is PackStanding.ENDED
