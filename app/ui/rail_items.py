"""The pages as they stand in the rail, each with its key, and the one item that is no page."""

from app.ui.kit.nav_rail import NavItem

SWITCH = "switch"
"""Another person takes the desk."""
NAV = (
    NavItem("registration", "登记", "registration", "F2"),
    NavItem("screening", "预检", "screening", "F3"),
    NavItem("vaccination", "接种", "syringe", "F4"),
    NavItem("observation", "留观", "observation", "F5"),
    NavItem("certificate", "凭证", "certificate", "F6"),
    NavItem("opening", "开诊", "calendar", "Ctrl+O"),
    NavItem("stock", "库存", "fridge", "Ctrl+G"),
    NavItem("sync", "同步", "sync", "F7"),
    NavItem("staff", "人员", "family", "Ctrl+R"),
    NavItem("audit", "审计", "shield", "Ctrl+U"),
    NavItem("backup", "备份", "backup", "Ctrl+S"),
    NavItem(SWITCH, "换人", "person", "F8"),
)
