"""Starts the program: a small command when one is named, else the window."""

import gc
import sys


def main() -> int:
    """Run what the arguments ask for and return the exit status."""
    if sys.argv[1:] and not sys.argv[1].startswith("-"):
        from app.commands import cli

        cli.main(prog_name="python -m app")
    gc.disable()  # nothing that is made at the start is garbage; see app/ui/collecting.py
    from app.ui.start import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
