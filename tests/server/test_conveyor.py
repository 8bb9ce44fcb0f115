"""What is put on the conveyor is done in its order, and nothing after what failed."""

import threading
from functools import partial

import pytest

from server.conveyor import Conveyor


class Broken(Exception):
    """What a piece of work raises here."""


def fail() -> object:
    raise Broken


def fail_before(done: list[int], *, beside: bool) -> None:
    with Conveyor(beside=beside) as conveyor:
        conveyor.put(fail)
        conveyor.put(partial(done.append, 1))


def fail_beside_it() -> None:
    with Conveyor(beside=True) as conveyor:
        conveyor.put(threading.Event)
        fail()


@pytest.mark.parametrize("beside", [False, True])
def test_all_is_done_in_the_order_it_was_put(beside: bool) -> None:
    done: list[int] = []
    with Conveyor(beside=beside) as conveyor:
        for number in range(20):
            conveyor.put(partial(done.append, number))
    assert done == list(range(20))


def test_the_next_rows_are_made_while_a_statement_runs() -> None:
    made = threading.Event()
    with Conveyor(beside=True) as conveyor:
        conveyor.put(lambda: made.wait(30) or fail())
        made.set()


@pytest.mark.parametrize("beside", [False, True])
def test_what_fails_is_raised_and_nothing_after_it_is_done(beside: bool) -> None:
    done: list[int] = []
    with pytest.raises(Broken):
        fail_before(done, beside=beside)
    assert not done


def test_who_leaves_for_a_reason_of_his_own_leaves_nothing_running() -> None:
    with pytest.raises(Broken):
        fail_beside_it()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("conveyor")]
