"""The practice site and its own centre: the device comes in by itself, and again when the centre was lost."""

import shutil
from pathlib import Path

import pytest

from app.practice.centre import CentreAccess, is_forgotten, start_centre
from app.storage.journal import current_stream
from app.sync import wire
from app.sync.http import HttpTransport
from app.sync.store_identity import get_identity
from tests.factories import SmallSite
from tests.server.made_cluster import copy_cluster


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "centre"


def greet(site: SmallSite, access: CentreAccess) -> wire.Answer | wire.Declined:
    line = HttpTransport(access.url, access.identity, site.clock)
    device_id = current_stream(site.store.read()).device_id
    try:
        return wire.decode_answer(line.exchange(wire.encode_request(wire.Request(wire.Hello(device_id)))))
    finally:
        line.close()


def test_the_device_enrols_by_itself_and_again_when_the_centre_was_thrown_away(
    small_site: SmallSite, folder: Path
) -> None:
    """SEC-1: the certificate of a centre that is no more is worth nothing at the next one."""
    identities = []
    for _ in range(2):
        shutil.rmtree(folder, ignore_errors=True)
        copy_cluster(folder / "postgres")
        access = start_centre(folder, small_site.desk)
        try:
            assert isinstance(greet(small_site, access), wire.Answer)
            assert not is_forgotten(access.url, access.identity, small_site.clock)
        finally:
            access.stop()
        assert get_identity(small_site.store) == access.identity
        identities.append(access.identity)
    assert len({identity.certificate for identity in identities}) == 2
    assert len({identity.key for identity in identities}) == 1
