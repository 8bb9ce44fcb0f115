"""What a bug leaves behind: where it happened and what kind it is, and nothing of what the program held.

The text of an exception, and what a refusal carries, may name a person; whatever the desktop writes down of
the program's standard error must not (SEC-6).
"""

import sys
import threading
import traceback
from collections.abc import Callable
from functools import partial
from types import TracebackType

Hearer = Callable[[BaseException], object]


def tell_of_bugs_without_people(hearer: Hearer | None = None) -> None:
    """Let every bug, on whatever thread, be told this way from now on, and to ``hearer`` as well."""
    sys.excepthook = partial(_tell, hearer)
    threading.excepthook = partial(_tell_of_thread, hearer)


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


def _tell(
    hearer: Hearer | None, kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    if sys.stderr is not None:
        sys.stderr.write(told(kind, trace, error))
    if hearer is not None:
        hearer(error)


def _tell_of_thread(hearer: Hearer | None, arguments: threading.ExceptHookArgs) -> None:
    if arguments.exc_type is SystemExit:
        return
    if sys.stderr is not None:
        sys.stderr.write(told(arguments.exc_type, arguments.exc_traceback, arguments.exc_value))
    if hearer is not None and arguments.exc_value is not None:
        hearer(arguments.exc_value)
