"""The device secret: half of every slot key, kept by the operating system where it has a keyring."""

import os
from pathlib import Path

from app.domain.ids import Randomness

SERVICE = "vaxpost"
LENGTH = 32


def device_secret(folder: Path, random: Randomness, *, use_keyring: bool = True) -> bytes:
    """Return this machine's secret, made at first start.

    Without a keyring it lies in ``device.secret``, readable by the user alone: a copied database without
    that file stays shut, a copied folder does not.
    """
    name = str(folder.resolve())
    stored = _from_keyring(name) if use_keyring else None
    if stored is not None:
        return stored
    file = folder / "device.secret"
    if file.exists():
        return file.read_bytes()
    secret = random(LENGTH)
    if not (use_keyring and _into_keyring(name, secret)):
        with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as handle:
            handle.write(secret)
            os.fsync(handle.fileno())
    return secret


def _from_keyring(name: str) -> bytes | None:
    import keyring
    import keyring.errors

    try:
        stored = keyring.get_password(SERVICE, name)
    except keyring.errors.KeyringError:
        return None
    return bytes.fromhex(stored) if stored else None


def _into_keyring(name: str, secret: bytes) -> bool:
    import keyring
    import keyring.errors

    try:
        keyring.set_password(SERVICE, name, secret.hex())
    except keyring.errors.KeyringError:
        return False
    return True
