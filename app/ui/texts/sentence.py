"""What a refusal says: what happened, what is safe, what to do now (ux.md rule 17)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Sentence:
    """Three short Chinese sentences, in the order in which they are read."""

    happened: str
    safe: str
    todo: str

    def __str__(self) -> str:
        return f"{self.happened}{self.safe}{self.todo}"
