"""``relay`` makes a machine the lead PC of its site, or a desk that leaves with one (SYN-1)."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from app.commands import cli
from app.domain.relay import RelayRole, RelaySetting
from app.practice.site import fill
from app.storage.keys import SlotOwner
from app.storage.opening import create_store, open_store
from app.storage.relay import find_relay
from app.storage.store import Store
from app.workflows.desk import Desk
from tests.clocks import ManualClock
from tests.factories import MANAGER, NURSE
from tests.schemas import must_fit
from tests.strategies import seeded_random

PASSWORD = "lianxi-2026"
Ask = Callable[..., tuple[dict[str, Any], RelaySetting]]


@pytest.fixture
def ask(tmp_path: Path) -> Ask:
    """Return what says the command and tells what this machine is then."""
    random = seeded_random(3)
    owners = [SlotOwner(MANAGER, "苏晚晴", "负责人"), SlotOwner(NURSE, "周敏", "护士")]

    def begin(store: Store) -> None:
        fill(Desk(store, ManualClock(), random, "准备"), 0)

    create_store(tmp_path, owners, PASSWORD, random, use_keyring=False, fill=begin).close()

    def say(*words: str, user: str = MANAGER) -> tuple[dict[str, Any], RelaySetting]:
        given = ["relay", *words, "--json", "--data", str(tmp_path), "--user", user]
        result = CliRunner(env={"VAXPOST_PASSWORD": PASSWORD}).invoke(cli, given)
        answer: dict[str, Any] = json.loads(result.stdout)
        must_fit(answer, "relay")
        store = open_store(tmp_path, MANAGER, PASSWORD, seeded_random(1), use_keyring=False)
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
