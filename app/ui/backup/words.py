"""What the backup page, the status line and the rail say of backups, drills and the recovery key."""

from dataclasses import dataclass
from datetime import datetime

from app.domain.clock import CHINA, read_instant
from app.domain.refusals import Refusal
from app.domain.safekeeping import BackupPlan, Kept, Want
from app.storage.safekeeping import LastDrill
from app.ui.backup.keeper import Task
from app.ui.kit.status_line import Alarm
from app.ui.kit.tokens import Tone
from app.ui.texts import sentence_of

TASKS = {
    Task.BACKUP: "正在备份，可以继续接种",
    Task.DRILL: "正在做恢复演练，可以继续接种",
    Task.KEY_CHANGE: "正在更换数据密钥，可以继续接种",
}
DONE = {Task.BACKUP: "备份已做好", Task.DRILL: "恢复演练通过：这份备份能用"}
WANTS = {
    Want.PLAN: "还没有设置备份，按 F9 选一块磁盘或 U 盘",
    Want.BACKUP: "备份晚了，请插好备份盘",
    Want.RECOVERY_KEY: "还没有恢复密钥，按 F11 做一张封存",
    Want.DRILL: "该做恢复演练了，按 F10",
}
SHORT = {
    Want.PLAN: "没有设置备份",
    Want.BACKUP: "备份晚了",
    Want.RECOVERY_KEY: "没有恢复密钥",
    Want.DRILL: "该做恢复演练",
}
"""For the status line."""


@dataclass(frozen=True)
class Step:
    """What the banner shows."""

    icon: str
    sentence: str
    tone: Tone


def step_of(kept: Kept, task: Task | None, trouble: Refusal | None, now: datetime) -> Step:
    """Return the banner: what goes on, else what is wrong, else what is wanting."""
    if task is not None:
        return Step("running", TASKS[task], Tone.INFO)
    want = kept.wanting(now)
    if trouble is not None and want is not Want.PLAN:
        return Step("warning", sentence_of(trouble).happened, Tone.WARNING)
    if want is not None:
        return Step("warning", WANTS[want], Tone.WARNING)
    return Step("done", "备份正常", Tone.SUCCESS)


def alarm_of(kept: Kept, now: datetime) -> Alarm | None:
    """Return what the status line begins with: amber, never red, for nothing is lost yet."""
    want = kept.wanting(now)
    return Alarm(SHORT[want], Tone.WARNING, "warning") if want else None


def moment(at: datetime | None, now: datetime, none: str) -> str:
    """Return a day and a time of day in China, today's without the day."""
    if at is None:
        return none
    local = at.astimezone(CHINA)
    if local.date() == now.astimezone(CHINA).date():
        return f"今天 {local:%H:%M}"
    return f"{local:%Y-%m-%d %H:%M}"


def next_words(kept: Kept, now: datetime) -> str:
    """Return when the next backup is made."""
    if kept.plan is None:
        return "未设置"
    due = kept.next_at()
    return "尽快" if due is None or due <= now else moment(due, now, "")


def every_words(plan: BackupPlan | None) -> str:
    """Return how often a backup is made."""
    if plan is None:
        return "按 F9 选磁盘或 U 盘"
    return "每小时一次" if plan.every_hours == 1 else f"每 {plan.every_hours} 小时一次"


def drill_words(drill: LastDrill | None, now: datetime) -> tuple[str, str]:
    """Return when the last drill was, and what it came to."""
    if drill is None:
        return "没有做过", "每月一次"
    at = moment(read_instant(drill.at), now, "")
    if not drill.passed:
        return at, "没有通过，请再备份再试"
    if drill.fault:
        return at, "通过，但免疫程序文件坏了"
    return at, f"通过：{drill.people} 人，{drill.doses} 剂"
