"""Fixtures every room uses."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.factories import SmallSite

# Nobody's real keyring is touched, by no child process either; keyring takes any backend class it sees.
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"

settings.register_profile("vaxpost", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("vaxpost")


@pytest.fixture
def small_site(tmp_path: Path) -> Iterator[SmallSite]:
    """A practice site of thirty people on a real encrypted store."""
    site = SmallSite(tmp_path)
    yield site
    site.close()
