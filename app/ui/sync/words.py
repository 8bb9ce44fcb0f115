"""What the sync page says of each state, and of the 24-hour rule."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.clock import CHINA
from app.storage.receipts import UploadCounts
from app.sync.state import Idle, Offline, Refused, SyncState, Working
from app.ui.kit.tokens import Tone
from app.ui.texts import sentence_of

UPLOAD_HOURS = 24
WARNING_HOURS = 20


@dataclass(frozen=True)
class Step:
    """What the banner shows."""

    icon: str
    sentence: str
    tone: Tone
    note: str = ""


def step_of(state: SyncState | None, counts: UploadCounts) -> Step:
    """Return the banner for a state; green only when every entry has its receipt."""
    if isinstance(state, Refused):
        return Step(
            "warning", "有记录中心没有收下，请看原因", Tone.WARNING, sentence_of(state.refusals[0]).todo
        )
    if isinstance(state, Working):
        return Step("upload", "正在上传，可继续接种", Tone.INFO, f"已发 {state.done} / {state.total} 条")
    if counts.waiting == 0 and isinstance(state, Idle):
        note = sentence_of(state.recovered[0]).happened if state.recovered else ""
        return Step("at-centre", "全部已收到回执", Tone.SUCCESS, note)
    if isinstance(state, Offline):
        again = f"{state.next_try_at.astimezone(CHINA):%H:%M:%S} 再试"
        return Step("offline", "没有连上中心，照常接种", Tone.PLAIN, again)
    if state is None:
        return Step("offline", "本机没有设中心，照常接种", Tone.PLAIN, "记录都存在本机，设好中心后自动上传")
    return Step("to-centre", "等待上传，可继续接种", Tone.INFO)


def age_of(oldest: datetime | None, now: datetime) -> tuple[str, Tone]:
    """Return how long the oldest dose has waited, amber from 20 hours and red from 24 (N2023 9.2.4)."""
    if oldest is None:
        return "没有等待上传的接种记录", Tone.PLAIN
    left = oldest + timedelta(hours=UPLOAD_HOURS) - now
    minutes = abs(int(left.total_seconds() // 60))
    span = f"{minutes // 60} 小时 {minutes % 60} 分"
    if left <= timedelta():
        return f"最早一条已超过 24 小时，超 {span}", Tone.DANGER
    tone = Tone.WARNING if left <= timedelta(hours=UPLOAD_HOURS - WARNING_HOURS) else Tone.PLAIN
    return f"最早一条还剩 {span}", tone


def hours_left(occurred_at: datetime, now: datetime) -> str:
    """Return how much of the 24 hours is left for one dose."""
    left = occurred_at + timedelta(hours=UPLOAD_HOURS) - now
    minutes = int(left.total_seconds() // 60)
    return f"{minutes // 60} 小时 {minutes % 60} 分" if minutes >= 0 else "已超 24 小时"
