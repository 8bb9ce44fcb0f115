"""A small site, copied instead of filled anew."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.workflows.copied_site import CopiedSite, quick_folder


@pytest.fixture
def site() -> Iterator[CopiedSite]:
    """A practice site of thirty people on a real encrypted store."""
    with quick_folder() as folder:
        copied = CopiedSite(Path(folder))
        yield copied
        copied.close()
