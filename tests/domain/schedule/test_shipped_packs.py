"""The packs that ship: whole, honest about what they are, each rule with its sentence."""

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from jsonschema import validators

from app.domain.people import Sex
from app.domain.schedule.choosing import DEFAULT_PACKS, PackUnknown, choose, name_of
from app.domain.schedule.engine import assess
from app.domain.schedule.history import Dose, Subject
from app.domain.schedule.pack import Layer, Pack, PackStatus, Region
from app.domain.schedule.reading import read_pack
from app.storage.schedules import SHIPPED, read_packs
from tests.domain.schedule.shipped import PACKS
from tests.truth.tables import sentences

CHILD = Subject(date(2024, 5, 20), Sex.MALE)


def named(name: str) -> Pack:
    return next(pack for pack in PACKS if name_of(pack) == name)


def test_every_file_is_a_sound_pack_of_its_name() -> None:
    files = {file.name for file in SHIPPED.glob("*.json")} - {"pack.schema.json"}
    assert read_packs()[1] == []
    assert {f"{name_of(pack)}.json" for pack in PACKS} == files


@pytest.mark.parametrize("pack", PACKS, ids=name_of)
def test_a_pack_is_as_the_schema_says(pack: Pack) -> None:
    schema = json.loads((SHIPPED / "pack.schema.json").read_text("utf-8"))
    content = json.loads((SHIPPED / f"{name_of(pack)}.json").read_text("utf-8"))
    validators.validator_for(schema)(schema).validate(content)


def test_on_by_default_are_2021_with_the_changes_of_2025_and_nothing_calls_itself_verified() -> None:
    on = {name_of(pack): pack.status for pack in PACKS if pack.on_by_default}
    assert on == dict.fromkeys(["cn-dtap-2025", "cn-hpv-2025", "cn-nip-2021"], PackStatus.UNVERIFIED)
    assert {pack.status for pack in PACKS if not pack.on_by_default} == {
        PackStatus.DRAFT,
        PackStatus.HISTORIC,
    }
    assert not any(pack.signed_off_by for pack in PACKS)


@pytest.mark.parametrize("pack", PACKS, ids=name_of)
def test_every_dose_names_a_sentence_of_the_documents_or_says_that_it_is_not_verified(pack: Pack) -> None:
    known = sentences().keys()
    for antigen in pack.antigens:
        for series in antigen.series:
            for dose in series.doses:
                ids = set(re.findall(r"【([A-Z0-9-]+)】", dose.source))
                assert ids <= known, (series.series_id, ids - known)
                assert ids or "未核实" in dose.source, series.series_id


def test_the_draft_is_in_force_only_when_it_is_asked_for_by_name() -> None:
    assert choose(PACKS, ["cn-nip-2026"]).on(date(2026, 1, 1)).antigens.keys() >= {"HPV", "DTP"}
    chosen = choose(PACKS, [DEFAULT_PACKS])
    assert {name_of(pack) for pack in chosen.packs} == {"cn-nip-2021", "cn-dtap-2025", "cn-hpv-2025"}
    with pytest.raises(PackUnknown):
        choose(PACKS, ["cn-nip-2016"])


def test_the_draft_of_2026_says_of_a_child_on_time_what_the_packs_in_use_say() -> None:
    """[NIP2026] repeats 2021 with the changes of 2025."""
    for months in range(12, 200, 3):
        on = date(2025 + months // 12, 1 + months % 12, 20)
        history = [Dose("HepB", date(2024, 5, 20)), Dose("DTaP", date(2025, 1, 20))]
        draft = assess(CHILD, history, choose(PACKS, ["cn-nip-2026"]), on)
        used = assess(CHILD, history, choose(PACKS), on)
        said = [
            {line.group: (line.status, line.earliest_on, line.latest_on) for line in answer.forecasts}
            for answer in (draft, used)
        ]
        assert said[0] == said[1]


def test_a_province_goes_over_the_nation_and_a_site_over_the_province() -> None:
    """疫苗管理法 art. 41-42: a province may add or change; a site's own authority decides last."""
    nation = named("cn-nip-2021")
    hepa = next(antigen for antigen in nation.antigens if antigen.antigen == "HepA")
    inactivated = [
        replace(series, selection=replace(series.selection, default=series.series_id == "hepa-inactivated"))
        for series in hepa.series
    ]
    province = replace(
        nation,
        pack="p10",
        valid_from=date(2021, 1, 1),
        antigens=(replace(hepa, series=tuple(inactivated)),),
        groups=tuple(group for group in nation.groups if group.group == "HepA"),
        region=Region(Layer.PROVINCE, "100000"),
    )  # fmt: skip
    site = replace(province, pack="site", antigens=(hepa,), region=Region(Layer.SITE, "1001010001"))
    vaccines = []
    for packs in ([nation], [province, nation], [site, nation, province]):
        answer = assess(
            CHILD, [], choose([replace(pack, on_by_default=True) for pack in packs]), date(2025, 12, 1)
        )
        hepa_line = next(line for line in answer.forecasts if line.group == "HepA")
        vaccines.append(hepa_line.vaccines[0].vaccine_code)
    assert vaccines == ["HepA-L", "HepA-I", "HepA-L"]


def test_an_unsigned_pack_in_force_never_gets_in(tmp_path: Path) -> None:
    text = (SHIPPED / "cn-hpv-2025.json").read_text("utf-8").replace('"unverified"', '"in_force"')
    (tmp_path / "cn-hpv-2025.json").write_text(text, "utf-8")
    packs, refused = read_packs(tmp_path)
    assert packs == []
    assert [type(refusal).__name__ for refusal in refused] == ["PackUnsigned"]
    signed = text.replace(
        '"on_by_default"', '"signed_off_by": {"name": "赵清和", "on": "2026-11-01"}, "on_by_default"'
    )
    assert read_pack(signed, "signed.json").status is PackStatus.IN_FORCE
