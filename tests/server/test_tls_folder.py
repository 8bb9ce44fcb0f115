"""The centre's TLS folder: made at the first start, kept for good, given where one is given (SEC-1)."""

import stat
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509

from server.authority import new_key
from server.tls import AUTHORITY, SERVER, TRUST, TlsFileUnusable, open_tls, write_pair
from tests.clocks import ManualClock
from tests.sync.certificates import centre_tls

NOW = ManualClock().now()
NAMES = ("centre.example", "127.0.0.1")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "tls"


def server_certificate(folder: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificates((folder / SERVER).read_bytes())[0]


def test_the_first_start_makes_it_and_the_next_keeps_it(folder: Path) -> None:
    first = open_tls(folder, NAMES, NOW)
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert set(files) == {AUTHORITY, SERVER}
    assert open_tls(folder, NAMES, NOW).authority.certificate == first.authority.certificate
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == files
    server_certificate(folder).verify_directly_issued_by(first.authority.certificate)


@pytest.mark.skipif(sys.platform == "win32", reason="file modes")
def test_its_keys_are_for_its_owner_alone(folder: Path) -> None:
    open_tls(folder, NAMES, NOW)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


@pytest.mark.skipif(sys.platform == "win32", reason="file modes")
@pytest.mark.parametrize("name", [AUTHORITY, SERVER])
def test_a_key_everybody_may_read_is_refused(folder: Path, name: str) -> None:
    open_tls(folder, NAMES, NOW)
    (folder / name).chmod(0o644)
    with pytest.raises(TlsFileUnusable) as refused:
        open_tls(folder, NAMES, NOW)
    assert refused.value == TlsFileUnusable(str(folder / name), "everybody may read it")


@pytest.mark.parametrize(
    ("names", "later", "anew"),
    [(NAMES, 360, False), (NAMES, 370, True), (("other.example",), 0, True)],
)
def test_its_own_certificate_is_signed_anew_in_time_and_for_new_names(
    folder: Path, names: tuple[str, ...], later: int, anew: bool
) -> None:
    authority = open_tls(folder, NAMES, NOW).authority
    before = server_certificate(folder)
    again = open_tls(folder, names, NOW + timedelta(days=later))
    assert again.authority.certificate == authority.certificate
    assert (server_certificate(folder) != before) == anew


def test_a_certificate_that_is_given_is_left_alone_and_devices_are_told_whom_to_trust(folder: Path) -> None:
    own = open_tls(folder, NAMES, NOW).authority
    given = centre_tls("other.example").authority
    key = new_key()
    certificate = x509.load_der_x509_certificate(given.issue_server(NAMES, key.public_key(), NOW).certificate)
    write_pair(folder / SERVER, certificate, key).replace(folder / SERVER)
    write_pair(folder / TRUST, given.certificate, given.key).replace(folder / TRUST)
    tls = open_tls(folder, ("third.example",), NOW + timedelta(days=700))
    assert server_certificate(folder) == certificate
    assert tls.authority.certificate == own.certificate
    assert tls.authority.trust == given.trust


@pytest.mark.parametrize("name", [AUTHORITY, SERVER, TRUST])
def test_a_file_that_holds_something_else_is_named_and_never_made_anew(folder: Path, name: str) -> None:
    """A new authority would shut every device out."""
    open_tls(folder, NAMES, NOW)
    (folder / name).touch(mode=0o600)
    (folder / name).write_bytes(b"rubbish")
    with pytest.raises(TlsFileUnusable) as refused:
        open_tls(folder, NAMES, NOW)
    assert refused.value.path == str(folder / name)
    assert (folder / name).read_bytes() == b"rubbish"


def test_an_authority_whose_key_is_anothers_is_refused(folder: Path) -> None:
    other = centre_tls("other.example").authority
    tls = open_tls(folder, NAMES, NOW)
    write_pair(folder / AUTHORITY, tls.authority.certificate, other.key).replace(folder / AUTHORITY)
    with pytest.raises(TlsFileUnusable):
        open_tls(folder, NAMES, NOW)
