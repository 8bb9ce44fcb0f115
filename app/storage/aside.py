"""Work on the store in a process of its own, behind everybody else: the screens and the needle go first.

A thread would not do: it holds the interpreter for a moment at every step, and a thread of low priority that
holds it makes all the others wait for its turn.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import Any

from app.domain.refusals import Refusal

_ROOT = Path(__file__).parents[2]
_KEY_LINE = 65
"""The key in hexadecimal digits, and the end of the line."""
_FLAGS = getattr(subprocess, "IDLE_PRIORITY_CLASS", 0) | getattr(subprocess, "CREATE_NO_WINDOW", 0)
"""Windows alone has them."""

Watch = Callable[["subprocess.Popen[bytes]"], object]
"""Told of the process, which it may end."""


def ask_aside(module: str, *arguments: str, key: bytes, watch: Watch) -> dict[str, Any] | None:
    """Run a module in another process and return its answer, None where it came to no end; blocks till then.

    The database key goes through a pipe that stays open: where this process is gone, so is the other.
    """
    with subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0, cwd=_ROOT,
        creationflags=_FLAGS,
    ) as process:  # fmt: skip
        watch(process)
        assert process.stdin is not None
        assert process.stdout is not None
        with suppress(OSError):
            process.stdin.write(f"{key.hex()}\n".encode())
        said = process.stdout.read()
    try:
        answer: dict[str, Any] = json.loads(said)
    except ValueError:
        return None
    return answer


def raise_refusal(answer: dict[str, Any], kinds: tuple[type[Refusal], ...]) -> None:
    """Raise the refusal that is the answer, if it is one."""
    if "refusal" in answer:
        raise next(kind for kind in kinds if kind.__name__ == answer["refusal"])(**answer["facts"])


def step_back() -> bytes:
    """Take the last place for the processor, and return the key; the process ends with the one that asked."""
    if hasattr(os, "nice"):
        os.nice(19)
    line = b""
    while len(line) < _KEY_LINE and (piece := os.read(0, _KEY_LINE - len(line))):
        line += piece
    Thread(target=_end_with_the_caller, daemon=True).start()
    return bytes.fromhex(line.decode())


def answer_with(work: Callable[[], dict[str, object]], kinds: tuple[type[Refusal], ...]) -> None:
    """Write what ``work`` returns, or which refusal it raised, as JSON."""
    try:
        answer = work()
    except kinds as refusal:
        answer = {"refusal": type(refusal).__name__, "facts": refusal.facts()}
    sys.stdout.write(json.dumps(answer))


def _end_with_the_caller() -> None:
    os.read(0, 1)
    os._exit(1)
