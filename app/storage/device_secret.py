"""The device secret: half of every slot key, kept by the operating system where it has a keyring."""

import os
from dataclasses import dataclass
from pathlib import Path

from app.domain.ids import Randomness
from app.domain.refusals import Refusal

SERVICE = "vaxpost"
LENGTH = 32
FILE = "device.secret"


@dataclass(unsafe_hash=True)
class DeviceSecretMissing(Refusal):
    """The machine's half of the keys is not here: another machine, or a keyring that is locked or gone.

    No new one is made: it could open nothing, and written to the keyring it would destroy the right one.
    """

    path: str


def find_device_secret(folder: Path, *, use_keyring: bool = True) -> bytes:
    """Return this machine's secret for a data folder; raises DeviceSecretMissing."""
    file = folder / FILE
    found = file.read_bytes() if file.exists() else _from_keyring(_name(folder)) if use_keyring else None
    if found is None or len(found) != LENGTH:
        raise DeviceSecretMissing(str(file))
    return found


def make_device_secret(folder: Path, random: Randomness, *, use_keyring: bool = True) -> bytes:
    """Return a new secret, kept by the keyring, for a folder that is being set up.

    Without a keyring it lies in ``device.secret``, readable by the user alone: a copied database without
    that file stays shut, a copied folder does not.
    """
    secret = random(LENGTH)
    if not (use_keyring and _into_keyring(_name(folder), secret)):
        beside = folder / f"{FILE}.new"
        with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as handle:
            handle.write(secret)
            os.fsync(handle.fileno())
        os.replace(beside, folder / FILE)
    return secret


def _name(folder: Path) -> str:
    return str(folder.resolve())


def _from_keyring(name: str) -> bytes | None:
    import keyring
    import keyring.errors

    try:
        stored = keyring.get_password(SERVICE, name)
        return bytes.fromhex(stored) if stored else None
    except (keyring.errors.KeyringError, ValueError):
        return None


def _into_keyring(name: str, secret: bytes) -> bool:
    import keyring
    import keyring.errors

    try:
        keyring.set_password(SERVICE, name, secret.hex())
    except keyring.errors.KeyringError:
        return False
    return True
