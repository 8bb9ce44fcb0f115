"""The sentences of the refusals about stock, sessions and certificates."""

from collections.abc import Callable
from typing import Any

from app.domain.refusals import Refusal
from app.ui.texts.sentence import Sentence
from app.ui.texts.words import tail
from app.workflows import certificates, needle, site_setup

SENTENCES: dict[type[Refusal], Callable[[Any], Sentence]] = {
    needle.CodeOfOtherLot: lambda r: Sentence(
        f"这个追溯码在库里属于批号 {r.on_file}，您输入的是 {r.typed}。",
        "这瓶没有用上，其他都在。",
        "请对着瓶签再看一遍批号；仍不一致，请把这瓶放进隔离盒。",
    ),
    needle.CodeOfOtherProduct: lambda r: Sentence(
        f"尾号 {tail(r.trace_code)} 的码是{r.on_file}（{r.specification}）的，不是{r.planned}的。",
        "这瓶没有用上，号票和登记都在。",
        "请看瓶签上的品名：拿错了就换一瓶；品名没错，请疫苗管理员核对这种码。",
    ),
    certificates.CertificateOutdated: lambda _: Sentence(
        "这张凭证准备好之后，接种记录或编号有了变化。", "没有登记，也没有打印。", "请重新生成凭证再打印。"
    ),
    site_setup.SessionAlreadyOpen: lambda r: Sentence(
        f"场次“{r.name}”还没有结束。", "没有开始新的场次。", "请先结束它，再开始新的场次。"
    ),
}
