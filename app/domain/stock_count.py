"""A count of the fridge by two people (盘点): what there is to count, what was found, and why it differs.

N2023 8.1 asks for it every month, 《疫苗储存和运输管理规范》 that books and goods agree (账物相符).
Nothing is set: what differs becomes a movement with its cause (docs/decisions/0032). All numbers are doses.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from app.domain.catalogue import Lot, Product
from app.domain.refusals import Refusal


class Place(StrEnum):
    """Where packs of a lot lie: what is put aside lies apart, so it is counted apart."""

    SHELF = "shelf"
    ASIDE = "aside"


class Means(StrEnum):
    """How a lot was counted."""

    SCANNED = "scanned"
    TYPED = "typed"


class Cause(StrEnum):
    """Why there is more or less than the books say (domain.md §10.3, ledger types).

    A dose given and not recorded is none of them: it is recorded, and then there is no difference.
    """

    BROKEN = "broken"
    EXPIRED = "expired"
    TEMPERATURE = "temperature"
    OPEN_REST = "open_rest"
    """What was left in a vial that had been open for too long."""
    SAMPLED = "sampled"
    HANDED_ON = "handed_on"
    """Sent back, recalled, or given to another site."""
    UNKNOWN = "unknown"
    NOT_BOOKED = "not_booked"
    """It came in with a delivery and nobody said so."""
    HANDED_BACK = "handed_back"
    """It came from another site, or back from a round of the villages."""


CAUSES: Mapping[Cause, str] = {
    Cause.BROKEN: "破损",
    Cause.EXPIRED: "过期报废",
    Cause.TEMPERATURE: "超温报废",
    Cause.OPEN_REST: "开瓶余量报废",
    Cause.SAMPLED: "抽检取走",
    Cause.HANDED_ON: "退回或调出",
    Cause.UNKNOWN: "查不出",
    Cause.NOT_BOOKED: "入库时漏记",
    Cause.HANDED_BACK: "调入没记账",
}
"""What each is called, on the screen, on paper and in the entry."""
_GAINS = frozenset({Cause.NOT_BOOKED, Cause.HANDED_BACK, Cause.UNKNOWN})
_LOSSES = frozenset(Cause) - {Cause.NOT_BOOKED, Cause.HANDED_BACK}
FEWEST_LETTERS = 4
"""Of what was looked for where nobody knows why."""
MOST_DOSES = 100_000
"""Of one lot at one site; more is a slip of the fingers."""
STAYS = timedelta(hours=12)
"""How long a count that was broken off can be gone on with: later the fridge is another."""
AT_LEAST_EVERY = timedelta(days=31)
"""N2023 8.1: every month."""

Key = tuple[str, Place]
"""A lot's id and the place."""


@dataclass(frozen=True)
class CountLine:
    """One lot in one place, as far as it has been counted."""

    lot: Lot
    product: Product
    place: Place
    book: int
    """What the books say now."""
    typed: int | None = None
    typed_book: int = 0
    """What the books said when the number was typed."""
    packs: int = 0
    """Scanned here."""
    scanned: int = 0
    """In those packs, less what was given out of them since."""
    told: int | None = None
    """The difference when it was last compared with the books."""
    agreed: bool = False
    """It was the same the time before."""
    numbers: tuple[int, ...] = ()
    """Every number typed, in the order of typing."""

    @property
    def key(self) -> Key:
        """Return which line it is."""
        return self.lot.lot_id, self.place

    @property
    def name(self) -> str:
        """Return which lot it is, for a sentence: numbers of two products may be the same."""
        return f"{self.product.vaccine_name} {self.lot.lot_number}"

    @property
    def means(self) -> Means:
        """Return how it was counted."""
        return Means.SCANNED if self.typed is None else Means.TYPED

    @property
    def is_counted(self) -> bool:
        """Return whether there is a number or a scan, nought being a number."""
        return self.typed is not None or self.packs > 0

    @property
    def difference(self) -> int:
        """Return how much more was found than the books say, whatever was given or came in since.

        A number is held against the books of the instant it was typed in; what moved later moved both.
        """
        return self.scanned - self.book if self.typed is None else self.typed - self.typed_book

    @property
    def found(self) -> int:
        """Return what lies there now, as counted."""
        return self.book + self.difference

    @property
    def is_settled(self) -> bool:
        """Return whether the count is believed: it is what the books say, or two counts came to the same."""
        agreed = self.agreed and self.difference == self.told
        return self.is_counted and (self.difference == 0 or agreed)

    @property
    def is_asked_again(self) -> bool:
        """Return whether it differed and waits to be counted once more."""
        return self.told is not None and not self.is_settled and self.typed is None


@dataclass(frozen=True)
class Explained:
    """Why a line differs: a cause, and words of one's own."""

    cause: Cause
    words: str = ""

    @property
    def reason(self) -> str:
        """Return it as it stands in the entry."""
        words = self.words.strip()
        return f"{CAUSES[self.cause]}：{words}" if words else CAUSES[self.cause]


@dataclass(unsafe_hash=True)
class NothingToCount(Refusal):
    """By the books nothing lies in the fridge."""


@dataclass(unsafe_hash=True)
class NoCountBegun(Refusal):
    """No count is under way at this machine, or the one there was is too old to be gone on with."""


@dataclass(unsafe_hash=True)
class PackNotOnBooks(Refusal):
    """No delivery of this site holds the pack: it came in past the books."""

    code: str


@dataclass(unsafe_hash=True)
class PackCountedBefore(Refusal):
    """This pack, or every one in this carton, has been scanned in this count."""

    code: str


@dataclass(unsafe_hash=True)
class PackEmptyOnBooks(Refusal):
    """By the books every dose of this vial has been given: an empty one is no stock."""

    code: str
    doses: int


@dataclass(unsafe_hash=True)
class CartonOpened(Refusal):
    """By the books something was taken out of the carton, so its code does not say what is in it."""

    code: str
    taken: int
    """Smallest packs used or put aside."""


@dataclass(unsafe_hash=True)
class CartonContentsUnknown(Refusal):
    """Nobody has said what is in this carton."""

    code: str


@dataclass(unsafe_hash=True)
class LotCountedByHand(Refusal):
    """A number was typed for this lot: a scan is not added to it."""

    lot: str
    doses: int


@dataclass(unsafe_hash=True)
class CountMissing(Refusal):
    """What was typed is no number."""


@dataclass(unsafe_hash=True)
class CountNotSensible(Refusal):
    """So much does not lie in a fridge, or more in opened vials than such vials hold."""

    doses: int
    most: int


@dataclass(unsafe_hash=True)
class LotsNotCounted(Refusal):
    """These lots have no number yet; nought is one as well."""

    lots: tuple[str, ...]


@dataclass(unsafe_hash=True)
class LotsNotCountedTwice(Refusal):
    """What differs is counted twice, and these lots have not been, or came to something else."""

    lots: tuple[str, ...]


@dataclass(unsafe_hash=True)
class CauseMissing(Refusal):
    """These lots differ and nobody has said why."""

    lots: tuple[str, ...]


@dataclass(unsafe_hash=True)
class CauseDoesNotFit(Refusal):
    """Of this cause there is less, not more, or the other way round."""

    lot: str
    cause: Cause
    difference: int


@dataclass(unsafe_hash=True)
class CauseWordsMissing(Refusal):
    """Where nobody knows why, it is said what was looked for."""

    lot: str
    least: int


def causes_for(difference: int) -> frozenset[Cause]:
    """Return what may be the cause of a difference."""
    return _GAINS if difference > 0 else _LOSSES


def typed_doses(product: Product, packs: int | None, rest: int | None) -> int:
    """Return the doses of so many closed packs and what is left in opened ones (``rest``, doses).

    Raises CountMissing or CountNotSensible.
    """
    if packs is None and rest is None:
        raise CountMissing()
    whole, opened = packs or 0, rest or 0
    if opened and product.doses_per_pack == 1:
        raise CountNotSensible(opened, 0)
    doses = whole * product.doses_per_pack + opened
    if doses > MOST_DOSES:
        raise CountNotSensible(doses, MOST_DOSES)
    return doses


def check_explained(line: CountLine, explained: Explained | None) -> None:
    """Pass a line that agrees or says why not; raises CauseMissing, CauseDoesNotFit or CauseWordsMissing."""
    if line.difference == 0:
        return
    if explained is None:
        raise CauseMissing((line.name,))
    if explained.cause not in causes_for(line.difference):
        raise CauseDoesNotFit(line.name, explained.cause, line.difference)
    if explained.cause is Cause.UNKNOWN and len(explained.words.strip()) < FEWEST_LETTERS:
        raise CauseWordsMissing(line.name, FEWEST_LETTERS)


def can_go_on(begun_at: datetime, now: datetime) -> bool:
    """Return whether a count can be gone on with; one begun in the future was begun by a wrong clock."""
    return timedelta(0) <= now - begun_at <= STAYS


def is_due(last_on: date | None, today: date) -> bool:
    """Return whether it is time to count; ``last_on``: of the last count, else of the first delivery."""
    return last_on is not None and today - last_on > AT_LEAST_EVERY
