"""The wording of forms: screening questions, notices and consents, each with the hash of its exact text.

They are data in ``resources``; the screens show the same texts that the forms print (N2023 6.3.4).
"""

import json
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from app.domain.journal import canonical
from app.domain.screening import Decision

RESOURCES = Path(__file__).resolve().parents[2] / "resources"
SHORT_HASH = 12
"""Characters of the hash that are printed: enough to tell two versions apart by eye."""


@dataclass(frozen=True)
class TextVersion:
    """Which exact text was shown or printed."""

    text_id: str
    version: str
    sha256: str

    @property
    def imprint(self) -> str:
        """Return id, version and short hash as they are printed at the foot of a form."""
        return f"{self.text_id} · 版本 {self.version} · 校验 {self.sha256[:SHORT_HASH]}"


@dataclass(frozen=True)
class Question:
    """One question of the screening form, word for word."""

    question_id: str
    text: str
    gloss: str
    """What it asks, in English."""
    condition: str | None
    """Whom it is put to; None is everybody."""


@dataclass(frozen=True)
class QuestionForm:
    """健康状况询问与接种禁忌核查表 (N2023 annex 5-5)."""

    version: TextVersion
    title: str
    source: str
    introduction: str
    columns: tuple[str, ...]
    questions: tuple[Question, ...]
    advice: dict[Decision, str]
    agreement: str


@dataclass(frozen=True)
class Section:
    """One heading of a notice and what stands under it."""

    heading: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class ConsentText:
    """A notice (告知) with its consent (知情同意) for programme or non-programme vaccines."""

    version: TextVersion
    title: str
    status: str
    """What is still to be done before the text may be relied on; empty once the site has approved it."""
    priced: bool
    """Whether vaccine price and service fee must be told (N2023 6.3.3): all but programme vaccines."""
    sections: tuple[Section, ...]
    declaration: str
    agree: str
    decline: str
    decline_reason: str

    @property
    def body(self) -> str:
        """Return the notice as plain text, a heading and its paragraphs under one another."""
        return "\n".join(
            line for section in self.sections for line in (section.heading, *section.paragraphs, "")
        ).rstrip()


@cache
def screening_questions() -> QuestionForm:
    """Return the eleven official questions."""
    content = _read("forms/screening-questions.json")
    return QuestionForm(
        version=_version(content),
        title=content["title"],
        source=content["source"],
        introduction=content["introduction"],
        columns=tuple(content["columns"]),
        questions=tuple(
            Question(row["id"], row["text"], row["gloss"], row["condition"]) for row in content["questions"]
        ),
        advice={Decision(row["decision"]): row["text"] for row in content["advice"]},
        agreement=content["agreement"],
    )


@cache
def consent_text(*, programme: bool) -> ConsentText:
    """Return the notice and consent for a vaccine of the national programme, or for any other."""
    content = _read(f"consents/consent-{'programme' if programme else 'non-programme'}.json")
    return ConsentText(
        version=_version(content),
        title=content["title"],
        status=content["status"],
        priced=content["scope"] == "non_programme",
        sections=tuple(Section(row["heading"], tuple(row["paragraphs"])) for row in content["sections"]),
        declaration=content["declaration"],
        agree=content["agree"],
        decline=content["decline"],
        decline_reason=content["decline_reason"],
    )


def _read(name: str) -> Any:
    return json.loads((RESOURCES / name).read_text(encoding="utf-8"))


def _version(content: Any) -> TextVersion:
    """Return the version; the hash is over the content, so that line ends and indentation do not count."""
    return TextVersion(content["id"], content["version"], sha256(canonical(content)).hexdigest())
