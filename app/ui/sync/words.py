"""What the sync page says of each state of the link, of each record, and of the 24-hour rule."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import ceil

from app.domain.clock import CHINA
from app.domain.event_kinds import kind_words
from app.domain.identity import mask_name
from app.domain.upload_rule import UPLOAD_WITHIN, UploadAge, upload_age
from app.storage.receipts import UploadCounts
from app.storage.unsent import UnsentCounts, UnsentRecord
from app.sync.puller import FeedDiffers
from app.sync.state import ClockApart, Idle, Offline, Refused, Relayed, SyncState, Working
from app.ui.centre_link import Pause
from app.ui.kit.table import Marked
from app.ui.kit.tokens import Tone
from app.ui.texts import sentence_of
from app.ui.texts.sync import apart_words
from app.ui.texts.words import local_time

AGE_TONES = {
    UploadAge.IN_TIME: (Tone.PLAIN, "clock"),
    UploadAge.SOON: (Tone.WARNING, "warning"),
    UploadAge.OVERDUE: (Tone.DANGER, "alarm"),
}
"""By age: the tone and the shape, on the page, in the status line and in the rail."""


NOT_ALL_TAKEN = "中心没有全部收下，请看原因"


@dataclass(frozen=True)
class Step:
    """What the banner shows; up to two lines of notes stand at its right."""

    icon: str
    sentence: str
    tone: Tone
    notes: tuple[str, ...] = ()


def step_of(state: SyncState | None, pause: Pause, counts: UploadCounts, now: datetime) -> Step:
    """Return the banner for a state; ``state`` is None where no centre is set up."""
    if state is None:
        return Step(
            "offline", "本机没有设中心，照常接种", Tone.PLAIN, ("记录都存在本机", "设好中心后自动上传")
        )
    waiting = f"待上传 {counts.waiting} 条"
    if pause is Pause.STOPPING:
        return Step("pause", "正在暂停，这一批传完就停", Tone.PLAIN, (waiting,))
    if pause is Pause.PAUSED:
        return Step("pause", "上传已暂停，可继续接种", Tone.PLAIN, (waiting, "记录都存在本机"))
    if isinstance(state, Refused):
        return _refused(state, waiting)
    if isinstance(state, Working):
        if state.is_receiving:
            return Step("to-centre", "正在接收其他单位的记录，可继续接种", Tone.INFO)
        return Step("upload", "正在上传，可继续接种", Tone.INFO)
    if isinstance(state, Offline):
        times = f"{_moment(state.since, now)} 起没有连上，{_time(state.next_try_at)} 再试"
        notes = (times, sentence_of(state.cause).happened)
        return Step("offline", "没有连上中心，照常接种", Tone.PLAIN, notes)
    return _resting(state, counts, now)


def _resting(state: Idle, counts: UploadCounts, now: datetime) -> Step:
    """Return the banner while nothing is under way and the centre can be reached, as far as is known."""
    others = counts.waiting - counts.refused
    if counts.refused:
        rest = f"其他待上传 {others} 条" if others else "其他记录不受影响"
        return Step("warning", NOT_ALL_TAKEN, Tone.WARNING, (f"没有收下 {counts.refused} 条", rest))
    if is_in_step(state, counts):
        assert state.synced_at is not None, "an exchange was answered"
        answered = f"{_moment(state.synced_at, now)} 中心有回答，全部已收回执"
        healed = tuple(sentence_of(refusal).happened for refusal in state.recovered[:1])
        return Step("at-centre", "同步正常", Tone.SUCCESS, (answered, *healed))
    if counts.waiting == 0:
        return Step("to-centre", "正在联系中心", Tone.PLAIN)
    return Step("to-centre", "等待上传，可继续接种", Tone.INFO, (f"待上传 {others} 条",))


def with_relay(step: Step, relayed: Relayed, waiting: int, now: datetime) -> Step:
    """Return what the banner shows without a line, with how it stands with the lead PC of the site.

    ``waiting``: records without a receipt; what has one by now is not told as left.
    """
    if relayed.trouble is not None:
        return replace(step, notes=(step.notes[0], sentence_of(relayed.trouble).happened))
    left = min(relayed.left, waiting)
    if relayed.left_at is None or not left:
        return step
    told = f"{_moment(relayed.left_at, now)} 已交给局域网主机 {left} 条，等中心回执"
    return replace(step, notes=(step.notes[0], told))


def with_clock(step: Step, apart: ClockApart | None) -> Step:
    """Return what the banner shows, with that this device's clock is wrong."""
    if apart is None:
        return step
    return replace(step, notes=(*step.notes[:1], apart_words(apart)))


def _refused(state: Refused, waiting: str) -> Step:
    again = f"{_time(state.next_try_at)} 自动再问"
    if all(isinstance(refusal, FeedDiffers) for refusal in state.refusals):
        return Step("warning", "收到的记录和中心不一致，正在核对", Tone.WARNING, (again,))
    return Step("warning", NOT_ALL_TAKEN, Tone.WARNING, (waiting, again))


def is_in_step(state: SyncState | None, counts: UploadCounts) -> bool:
    """Return whether 同步正常 may be said: the centre answered last, nothing waits, is refused or differs.

    The engine rests (``Idle``) only when the digests of every feed are the centre's.
    """
    return isinstance(state, Idle) and state.synced_at is not None and counts.waiting == 0


def progress_words(state: Working, seconds: float | None) -> str:
    """Return how far a run is: what went up, then what came down, what is left, how long that takes."""
    done, total = state.progress
    name = "已收" if state.is_receiving else "已发"
    return f"{name} {done} 条，还剩 {total - done} 条，{remaining_words(seconds)}"


def remaining_words(seconds: float | None) -> str:
    """Return a time in round words; None while too little is known."""
    if seconds is None:
        return "正在估算时间"
    if seconds < 10:
        return "不到 10 秒"
    if seconds <= 50:
        return f"约 {ceil(seconds / 10) * 10} 秒"
    minutes = ceil(seconds / 60)
    if minutes < 60:
        return f"约 {minutes} 分钟"
    hours, rest = divmod(ceil(minutes / 10) * 10, 60)
    return f"约 {hours} 小时 {rest} 分" if rest else f"约 {hours} 小时"


def age_of(occurred_at: datetime, now: datetime) -> Marked:
    """Return what is left of the 24 hours of one dose, with its shape and colour."""
    tone, icon = AGE_TONES[upload_age(occurred_at, now)]
    return Marked(left_words(occurred_at, now), tone, icon)


def left_words(occurred_at: datetime, now: datetime) -> str:
    """Return what is left of the 24 hours, or by how much they have passed."""
    left = occurred_at + UPLOAD_WITHIN - now
    return f"超 {_span(-left)}" if left <= timedelta() else f"剩 {_span(left)}"


def overdue_words(counts: UnsentCounts) -> str:
    """Return what the 24-hour rule has to say, or nothing while all are in time."""
    parts = []
    if counts.overdue:
        parts.append(f"{counts.overdue} 剂超过 24 小时没有上传")
    if counts.soon:
        parts.append(f"{counts.soon} 剂已过 20 小时")
    return "，".join(parts)


def overdue_todo(state: SyncState | None, pause: Pause, refused: int = 0) -> str:
    """Return what to do about doses that wait too long, by what holds them up; ``refused``: entries."""
    if state is None:
        return "请联系信息员设好中心"
    if pause is not Pause.RUNNING:
        return "请按 F9 继续上传"
    if isinstance(state, Refused):
        return "请先处理没有收下的记录"
    if isinstance(state, Working):
        return "正在上传，请保持联网"
    if refused and isinstance(state, Idle):
        return "请先处理没有收下的记录"
    return "请尽快连上网络；连不上请报告信息员"


def oldest_words(oldest: datetime | None, now: datetime) -> tuple[str, Tone, str]:
    """Return the words, the tone and the shape for the dose that waits longest, anywhere in the window."""
    if oldest is None:
        return "", Tone.PLAIN, ""
    age = upload_age(oldest, now)
    tone, icon = AGE_TONES[age]
    words = {UploadAge.OVERDUE: "有接种超 24 小时未上传", UploadAge.SOON: "有接种过 20 小时未上传"}.get(
        age, ""
    )
    return words, tone, icon


def row_of(record: UnsentRecord, now: datetime, *, refused: bool) -> tuple[str, ...]:
    """Return the cells of a record that waits, the person masked."""
    return (
        _moment(_at(record), now),
        record.ticket_number,
        mask_name(record.patient_name) if record.patient_name else "",
        what_of(record),
        Marked("没有收下", Tone.DANGER, "failed") if refused else _age_cell(record, now),
    )


def title_of(record: UnsentRecord, now: datetime, *, received: bool = False) -> str:
    """Return what names a record: ticket, person, what it is, when, and what is left of a dose's 24 hours."""
    person = mask_name(record.patient_name) if record.patient_name else ""
    dose = record.dose
    left = f"上报{left_words(dose.due_from, now)}" if dose and dose.stands and not received else ""
    parts = (record.ticket_number, person, what_of(record), _moment(_at(record), now), left)
    return "·".join(part for part in parts if part)


def what_of(record: UnsentRecord) -> str:
    """Return what a record is: its kind, or the vaccine and the number of the dose."""
    if record.dose is None:
        return kind_words(record.kind)
    return f"{record.dose.vaccine_name} 第 {record.dose.dose_number} 剂"


KEPT_WORDS = "中心留有原文，不影响别的记录"
"""Of a record the centre cannot file."""


def behind_words(entries: int, doses: int) -> str:
    """Return what waits behind a record that was not taken."""
    if not entries:
        return "后面没有别的记录在等"
    return f"后面还有 {entries} 条在等" + (f"，其中接种 {doses} 剂" if doses else "")


def _at(record: UnsentRecord) -> datetime:
    return record.dose.occurred_at if record.dose else record.recorded_at


def _age_cell(record: UnsentRecord, now: datetime) -> str:
    if record.dose is None:
        return "—"
    return age_of(record.dose.due_from, now) if record.dose.stands else "已作废"


def _span(span: timedelta) -> str:
    days, minutes = divmod(int(span.total_seconds() // 60), 24 * 60)
    if days:
        return f"{days} 天 {minutes // 60} 小时"
    if minutes >= 60:
        return f"{minutes // 60} 小时 {minutes % 60} 分"
    return f"{minutes} 分"


def _time(at: datetime) -> str:
    return f"{at.astimezone(CHINA):%H:%M:%S}"


def _moment(at: datetime, now: datetime) -> str:
    """Return the time of day, with the date if it is not the day of ``now``."""
    local = at.astimezone(CHINA)
    if local.date() != now.astimezone(CHINA).date():
        return f"{local.day}日 {local_time(at)}"
    return local_time(at)
