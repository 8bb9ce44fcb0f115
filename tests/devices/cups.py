"""A real CUPS daemon on a socket of its own, with printers that put their paper on a shelf."""

import contextlib
import os
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.devices.screen import needs, until

BACKEND = """#!/bin/sh
[ $# -eq 0 ] && exit 0
shelf=${DEVICE_URI#shelf:}
[ -e "$shelf/broken" ] && exit 1  # the job failed
[ -e "$shelf/stuck" ] && exit 4  # the printer stops
if [ ! -e "$shelf/paper" ]; then
  echo "STATE: +media-empty-error" >&2
  while [ ! -e "$shelf/paper" ]; do sleep 0.05; done
  echo "STATE: -media-empty-error" >&2
fi
cat "${6:--}" > "$shelf/job.$1.part"
echo "$3" > "$shelf/job.$1.title"
mv "$shelf/job.$1.part" "$shelf/job.$1.pdf"
"""

FILES = """
ServerRoot {root}/etc
RequestRoot {root}/spool
TempDir {root}/tmp
CacheDir {root}/cache
StateDir {root}/state
ServerBin {root}/bin
DataDir /usr/share/cups
ErrorLog {root}/log/error
AccessLog {root}/log/access
PageLog {root}/log/page
ServerKeychain {root}/etc
"""

DAEMON = """
Listen {root}/cups.sock
LogLevel warn
Browsing No
WebInterface No
DefaultAuthType None
<Location />
  Order allow,deny
  Allow all
</Location>
<Policy default>
  JobPrivateAccess all
  JobPrivateValues none
  <Limit All>
    Order deny,allow
  </Limit>
</Policy>
"""


class Cups:
    """The daemon, and the shelves of its printers."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.socket = root / "cups.sock"
        for folder in ("etc", "spool", "tmp", "cache", "state", "log", "bin/backend"):
            (root / folder).mkdir(parents=True)
        (root / "bin/daemon").symlink_to("/usr/lib/cups/daemon")
        backend = root / "bin/backend/shelf"
        backend.write_text(BACKEND)
        backend.chmod(0o755)
        (root / "files.conf").write_text(FILES.format(root=root))
        (root / "cupsd.conf").write_text(DAEMON.format(root=root))
        root.chmod(0o755)

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """Let the daemon run."""
        words = ["cupsd", "-f", "-c", str(self.root / "cupsd.conf"), "-s", str(self.root / "files.conf")]
        daemon = subprocess.Popen(words, stderr=subprocess.DEVNULL)
        try:
            until(self._listens, said="cupsd did not start")
            yield
        finally:
            daemon.terminate()
            daemon.wait(20)

    def _listens(self) -> bool:
        with socket.socket(socket.AF_UNIX) as caller, contextlib.suppress(OSError):
            caller.connect(str(self.socket))
            return True
        return False

    def add_printer(self, queue: str, description: str = "", *, paper: bool = True) -> Path:
        """Add a printer and return its shelf."""
        shelf = self.root / f"shelf-{len(list(self.root.iterdir()))}"
        shelf.mkdir()
        shelf.chmod(0o777)
        if paper:
            (shelf / "paper").touch()
        device = ["-p", queue, "-E", "-v", f"shelf:{shelf}", "-D", description or queue, "-L", "接种台 2"]
        self.tell("lpadmin", *device, "-o", "printer-error-policy=abort-job")
        return shelf

    def tell(self, *words: str) -> None:
        """Run one of the commands of CUPS."""
        environment = {**os.environ, "CUPS_SERVER": str(self.socket)}
        subprocess.run(words, env=environment, check=True, capture_output=True)


def need_cups() -> None:
    """Skip the test where CUPS is not installed."""
    needs("cupsd", "lp", "lpadmin")
