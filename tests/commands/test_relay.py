"""``relay`` makes a machine the lead PC of its site, or a desk that leaves with one (SYN-1)."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from app.commands import cli
from app.domain.relay import RelayRole, RelaySetting
from app.storage.audit import Wanted, page
from app.storage.opening import open_store
from app.storage.relay import find_relay
from tests.commands.founded_folder import PASSWORD, USER, found_folder
from tests.factories import NURSE
from tests.schemas import must_fit
from tests.strategies import seeded_random

Ask = Callable[..., tuple[dict[str, Any], RelaySetting]]


@pytest.fixture
def ask(tmp_path: Path) -> Ask:
    """Return what says the command and tells what this machine is then."""
    found_folder(tmp_path)

    def say(*words: str, user: str = USER) -> tuple[dict[str, Any], RelaySetting]:
        given = ["relay", *words, "--json", "--data", str(tmp_path), "--user", user]
        result = CliRunner(env={"VAXPOST_PASSWORD": PASSWORD}).invoke(cli, given)
        answer: dict[str, Any] = json.loads(result.stdout)
        must_fit(answer, "relay")
        store = open_store(tmp_path, USER, PASSWORD, seeded_random(1), use_keyring=False)
        try:
            return answer, find_relay(store.read())
        finally:
            store.close()

    return say


def test_a_machine_becomes_the_lead_a_desk_or_neither(ask: Ask) -> None:
    answer, setting = ask("lead", "--port", "9000")
    assert (answer["accepted"], setting) == (True, RelaySetting(RelayRole.LEAD, port=9000))
    _, setting = ask("desk", "--url", "https://192.168.1.20:9000")
    assert setting == RelaySetting(RelayRole.DESK, url="https://192.168.1.20:9000")
    answer, kept = ask("desk", "--url", "http://192.168.1.20:9000")
    assert (answer["refusal"], kept) == ("PlaintextForbidden", setting)
    answer, kept = ask("desk", "--url", "https://192.168.1.20:84460")
    assert (answer["refusal"], kept) == ("AddressUnreadable", setting), "else no start would get past it"
    answer, kept = ask("none", user=NURSE)
    assert (answer["refusal"], kept) == ("NotPermitted", setting)
    assert ask("none")[1] == RelaySetting()


def test_who_may_not_changes_nothing_and_who_did_stands_in_the_trail(ask: Ask, tmp_path: Path) -> None:
    """SITE-8, SEC-6: the command asks the same table as the window."""
    answer, setting = ask("desk", "--url", "https://192.168.1.66:9000", user=NURSE)
    assert (answer["refusal"], setting) == ("NotPermitted", RelaySetting())
    ask("desk", "--url", "https://192.168.1.20:9000")
    store = open_store(tmp_path, USER, PASSWORD, seeded_random(1), use_keyring=False)
    (line,) = [one.line for one in page(store.read(), Wanted(), 0, 9) if one.line.words == "desk"]
    store.close()
    assert line.staff_id == USER
