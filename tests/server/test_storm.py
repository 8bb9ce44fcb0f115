"""Site, centre and database are killed behind a bad link: no acknowledged dose is lost (SYN-1, SYN-5)."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.server.storm import BLOWS, SQUALL, Storm

SQUALL_S, LONG_S = 30, 600
TODAY = int(f"{datetime.now(UTC):%Y%m%d}")


def weather(folder: Path, seed: int, befall: Callable[[Storm], None]) -> Storm:
    storm = Storm(folder, seed)
    try:
        befall(storm)
        storm.calm_down()
        storm.judge()
    finally:
        storm.close()
    return storm


def squall(storm: Storm) -> None:
    """Strike each blow once, then as it comes until half a minute is over."""
    until = time.monotonic() + SQUALL_S
    for blow in SQUALL:
        storm.strike(blow)
    storm.rage(until - time.monotonic())


@pytest.mark.waits
def test_every_acknowledged_dose_is_at_the_centre_once_after_a_squall(tmp_path: Path) -> None:
    storm = weather(tmp_path, 2, squall)
    assert storm.acknowledged
    assert set(storm.blows) == {blow.__name__ for blow in BLOWS}, "all of it has happened"


@pytest.mark.long
@pytest.mark.timeout(LONG_S * 2)
@pytest.mark.parametrize("seed", [TODAY], ids="seed {}".format)
def test_every_acknowledged_dose_is_at_the_centre_once_after_ten_minutes_of_storm(
    tmp_path: Path, seed: int
) -> None:
    storm = weather(tmp_path, seed, lambda storm: storm.rage(LONG_S))
    assert len(storm.acknowledged) > 100
    assert set(storm.blows) == {blow.__name__ for blow in BLOWS}, "all of it has happened"
    assert "terminated by signal 9" in storm.database_log(), "a connection died and PostgreSQL recovered"
