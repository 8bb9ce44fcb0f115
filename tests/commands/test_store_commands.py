"""``journal verify`` and ``rebuild`` answer as docs/cli.md and their JSON Schemas say (TRC-1, SEC-3)."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from app.commands import cli
from app.documents.signing import sign
from app.domain.journal import ClockQuality, Json, Stream
from app.domain.signature import signature_body
from app.domain.signed_records import content_of
from app.storage import credentials, journal
from app.storage.journal import Draft
from app.storage.keys import SlotOwner
from app.storage.opening import create_store, open_store
from app.storage.seals import SEAL_KEY
from app.storage.store import Transaction
from tests.commands.founded_folder import found_folder
from tests.schemas import must_fit
from tests.storage.bytes_on_disk import files_of
from tests.strategies import seeded_random

PASSWORD = "lianxi-2026"
WORDS = {"journal verify": ["journal", "verify"], "rebuild": ["rebuild"]}
both = pytest.mark.parametrize("name", WORDS)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a stream and one setting event of a newer program."""
    folder = tmp_path_factory.mktemp("site")
    random = seeded_random(3)
    store = create_store(
        folder, [SlotOwner("u-suwanqing", "苏晚晴", "负责人")], PASSWORD, random, use_keyring=False
    )
    stream = Stream("0190a0b0-0000-7000-8000-000000000001", "00112233445566ff")

    def begin(transaction: Transaction) -> None:
        journal.open_stream(transaction.db, stream, "2026-11-23T01:00:00.000Z")
        draft = Draft("event-1", 1, ClockQuality(1), "x.happened", "1001010001", "台", "u")
        journal.append(transaction.db, draft)

    store.write(begin)
    store.close()
    return folder


@pytest.fixture
def folder(template: Path, tmp_path: Path) -> Path:
    return shutil.copytree(template, tmp_path / "site")


def ask(
    name: str, folder: Path, password: str | None = PASSWORD, staff_id: str = "u-suwanqing", typed: str = ""
) -> tuple[int, dict[str, Any]]:
    words = [*WORDS[name], "--json", "--data", str(folder), "--user", staff_id]
    result = CliRunner(env={"VAXPOST_PASSWORD": password}).invoke(cli, words, input=typed)
    answer = json.loads(result.stdout)
    must_fit(answer, name.replace(" ", "-"))
    assert result.exit_code == (0 if answer["accepted"] else 1)
    return result.exit_code, answer


def tamper(folder: Path, statement: str) -> None:
    store = open_store(folder, "u-suwanqing", PASSWORD, seeded_random(1), use_keyring=False)
    store.write(lambda transaction: transaction.db.execute(statement))
    store.close()


def test_a_whole_journal_is_counted(folder: Path) -> None:
    status, answer = ask("journal verify", folder)
    assert status == 0
    assert answer["entries"] == 1
    assert answer["streams"] == [
        {
            "device_id": "0190a0b0-0000-7000-8000-000000000001",
            "epoch": "00112233445566ff",
            "entries": 1,
            "current": True,
        }
    ]


def write_consent(folder: Path, **changed: Any) -> None:
    """Write a consent signed on the screen, with these parts of it changed after the signing."""
    body: Json = {
        "encounter_id": "e", "text_id": "t", "text_version": "1", "text_sha256": "0" * 64, "agreed": True,
        "reason": "", "signature": {"name": "欧阳澜", "relation": "母亲"},
    }  # fmt: skip
    content = content_of(body, "p", "0" * 64, "2026-11-23T01:00:00.000Z")
    ink = (tuple((100 + 50 * n, 400, 30 * n) for n in range(30)),)
    body["signature"] |= signature_body(sign(bytes(32), content, ink), content)
    draft = Draft("event-2", 2, ClockQuality(2), "consent.recorded", "s", "台", "u", "p", body | changed)
    store = open_store(folder, "u-suwanqing", PASSWORD, seeded_random(1), use_keyring=False)
    store.write(lambda transaction: journal.append(transaction.db, draft))
    store.close()


def test_signatures_drawn_on_the_screen_are_counted_and_whose_key_signed_them(folder: Path) -> None:
    """VER-6: support staff see years later whether what was signed still stands."""
    assert ask("journal verify", folder)[1]["signatures"] == 0
    write_consent(folder)
    answer = ask("journal verify", folder)[1]
    assert (answer["signatures"], answer["signatures_by_other_keys"]) == (1, 1)
    tamper(folder, f"insert into secret values ('{SEAL_KEY}', zeroblob(32))")
    answer = ask("journal verify", folder)[1]
    assert (answer["signatures"], answer["signatures_by_other_keys"]) == (1, 0)


def test_a_record_that_is_not_what_was_signed_is_named_though_the_chain_is_whole(folder: Path) -> None:
    write_consent(folder, agreed=False)
    status, answer = ask("journal verify", folder)
    assert (status, answer["refusal"]) == (1, "RecordedSignatureBroken")
    assert answer["facts"] == {"event_id": "event-2", "seq": 2, "what": "consent"}


@both
def test_a_broken_chain_is_refused_with_its_place(name: str, folder: Path) -> None:
    tamper(folder, "update stream set head_seq = 2")
    status, answer = ask(name, folder)
    assert (status, answer["refusal"], answer["facts"]["seq"]) == (1, "ChainBroken", 1)
    assert answer["message"]


def test_rebuilding_says_which_tables_had_been_wrong(folder: Path) -> None:
    assert ask("rebuild", folder) == (0, {"accepted": True, "kind": "rebuild", "events": 1, "changed": []})
    tamper(folder, "insert into staff values ('u-forged', '某人', '', '[]', 0)")
    assert ask("rebuild", folder)[1]["changed"] == ["staff"]
    assert ask("rebuild", folder)[1]["changed"] == []


def test_a_damaged_page_is_found(folder: Path) -> None:
    file = folder / "store.db"
    content = bytearray(file.read_bytes())
    content[-2000:-1990] = bytes(10)
    file.write_bytes(content)
    assert ask("journal verify", folder)[1]["refusal"] == "StoreUnreadable"


@both
def test_a_folder_that_takes_no_file_is_refused(name: str, folder: Path) -> None:
    """SEC-2: the try at the password is counted before it is made, or it is not made."""
    (folder / "attempts.new").mkdir()
    assert ask(name, folder)[1]["refusal"] == "TriesUnwritable"


@both
def test_what_does_not_open_is_refused_and_left(name: str, folder: Path, tmp_path: Path) -> None:
    before = files_of(folder)
    assert ask(name, folder, password="wrong")[1]["refusal"] == "PasswordWrong"
    assert ask(name, folder, staff_id="u-nobody")[1]["refusal"] == "PasswordWrong"
    assert ask(name, tmp_path / "nowhere")[1]["refusal"] == "KeyFileMissing"
    left = files_of(folder)
    assert left.pop("attempts.json") != before.pop("attempts.json"), "the wrong tries are counted"
    assert left == before
    assert not (tmp_path / "nowhere").exists()


@both
def test_the_password_is_asked_on_the_terminal_when_it_is_not_in_the_environment(
    name: str, folder: Path
) -> None:
    assert ask(name, folder, password=None, typed=PASSWORD + "\n")[0] == 0
    assert ask(name, folder, password=None, typed="wrong\n")[1]["refusal"] == "PasswordWrong"


@both
def test_the_answer_for_people_is_in_words(name: str, folder: Path) -> None:
    words = [*WORDS[name], "--data", str(folder), "--user", "u-suwanqing"]
    result = CliRunner(env={"VAXPOST_PASSWORD": PASSWORD}).invoke(cli, words)
    assert result.exit_code == 0
    assert "日志" in result.stdout
    assert "{" not in result.stdout


@pytest.mark.parametrize(
    "words", [["journal", "verify"], ["journal", "verify", "--data", "x"], ["rebuild"], ["journal", "x"]]
)
def test_a_wrong_call_ends_with_two(words: list[str]) -> None:
    result = CliRunner(env={"VAXPOST_PASSWORD": PASSWORD}).invoke(cli, words)
    assert result.exit_code == 2
    assert result.stdout == ""


def test_nothing_secret_is_said(folder: Path) -> None:
    for name in WORDS:
        assert PASSWORD not in json.dumps(ask(name, folder)[1], ensure_ascii=False)


@both
def test_a_password_somebody_else_gave_opens_nothing_here_until_it_is_changed(
    name: str, tmp_path: Path
) -> None:
    """SEC-2: the window asks for a new one before anything else; this is no way round it."""
    folder = found_folder(tmp_path)
    assert ask(name, folder)[0] == 0
    store = open_store(folder, "u-suwanqing", PASSWORD, seeded_random(1), use_keyring=False)
    at = "2026-11-23T01:00:00.000Z"
    store.write(
        lambda t: credentials.put_password(
            t.db, "u-suwanqing", at, "1$8$1$c2FsdA==$aGFzaA==", must_change=True
        )
    )
    store.close()
    assert ask(name, folder)[1]["refusal"] == "PasswordMustChange"
