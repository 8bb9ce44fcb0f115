"""The sentences of the refusals of opening the store, setting it up and closing it."""

from collections.abc import Callable
from typing import Any

from app.domain.refusals import Refusal
from app.storage import device_secret, keys, opening, store
from app.ui.texts.sentence import Sentence

_LEFT = "数据文件原样保留，没有改动，也没有新建。"

SENTENCES: dict[type[Refusal], Callable[[Any], Sentence]] = {
    keys.KeyFileMissing: lambda r: Sentence(
        "找不到密钥文件。", _LEFT, f"请检查磁盘或 U 盘是否接好：{r.path}；再联系信息员，用备份恢复。"
    ),
    device_secret.DeviceSecretMissing: lambda _: Sentence(
        "找不到这台电脑的密钥，可能系统的密码库没有解锁，或数据是从另一台电脑拷来的。",
        _LEFT,
        "请解锁系统的密码库后再登录；仍打不开，请联系信息员。",
    ),
    opening.AlreadySetUp: lambda r: Sentence(
        "这个文件夹里已经有数据，不能在上面新建。", _LEFT, f"请直接登录，或换一个文件夹：{r.path}"
    ),
    store.StoreFull: lambda _: Sentence(
        "磁盘已满，这一步没有记录。",
        "之前保存的记录都在。",
        "请马上清出磁盘空间，再做这一步；针已打完的，先写在纸上。",
    ),
    store.StoreUnwritable: lambda _: Sentence(
        "磁盘读写失败，可能已满或有故障，这一步没有做成。",
        "已保存的数据没有改动。",
        "请清出空间、检查磁盘再试；针已打完的先写在纸上，并联系信息员。",
    ),
    store.StoreOnReserve: lambda _: Sentence(
        "磁盘已满，这一步用了预留的空间。",
        "这一步已保存在本机。",
        "请马上清出磁盘空间，预留的空间只够几个人。",
    ),
    store.StoreClosed: lambda _: Sentence(
        "程序正在关闭。", "这一步没有记录。", "请重新打开程序，再做这一步。"
    ),
}
