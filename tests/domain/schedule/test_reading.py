"""A pack is read whole, or refused with its file, line and path."""

import json
import re
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from app.domain.schedule.choosing import name_of
from app.domain.schedule.pack import PackStatus
from app.domain.schedule.reading import read_pack
from app.domain.schedule.refusals import PackBroken, PackUnsigned
from app.storage.schedules import SHIPPED, keep_pack, packs_of_site, read_brought, read_packs, site_folder
from tests.domain.schedule.pack_schema import FILE, schema_text

ROOT = Path(__file__).parents[3]
DECISION = ROOT / "docs/decisions/0014-the-schedule-is-cdsi.md"
EXAMPLE: str = re.findall(r"```json\n(.*?)```", DECISION.read_text("utf-8"), re.DOTALL)[0]


def changed(old: str, new: str) -> str:
    assert old in EXAMPLE
    return EXAMPLE.replace(old, new, 1)


def line_with(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def fits(text: str) -> bool:
    return Draft202012Validator(json.loads(FILE.read_text("utf-8"))).is_valid(json.loads(text))


def test_the_example_of_the_decision_is_a_pack() -> None:
    pack = read_pack(EXAMPLE, "example.json")
    assert fits(EXAMPLE)
    assert pack.status is PackStatus.UNVERIFIED
    assert pack.antigens[0].series[0].doses[1].intervals[0].min is not None


def test_the_schema_says_what_the_dataclasses_say() -> None:
    assert FILE.read_text("utf-8") == schema_text(), "python -m tests.domain.schedule.pack_schema"


@pytest.mark.parametrize(
    ("old", "new", "reason", "path"),
    [
        ('"title": "示例",', '"title": "示例"', "not_json", ""),
        ('"title": "示例",', '"title": "示例", "tilte": 1,', "unknown_field", "tilte"),
        ('"pack": "cn-example", ', "", "field_missing", ""),
        ('"title": "示例",', '"title": "示例", "title": "",', "field_twice", "title"),
        ('"title": "示例",', '"title": 3,', "wrong_type", "title"),
        ('"min": "24 months"', '"min": 24', "wrong_type", "antigens[0].series[0].doses[1].ages[0].min"),
        (
            '"min": "24 months"',
            '"min": "2 jears"',
            "not_a_duration",
            "antigens[0].series[0].doses[1].ages[0].min",
        ),
        ('"2021-02-23"', '"2021-02-30"', "not_a_date", "valid_from"),
        ('"2021-02-23"', '"20210223"', "not_a_date", "valid_from"),
        ('"cn-example"', '"../cn-example"', "not_a_name", "pack"),
        ('"edition": "2021", "title"', '"edition": "", "title"', "not_a_name", "edition"),
        ('"status": "unverified"', '"status": "valid"', "not_a_choice", "status"),
        (
            '"vaccine": "JE-L"',
            '"vaccine": "JE-X"',
            "unknown_vaccine",
            "antigens[0].series[0].doses[0].preferable[0].vaccine",
        ),
        ('"antigens": ["JE"]', '"antigens": ["JX"]', "unknown_antigen", "groups[0].antigens[0]"),
        (
            '"group": "JE", "selection"',
            '"group": "JX", "selection"',
            "unknown_group",
            "antigens[0].series[0].group",
        ),
        ('["@live_injected"]', '["@alive"]', "unknown_class", "conflicts[0].previous[0]"),
        ('"code": "MMR"', '"code": "JE-L"', "named_twice", "vaccines[1].code"),
        (
            '"from_previous": true',
            '"from_dose": 2',
            "later_dose",
            "antigens[0].series[0].doses[1].intervals[0].from_dose",
        ),
        (
            '"from_previous": true, ',
            "",
            "reference_unclear",
            "antigens[0].series[0].doses[1].intervals[0]",
        ),
        (
            '"latest": "36 months"',
            '"latest": "12 months"',
            "wrong_order",
            "antigens[0].series[0].doses[1].ages[0].latest",
        ),
    ],
)
def test_a_broken_pack_is_refused_with_its_line_and_path(old: str, new: str, reason: str, path: str) -> None:
    text = changed(old, new)
    with pytest.raises(PackBroken) as caught:
        read_pack(text, "cn-example-2021.json")
    refusal = caught.value
    assert (refusal.file, refusal.reason, refusal.path) == ("cn-example-2021.json", reason, path)
    if path:
        assert refusal.line == EXAMPLE.count("\n", 0, EXAMPLE.index(old)) + 1


def test_what_the_schema_forbids_the_reader_refuses_too() -> None:
    for old, new in (
        ('"title": "示例",', '"tilte": "示例",'),
        ('"8 months"', '"8 moons"'),
        ('"unverified"', '"x"'),
    ):
        assert not fits(changed(old, new))
        with pytest.raises(PackBroken):
            read_pack(changed(old, new), "x.json")


def test_a_pack_in_force_without_a_signature_is_refused() -> None:
    text = changed('"status": "unverified"', '"status": "in_force"')
    with pytest.raises(PackUnsigned) as caught:
        read_pack(text, "x.json")
    assert caught.value.line == line_with(text, '"status"')
    signed = text.replace('"title"', '"signed_off_by": {"name": "沈若溪", "on": "2026-03-01"}, "title"', 1)
    assert read_pack(signed, "x.json").signed_off_by is not None


SIGNED = EXAMPLE.replace('"title"', '"signed_off_by": {"name": "沈若溪", "on": "2026-03-01"}, "title"', 1)


def test_a_broken_or_unsigned_pack_leaves_the_last_good_one(tmp_path: Path) -> None:
    kept, delivered = tmp_path / "kept", tmp_path / "new.json"
    delivered.write_text(SIGNED, "utf-8")
    brought = read_brought(delivered)
    keep_pack(brought, kept)
    good = brought.pack
    assert brought.sha256 == sha256(delivered.read_bytes()).hexdigest()
    for refusal, text in (
        (PackBroken, SIGNED.replace('"min": "8 months"', '"min": "8"')),
        (PackUnsigned, EXAMPLE),
    ):
        delivered.write_text(text, "utf-8")
        with pytest.raises(refusal) as caught:
            read_brought(delivered)
        assert vars(caught.value)["file"] == "new.json"
        assert vars(caught.value)["line"] > 0
        assert read_packs(kept) == ([good], [])
    assert [file.name for file in kept.iterdir()] == [f"{name_of(good)}.json"]


def test_a_pack_of_the_site_goes_over_the_one_that_ships_and_a_broken_one_leaves_that_one(
    tmp_path: Path,
) -> None:
    shipped = {name_of(pack): pack for pack in read_packs()[0]}
    folder = site_folder(tmp_path)
    folder.mkdir()
    text = (SHIPPED / "cn-hpv-2025.json").read_text("utf-8").replace('"title": "', '"title": "县里的 ', 1)
    (folder / "cn-hpv-2025.json").write_text(text, "utf-8")
    (folder / "cn-nip-2021.json").write_text("{", "utf-8")
    packs, refused, read = packs_of_site(tmp_path)
    assert read["cn-hpv-2025"] == sha256(text.encode()).hexdigest()
    found = {name_of(pack): pack for pack in packs}
    assert found["cn-hpv-2025"].title.startswith("县里的 ")
    assert {name for name in shipped if found[name] != shipped[name]} == {"cn-hpv-2025"}
    assert [(type(one), vars(one)["file"], vars(one)["line"]) for one in refused] == [
        (PackBroken, "cn-nip-2021.json", 1)
    ]


def test_one_broken_file_does_not_hide_the_others(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("{", "utf-8")
    (tmp_path / "b.json").write_text(EXAMPLE, "utf-8")
    packs, refused = read_packs(tmp_path)
    assert [pack.pack for pack in packs] == ["cn-example"]
    assert [(type(one), vars(one)["file"]) for one in refused] == [(PackBroken, "a.json")]


ASKS: dict[str, Any] = {
    "immunity": {"observations": ["had_it"], "born": [{"before": "1957-01-01", "unless": ["nurse"]}]},
    "contraindications": [{"observation": "allergy"}],
}
OF_A_DOSE: dict[str, Any] = {
    "intervals": [{"from_observation": "transplant", "min": "6 months"}],
    "notices": [{"code": "ask", "text": "问医生", "observation": "preterm", "unless": ["tested"]}],
    "skips": [{"sets": [{"conditions": [{"kind": "observation", "observation": "asplenia"}]}]}],
}


@pytest.mark.parametrize(
    "code",
    ["had_it", "nurse", "allergy", "transplant", "preterm", "tested", "asplenia", "travels", "weighs_little"],
)
def test_an_observation_that_the_pack_does_not_list_is_refused(code: str) -> None:
    """Misspelt, a contraindication would never be true of anybody."""
    content = any_json()
    content["antigens"][0] |= ASKS
    content["antigens"][0]["series"][0]["doses"][0] |= OF_A_DOSE
    of_a_series = {"indications": [{"observation": "travels"}], "unless": ["weighs_little"]}
    content["antigens"][0]["series"][0] |= of_a_series
    known = {"had_it", "nurse", "allergy", "transplant", "preterm", "tested", "asplenia", "travels"}
    known |= {"weighs_little"}
    content["observations"] = [{"code": one, "title": ""} for one in sorted(known)]
    assert read_pack(json.dumps(content), "x.json").observations
    content["observations"] = [{"code": one, "title": ""} for one in sorted(known - {code})]
    with pytest.raises(PackBroken) as caught:
        read_pack(json.dumps(content), "x.json")
    assert (caught.value.reason, caught.value.found) == ("unknown_observation", code)


def any_json() -> Any:
    return json.loads(EXAMPLE)


def test_every_value_set_to_something_else_is_read_or_refused_never_a_crash() -> None:
    """Each place of the example in turn is replaced by values of every JSON type."""

    def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        inner = (
            value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        )
        return [path, *(found for name, member in inner for found in places(member, (*path, name)))]

    lines, read = list[int](), 0
    for path in places(any_json()):
        for other in tuple[Any, ...]((None, 7, "x", [], {}, True)):
            content = any_json()
            if not path:
                content = other
            else:
                holder = content
                for step in path[:-1]:
                    holder = holder[step]
                holder[path[-1]] = other
            try:
                read_pack(json.dumps(content, indent=1), "x.json")
                read += 1
            except PackBroken as refusal:
                lines.append(refusal.line)
    assert read > 40
    assert len(lines) > 300
    assert 1 == min(lines) < max(lines) < 200
