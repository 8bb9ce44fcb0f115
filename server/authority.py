"""The centre's own authority: it signs the certificates of devices and, where none is given, its own."""

import hashlib
import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from app.sync.frame import MessageMalformed

DEVICE_LIFE = timedelta(days=365)
SERVER_LIFE = timedelta(days=730)
AUTHORITY_LIFE = timedelta(days=20 * 365)
SLACK = timedelta(days=1)
"""A certificate is good from a little before its making: clocks at sites are wrong."""
MAX_DEVICE_ID = 64
"""What a certificate's common name holds."""
AUTHORITY_NAME = "Vaxpost centre"


@dataclass(frozen=True)
class Request:
    """A certificate request whose sender has shown to hold the key."""

    device_id: str
    public_key: bytes
    """SubjectPublicKeyInfo, DER."""


@dataclass(frozen=True)
class Issued:
    """A new certificate, DER, and its end."""

    certificate: bytes
    expires_at: datetime


@dataclass(frozen=True)
class Authority:
    """A key that signs, its certificate, and whom devices trust to be the centre."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey
    server_trust: tuple[x509.Certificate, ...] = ()
    """Whose server certificates devices believe, if not this authority's own."""

    @cached_property
    def trust(self) -> tuple[bytes, ...]:
        """What devices pin, DER."""
        return tuple(_der(root) for root in self.server_trust or (self.certificate,))

    def issue_device(self, request: Request, sites: Sequence[str], now: datetime) -> Issued:
        """Return a device's certificate: its id is the common name, each site an organisational unit."""
        names = [x509.NameAttribute(NameOID.COMMON_NAME, request.device_id)]
        names += [x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, site) for site in sites]
        key = serialization.load_der_public_key(request.public_key)
        assert isinstance(key, ec.EllipticCurvePublicKey), "read_request lets no other in"
        builder = (
            _builder(x509.Name(names), key, self.certificate.subject, now, DEVICE_LIFE)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False)
        )
        return self._sign(builder)

    def issue_server(self, names: Sequence[str], key: ec.EllipticCurvePublicKey, now: datetime) -> Issued:
        """Return the certificate of a centre reached under these host names and addresses."""
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0][:MAX_DEVICE_ID])])
        builder = (
            _builder(subject, key, self.certificate.subject, now, SERVER_LIFE)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(
                x509.SubjectAlternativeName([_general_name(name) for name in names]), critical=False
            )
        )
        return self._sign(builder)

    def _sign(self, builder: x509.CertificateBuilder) -> Issued:
        signer = self.key.public_key()
        certificate = builder.add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer), critical=False
        ).sign(self.key, hashes.SHA256())
        return Issued(_der(certificate), certificate.not_valid_after_utc)


def make_authority(now: datetime) -> Authority:
    """Return a new authority with a key of its own (ECDSA, P-256)."""
    key = new_key()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, AUTHORITY_NAME)])
    certificate = (
        _builder(name, key.public_key(), name, now, AUTHORITY_LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_authority_usage(), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return Authority(certificate, key)


def new_key() -> ec.EllipticCurvePrivateKey:
    """Return a new private key."""
    return ec.generate_private_key(ec.SECP256R1())


def read_request(csr: bytes) -> Request:
    """Return what a PKCS#10 request (DER) asks for; raises MessageMalformed unless its key signed it."""
    try:
        request = x509.load_der_x509_csr(csr)
        key = request.public_key()
        names = request.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        signed = request.is_signature_valid
    except (ValueError, TypeError, UnsupportedAlgorithm, InvalidSignature) as error:
        raise MessageMalformed("csr") from error
    if (
        not signed
        or not isinstance(key, ec.EllipticCurvePublicKey)
        or not isinstance(key.curve, ec.SECP256R1)
    ):
        raise MessageMalformed("csr")
    device_id = str(names[0].value) if len(names) == 1 else ""
    if not 0 < len(device_id) <= MAX_DEVICE_ID or not device_id.isprintable():
        raise MessageMalformed("csr")
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return Request(device_id, key.public_bytes(serialization.Encoding.DER, form))


def fingerprint_of(certificate: bytes) -> bytes:
    """Return the SHA-256 of a certificate (DER): its name at the centre."""
    return hashlib.sha256(certificate).digest()


def _builder(
    subject: x509.Name, key: ec.EllipticCurvePublicKey, issuer: x509.Name, now: datetime, life: timedelta
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - SLACK)
        .not_valid_after(now + life)
    )


def _authority_usage() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)
