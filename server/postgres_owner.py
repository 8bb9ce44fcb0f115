"""As whom PostgreSQL runs when root starts it (it refuses root), and how that user reaches what it needs."""

import os
import shutil
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

OWNER = "nobody"


def is_root() -> bool:
    """Return whether this process may not run PostgreSQL itself."""
    return sys.platform != "win32" and os.geteuid() == 0


def hand_over(*paths: Path) -> None:
    """Give files to the user PostgreSQL runs as; nothing happens without root."""
    if is_root():
        for path in paths:
            shutil.chown(path, OWNER, _group())


def open_programs(program: Path) -> None:
    """Let that user pass to the programs: through the folders above, which stay unlisted."""
    if is_root():
        _let_pass(program)


@contextmanager
def way_in(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the name under which a child process reaches ``folder``, and the arguments to start it with.

    For root on Linux the name is an open handle: the folders above may be closed to everybody else, as home
    folders and temporary ones are, and stay so.
    """
    if not is_root():
        yield str(folder), {}
        return
    identity = {"user": OWNER, "group": _group(), "extra_groups": []}
    if sys.platform != "linux":
        _let_pass(folder)
        yield str(folder), identity
        return
    handle = os.open(folder, os.O_PATH | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{handle}", {**identity, "pass_fds": (handle,)}
    finally:
        os.close(handle)


def _group() -> int:
    import pwd

    return pwd.getpwnam(OWNER).pw_gid


def _let_pass(path: Path) -> None:
    for folder in path.parents:
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(mode | stat.S_IXOTH)
