"""What the sign-in page is painted without: everything heavy is fetched behind it."""

import os
import subprocess
import sys
from pathlib import Path
from random import Random

from app.storage.keys import SlotOwner, key_file
from app.storage.stretching import KEY_LENGTH

HEAVY = ("pypinyin", "reportlab", "httpcore", "pydantic", "sqlite_utils", "PySide6.QtPdf")
START = f"""
import sys
from app.ui.start import open_window
app, program = open_window(sys.argv[1:])
def look():
    print("painted", *(name for name in {HEAVY} if name in sys.modules))
    app.quit()
program.sign_in.painted.connect(look)
app.exec()
program.close()
"""


def test_the_sign_in_page_is_painted_before_anything_heavy_is_loaded(tmp_path: Path) -> None:
    keys = key_file(tmp_path, Random(1).randbytes, use_keyring=False)
    keys.add(SlotOwner("u-1", "周敏", "护士"), "lianxi-2026", bytes(KEY_LENGTH), Random(2).randbytes)
    run = subprocess.run(
        [sys.executable, "-c", START, "--data", str(tmp_path)],
        capture_output=True,
        text=True,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        check=True,
    )
    assert run.stdout.split() == ["painted"]
