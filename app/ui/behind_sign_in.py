"""What runs behind the sign-in page: heavy parts are fetched, secrets checked, the store opened.

What it needs is imported late: it is heavy, and nobody needs it before signing in.
"""

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.domain.staff import StaffMember
    from app.storage.door import Door
    from app.storage.store import Store
    from app.ui.program import Setting
    from app.workflows.desk import Desk


def door_of(setting: "Setting") -> "Door":
    """Return the way in."""
    from app.storage.door import Door

    return Door(setting.folder, setting.clock, setting.random)


def open_store(setting: "Setting", staff_id: str, password: str) -> "Store":
    """Open the store with somebody's password; raises what ``Door.open`` raises."""
    from app.storage.set_up import forget

    store = door_of(setting).open(staff_id, password)
    forget(setting.folder)  # of a set-up that was cut off after its last step
    return store


def check_password(store: "Store", setting: "Setting", staff_id: str, password: str) -> None:
    """Pass when the password is theirs; raises what ``Door.check`` raises."""
    door_of(setting).check(store, staff_id, password)


def check_pin(desk: "Desk", staff_id: str, pin: str) -> "StaffMember":
    """Return whose PIN it is; raises as the workflow does."""
    from app.workflows import credentials

    return credentials.check_pin(desk, staff_id, pin)


def change_password(desk: "Desk", setting: "Setting", staff_id: str, old: str, new: str) -> None:
    """Change the password of whoever signs in; raises as the workflow does."""
    from app.workflows import credentials

    credentials.change_password(desk, door_of(setting), staff_id, old, new)


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


def fetch_heavy_parts(folder: Path) -> None:
    """Run while the person types the password."""
    for part in _HEAVY_PARTS:
        import_module(part)
    from app.workflows.forecast import use_packs

    use_packs(folder)
