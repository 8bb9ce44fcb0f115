"""Who asks the program for help is told of the small commands as well."""

import subprocess
import sys

from app.commands import cli


def test_the_help_of_the_program_names_every_small_command() -> None:
    words = [sys.executable, "-m", "app", "--help"]
    said = subprocess.run(words, capture_output=True, encoding="utf-8", check=True).stdout
    assert "--practice" in said
    missing = [name for name in cli.list_commands(None) if name not in said.split()]  # type: ignore[arg-type]
    assert missing == []
