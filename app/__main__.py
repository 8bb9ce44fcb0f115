"""Starts the program: a small command when one is named, else the window."""

import sys


def main() -> int:
    """Run what the arguments ask for and return the exit status."""
    if sys.argv[1:] and not sys.argv[1].startswith("-"):
        from app.commands import cli

        cli.main(prog_name="python -m app")
    from app.ui.start import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
