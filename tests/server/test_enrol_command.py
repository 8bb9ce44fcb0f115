"""``enrol`` at a real centre: what support staff type, and what the store knows afterwards (SEC-1)."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from app.commands import cli
from app.domain.journal import Stream
from app.storage import journal
from app.storage.keys import SlotOwner
from app.storage.opening import create_store, open_store
from app.sync.store_identity import Centre, enrol_site, find_centre
from tests.clocks import ManualClock
from tests.factories import SmallSite
from tests.schemas import must_fit
from tests.server.centre_process import CentreProcess
from tests.strategies import seeded_random
from tests.sync.local_journal import SITE

USER, PASSWORD, DEVICE = "u-suwanqing", "lianxi-2026", "0190a0b0-0000-7000-8000-00000000e001"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the data folder of a site that is not set up yet."""
    random = seeded_random(3)
    owner = SlotOwner(USER, "苏晚晴", "负责人")
    store = create_store(tmp_path, [owner], PASSWORD, random, use_keyring=False)
    stream = Stream(DEVICE, "00112233445566ff")
    store.write(lambda transaction: journal.open_stream(transaction.db, stream, "2026-11-23T01:00:00.000Z"))
    store.close()
    return tmp_path


def ask(folder: Path, *words: str) -> dict[str, Any]:
    given = ["enrol", *words, "--json", "--data", str(folder), "--user", USER]
    result = CliRunner(env={"VAXPOST_PASSWORD": PASSWORD}).invoke(cli, given)
    answer: dict[str, Any] = json.loads(result.stdout)
    must_fit(answer, "enrol")
    return answer


def centre_of(folder: Path) -> Centre | None:
    store = open_store(folder, USER, PASSWORD, seeded_random(1), use_keyring=False)
    try:
        return find_centre(store)
    finally:
        store.close()


def test_enrolled_the_store_knows_its_centre_and_who_it_is_there(
    folder: Path, shared_centre: CentreProcess
) -> None:
    assert centre_of(folder) is None
    answer = ask(folder, shared_centre.url, shared_centre.issue_code())
    assert (answer["device_id"], answer["sites"]) == (DEVICE, [SITE])
    centre = centre_of(folder)
    assert centre is not None
    assert (centre.url, centre.proxy, centre.identity.device_id) == (shared_centre.url, None, DEVICE)


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "https://127.0.0.1:1", None])
def test_refused_the_store_knows_no_centre(
    folder: Path, shared_centre: CentreProcess, url: str | None
) -> None:
    answer = ask(folder, url or shared_centre.url, "WRONG-CODE")
    expected = {"http:": "PlaintextForbidden", "https": "CentreUnreachable", None: "CentreDeclined"}
    assert answer["refusal"] == expected[url and url[:5]]
    assert centre_of(folder) is None


def test_a_practice_site_is_not_let_out(small_site: SmallSite) -> None:
    with pytest.raises(Exception, match="PracticeHasItsOwnCentre"):
        enrol_site(small_site.store, "https://centre.example", "CODE", ManualClock())
