"""``take-pack`` answers as docs/cli.md and its JSON Schema say; the last good pack stays in force (VER-9)."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from app.commands import cli
from app.domain.schedule.refusals import PackBroken
from app.practice.site import fill
from app.storage import journal
from app.storage.keys import SlotOwner
from app.storage.opening import create_store, open_store
from app.storage.schedules import SHIPPED, site_folder
from app.storage.store import Store
from app.workflows.desk import Desk
from app.workflows.forecast import packs_in_use, use_packs
from tests.clocks import ManualClock
from tests.factories import DOCTOR, MANAGER, NURSE
from tests.schemas import must_fit
from tests.strategies import seeded_random

PASSWORD = "lianxi-2026"
NAME = "cn-hpv-2025.json"
SIGNED = (
    (SHIPPED / NAME)
    .read_text("utf-8")
    .replace(
        '"status": "unverified"',
        '"status": "in_force", "signed_off_by": {"name": "沈若溪", "on": "2026-03-01"}',
    )
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A practice site of nobody."""
    folder = tmp_path_factory.mktemp("site")
    random = seeded_random(3)
    owners = [
        SlotOwner(MANAGER, "苏晚晴", "负责人"),
        SlotOwner(NURSE, "周敏", "护士"),
        SlotOwner(DOCTOR, "沈若溪", "医生"),
    ]

    def begin(store: Store) -> None:
        fill(Desk(store, ManualClock(), random, "准备"), 0)

    create_store(folder, owners, PASSWORD, random, use_keyring=False, fill=begin).close()
    return folder


@pytest.fixture(autouse=True)
def shipped_again() -> Iterator[None]:
    """Leave this process with the packs that ship."""
    yield
    use_packs(None)


def ask(folder: Path, file: Path, text: str, staff_id: str = MANAGER, second: str = DOCTOR) -> dict[str, Any]:
    file.write_text(text, "utf-8")
    words = ["take-pack", str(file), "--json", "--data", str(folder), "--user", staff_id, "--second", second]
    secrets = {"VAXPOST_PASSWORD": PASSWORD, "VAXPOST_SECOND_PASSWORD": PASSWORD}
    result = CliRunner(env=secrets).invoke(cli, words)
    answer: dict[str, Any] = json.loads(result.stdout)
    must_fit(answer, "take-pack")
    assert result.exit_code == (0 if answer["accepted"] else 1)
    return answer


def taken(folder: Path) -> list[Any]:
    """Return what the journal says of packs that were taken."""
    store = open_store(folder, MANAGER, PASSWORD, seeded_random(1), use_keyring=False)
    bodies = [event.body for event in journal.events_of(store.read(), ["schedule.taken"])]
    store.close()
    return bodies


def titles() -> dict[str, str]:
    return {pack.pack: pack.title for pack in packs_in_use().packs}


def test_a_signed_pack_is_read_at_the_next_start_and_a_worse_one_changes_nothing(
    folder: Path, tmp_path: Path
) -> None:
    file = tmp_path / NAME
    text = SIGNED.replace('"title": "', '"title": "县里的 ', 1)
    answer = ask(folder, file, text)
    assert (answer["pack"], answer["signed_off_by"]) == ("cn-hpv-2025", "沈若溪")
    assert use_packs(folder) == ()
    assert titles()["cn-hpv"].startswith("县里的 ")
    broken = ask(folder, file, text.replace('"6 months"', '"6 moons"', 1))
    assert broken["refusal"] == "PackBroken"
    assert broken["facts"]["file"] == NAME
    assert '"6 months"' in text.splitlines()[broken["facts"]["line"] - 1]
    unsigned = ask(folder, file, (SHIPPED / NAME).read_text("utf-8"))
    assert unsigned["refusal"] == "PackUnsigned"
    assert ask(folder, file, SIGNED, NURSE)["refusal"] == "NotPermitted"
    assert ask(folder, file, SIGNED, second=NURSE)["refusal"] == "SecondPersonNeeded"
    elsewhere = SIGNED.replace('"pack": ', '"region": {"layer": "province", "code": "320000"}, "pack": ', 1)
    assert ask(folder, file, elsewhere)["refusal"] == "PackOfOtherPlace"
    assert use_packs(folder) == ()
    assert titles()["cn-hpv"].startswith("县里的 ")
    (said,) = taken(folder)
    assert (said["pack"], said["edition"], said["signed_off_by"]) == ("cn-hpv", "2025", "沈若溪")
    assert said["approved_by"] == DOCTOR


def test_a_pack_damaged_in_the_folder_is_told_of_and_the_one_that_ships_is_in_force(tmp_path: Path) -> None:
    site_folder(tmp_path).mkdir()
    (site_folder(tmp_path) / NAME).write_text(SIGNED[:-200], "utf-8")
    before = titles()
    (refused,) = use_packs(tmp_path)
    assert isinstance(refused, PackBroken)
    assert refused.file == NAME
    assert titles() == before
