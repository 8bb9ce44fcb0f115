"""What a set-up remembers until the store counts: sealed, so that a power cut costs no one-time code."""

import json
import os
import shutil
from pathlib import Path

from app.domain.ids import Randomness
from app.domain.journal import Json
from app.storage.device_secret import DeviceSecretMissing, find_device_secret, make_device_secret
from app.storage.disk import sync_folder
from app.storage.keys import DATABASE, KEYS

ASIDE = "setup"
"""A folder of its own: the device secret that seals it is not the one of the key file."""
SEALED = "sealed"
_NONCE = 12


def is_untouched(folder: Path) -> bool:
    """Return whether nothing has been set up here: neither keys nor a database, not even a damaged one."""
    return not any((folder / name).exists() for name in (KEYS, DATABASE))


def is_under_way(folder: Path) -> bool:
    """Return whether a set-up was cut short here."""
    return (folder / ASIDE / SEALED).exists()


def keep(folder: Path, facts: Json, random: Randomness, *, use_keyring: bool = True) -> None:
    """Remember these facts instead of those before; all of them or none survive a power cut."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    aside = folder / ASIDE
    aside.mkdir(parents=True, exist_ok=True)
    try:
        secret = find_device_secret(aside, use_keyring=use_keyring)
    except DeviceSecretMissing:
        secret = make_device_secret(aside, random, use_keyring=use_keyring)
    nonce = random(_NONCE)
    sealed = nonce + AESGCM(_key(secret)).encrypt(nonce, json.dumps(facts).encode(), None)
    beside = aside / f"{SEALED}.new"
    with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(sealed)
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, aside / SEALED)
    sync_folder(aside)


def kept(folder: Path, *, use_keyring: bool = True) -> Json | None:
    """Return what a set-up cut short remembers; None if there was none, or it is of another machine."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    aside = folder / ASIDE
    if not is_under_way(folder):
        return None
    sealed = (aside / SEALED).read_bytes()
    try:
        key = _key(find_device_secret(aside, use_keyring=use_keyring))
        facts: Json = json.loads(AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], None))
    except (DeviceSecretMissing, InvalidTag, ValueError):
        return None  # nothing of it counts yet: the set-up begins again
    return facts


def forget(folder: Path) -> None:
    """Take it away: the store counts now."""
    shutil.rmtree(folder / ASIDE, ignore_errors=True)


def _key(secret: bytes) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(SHA256(), 32, None, b"vaxpost-set-up/1").derive(secret)
