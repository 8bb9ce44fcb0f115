"""A database cluster made once a test process: making one takes a second of work, a copy next to nothing."""

import subprocess
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from server.postgres import EmbeddedPostgres


@cache
def _made() -> TemporaryDirectory[str]:
    """Return a folder with a cluster that never runs again; it goes with the process."""
    folder = TemporaryDirectory()
    cluster = EmbeddedPostgres(Path(folder.name) / "cluster")
    cluster.start()
    cluster.stop()
    return folder


def copy_cluster(folder: Path) -> Path:
    """Put a cluster that was made into a folder, which is then an ``EmbeddedPostgres`` of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["cp", "-a", f"{_made().name}/cluster/.", folder], check=True)
    return folder
