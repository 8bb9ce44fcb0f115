"""Opening this machine's store with a person's password, and making it at first start."""

from pathlib import Path

from app.domain.ids import Randomness
from app.storage.device_secret import device_secret
from app.storage.keys import KEY_LENGTH, KeyFile, SlotOwner
from app.storage.store import Store

DATABASE, KEYS = "store.db", "keys.json"


def key_file(folder: Path, random: Randomness) -> KeyFile:
    """Return the key file of a data folder, existing or not."""
    return KeyFile(folder / KEYS, device_secret(folder, random))


def open_store(folder: Path, staff_id: str, password: str, random: Randomness) -> Store:
    """Unlock and open; raises PasswordWrong, the refusals of the key file or those of the store."""
    key = key_file(folder, random).unlock(staff_id, password)
    return Store(folder / DATABASE, key)


def create_store(folder: Path, owners: list[SlotOwner], password: str, random: Randomness) -> Store:
    """Make a new store under a random key, with a slot for each owner under the same first password."""
    folder.mkdir(parents=True, exist_ok=True)
    key = random(KEY_LENGTH)
    store = Store(folder / DATABASE, key, create=True)
    keys = key_file(folder, random)
    for owner in owners:
        keys.add(owner, password, key, random)
    return store
