"""Every refusal of sync can be said on the screen, whatever its reason."""

import importlib
import pkgutil

import pytest

import app.sync
from app.domain.journal import Json
from app.domain.refusals import Refusal
from app.storage.feedback import ContentDoubted
from app.sync.bundle import BundleKeyMissing, BundleOfOtherCentre
from app.sync.engine import EventNotTaken
from app.sync.enrolment import CentreUnproven
from app.sync.envelope import BundleDamaged
from app.sync.first_enrolment import EnrolmentIncomplete, ProxyAddressBad
from app.sync.frame import MessageMalformed, MessageTooLarge, WireVersionUnknown
from app.sync.http import AddressUnreadable, PlaintextForbidden
from app.sync.lead import DeskForeign, RelayPortTaken
from app.sync.lead_line import LeadUnreachable
from app.sync.outbox import OutboxUnavailable
from app.sync.puller import FeedDiffers, FeedRepaired
from app.sync.recovery import CentreRestored, StreamForked, StreamRewound
from app.sync.relaying import LeadDeclined
from app.sync.reply import ReplyForAnother
from app.sync.runner import SyncStillBusy
from app.sync.seal import SealBroken
from app.sync.shelf import ShelfFull
from app.sync.state import ClockApart
from app.sync.stick_files import StickUnusable
from app.sync.stick_reply import BundleQuarantined, BundleRejected, ReplyDoesNotFollow
from app.sync.store_identity import PracticeHasItsOwnCentre
from app.sync.transport import AnswerForeign, CentreBusy, CentreDeclined, CentreUnreachable
from app.ui.texts import sentence_of
from app.ui.texts.findings import CORRECTION, FIELDS, REASONS
from app.ui.texts.sync import DECLINED, FOREIGN, NOT_TAKEN, UNREACHABLE
from server.operator import texts
from server.projection import READERS, TABLES, read
from tests.server.test_projection import event

REFUSALS = [
    *(CentreUnreachable(reason) for reason in (*UNREACHABLE, "new")),
    *(AnswerForeign(reason, 200) for reason in (*FOREIGN, "new")),
    *(CentreDeclined(name, "") for name in (*DECLINED, "New")),
    CentreUnproven(), PracticeHasItsOwnCentre("https://centre"),
    CentreBusy(503, 5.0), PlaintextForbidden("http://centre"), MessageMalformed("push"),
    AddressUnreadable("https://centre:84460"),
    MessageTooLarge("frame", 1), WireVersionUnknown(2, 1, 1), OutboxUnavailable("disk full"),
    *(EventNotTaken("0" * 16, 7, name, "seq") for name in (*NOT_TAKEN, "New")), StreamForked("0" * 16, 3),
    StreamForked("0" * 16, 3, 2), StreamRewound("0" * 16, 9, 3), CentreRestored("1" * 16),
    SealBroken("signature"), EventNotTaken("0" * 16, 7, "SealBroken", "key"), SyncStillBusy(15.0),
    FeedDiffers("3706", 12), FeedRepaired("3706", 12), EnrolmentIncomplete(),
    ProxyAddressBad("10.0.0.1"),
    FeedDiffers("3706", 12), FeedRepaired("3706", 12),
    *(BundleDamaged(reason) for reason in ("foreign", "cut", "changed", "new")), BundleOfOtherCentre(),
    BundleKeyMissing(), ReplyForAnother(), ReplyDoesNotFollow("3706", 12),
    BundleRejected("设备被盗"), BundleQuarantined(),
    StickUnusable("differs"), StickUnusable("No space left on device"),
    *(LeadUnreachable(reason) for reason in ("connect", "cut", "stranger", "size", "new")),
    *(LeadDeclined(name) for name in ("ShelfFull", "DeskForeign", "MessageTooLarge")), ShelfFull(),
    DeskForeign(), RelayPortTaken(8446, "Address already in use"),
    ClockApart(3 * 86_400 + 7_200), ClockApart(-301),
]  # fmt: skip


DOUBTS = [
    *(ContentDoubted(kind, "e-1", (("name", "missing"),)) for kind in (*CORRECTION, "new")),
    *(ContentDoubted("new", "e-1", (("new", reason), ("sex", "malformed"))) for reason in (*REASONS, "new")),
]


@pytest.mark.parametrize("refusal", [*REFUSALS, *DOUBTS], ids=str)
def test_it_says_what_happened_what_is_safe_and_what_to_do(refusal: Refusal) -> None:
    """Ux.md rule 17."""
    sentence = sentence_of(refusal)
    assert all(part.endswith("。") for part in (sentence.happened, sentence.safe, sentence.todo))


def test_no_refusal_of_sync_is_left_out() -> None:
    classes = {
        value
        for module in pkgutil.iter_modules(app.sync.__path__)
        for value in vars(importlib.import_module(f"app.sync.{module.name}")).values()
        if isinstance(value, type) and issubclass(value, Refusal) and value.__module__.startswith("app.sync")
    }
    assert classes == {type(refusal) for refusal in REFUSALS}


def test_every_field_the_centre_can_find_wrong_has_a_name_on_the_screen_and_at_the_operators() -> None:
    names = {name for table in TABLES for columns in table.facets.values() for name in columns}
    names |= {name for table in TABLES for name in table.key} | {"reason", "codes", "code"}
    wrong: list[Json] = [{}, dict.fromkeys(names, 0.5)]
    found = {error.field for kind in READERS for body in wrong for error in read(event(kind, body)).errors}
    assert {"birth_on", "lot_id", "codes", "reason"} <= found
    assert found | {"id", "body"} <= FIELDS.keys() & texts.FIELDS.keys()
