"""``enrol`` at a real centre: what support staff type, and what the store knows afterwards (SEC-1)."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from app.commands import cli
from app.storage.audit import Wanted, page
from app.storage.opening import open_store
from app.sync.store_identity import Centre, enrol_site, find_centre
from tests.clocks import ManualClock
from tests.commands.founded_folder import DEVICE, PASSWORD, USER, found_folder
from tests.factories import NURSE, SmallSite
from tests.schemas import must_fit
from tests.server.centre_process import CentreProcess
from tests.strategies import seeded_random
from tests.sync.local_journal import SITE


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the data folder of a site that is at no centre yet."""
    return found_folder(tmp_path)


def ask(folder: Path, *words: str, user: str = USER) -> dict[str, Any]:
    given = ["enrol", *words, "--json", "--data", str(folder), "--user", user]
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


def test_who_may_not_gives_the_records_to_no_centre_and_who_did_stands_in_the_trail(
    folder: Path, shared_centre: CentreProcess
) -> None:
    """SEC-4: where the records of a site go is not decided by whoever knows one password."""
    code = shared_centre.issue_code()
    assert ask(folder, shared_centre.url, code, user=NURSE)["refusal"] == "NotPermitted"
    assert centre_of(folder) is None
    assert ask(folder, shared_centre.url, code)["accepted"], "the code was not used up"
    store = open_store(folder, USER, PASSWORD, seeded_random(1), use_keyring=False)
    (line,) = [one.line for one in page(store.read(), Wanted(), 0, 9) if one.line.words == shared_centre.url]
    store.close()
    assert line.staff_id == USER


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
