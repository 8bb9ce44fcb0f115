"""The sentences of the refusals of the county's key, at a site and at the county."""

from collections.abc import Callable
from typing import Any

from app.domain import county_key
from app.domain.refusals import Refusal
from app.storage import county, county_private
from app.ui.texts.sentence import Sentence

_FILES = {
    county_key.KEY_FILE: "县级密钥的公钥文件",
    county_key.REQUEST_FILE: "接种点的打开申请",
    county_private.PRIVATE: "县级密钥的私钥文件",
}
_LEFT = "没有改动任何文件。"

SENTENCES: dict[type[Refusal], Callable[[Any], Sentence]] = {
    county_key.CountyFileUnreadable: lambda r: Sentence(
        f"这里没有能读的{_FILES.get(r.what, '文件')}。", _LEFT, "请核对路径，或重新拷贝一份。"
    ),
    county_key.CountyAlgorithmUnknown: lambda r: Sentence(
        f"这个版本的程序不认识这种县级密钥（{r.algorithm}）。", _LEFT, "请升级程序，或请县里换一把密钥。"
    ),
    county_key.FingerprintDiffers: lambda r: Sentence(
        f"第 {r.group} 组核对码和这个文件对不上，没有采用。",
        "县里原来能不能打开，现在还是一样。",
        "请用县里公布的电话打过去，让对方再念一遍；还对不上，这个文件就不是县里的。",
    ),
    county.CountyKeyNone: lambda _: Sentence(
        "这份数据没有交给县里的密钥，县里打不开。",
        "数据文件原样保留，没有改动。",
        "请找信封里的恢复密钥，或任何一个还记得密码的人。",
    ),
    county.CopyNotThere: lambda _: Sentence(
        "这里没有找到备份，没有写申请。", "没有改动任何文件。", "请看备份盘是否插好，或换一个文件夹。"
    ),
    county.CountyFileUnwritable: lambda r: Sentence(
        f"文件没有写成（{r.technical}）。", "没有改动别的文件。", "请插好 U 盘，或换一个文件夹再试。"
    ),
    county_private.CountyPasswordShort: lambda r: Sentence(
        f"县级密钥的密码至少要 {r.least} 个字符。", "没有制作密钥。", "请换一个长的密码。"
    ),
    county_private.CountyPasswordWrong: lambda _: Sentence(
        "密码打不开这把县级密钥。", _LEFT, "请核对密码，再试一次。"
    ),
    county_private.CountyKeyThere: lambda _: Sentence(
        "这里已经有一个文件，没有制作密钥。", "原来的文件没有改动。", "请换一个文件名：密钥从不覆盖。"
    ),
    county_private.CountyKeyOther: lambda r: Sentence(
        f"这份申请是给另一把密钥的：{r.name}，核对码 {r.wanted}。", _LEFT, "请用那一把的私钥打开。"
    ),
    county_private.CountyRequestBroken: lambda r: Sentence(
        f"这份写着“{r.site_name}”的申请被改动过，打不开。",
        _LEFT,
        "请打电话给接种点，让他们重新写一份；不要照着念给任何人。",
    ),
}
