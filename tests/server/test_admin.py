"""The operator at a prompt (SEC-1)."""

import re
from pathlib import Path

import pytest

from app.sync.enrolment import Enrolment
from app.sync.identity import make_request, new_key
from server.admin import main
from server.database import Database
from server.devices import enrol
from server.feed import areas_of
from server.operator.command import main as operator_main
from server.tls import write_pair
from server.web import utc_now
from tests.factories import SmallSite
from tests.server.carried_site import CarriedSite
from tests.server.desk import AUTHORITY, admit, push
from tests.sync.local_journal import LocalJournal


def say(capsys: pytest.CaptureFixture[str], dsn: str, *words: str) -> list[list[str]]:
    assert main(["--dsn", dsn, *words]) == 0
    return [line.split("\t") for line in capsys.readouterr().out.splitlines()]


def test_a_code_is_issued_a_device_comes_in_is_listed_and_revoked(
    database: Database, dsn: str, capsys: pytest.CaptureFixture[str]
) -> None:
    ((code,),) = say(capsys, dsn, "code", "site-1")
    assert re.fullmatch(r"(\w{5}-){3}\w{5}", code)
    enrol(database, AUTHORITY, Enrolment.made(code, make_request(new_key(), "device-1")), utc_now())
    ((device, site, *_, state),) = say(capsys, dsn, "devices")
    assert (device, site, state) == ("device-1", "site-1", "-")
    ((site, *_, used_by),) = say(capsys, dsn, "codes")
    assert (site, used_by) == ("site-1", "device-1")
    assert say(capsys, dsn, "revoke", "device-1") == []
    ((*_, state),) = say(capsys, dsn, "devices")
    assert state.startswith("revoked 20")


def test_what_is_done_at_the_prompt_stands_in_the_book(
    database: Database, dsn: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """SEC-4: who, what, to whom, when; what was refused was not done."""
    admit(database, journal := LocalJournal(1))
    for words in (("code", "s-1"), ("area", "s-1", "town"), ("revoke", journal.device_id), ("reproject",)):
        say(capsys, dsn, *words)
    say(capsys, dsn, "devices")
    assert main(["--dsn", dsn, "revoke", "device-1"]) == 1
    book = database.execute("select name, act, subject from operator_act order by act_id").fetchall()
    assert book == [
        ("server.admin", "code_issued", "s-1"),
        ("server.admin", "area_changed", "s-1 → town"),
        ("server.admin", "device_revoked", journal.device_id),
        ("server.admin", "reprojected", ""),
    ]


def test_a_device_never_enrolled_is_named_as_such(
    database: Database, dsn: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--dsn", dsn, "revoke", "device-1"]) == 1
    assert "DeviceUnknown" in capsys.readouterr().err


def test_without_a_database_it_says_what_it_needs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("VAXPOST_DSN", raising=False)
    assert main(["devices"]) == 2
    assert "VAXPOST_DSN" in capsys.readouterr().err


def test_a_database_that_does_not_answer_is_a_word(
    dsn: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere = dsn.rpartition("/")[0] + "/nowhere"
    assert main(["--dsn", nowhere, "devices"]) == 1
    assert operator_main(["list", "--dsn", nowhere]) == 1
    told = capsys.readouterr().err.splitlines()
    assert sum(line.startswith("the database: ") for line in told) == 2


def test_two_sites_are_put_into_one_area(
    database: Database, dsn: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each prints how many earlier events the area is told now (SYN-2)."""
    journal = LocalJournal(1, site="site-1")
    admit(database, journal, "site-1")
    journal.record("immunization.recorded")
    push(database, journal)
    assert say(capsys, dsn, "area", "site-1", "town") == [["1"]]
    assert say(capsys, dsn, "area", "site-2", "town") == [["0"]]
    assert areas_of(database, ["site-1", "site-2", "site-3"]) == {
        "site-1": "town", "site-2": "town", "site-3": "site-3",
    }  # fmt: skip


def test_a_bundle_is_handed_in_at_the_prompt_and_its_reply_lies_beside_it(
    database: Database, dsn: str, capsys: pytest.CaptureFixture[str], small_site: SmallSite, tmp_path: Path
) -> None:
    folder = tmp_path / "tls"
    folder.mkdir(mode=0o700)
    path = folder / "authority.pem"
    write_pair(path, AUTHORITY.certificate, AUTHORITY.key).replace(path)
    carried = CarriedSite(small_site, database)
    bundle = tmp_path / "one.vxb"
    bundle.write_bytes(carried.pack().data)
    database.execute("update device_certificate set expires_at = now() + interval '1 day'")
    ((written,),) = say(capsys, dsn, "hand-in", str(bundle), "--tls", str(folder))
    waiting = carried.waiting()
    assert carried.take(Path(written).read_bytes()).receipts == waiting == carried.held()
    (act,) = database.execute("select name, act, subject from operator_act").fetchall()
    assert act == ("server.admin", "bundle_handed_in", "one.vxb")
    assert main(["--dsn", dsn, "hand-in", str(tmp_path / "gone.vxb"), "--tls", str(folder)]) == 1
    assert "gone.vxb: No such file" in capsys.readouterr().err
    bundle.write_bytes(b"torn")
    assert main(["--dsn", dsn, "hand-in", str(bundle), "--tls", str(folder)]) == 1
    assert "BundleDamaged" in capsys.readouterr().err
