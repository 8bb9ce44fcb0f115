"""Keys and lists: root, desk, trust list and revocation list, all without a network."""

from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography import x509
from hypothesis import given, settings
from hypothesis import strategies as st

from app.documents.refusals import KeyDoesNotMatch, ListGoesBack, ListNotGenuine, RequestNotSigned
from app.documents.trust import (
    Identity,
    check_identity,
    fingerprint,
    issue_certificate,
    key_from_chain,
    key_id,
    make_root,
    make_signing_key,
    request_certificate,
    trusted_key,
)
from app.documents.trust_list import (
    read_revocations,
    read_trust_list,
    write_revocations,
    write_trust_list,
)
from app.domain.trust import KeyUsage, Revocations, TrustList
from tests.documents.examples import NOW, desk, root, trust

LISTED = write_trust_list(trust(), root())
REVOKED = Revocations(4, {b"12345678": b"a" * 16 + b"b" * 16})


def test_the_root_signs_the_desk_and_itself_and_nobody_else() -> None:
    ours, signed = (x509.load_der_x509_certificate(one.certificate_der) for one in (root(), desk()))
    ours.verify_directly_issued_by(ours)
    signed.verify_directly_issued_by(ours)
    with pytest.raises(ValueError, match="Issuer"):
        ours.verify_directly_issued_by(signed)


def test_the_desk_s_key_is_for_vaccinations_and_named_by_its_certificate() -> None:
    key = trusted_key(desk().certificate_der)
    assert key.usage is KeyUsage.VACCINATION
    assert key.kid == key_id(desk().certificate_der)
    assert len(key.public_key) == 33


def test_a_desk_s_certificate_never_outlives_its_root() -> None:
    request = request_certificate(make_signing_key(), "云溪镇卫生院", "desk-1")
    issued = issue_certificate(root(), request, NOW + timedelta(days=3000))
    ends = [
        x509.load_der_x509_certificate(der).not_valid_after_utc for der in (issued, root().certificate_der)
    ]
    assert ends[0] == ends[1]


def test_a_long_site_name_is_shortened_to_what_a_certificate_can_hold() -> None:
    request = request_certificate(make_signing_key(), "云溪" * 60, "desk-1")
    subject = x509.load_der_x509_certificate(issue_certificate(root(), request, NOW)).subject
    assert [len(str(one.value)) for one in subject] == [2, 64, 6]


def test_a_request_altered_on_its_way_is_refused() -> None:
    altered = bytearray(request_certificate(make_signing_key(), "云溪镇卫生院", "desk-1"))
    altered[-1] ^= 1
    with pytest.raises(RequestNotSigned):
        issue_certificate(root(), bytes(altered), NOW)


def test_a_certificate_for_another_desk_is_refused() -> None:
    assert check_identity(desk()) == desk()
    with pytest.raises(KeyDoesNotMatch):
        check_identity(Identity(desk().private_pem, desk("desk-9").certificate_der))


def test_a_fingerprint_can_be_read_aloud_in_groups_of_four() -> None:
    groups = fingerprint(root().certificate_der).split(" ")
    assert len(groups) == 16
    assert {len(group) for group in groups} == {4}
    assert fingerprint(desk().certificate_der) != fingerprint(root().certificate_der)


def test_the_trust_list_comes_back_as_it_was_signed_and_knows_its_root() -> None:
    withdrawn = replace(trust().keys[0], kid=b"abcdefgh", withdrawn_at=NOW)
    listed = TrustList(9, NOW, (*trust().keys, withdrawn), roots=(root().certificate_der,))
    assert read_trust_list(write_trust_list(listed, root()), root().certificate_der) == listed


def test_an_entry_takes_some_sixty_bytes() -> None:
    many = TrustList(9, NOW, trust().keys * 1000)
    assert len(write_trust_list(many, root())) / 1000 < 66


@settings(deadline=None)
@given(st.integers(0, len(LISTED) - 1), st.integers(1, 255))
def test_a_trust_list_with_any_byte_flipped_is_refused(place: int, flip: int) -> None:
    altered = bytearray(LISTED)
    altered[place] ^= flip
    with pytest.raises(ListNotGenuine):
        read_trust_list(bytes(altered), root().certificate_der)


@given(st.binary(max_size=100))
@settings(deadline=None)
def test_any_bytes_are_refused_as_lists(raw: bytes) -> None:
    with pytest.raises(ListNotGenuine):
        read_trust_list(raw, root().certificate_der)
    with pytest.raises(ListNotGenuine):
        read_revocations(raw, root().certificate_der)


def test_a_list_of_another_root_or_of_the_other_kind_is_refused() -> None:
    stranger = make_root("示例中心", NOW)
    with pytest.raises(ListNotGenuine):
        read_trust_list(LISTED, stranger.certificate_der)
    with pytest.raises(ListNotGenuine):
        read_revocations(LISTED, root().certificate_der)


def test_an_empty_revocation_list_does_not_pass_for_a_trust_list_without_keys() -> None:
    nothing_revoked = write_revocations(Revocations(9), NOW, root())
    with pytest.raises(ListNotGenuine):
        read_trust_list(nothing_revoked, root().certificate_der)


def test_lists_never_go_back() -> None:
    revoked = write_revocations(REVOKED, NOW, root())
    assert read_trust_list(LISTED, root().certificate_der, known_sequence=5).sequence == 5
    with pytest.raises(ListGoesBack) as refused:
        read_trust_list(LISTED, root().certificate_der, known_sequence=6)
    assert (refused.value.sequence, refused.value.known) == (5, 6)
    with pytest.raises(ListGoesBack):
        read_revocations(revoked, root().certificate_der, known_sequence=5)


def test_the_revocation_list_comes_back_as_it_was_signed() -> None:
    assert read_revocations(write_revocations(REVOKED, NOW, root()), root().certificate_der) == REVOKED
    broken = Revocations(4, {b"12345678": b"a" * 15})
    with pytest.raises(ListNotGenuine):
        read_revocations(write_revocations(broken, NOW, root()), root().certificate_der)


def test_a_carried_certificate_counts_only_under_a_root_that_signed_it() -> None:
    found = key_from_chain([desk().certificate_der], (root().certificate_der,))
    assert found == trusted_key(desk().certificate_der)
    assert key_from_chain(desk().certificate_der, (make_root("他", NOW).certificate_der,)) is None
