"""The words of the sync page, for every state and every kind of entry."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.event_kinds import KINDS, kind_words
from app.storage.projections import PROJECTIONS
from app.storage.receipts import UploadCounts
from app.storage.unsent import UnsentCounts
from app.sync.engine import EventNotTaken
from app.sync.lead_line import LeadUnreachable
from app.sync.recovery import StreamForked
from app.sync.state import Idle, Offline, Refused, Relayed, SyncState, Working
from app.sync.transport import CentreUnreachable
from app.ui.centre_link import Pause
from app.ui.kit.tokens import Tone
from app.ui.sync.remaining import Remaining
from app.ui.sync.words import (
    is_in_step,
    left_words,
    oldest_words,
    overdue_todo,
    overdue_words,
    progress_words,
    remaining_words,
    step_of,
    with_relay,
)
from app.ui.texts import sentence_of
from tests.clocks import ManualClock

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
ALL_HERE, SOME_WAIT = UploadCounts(9, 0, None, NOW), UploadCounts(9, 2, NOW, NOW)
UNFILED = UploadCounts(9, 3, NOW, NOW, 2)
REFUSED = Refused((EventNotTaken("0" * 16, 7, "SiteOutOfScope", "site"),), NOW, NOW)
STATES: list[SyncState | None] = [
    None, Idle(None), Idle(NOW), Working(2, 9), Offline(NOW, NOW, CentreUnreachable("cut"), NOW), REFUSED,
]  # fmt: skip


@pytest.mark.parametrize("counts", [ALL_HERE, SOME_WAIT, UNFILED], ids=["none waits", "two wait", "unfiled"])
@pytest.mark.parametrize("pause", Pause)
@pytest.mark.parametrize("state", STATES, ids=str)
def test_normal_and_green_are_one_thing_with_one_cause(
    state: SyncState | None, pause: Pause, counts: UploadCounts
) -> None:
    """SYN-2: the centre answered last, nothing waits, nothing is refused, nobody has stopped it."""
    step = step_of(state, pause, counts, NOW)
    normal = state == Idle(NOW) and counts is ALL_HERE and pause is Pause.RUNNING
    assert (step.sentence == "同步正常") is normal
    assert (step.tone is Tone.SUCCESS) is normal
    assert step.tone is not Tone.DANGER, "offline is no error"
    assert step.sentence


@pytest.mark.parametrize(
    ("relayed", "waiting", "said"),
    [
        (Relayed(), 5, "中心的连接中断"),
        (Relayed(12, NOW), 30, "已交给局域网主机 12 条"),
        (Relayed(12, NOW), 5, "已交给局域网主机 5 条"),
        (Relayed(12, NOW), 0, "中心的连接中断"),
        (Relayed(12, NOW, LeadUnreachable("stranger")), 5, "不是本单位的主机"),
    ],
)
def test_without_a_line_it_says_what_the_lead_pc_has_and_counts_no_receipt_twice(
    relayed: Relayed, waiting: int, said: str
) -> None:
    step = step_of(Offline(NOW, NOW, CentreUnreachable("cut"), NOW), Pause.RUNNING, SOME_WAIT, NOW)
    told = with_relay(step, relayed, waiting, NOW)
    assert said in told.notes[1]
    assert (told.sentence, told.notes[0]) == (step.sentence, step.notes[0])


def test_it_is_in_step_only_after_an_answer() -> None:
    assert is_in_step(Idle(NOW), ALL_HERE)
    assert not is_in_step(Idle(None), ALL_HERE)
    assert not is_in_step(Idle(NOW), SOME_WAIT)
    assert not is_in_step(REFUSED, ALL_HERE)


def test_the_sync_page_tells_what_was_put_in_order_and_is_green_all_the_same() -> None:
    """Everything is delivered; the next run shows no note any more."""
    told = StreamForked("0" * 16, 3, 2)
    step = step_of(Idle(NOW, (told,)), Pause.RUNNING, ALL_HERE, NOW)
    assert (step.tone, step.notes[-1]) == (Tone.SUCCESS, sentence_of(told).happened)
    assert len(step_of(Idle(NOW), Pause.RUNNING, ALL_HERE, NOW).notes) == 1


def test_what_the_centre_cannot_file_is_told_apart_from_what_only_waits() -> None:
    step = step_of(Idle(NOW), Pause.RUNNING, UNFILED, NOW)
    assert (step.tone, step.notes) == (Tone.WARNING, ("没有收下 2 条", "其他待上传 1 条"))
    assert overdue_todo(Idle(NOW), Pause.RUNNING, 2) == overdue_todo(REFUSED, Pause.RUNNING)
    assert overdue_todo(STATES[4], Pause.RUNNING, 2) == overdue_todo(STATES[4], Pause.RUNNING)


def test_every_kind_of_entry_has_a_name_of_its_own() -> None:
    root = Path(__file__).parents[3] / "app"
    written = {
        kind
        for file in [*root.glob("workflows/*.py"), *root.glob("practice/*.py")]
        for kind in re.findall(r'append\(\s*"([a-z_]+\.[a-z_]+)"', file.read_text())
    }
    assert len(written) > 20
    assert set(KINDS) >= written | set(PROJECTIONS)
    assert len(set(KINDS.values())) == len(KINDS)
    assert kind_words("of.tomorrow") == "其他记录"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, "正在估算时间"), (3, "不到 10 秒"), (11, "约 20 秒"), (50, "约 50 秒"), (51, "约 1 分钟"),
        (90, "约 2 分钟"), (59 * 60, "约 59 分钟"), (3600, "约 1 小时"), (5000, "约 1 小时 30 分"),
    ],
)  # fmt: skip
def test_times_are_said_in_round_words(seconds: float | None, words: str) -> None:
    assert remaining_words(seconds) == words


@given(st.floats(0, 1e6))
def test_a_time_is_never_said_shorter_than_it_is(seconds: float) -> None:
    said = remaining_words(seconds)
    hours, minutes, rest = (
        int(found[1]) if (found := re.search(rf"(\d+) {unit}", said)) else 0 for unit in ("小时", "分", "秒")
    )
    assert hours * 3600 + minutes * 60 + rest >= seconds


def test_progress_says_what_is_done_and_what_is_left() -> None:
    assert progress_words(Working(5, 12), 20) == "已发 5 条，还剩 7 条，约 20 秒"
    assert progress_words(Working(5, 12, 3, 9), 20) == "已发 5 条，还剩 7 条，约 20 秒"
    assert progress_words(Working(12, 12, 3, 9), None) == "已收 3 条，还剩 6 条，正在估算时间"


def test_the_time_left_follows_the_pace_of_this_run() -> None:
    clock = ManualClock()
    remaining = Remaining(clock.monotonic)
    remaining.hear(Working(0, 100))
    assert remaining.seconds() is None
    clock.go(10)
    remaining.hear(Working(20, 100))
    assert remaining.seconds() == pytest.approx(40)
    clock.go(4)
    assert remaining.seconds() == pytest.approx(36), "it counts down between two reports"
    remaining.hear(Working(20, 110))
    assert remaining.seconds() == pytest.approx(41), "what is recorded meanwhile is added"
    remaining.hear(Idle(NOW))
    assert remaining.seconds() is None
    remaining.hear(Working(10, 20))
    assert remaining.seconds() is None, "a new run has a pace of its own"


@pytest.mark.parametrize(
    ("hours", "words", "tone"),
    [
        (1, "", Tone.PLAIN), (20, "有接种过 20 小时未上传", Tone.WARNING),
        (24, "有接种超 24 小时未上传", Tone.DANGER),
    ],
)  # fmt: skip
def test_the_status_line_tells_the_oldest_dose(hours: int, words: str, tone: Tone) -> None:
    assert oldest_words(NOW - timedelta(hours=hours), NOW)[:2] == (words, tone)


def test_what_is_left_of_the_hours_is_said_to_the_minute() -> None:
    assert left_words(NOW - timedelta(hours=1), NOW) == "剩 23 小时 0 分"
    assert left_words(NOW - timedelta(hours=23, minutes=18), NOW) == "剩 42 分"
    assert left_words(NOW - timedelta(hours=24), NOW) == "超 0 分"
    assert left_words(NOW - timedelta(days=3, hours=2), NOW) == "超 2 天 2 小时"


def test_the_head_says_nothing_while_all_are_in_time() -> None:
    assert overdue_words(UnsentCounts(5, 9, 0, 0, NOW)) == ""
    assert overdue_words(UnsentCounts(5, 9, 1, 2, NOW)) == "2 剂超过 24 小时没有上传，1 剂已过 20 小时"


def test_what_to_do_fits_what_holds_the_doses_up() -> None:
    said = {overdue_todo(state, Pause.RUNNING) for state in (None, STATES[4], REFUSED, Working(1, 2))}
    said.add(overdue_todo(STATES[4], Pause.PAUSED))
    assert len(said) == 5
