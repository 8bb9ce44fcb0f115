"""A device's own key and certificate, and whom it trusts to be the centre."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from app.sync.enrolment import Enrolled
from app.sync.frame import MessageMalformed

DER, PEM = serialization.Encoding.DER, serialization.Encoding.PEM
PKCS8 = serialization.PrivateFormat.PKCS8


@dataclass(frozen=True)
class Identity:
    """What lets a device in: never leaves this machine but for the certificates."""

    key: bytes
    """Private, PKCS#8, DER; kept in the encrypted store only."""
    certificate: bytes
    """DER."""
    trust: tuple[bytes, ...]
    """The authorities whose word makes a server the centre, DER; no other is believed."""

    @cached_property
    def _read(self) -> x509.Certificate:
        return x509.load_der_x509_certificate(self.certificate)

    @property
    def device_id(self) -> str:
        """The device the certificate names."""
        return str(self._read.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)

    @property
    def sites(self) -> frozenset[str]:
        """The sites it may speak for."""
        units = self._read.subject.get_attributes_for_oid(NameOID.ORGANIZATIONAL_UNIT_NAME)
        return frozenset(str(unit.value) for unit in units)

    @property
    def expires_at(self) -> datetime:
        """When the certificate ends."""
        return self._read.not_valid_after_utc

    @property
    def renew_at(self) -> datetime:
        """Half of its life: from then on the next one is asked for."""
        return self._read.not_valid_before_utc + (self.expires_at - self._read.not_valid_before_utc) / 2


def new_key() -> bytes:
    """Return a new private key (ECDSA, P-256) as it is kept; the system's own randomness."""
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(DER, PKCS8, serialization.NoEncryption())


def make_request(key: bytes, device_id: str) -> bytes:
    """Return the certificate request (PKCS#10, DER) of a device, signed with its key."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, device_id)])
    request = x509.CertificateSigningRequestBuilder().subject_name(name).sign(_load(key), hashes.SHA256())
    return request.public_bytes(DER)


def make_identity(key: bytes, enrolled: Enrolled) -> Identity:
    """Return the identity a centre has given; raises MessageMalformed if it is not for this key."""
    try:
        given = x509.load_der_x509_certificate(enrolled.certificate).public_key()
        for root in enrolled.trust:
            x509.load_der_x509_certificate(root)
    except (ValueError, TypeError) as error:
        raise MessageMalformed("certificate") from error
    if given != _load(key).public_key():
        raise MessageMalformed("certificate")
    return Identity(key, enrolled.certificate, enrolled.trust)


def locked_pem(identity: Identity, password: bytes) -> bytes:
    """Return certificate and key in one PEM text, the key under a password."""
    lock = serialization.BestAvailableEncryption(password)
    certificate = x509.load_der_x509_certificate(identity.certificate)
    return certificate.public_bytes(PEM) + _load(identity.key).private_bytes(PEM, PKCS8, lock)


def _load(key: bytes) -> ec.EllipticCurvePrivateKey:
    private = serialization.load_der_private_key(key, None)
    assert isinstance(private, ec.EllipticCurvePrivateKey), "new_key made it"
    return private
