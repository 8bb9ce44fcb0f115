"""The keys behind a certificate: root, signing key of a workstation, its request and its certificate.

Key material goes in and out as PEM or DER bytes; the caller keeps private keys in the encrypted store.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import sha256

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID, ObjectIdentifier

from app.documents.refusals import KeyDoesNotMatch, RequestNotSigned, SigningKeyOutOfDate
from app.domain.certificate import COUNTRY
from app.domain.trust import ANY_USAGE, KeyUsage, TrustedKey

ROOT_LIFETIME = timedelta(days=3653)
SIGNING_LIFETIME = timedelta(days=1096)
KID_BYTES, COMPRESSED_BYTES = 8, 33
NAME_LIMIT = 64
"""X.520's upper bound for organisation and common name."""
_USAGE_ARCS = ("1.3.6.1.4.1.1847.2021.1.", "1.3.6.1.4.1.0.1847.2021.1.")
"""HCERT A.2; the second is the misspelling found in the field, accepted when reading."""
_USAGE_BY_LEAF = {"1": KeyUsage.TEST, "2": KeyUsage.VACCINATION, "3": KeyUsage.RECOVERY}
_X509_FAULTS = (x509.DuplicateExtension, x509.InvalidVersion, x509.UnsupportedGeneralNameType)
VACCINATION_OID = ObjectIdentifier(_USAGE_ARCS[0] + "2")


@dataclass(frozen=True)
class Identity:
    """A private key (PEM, PKCS 8) and the certificate (DER) that names it."""

    private_pem: bytes
    certificate_der: bytes


def make_root(authority: str, at: datetime) -> Identity:
    """Return a new self-signed root (CSCA, P-256); its fingerprint is what verifiers trust."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name(authority, "CSCA")
    builder = _builder(name, name, key.public_key(), at, ROOT_LIFETIME)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(_key_usage(signs_certificates=True), critical=True)
    return Identity(_private_pem(key), _der(builder.sign(key, hashes.SHA256())))


def make_signing_key() -> bytes:
    """Return a new private key (PEM) for this workstation, which it never leaves."""
    return _private_pem(ec.generate_private_key(ec.SECP256R1()))


def request_certificate(private_pem: bytes, site_name: str, device_id: str) -> bytes:
    """Return the certificate request (DER) that travels to the centre by network or USB."""
    request = x509.CertificateSigningRequestBuilder().subject_name(_name(site_name, device_id))
    return request.sign(load_private(private_pem), hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def issue_certificate(root: Identity, request_der: bytes, at: datetime) -> bytes:
    """Return the signing certificate (DSC, DER) for a request; raises RequestNotSigned."""
    request = x509.load_der_x509_csr(request_der)
    public_key = request.public_key()
    if not request.is_signature_valid or not isinstance(public_key, ec.EllipticCurvePublicKey):
        raise RequestNotSigned(request.subject.rfc4514_string())
    issuer = x509.load_der_x509_certificate(root.certificate_der)
    lifetime = min(SIGNING_LIFETIME, issuer.not_valid_after_utc - at)
    builder = _builder(request.subject, issuer.subject, public_key, at, lifetime)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(_key_usage(signs_certificates=False), critical=True)
    builder = builder.add_extension(x509.ExtendedKeyUsage([VACCINATION_OID]), critical=False)
    builder = builder.add_extension(_authority(issuer), critical=False)
    return _der(builder.sign(load_private(root.private_pem), hashes.SHA256()))


def check_identity(identity: Identity) -> Identity:
    """Return the identity when certificate and key belong together; raises KeyDoesNotMatch."""
    certificate = x509.load_der_x509_certificate(identity.certificate_der)
    if certificate.public_key() != load_private(identity.private_pem).public_key():
        raise KeyDoesNotMatch(key_id(identity.certificate_der))
    return identity


def check_in_date(identity: Identity, at: datetime) -> datetime:
    """Return when the signing certificate ends; raises SigningKeyOutOfDate."""
    certificate = x509.load_der_x509_certificate(identity.certificate_der)
    not_before, not_after = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if not not_before <= at < not_after:
        raise SigningKeyOutOfDate(not_before, not_after, at)
    return not_after


def key_id(certificate_der: bytes) -> bytes:
    """Return the ``kid`` of a certificate: the first 8 bytes of its SHA-256."""
    return sha256(certificate_der).digest()[:KID_BYTES]


def fingerprint(certificate_der: bytes) -> str:
    """Return the SHA-256 of a root certificate in groups of four, to be compared by eye or voice."""
    digest = sha256(certificate_der).hexdigest().upper()
    return " ".join(digest[at : at + 4] for at in range(0, len(digest), 4))


def trusted_key(certificate_der: bytes, withdrawn_at: datetime | None = None) -> TrustedKey:
    """Return the trust list's entry for a signing certificate."""
    certificate = x509.load_der_x509_certificate(certificate_der)
    return TrustedKey(
        kid=key_id(certificate_der),
        public_key=_compact(certificate.public_key()),
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
        usage=_usage(certificate),
        withdrawn_at=withdrawn_at,
    )


def key_from_chain(chain: object, roots: tuple[bytes, ...]) -> TrustedKey | None:
    """Return the key of a certificate carried along (x5chain) if a trusted root signed it, else None."""
    first = chain[0] if isinstance(chain, list) and chain else chain
    if not isinstance(first, bytes):
        return None
    return next((trusted_key(first) for root in roots if _is_issued_by(first, root)), None)


def _is_issued_by(certificate_der: bytes, root_der: bytes) -> bool:
    try:
        certificate = x509.load_der_x509_certificate(certificate_der)
        certificate.verify_directly_issued_by(x509.load_der_x509_certificate(root_der))
        trusted_key(certificate_der)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm, *_X509_FAULTS):
        return False
    return True


@lru_cache(maxsize=2)
def load_private(private_pem: bytes) -> ec.EllipticCurvePrivateKey:
    """Return the P-256 key of a PEM; raises ValueError for any other kind of key."""
    key = serialization.load_pem_private_key(private_pem, password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise ValueError("a signing key is a P-256 key")
    return key


@lru_cache(maxsize=64)
def load_public(public_key: bytes) -> object:
    """Return the key object of a ``TrustedKey.public_key``; raises ValueError if it is none."""
    if len(public_key) == COMPRESSED_BYTES:
        return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public_key)
    return serialization.load_der_public_key(public_key)


def _compact(key: object) -> bytes:
    match key:
        case ec.EllipticCurvePublicKey() if isinstance(key.curve, ec.SECP256R1):
            return key.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.CompressedPoint)
        case ec.EllipticCurvePublicKey() | rsa.RSAPublicKey():
            return key.public_bytes(
                serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
            )
    raise ValueError("neither an elliptic-curve nor an RSA key")


def _usage(certificate: x509.Certificate) -> KeyUsage:
    try:
        marks = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except (x509.ExtensionNotFound, ValueError):  # ValueError: an extension with no mark in it at all
        return ANY_USAGE
    found = KeyUsage(0)
    for mark in marks:
        arc, _, leaf = mark.dotted_string.rpartition(".")
        if f"{arc}." in _USAGE_ARCS:
            found |= _USAGE_BY_LEAF.get(leaf, KeyUsage(0))
    return found or ANY_USAGE


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, at: datetime, lifetime: timedelta
) -> x509.CertificateBuilder:
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key)
    builder = builder.serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(at).not_valid_after(at + lifetime)
    return builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)


def _authority(issuer: x509.Certificate) -> x509.AuthorityKeyIdentifier:
    named = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(named)


def _key_usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _name(organisation: str, common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, COUNTRY),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation[:NAME_LIMIT]),
            x509.NameAttribute(NameOID.COMMON_NAME, common[:NAME_LIMIT]),
        ]
    )


def _private_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)
