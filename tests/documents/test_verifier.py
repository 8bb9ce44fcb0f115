"""The offline verifier: one verdict for any text (certificates.md, *What a verifier says*)."""

import zlib
from dataclasses import replace
from datetime import timedelta

import base45
import cbor2
import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from hypothesis import given, settings
from hypothesis import strategies as st

from app.documents import cose, hcert
from app.documents.trust import key_id, load_private, trusted_key
from app.documents.verifier import CLOCK_TOLERANCE, LIST_MAX_AGE, verify
from app.domain.certificate import uvci
from app.domain.trust import (
    KeyUsage,
    Revocations,
    TrustedKey,
    TrustList,
    Verdict,
    revocation_hashes,
    uci_hash,
)
from tests.documents.examples import CORONAVAC, FACTS, NOW, desk, root, trust

TEXT = hcert.signed_text(FACTS, desk())
MESSAGE = hcert.unpack(TEXT)
KID = key_id(desk().certificate_der)
DCC = {"ver": "1.3.0", "nam": {"fn": "Müller", "gn": "Anna", "fnt": "MUELLER"}, "dob": "1990"}


def retold(
    claims: object, unprotected: dict[object, object] | None = None, **headers: object
) -> list[object]:
    """Return a COSE array over other claims, signed by the desk."""
    protected = cbor2.dumps({1: -7, 4: KID} if not headers else headers["protected"])
    payload = cbor2.dumps(claims)
    read = cose.read(cose.sign(payload, KID, load_private(desk().private_pem)))
    if headers:
        key = load_private(desk().private_pem)
        covered = cbor2.dumps(["Signature1", protected, b"", payload])
        r, s = decode_dss_signature(key.sign(covered, ec.ECDSA(hashes.SHA256())))
        return [protected, unprotected or {}, payload, r.to_bytes(32, "big") + s.to_bytes(32, "big")]
    return [read.protected, unprotected or {}, payload, read.signature]


def verdict_of(message: object, *, at_days: float = 0, listed: TrustList | None = None) -> Verdict:
    """Return the verdict on a COSE message given as a Python value."""
    return verify(hcert.pack(cbor2.dumps(message)), listed or trust(), NOW + timedelta(days=at_days)).verdict


def test_a_genuine_certificate_is_valid_and_shows_name_and_birth_date() -> None:
    answer = verify(TEXT, trust(), NOW)
    assert answer.verdict is Verdict.VALID
    assert answer.content is not None
    assert (answer.content.name, answer.content.birth) == ("陈雨桐", "1994-05-21")
    assert [dose.lot_number for dose in answer.content.doses] == [dose.lot_number for dose in FACTS.doses]


def test_a_carriage_return_of_the_scanner_does_no_harm() -> None:
    assert verify(TEXT + "\r", trust(), NOW).verdict is Verdict.VALID


@given(st.integers(0, len(MESSAGE) - 1), st.integers(1, 255))
@settings(deadline=None)
def test_flipping_any_byte_never_verifies(place: int, flip: int) -> None:
    changed = bytearray(MESSAGE)
    changed[place] ^= flip
    assert verify(hcert.pack(bytes(changed)), trust(), NOW).verdict not in {
        Verdict.VALID,
        Verdict.VALID_LIST_OLD,
    }


@given(st.integers(4, len(TEXT) - 1), st.sampled_from("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"))
@settings(deadline=None)
def test_a_changed_character_of_the_text_never_verifies_with_other_content(place: int, other: str) -> None:
    answer = verify(TEXT[:place] + other + TEXT[place + 1 :], trust(), NOW)
    assert answer.verdict is not Verdict.VALID or answer == verify(TEXT, trust(), NOW)


@given(st.text())
@settings(deadline=None)
def test_any_text_gets_a_verdict(text: str) -> None:
    assert verify(text, trust(), NOW).verdict in {Verdict.NOT_A_CERTIFICATE, Verdict.FOREIGN_FORMAT}


@given(
    st.binary(max_size=200),
    st.sampled_from([base45.b45encode, lambda raw: base45.b45encode(zlib.compress(raw))]),
)
@settings(deadline=None)
def test_any_bytes_behind_the_prefix_get_a_verdict(raw: bytes, encode: object) -> None:
    assert callable(encode)
    assert verify("HC1:" + encode(raw).decode(), trust(), NOW).verdict is Verdict.NOT_A_CERTIFICATE


PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.binary(max_size=8)
    | st.dates(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["n", "nam", "v", "vx", "dob", "fn", "ci", "dn", 1, -6, 4, 6]), inner, max_size=5
        )
    ),
    max_leaves=20,
)


@settings(deadline=None)
@given(PLAIN, PLAIN, PLAIN, PLAIN)
def test_any_claims_a_trusted_key_signed_get_a_verdict(
    dcc: object, dvc: object, issued: object, ends: object
) -> None:
    claims = {1: "CN", 4: ends, 6: issued, -260: {1: dcc, -6: dvc}}
    verify(
        hcert.pack(
            cose.sign(
                cbor2.dumps(claims),
                KID,
                load_private(desk().private_pem),
            )
        ),
        trust(),
        NOW,
    )


@settings(deadline=None)
@given(PLAIN, PLAIN)
def test_any_headers_get_a_verdict(protected: object, unprotected: object) -> None:
    raw = cbor2.dumps(protected)
    verify(hcert.pack(cbor2.dumps([raw, unprotected, MESSAGE, b"x" * 64])), trust(), NOW)


def test_an_unknown_issuer_is_not_called_invalid() -> None:
    assert verify(TEXT, TrustList(1, NOW, ()), NOW).verdict is Verdict.UNKNOWN_ISSUER
    stranger = trusted_key(desk("desk-9").certificate_der)
    assert verify(TEXT, TrustList(1, NOW, (stranger,)), NOW).verdict is Verdict.UNKNOWN_ISSUER


def test_every_key_of_a_name_is_tried_before_a_signature_is_called_invalid() -> None:
    ours = trusted_key(desk().certificate_der)
    theirs = replace(trusted_key(desk("desk-9").certificate_der), kid=KID)
    assert verify(TEXT, TrustList(1, NOW, (theirs,)), NOW).verdict is Verdict.SIGNATURE_INVALID
    assert verify(TEXT, TrustList(1, NOW, (theirs, ours)), NOW).verdict is Verdict.VALID


def test_a_withdrawn_key_speaks_from_its_withdrawal_on() -> None:
    listed = TrustList(1, NOW, (trusted_key(desk().certificate_der, withdrawn_at=NOW),))
    assert verify(TEXT, listed, NOW).verdict is Verdict.KEY_WITHDRAWN
    assert verify(TEXT, listed, NOW - timedelta(seconds=1)).verdict is Verdict.VALID


def test_the_list_s_age_is_told_only_of_a_valid_certificate() -> None:
    old = replace(trust(), issued_at=NOW - LIST_MAX_AGE - timedelta(seconds=1))
    assert verify(TEXT, old, NOW).verdict is Verdict.VALID_LIST_OLD
    assert verify(TEXT, replace(old, keys=()), NOW).verdict is Verdict.UNKNOWN_ISSUER


@pytest.mark.parametrize("kind", [0, 1, 2])
def test_each_kind_of_revocation_hash_revokes(kind: int) -> None:
    wanted = revocation_hashes("CN", uvci(FACTS.number), cose.read(MESSAGE).signature, ecdsa=True)[kind]
    revoked = Revocations().joined(KID, [wanted])
    assert verify(TEXT, trust(), NOW, revoked).verdict is Verdict.REVOKED
    assert verify(TEXT, trust(), NOW, Revocations().joined(b"another", [wanted])).verdict is Verdict.VALID


def test_the_number_on_the_paper_is_enough_to_revoke() -> None:
    revoked = Revocations().joined(KID, [uci_hash(uvci(FACTS.number))])
    assert verify(TEXT, trust(), NOW, revoked).verdict is Verdict.REVOKED


def test_a_signature_with_its_second_half_mirrored_stays_revoked() -> None:
    message = cose.read(MESSAGE)
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    mirrored = order - int.from_bytes(message.signature[32:], "big")
    signature = message.signature[:32] + mirrored.to_bytes(32, "big")
    text = hcert.pack(cbor2.dumps([message.protected, {}, message.payload, signature]))
    hashes_of_ours = revocation_hashes("", "another", message.signature, ecdsa=True)
    assert verify(text, trust(), NOW).verdict is Verdict.VALID
    assert verify(text, trust(), NOW, Revocations().joined(KID, hashes_of_ours)).verdict is Verdict.REVOKED


def test_it_expires_and_is_not_valid_before_its_issue_but_a_slow_clock_is_forgiven() -> None:
    assert (
        verify(TEXT, trust(), NOW + hcert.LIFETIME - timedelta(seconds=1)).verdict is Verdict.VALID_LIST_OLD
    )
    assert verify(TEXT, trust(), NOW + hcert.LIFETIME).verdict is Verdict.EXPIRED
    assert verify(TEXT, trust(), NOW - CLOCK_TOLERANCE).verdict is Verdict.VALID
    assert (
        verify(TEXT, trust(), NOW - CLOCK_TOLERANCE - timedelta(seconds=1)).verdict is Verdict.NOT_YET_VALID
    )


def test_a_certificate_without_an_end_expires_with_its_key() -> None:
    endless = retold({1: "CN", -260: {1: {**DCC, "v": [{"mp": "x", "dn": 1}]}}})
    assert verdict_of(endless) is Verdict.VALID
    assert verdict_of(endless, at_days=2000) is Verdict.EXPIRED


def test_a_key_for_tests_may_not_sign_vaccinations() -> None:
    listed = TrustList(1, NOW, (replace(trusted_key(desk().certificate_der), usage=KeyUsage.TEST),))
    assert verify(TEXT, listed, NOW).verdict is Verdict.WRONG_KEY_USAGE


def test_a_desk_s_key_may_not_sign_test_certificates() -> None:
    tested = retold({-260: {1: {**DCC, "t": [{"tg": "840539006"}]}}})
    assert verdict_of(tested) is Verdict.WRONG_KEY_USAGE


@pytest.mark.parametrize(
    "wrap", [lambda m: m, lambda m: cbor2.CBORTag(61, cbor2.CBORTag(18, m)), lambda m: cbor2.CBORTag(18, m)]
)
def test_untagged_and_doubly_tagged_messages_are_read(wrap: object) -> None:
    assert callable(wrap)
    assert verdict_of(wrap(retold({-260: {1: {**DCC, "v": [{}]}}}))) is Verdict.VALID


def test_the_protected_key_id_wins_and_the_unprotected_one_is_enough() -> None:
    claims = {-260: {1: {**DCC, "v": [{}]}}}
    assert verdict_of(retold(claims, {4: b"wrong"}, protected={1: -7, 4: KID})) is Verdict.VALID
    assert verdict_of(retold(claims, {4: KID}, protected={1: -7})) is Verdict.VALID
    assert verdict_of(retold(claims, {4: KID}, protected={1: -7, 4: b"wrong"})) is Verdict.UNKNOWN_ISSUER
    assert verdict_of(retold(claims, {1: -7, 4: KID}, protected={})) is Verdict.VALID


def test_broken_dates_are_read_as_their_seconds() -> None:
    later = NOW + timedelta(days=2)
    claims = {4: later.timestamp() + 0.5, 6: NOW.timestamp() + 0.25, -260: {1: {**DCC, "v": [{}]}}}
    assert verdict_of(retold(claims)) is Verdict.VALID
    assert verdict_of(retold(claims), at_days=3) is Verdict.EXPIRED


def test_both_spellings_of_the_who_s_names_are_read() -> None:
    older = {
        "n": "A B",
        "dob": "1990-01-02",
        "ntl": "CL",
        "nid": "7",
        "v": {"vp": "XM0N24", "dt": "2020-02-03", "bo": "L1"},
    }
    answer = verify(hcert.pack(cbor2.dumps(retold({-260: {-6: older}}))), trust(), NOW)
    assert answer.verdict is Verdict.VALID
    assert answer.content is not None
    assert answer.content.document_number == "7"
    assert [dose.occurred_on for dose in answer.content.doses] == ["2020-02-03"]


def test_a_number_too_large_to_show_is_left_out() -> None:
    doses = [{"vp": "x", "dn": 10**6000, "dt": "2020-02-03"}]
    message = retold({-260: {-6: {"n": "A" * 5000, "dob": "1990-01-02", "vx": doses}}})
    answer = verify(hcert.pack(cbor2.dumps(message)), trust(), NOW)
    assert answer.content is not None
    assert [dose.dose_number for dose in answer.content.doses] == [""]
    assert len(answer.content.name) == 200


def test_a_certificate_of_several_groups_is_none() -> None:
    assert verdict_of(retold({-260: {1: {**DCC, "v": [{}], "t": [{}]}}})) is Verdict.NOT_A_CERTIFICATE


def test_an_rsa_key_verifies_under_ps256_and_not_under_es256() -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    spki = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    listed = TrustList(1, NOW, (TrustedKey(KID, spki, NOW - timedelta(1), NOW + timedelta(1)),))
    payload = cbor2.dumps({-260: {1: {**DCC, "v": [{}]}}})
    for algorithm, wanted in ((-37, Verdict.VALID), (-7, Verdict.SIGNATURE_INVALID)):
        protected = cbor2.dumps({1: algorithm, 4: KID})
        covered = cbor2.dumps(["Signature1", protected, b"", payload])
        pss = padding.PSS(padding.MGF1(hashes.SHA256()), padding.PSS.DIGEST_LENGTH)
        signature = key.sign(covered, pss, hashes.SHA256())
        assert verdict_of([protected, {}, payload, signature], listed=listed) is wanted


def test_a_p384_key_under_es256_is_rejected() -> None:
    key = ec.generate_private_key(ec.SECP384R1())
    spki = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    listed = TrustList(1, NOW, (TrustedKey(KID, spki, NOW - timedelta(1), NOW + timedelta(1)),))
    protected, payload = cbor2.dumps({1: -7, 4: KID}), cbor2.dumps({-260: {1: {**DCC, "v": [{}]}}})
    signature = key.sign(cbor2.dumps(["Signature1", protected, b"", payload]), ec.ECDSA(hashes.SHA256()))
    r, s = decode_dss_signature(signature)
    raw = r.to_bytes(48, "big") + s.to_bytes(48, "big")
    assert verdict_of([protected, {}, payload, raw], listed=listed) is Verdict.SIGNATURE_INVALID


def test_a_certificate_carried_along_is_believed_only_under_a_trusted_root() -> None:
    text = hcert.signed_text(replace(FACTS, doses=(CORONAVAC,)), desk(), carry_certificate=True)
    assert verify(text, TrustList(1, NOW, (), roots=(root().certificate_der,)), NOW).verdict is Verdict.VALID
    assert (
        verify(text, TrustList(1, NOW, (), roots=(desk().certificate_der,)), NOW).verdict
        is Verdict.UNKNOWN_ISSUER
    )
    assert verify(text, TrustList(1, NOW, ()), NOW).verdict is Verdict.UNKNOWN_ISSUER


@given(st.binary(max_size=80) | st.lists(st.binary(max_size=20) | st.integers(), max_size=3) | st.integers())
@settings(deadline=None)
def test_any_certificate_carried_along_gets_a_verdict(chain: object) -> None:
    message = cose.read(MESSAGE)
    carried = [message.protected, {33: chain}, message.payload, message.signature]
    listed = TrustList(1, NOW, (), roots=(root().certificate_der,))
    assert verdict_of(carried, listed=listed) is Verdict.UNKNOWN_ISSUER


@pytest.mark.parametrize(
    ("text", "family"),
    [
        ("shc:/567629095243206034602924374044", "SMART Health Card"),
        ("DC03DEI0000", "ICAO VDS"),
        ('{"data":{"hdr":{"is":"UTO","t": "icao.vacc","v":1}}}', "ICAO VDS-NC"),
        ("PK\x03\x04", "DIVOC"),
    ],
)
def test_certificates_of_other_families_are_named(text: str, family: str) -> None:
    answer = verify(text, trust(), NOW)
    assert (answer.verdict, answer.family) == (Verdict.FOREIGN_FORMAT, family)


@pytest.mark.parametrize(
    "text", ["", "HC1:", "HL0:" + TEXT[4:], TEXT[4:], "HC1:~~~", "VXT1:ABCDEF", "86900000000000000000"]
)
def test_what_is_no_certificate_is_called_so(text: str) -> None:
    assert verify(text, trust(), NOW).verdict is Verdict.NOT_A_CERTIFICATE
