"""The signed text of a certificate (CRT-1): written to the specification, read by ourselves and by others."""

import json
import re
import zlib
from dataclasses import replace
from datetime import timedelta
from typing import Any

import base45
import cbor2
import cwt
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from hypothesis import HealthCheck, given, settings

from app.documents import cose, hcert
from app.documents.refusals import SigningKeyOutOfDate
from app.documents.trust import key_id
from app.documents.verifier import verify
from app.domain.certificate import CertificateFacts, LatinName, NoDoseToCertify, uvci
from app.domain.trust import PRACTICE_ISSUER, Verdict
from tests.documents.examples import CORONAVAC, FACTS, HEPATITIS_B, NOW, certificates, desk, series, trust
from tests.strategies import some


def claims(text: str) -> dict[int, Any]:
    """Return the CWT claims of a signed text."""
    return dict(cose.read_cbor(cose.read(hcert.unpack(text)).payload))


def health(text: str) -> dict[int, dict[str, Any]]:
    """Return claim -260 of a signed text."""
    return dict(claims(text)[-260])


@given(certificates())
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_what_is_signed_verifies_and_says_what_was_put_in(facts: CertificateFacts) -> None:
    answer = verify(hcert.signed_text(facts, desk()), trust(), NOW)
    assert answer.verdict is Verdict.VALID
    assert answer.content is not None
    assert answer.content.birth == facts.holder.birth_on.isoformat()
    assert answer.content.ci == uvci(facts.number)
    assert sorted(dose.occurred_on for dose in answer.content.doses) == sorted(
        dose.occurred_on.isoformat() for dose in facts.doses
    )
    assert (answer.issuer == PRACTICE_ISSUER) == facts.practice


@given(certificates())
@settings(deadline=None, max_examples=some(15), suppress_health_check=[HealthCheck.too_slow])
def test_every_signed_text_fits_the_alphanumeric_mode_of_a_qr_code(facts: CertificateFacts) -> None:
    assert re.fullmatch(r"HC1:[0-9A-Z $%*+\-./:]+", hcert.signed_text(facts, desk()))


def test_an_independent_library_verifies_the_signature_and_reads_the_claims() -> None:
    text = hcert.signed_text(FACTS, desk())
    certificate = x509.load_der_x509_certificate(desk().certificate_der)
    pem = certificate.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    key = cwt.COSEKey.from_pem(pem.decode(), kid=key_id(desk().certificate_der))
    answered: Any = cwt.decode(hcert.unpack(text), key, no_verify=False)
    assert answered[1] == "CN"
    assert answered[-260][-6]["n"] == "陈雨桐"


def test_dates_are_whole_seconds_and_the_signature_ends_within_the_key_s_life() -> None:
    found = claims(hcert.signed_text(FACTS, desk()))
    assert found[6] == int(NOW.timestamp())
    assert found[4] == int((NOW + hcert.LIFETIME).timestamp())
    late = replace(FACTS, issued_at=NOW + timedelta(days=1000))
    ends = x509.load_der_x509_certificate(desk().certificate_der).not_valid_after_utc
    assert claims(hcert.signed_text(late, desk()))[4] == int(ends.timestamp())


def test_the_newest_covid_dose_stands_under_the_european_claim_and_the_earlier_ones_under_the_who_s() -> None:
    first, second, third = series(CORONAVAC, 3)
    found = health(hcert.signed_text(replace(FACTS, doses=(first, third, second, HEPATITIS_B)), desk()))
    (entry,) = found[1]["v"]
    assert entry == {
        "tg": "840539006",
        "vp": "1157024006",
        "mp": "CoronaVac",
        "ma": "Sinovac-Biotech",
        "dn": 3,
        "sd": 3,
        "dt": third.occurred_on.isoformat(),
        "co": "CN",
        "is": "云溪镇卫生院",
        "ci": uvci(FACTS.number),
    }
    assert [dose["dn"] for dose in found[-6]["vx"]] == [1, 2, 1]


def test_the_european_claim_names_the_person_in_both_scripts() -> None:
    found = health(hcert.signed_text(replace(FACTS, doses=(CORONAVAC,)), desk()))
    assert list(found) == [1]
    assert found[1]["nam"] == {"fn": "陈", "gn": "雨桐", "fnt": "CHEN", "gnt": "YUTONG"}
    assert (found[1]["ver"], found[1]["dob"]) == ("1.3.0", "1994-05-21")


def test_the_spelling_of_the_travel_document_goes_into_the_code() -> None:
    holder = replace(FACTS.holder, latin_name=LatinName("Chan", "Yu-tung"))
    found = health(hcert.signed_text(replace(FACTS, holder=holder, doses=(CORONAVAC,)), desk()))
    assert found[1]["nam"]["fnt"] == "CHAN"
    assert found[1]["nam"]["gnt"] == "YU<TUNG"


def test_other_vaccines_stand_under_the_who_s_newer_names() -> None:
    found = health(hcert.signed_text(FACTS, desk()))
    assert list(found) == [-6]
    assert {label: found[-6][label] for label in ("n", "dob", "s", "nt", "v", "id", "dt")} == {
        "n": "陈雨桐",
        "dob": "1994-05-21",
        "s": "female",
        "nt": "CHN",
        "v": "1",
        "id": "100101199405210020",
        "dt": "NI",
    }


def test_a_masked_document_number_is_left_out_of_the_code() -> None:
    text = hcert.signed_text(replace(FACTS, document_masked=True), desk())
    assert not {"id", "dt"} & set(health(text)[-6])
    assert b"199405210020" not in hcert.unpack(text)


def test_a_covid_product_without_a_code_stands_under_the_who_s_names() -> None:
    assert list(
        health(hcert.signed_text(replace(FACTS, doses=(replace(CORONAVAC, dcc_product=""),)), desk()))
    ) == [-6]


def test_without_doses_there_is_nothing_to_sign() -> None:
    with pytest.raises(NoDoseToCertify):
        hcert.signed_text(replace(FACTS, doses=()), desk())


@pytest.mark.parametrize("days", [-21, 1100])
def test_a_key_out_of_date_signs_nothing(days: int) -> None:
    with pytest.raises(SigningKeyOutOfDate):
        hcert.signed_text(replace(FACTS, issued_at=NOW + timedelta(days=days)), desk())


def test_the_text_is_as_short_as_the_family_promises() -> None:
    assert len(hcert.signed_text(replace(FACTS, doses=(CORONAVAC,)), desk())) < 520


def test_a_bomb_is_refused_before_it_fills_the_memory() -> None:
    bomb = "HC1:" + base45.b45encode(zlib.compress(b"\0" * 10_000_000, 9)).decode()
    with pytest.raises(cose.MalformedError):
        hcert.unpack(bomb)


def test_claims_are_plain_data_with_no_undefined_value() -> None:
    assert json.dumps(claims(hcert.signed_text(FACTS, desk())))
    assert cbor2.undefined not in health(hcert.signed_text(FACTS, desk()))[-6].values()
