"""What goes on behind the sign-in page, off the screen thread: heavy parts come, a password is tried.

Everything is imported late: it is heavy, and nobody needs it before signing in.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from app.domain.staff import StaffMember
    from app.storage.door import Door
    from app.storage.store import Store
    from app.ui.program import Setting
    from app.workflows.desk import Desk


def door(setting: "Setting") -> "Door":
    """Return the way in."""
    from app.storage.door import Door

    return Door(setting.folder, setting.clock, setting.random)


def open_data(setting: "Setting", staff_id: str, password: str) -> "Store":
    """Open the store with a password; raises as ``Door.open``."""
    from app.storage.set_up import forget

    store = door(setting).open(staff_id, password)
    forget(setting.folder)  # of a set-up that was cut off after its last step
    return store


def check(store: "Store", setting: "Setting", staff_id: str, password: str) -> None:
    """Try a password at an open store; raises as ``Door.check``."""
    door(setting).check(store, staff_id, password)


def check_pin(desk: "Desk", staff_id: str, pin: str) -> "StaffMember":
    """Return whose PIN it is; raises as the workflow."""
    from app.workflows.credentials import check_pin

    return check_pin(desk, staff_id, pin)


def change(desk: "Desk", setting: "Setting", staff_id: str, old: str, new: str) -> None:
    """Give somebody a new password; raises as the workflow."""
    from app.workflows.credentials import change_password

    change_password(desk, door(setting), staff_id, old, new)


_HEAVY_PARTS = (
    "argon2.low_level",
    "cryptography.hazmat.primitives.ciphers.aead",
    "cryptography.hazmat.primitives.kdf.hkdf",
    "app.storage.door",
    "app.devices.gs1",
    "app.ui.bench",
    "app.ui.work",
    "pypinyin.contrib.tone_convert",
    "app.documents.certificate_pages",
)
"""What opens the store, what the shell is built of, what the first scan, search and certificate need."""


def fetch(folder: "Path") -> None:
    """Run while the person types the password."""
    for part in _HEAVY_PARTS:
        import_module(part)
    from app.workflows.forecast import use_packs

    use_packs(folder)
