"""This workstation's signing identity, kept inside the encrypted store."""

from app.documents.trust import Identity, issue_certificate, make_root, make_signing_key, request_certificate
from app.domain.clock import CHINA
from app.storage.journal import current_stream
from app.storage.local import get_secret, put_secret
from app.storage.site import get_site
from app.storage.store import Store, Transaction
from app.workflows.desk import Desk

ROOT_KEY, ROOT = "certificate.root.key", "certificate.root"
SIGNING_KEY, SIGNING = "certificate.signing.key", "certificate.signing"


def find_identity(store: Store) -> Identity | None:
    """Return who signs here; None at a workstation that is not enrolled: its sheets say 未签名."""
    db = store.read()
    key, certificate = get_secret(db, SIGNING_KEY), get_secret(db, SIGNING)
    return Identity(key, certificate) if key and certificate else None


def find_root(store: Store) -> bytes | None:
    """Return the root certificate (DER) that verifiers of this workstation's sheets trust."""
    return get_secret(store.read(), ROOT)


def enrol_for_practice(desk: Desk) -> Identity:
    """Return the practice identity, made at first start under a practice CA of this machine's own."""
    known = find_identity(desk.store)
    if known is not None:
        return known
    db, now = desk.read(), desk.now()
    site, device_id = get_site(db), current_stream(db).device_id
    root = make_root("练习 CA PRACTICE", now.astimezone(CHINA))
    key = make_signing_key()
    certificate = issue_certificate(root, request_certificate(key, site.name, device_id), now)

    def keep(transaction: Transaction) -> None:
        put_secret(transaction.db, ROOT_KEY, root.private_pem)
        put_secret(transaction.db, ROOT, root.certificate_der)
        put_secret(transaction.db, SIGNING_KEY, key)
        put_secret(transaction.db, SIGNING, certificate)

    desk.store.write(keep)
    return Identity(key, certificate)
