"""What the processes of the centre write into their log, and how."""

import logging


def begin_log() -> None:
    """Let the log of this process go to standard error: when, how bad, from where, what."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
