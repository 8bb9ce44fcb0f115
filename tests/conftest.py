"""Fixtures every room uses."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.factories import SmallSite


@pytest.fixture
def small_site(tmp_path: Path) -> Iterator[SmallSite]:
    """A practice site of thirty people on a real encrypted store."""
    site = SmallSite(tmp_path)
    yield site
    site.close()
