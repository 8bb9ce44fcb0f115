"""``county-key`` answers as docs/cli.md and its JSON Schema say: a key is made, shown, and opens (SEC-3)."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from app.commands import cli
from app.commands.county_key import PASSWORD_VARIABLE
from app.domain.county_key import CountyKey, read_county_key, request_text
from app.domain.recovery_key import read
from app.storage.county import let_county_in
from app.storage.county_private import COST
from tests.schemas import must_fit
from tests.storage.kept_site import KeptSite, keys_of
from tests.strategies import seeded_random

PASSWORD = "fucheng-county-2026"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(COST, "memory_cost_kib", 64)
    monkeypatch.setitem(COST, "time_cost", 1)


def ask(*arguments: object, password: str = PASSWORD) -> dict[str, Any]:
    words = ["county-key", *map(str, arguments), "--json"]
    result = CliRunner().invoke(cli, words, env={PASSWORD_VARIABLE: password})
    answer: dict[str, Any] = json.loads(result.stdout)
    must_fit(answer, "county-key")
    assert result.exit_code == (0 if answer["accepted"] else 1)
    return answer


def test_the_officer_makes_a_key_and_opens_what_a_site_brings(tmp_path: Path) -> None:
    private, public = tmp_path / "私钥.json", tmp_path / "公钥.json"
    made = ask("make", "阜城县疾控中心", "--private", private, "--public", public)
    key: CountyKey = read_county_key(public.read_bytes())
    assert (made["name"], made["fingerprint"]) == (key.name, key.fingerprint)
    for file in (private, public):
        assert ask("show", file) == made
    site = KeptSite(tmp_path / "site")
    let_county_in(site.store, key, "云溪镇卫生院", made["made_at"], seeded_random(9), use_keyring=False)
    site.close()
    request = keys_of(site.folder).county_request()
    assert request is not None
    brought = tmp_path / "申请.json"
    brought.write_bytes(request_text(request))
    opened = ask("open", brought, "--private", private)
    assert (opened["site_name"], opened["device_id"]) == ("云溪镇卫生院", request.device_id)
    assert keys_of(site.folder).is_countys(read(" ".join(opened["groups"])))
    assert ask("open", brought, "--private", private, password="x")["refusal"] == "CountyPasswordWrong"


def test_each_no_is_an_answer(tmp_path: Path) -> None:
    private, public = tmp_path / "私钥.json", tmp_path / "公钥.json"
    make = ("make", "阜城县疾控中心", "--private", private, "--public", public)
    assert ask(*make, password="short")["refusal"] == "CountyPasswordShort"
    assert ask(*make)["accepted"]
    assert ask(*make)["refusal"] == "CountyKeyThere"
    assert ask("show", tmp_path / "none")["facts"] == {"what": "vaxpost-county-key/1"}
    assert ask("open", public, "--private", private)["facts"] == {"what": "vaxpost-county-request/1"}


def test_people_are_told_what_to_read_aloud(tmp_path: Path) -> None:
    words = [
        "county-key",
        "make",
        "阜城县疾控中心",
        "--private",
        str(tmp_path / "a"),
        "--public",
        str(tmp_path / "b"),
    ]
    result = CliRunner().invoke(cli, words, input=f"{PASSWORD}\n{PASSWORD}\n")
    assert read_county_key((tmp_path / "b").read_bytes()).fingerprint in result.stdout
    assert PASSWORD not in result.output
