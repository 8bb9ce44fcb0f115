"""The push that follows, packed while the centre works on the one before, and sent only if it still holds."""

from app.sync.pace import FIRST_BATCH, LINK_S
from app.sync.state import Idle
from tests.sync.one_site import Site

MANY = 6 * FIRST_BATCH
"""Three pushes, the second four times as long: it was packed beside the first, and so on."""


def sent_from(site: Site) -> list[int]:
    """Return where each push began."""
    return [request.push.after for request in site.centre.requests if request.push is not None]


def test_each_push_but_the_first_was_packed_while_the_one_before_was_away() -> None:
    """SYN-2."""
    site, packed = Site(), list[bytes]()
    site.journal.record_many(MANY)

    def look(request: bytes) -> None:
        packed.append(request)
        ahead = site.engine._ahead
        packed.append(ahead.packed.result().frame if ahead else b"")

    site.centre.faults = [look] * 3
    assert isinstance(site.sync(), Idle)
    first, second, again, *_ = packed
    assert second == again != first
    assert site.in_step()


def test_what_was_recorded_meanwhile_is_told_before_it_is_sent() -> None:
    site = Site()
    site.journal.record_many(MANY)

    def record(request: bytes) -> None:
        site.journal.record()

    site.centre.faults = [record]
    site.sync()
    assert [request.hello.tips[site.journal.stream.epoch] for request in site.centre.requests[:2]] == [
        MANY,
        MANY + 1,
    ]
    assert site.in_step()


def test_a_centre_that_went_back_is_sent_what_it_lost_and_not_what_was_packed() -> None:
    """SYN-5."""
    site = Site()
    site.journal.record_many(MANY)
    site.engine.wake(forced=True)
    site.engine.step()
    site.engine.step()
    site.centre.cut_back(site.journal.stream.epoch, 7)
    site.settle()
    assert 7 in sent_from(site)
    assert site.in_step()


def test_an_answer_lost_drops_what_was_packed_for_after_it() -> None:
    site = Site()
    site.journal.record_many(MANY)
    site.centre.lose_answers = 1
    site.settle()
    site.sync()
    assert sent_from(site)[:2] == [0, 0]
    assert site.in_step()


def test_what_was_packed_is_too_much_for_a_link_that_turns_out_slow() -> None:
    """Performance.md, row 8: a push keeps the link no longer than is good for it."""
    site = Site()
    site.journal.record_many(3 * FIRST_BATCH)
    site.centre.seconds_per_exchange = 4 * LINK_S
    site.sync()
    lengths = [len(request.push.events) for request in site.centre.requests if request.push is not None]
    assert lengths[0] == FIRST_BATCH
    assert max(lengths[1:]) <= FIRST_BATCH // 4
    assert site.in_step()
