"""The stop of the gallery: an expired vial."""

from PySide6.QtWidgets import (
    QWidget,
)

from app.ui.kit.comparison_table import Compared
from app.ui.kit.refusal_panel import RefusalAction, RefusalFacts, RefusalPanel
from tests.ui.kit.gallery_window import window


def refusal() -> QWidget:
    """Return the stop over an expired vial."""
    panel = RefusalPanel()
    rows = (
        Compared("品名", "脊灰灭活疫苗", "脊灰灭活疫苗", "相符", ok=True),
        Compared("规格", "0.5 mL/剂", "0.5 mL/剂", "相符", ok=True),
        Compared("批号", "任何在库批号", "202405B11", "在库", ok=True),
        Compared("有效期", "2026-05-20 或之后", "2026-04-30", "过期 20 天", ok=False),
    )
    panel.show_refusal(
        RefusalFacts(
            "不能接种：这瓶疫苗已过期",
            "没有记录接种。按 Enter 不会越过这一步。",
            happened=("扫到的药瓶超过有效期", "登记在接种台 2 的冷藏包"),
            safe=("孩子没有被接种，档案未改", "此瓶已在本机锁定，扫到即拦"),
            todo=("先把此瓶放进红色「停用」盒", "再取一瓶新的，扫码继续"),
            actions=(
                RefusalAction("quarantine", "隔离此瓶，换一瓶", "打印停用标签，回到等待扫码", "F10"),
                RefusalAction("supervisor", "请负责人来看", "记录是谁、为什么", "F11"),
                RefusalAction("back", "退回等候", "不接种，号票保留", "Esc"),
            ),
            person=("欧阳予安·女·3 月龄", "A 017·脊灰灭活疫苗 第 2 剂"),
            found_caption="扫到的药瓶·尾号 0418",
            rows=rows,
            note="此瓶已自动锁定；扫一瓶新的，即可继续。",
            counted="事件 09:41:52·本月同类拦截 2 次，被越过 0 次",
            technical="LotExpired(lot_number='202405B11')",
        )
    )
    return window(panel, "needle")
