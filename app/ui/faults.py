"""What a bug leaves behind: where it happened and what kind it is, and nothing of what the program held.

The text of an exception, and what a refusal carries, may name a person; whatever the desktop writes down of
the program's standard error must not (SEC-6).
"""

import sys
import threading
import traceback
from types import TracebackType


def tell_of_bugs_without_people() -> None:
    """Let every bug, on whatever thread, be told this way from now on."""
    sys.excepthook = _tell
    threading.excepthook = _tell_of_thread


def told(kind: type[BaseException], trace: TracebackType | None, error: BaseException | None = None) -> str:
    """Return the places, the innermost last, and the kinds of the error and of those behind it."""
    lines = ["A bug; what it said is left out, for it may name a person:\n"]
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        behind = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        if behind is not None:
            lines += [*traceback.format_tb(behind.__traceback__), f"{type(behind).__qualname__}, and then:\n"]
        error = behind
    return "".join([*lines, *traceback.format_tb(trace), f"{kind.__qualname__}\n"])


def _tell(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if not issubclass(kind, KeyboardInterrupt) and sys.stderr is not None:
        sys.stderr.write(told(kind, trace, error))


def _tell_of_thread(arguments: threading.ExceptHookArgs) -> None:
    if arguments.exc_type is not SystemExit and sys.stderr is not None:
        sys.stderr.write(told(arguments.exc_type, arguments.exc_traceback, arguments.exc_value))
