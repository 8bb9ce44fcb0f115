"""Site, centre and database are killed behind a bad link: no acknowledged dose is lost (SYN-1, SYN-5)."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.server.storm import BLOWS, Storm

SQUALL_S, LONG_S = 30, 600
TODAY = int(f"{datetime.now(UTC):%Y%m%d}")


def weather(folder: Path, seed: int, seconds: float) -> Storm:
    storm = Storm(folder, seed)
    try:
        storm.rage(seconds)
        storm.calm_down()
        storm.judge()
    finally:
        storm.close()
    return storm


@pytest.mark.waits
def test_every_acknowledged_dose_is_at_the_centre_once_after_a_squall(tmp_path: Path) -> None:
    storm = weather(tmp_path, 2, SQUALL_S)
    assert storm.acknowledged
    assert any("kill" in blow for blow in storm.blows), "somebody was killed"


@pytest.mark.long
@pytest.mark.timeout(LONG_S * 2)
@pytest.mark.parametrize("seed", [TODAY], ids="seed {}".format)
def test_every_acknowledged_dose_is_at_the_centre_once_after_ten_minutes_of_storm(
    tmp_path: Path, seed: int
) -> None:
    storm = weather(tmp_path, seed, LONG_S)
    assert len(storm.acknowledged) > 100
    assert set(storm.blows) == {blow.__name__ for blow in BLOWS}, "all of it has happened"
    assert "terminated by signal 9" in storm.database_log(), "a connection died and PostgreSQL recovered"
