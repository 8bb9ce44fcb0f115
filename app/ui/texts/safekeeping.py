"""The sentences of the refusals of the recovery key, the change of the database key, backup and restore."""

from collections.abc import Callable
from typing import Any

from app.domain import recovery_key
from app.domain.clock import local_day, read_instant
from app.domain.refusals import Refusal
from app.storage import backup_process, backups, drill_process, keys, packs_in_copies, rekeying, restoring
from app.ui.texts.sentence import Sentence
from app.workflows import safekeeping

_LEFT = "数据文件原样保留，没有改动。"
_GOES_ON = "记录都在本机，照常接种。"


def _miswritten(refusal: recovery_key.RecoveryKeyMiswritten) -> Sentence:
    if not refusal.group:
        return Sentence("恢复密钥应是 8 组、每组 5 个字符，现在多了或少了。", _LEFT, "请对照信封里的纸补全。")
    return Sentence(
        f"恢复密钥的第 {refusal.group} 组和校验位对不上。", _LEFT, "请对照信封里的纸，重输这一组。"
    )


def size_words(size: int) -> str:
    """Return a number of bytes as people say it."""
    return f"{size / (1 << 30):.1f} GB" if size >= 1 << 30 else f"{max(1, size >> 20)} MB"


SENTENCES: dict[type[Refusal], Callable[[Any], Sentence]] = {
    recovery_key.RecoveryKeyMiswritten: _miswritten,
    keys.RecoveryKeyWrong: lambda r: Sentence(
        "这不是这份数据的恢复密钥。",
        _LEFT,
        f"请用 {local_day(read_instant(r.made_at))} 打印的那一张；县里给的只能用一次。"
        if r.made_at
        else "县里给的只能用一次，请请县里再打开一次。",
    ),
    keys.RecoveryKeyNone: lambda _: Sentence(
        "这份数据没有做过恢复密钥，也没有交给县里。",
        _LEFT,
        "请用任何一个人的密码登录；都忘了，请联系信息员。",
    ),
    keys.LastSlot: lambda _: Sentence(
        "这是最后一个能登录的人，没有移除。", "密钥和记录都没有改动。", "请先让另一位负责人能登录。"
    ),
    backups.BackupFolderGone: lambda _: Sentence(
        "备份盘没有插上，这次没有备份。", _GOES_ON, "请插好备份盘，插上后会自动补做。"
    ),
    backups.BackupDiskFull: lambda r: Sentence(
        f"备份盘满了，只剩 {size_words(r.free)}，这次没有备份。",
        f"{_GOES_ON}原有的备份都在。",
        "请换一块更大的盘，或移走盘上别的文件。",
    ),
    backups.BackupUnwritable: lambda r: Sentence(
        "备份盘写不进去，这次没有备份。",
        f"{_GOES_ON}原有的备份都在。",
        f"请看写保护开关，或换一块盘（{r.technical}）。",
    ),
    backup_process.BackupBrokenOff: lambda _: Sentence(
        "备份没有做完。", f"{_GOES_ON}原有的备份都在。", "请再按一次“立即备份”，不按也会自动补做。"
    ),
    backups.BackupOnSameDisk: lambda _: Sentence(
        "这个文件夹就在数据文件夹里，会和数据一起丢。", "设置没有改动。", "请选另一块磁盘或 U 盘。"
    ),
    backups.BackupDamaged: lambda r: Sentence(
        f"这份备份不完整，或被改动过（{r.what}）。",
        "本机的数据没有改动，别的备份不受影响。",
        "请改用另一份备份，并马上做一份新的。",
    ),
    packs_in_copies.PacksInCopyDamaged: lambda r: Sentence(
        f"这份备份里的免疫程序坏了或不见了：{'、'.join(r.names)}。",
        "记录都完好，演练通过，这份备份照样能恢复。",
        "请马上再做一份备份；只剩这一份时，恢复后由两个人重新换上这些程序。",
    ),
    drill_process.DrillBrokenOff: lambda _: Sentence(
        "恢复演练没有做完。", "备份和本机的数据都没有改动。", "请再按一次“恢复演练”。"
    ),
    restoring.NoRoomToRestore: lambda r: Sentence(
        f"这台电脑的磁盘只剩 {size_words(r.free)}，恢复需要 {size_words(r.needed)}。",
        _LEFT,
        "请清出空间再恢复。",
    ),
    restoring.RestoreBrokenOff: lambda r: Sentence(
        f"恢复没有做完：磁盘读写失败（{r.technical}）。",
        _LEFT,
        "请插好备份盘、清出空间再试，或换一份备份。",
    ),
    safekeeping.GroupNotCopied: lambda r: Sentence(
        f"和显示的第 {r.group} 组不一样。", "新的恢复密钥还没有生效。", "请看纸上的第几组，照抄一遍。"
    ),
    backups.NoBackupYet: lambda _: Sentence(
        "现在看不到备份，没有可以演练的。", "本机的数据没有改动。", "请插好备份盘，先按 Enter 备份。"
    ),
    rekeying.NoRoomForKeyChange: lambda r: Sentence(
        f"磁盘只剩 {size_words(r.free)}，更换数据密钥需要 {size_words(r.needed)}，还没有更换。",
        "记录都在，已移除的人也不能再登录。",
        "请清出磁盘空间，下次打开程序会再换。",
    ),
}
