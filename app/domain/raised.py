"""What an answer of the screening form raises for a product: a question, never a decision (VER-5)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.domain.catalogue import Product, Route
from app.domain.refusals import Refusal
from app.domain.screening import Answer, QuestionAnswer


class Weight(StrEnum):
    """How grave what is asked would be, if it is so; gravest first."""

    CONTRAINDICATION = "contraindication"
    DEFER = "defer"
    PRECAUTION = "precaution"


@dataclass(frozen=True)
class ScreeningRule:
    """A 是 to ``question_id`` raises ``ask`` for each product that fits."""

    rule_id: str
    question_id: str
    weight: Weight
    ask: str
    """The question to the doctor, in Chinese, from the pack of rules."""
    source: str
    verified: bool
    vaccines: tuple[str, ...] = ()
    """Vaccine codes; empty: every one."""
    live: bool | None = None
    """True: live products alone, False: all others, None: both."""
    oral: bool | None = None
    """True: those swallowed, False: all others, None: both."""
    wait_days: int | None = None
    wait_months: int | None = None
    """How long to wait from the day of what was answered, where the source says so."""

    def fits(self, product: Product) -> bool:
        """Return whether the rule is about this product."""
        return (
            (not self.vaccines or product.vaccine_code in self.vaccines)
            and self.live in (None, product.live)
            and self.oral in (None, product.route is Route.ORAL)
        )


@dataclass(frozen=True)
class ScreeningRules:
    """One edition of the rules."""

    edition: str
    signed_off_by: str | None
    rules: tuple[ScreeningRule, ...]


_GRAVITY = list(Weight)


def raised_by(
    rules: ScreeningRules, answers: Iterable[QuestionAnswer], product: Product
) -> tuple[ScreeningRule, ...]:
    """Return the questions that the answers raise for the product, the gravest first.

    A grave question to an answer stands for the milder ones to the same answer.
    """
    yes = {given.question_id for given in answers if given.answer is Answer.YES}
    found = [rule for rule in rules.rules if rule.question_id in yes and rule.fits(product)]
    gravest = {
        question: min(_GRAVITY.index(rule.weight) for rule in found if rule.question_id == question)
        for question in yes & {rule.question_id for rule in found}
    }
    kept = [rule for rule in found if _GRAVITY.index(rule.weight) == gravest[rule.question_id]]
    return tuple(sorted(kept, key=lambda rule: (_GRAVITY.index(rule.weight), int(rule.question_id))))


def needs_consideration(raised: Sequence[ScreeningRule]) -> tuple[ScreeningRule, ...]:
    """Return those on which the doctor has to note something before advising the product."""
    return tuple(rule for rule in raised if rule.weight is not Weight.PRECAUTION)


@dataclass(unsafe_hash=True)
class ConsiderationMissing(Refusal):
    """建议接种 though the answers raise a grave question, and nothing is noted on it."""

    question_ids: tuple[str, ...]


def check_considered(raised: Sequence[ScreeningRule], considered: str) -> None:
    """Pass a plan whose grave questions the doctor has noted something on; raises ConsiderationMissing."""
    if not considered.strip() and (grave := needs_consideration(raised)):
        raise ConsiderationMissing(tuple(rule.question_id for rule in grave))
