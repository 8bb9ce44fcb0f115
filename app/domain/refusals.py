"""A refusal: a "no, because …" that carries facts and no prose; the screens turn it into a sentence."""

from dataclasses import dataclass, fields
from typing import ClassVar


@dataclass(unsafe_hash=True)
class Refusal(Exception):
    """The base of every refusal.

    Subclasses are dataclasses named as statements (``LotExpired``) and live beside the rule that refuses.
    Not frozen, unlike other records: context managers write ``__traceback__`` on an exception that passes.
    ``stop`` marks real danger (wrong person, expired, recalled, contraindicated): the screen then stops
    everything. ``app/ui/texts`` holds the sentence of each.
    """

    stop: ClassVar[bool] = False

    def __str__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{k}={v!r}' for k, v in self.facts().items())})"

    def __reduce__(self) -> tuple[type["Refusal"], tuple[object, ...]]:
        """Go from one process to another by its facts."""
        return type(self), tuple(self.facts().values())

    def facts(self) -> dict[str, object]:
        """Return the facts by name, as they stand in the dataclass."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


@dataclass(unsafe_hash=True)
class ProgramFailed(Refusal):
    """A fault of the program: what was being done may not have been done; nothing saved is lost."""

    kind: str
    place: str
    """File and line, nothing of what the program held: that may name a person."""
