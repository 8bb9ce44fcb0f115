"""Whatever the program leaves on a disk names nobody who was vaccinated (SEC-4, SEC-5, SEC-6)."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pypinyin import lazy_pinyin

from app.storage import patients
from tests.storage.kept_site import opened
from tests.workflows.copied_site import quick_folder

ROOT = Path(__file__).parents[2]


@pytest.fixture
def root() -> Iterator[Path]:
    with quick_folder() as folder:
        for name in ("tmp", "home", "data"):
            (Path(folder) / name).mkdir()
        yield Path(folder)


@contextmanager
def at_work(root: Path) -> Iterator[None]:
    """A day at work, as far as it goes; at the end it has closed. It may write under ``root`` alone."""
    surroundings = os.environ | {
        "TMPDIR": str(root / "tmp"), "HOME": str(root / "home"), "QT_QPA_PLATFORM": "offscreen",
        "XDG_RUNTIME_DIR": str(root / "tmp"), "CUPS_SERVER": str(root / "tmp" / "none"),
        "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1",
    }  # fmt: skip
    with (root / "stderr").open("w") as errors, subprocess.Popen(
        [sys.executable, "-m", "tests.journeys.day_on_disk", str(root)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True, cwd=ROOT, env=surroundings,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        said = process.stdout.readline()
        assert said == "working\n", (root / "stderr").read_text("utf-8")
        yield
        process.communicate("close\n")
    assert process.returncode == 0, (root / "stderr").read_text("utf-8")


def people(root: Path) -> set[str]:
    """Return everything that names a person of the site: as text, as it is searched, as pinyin."""
    store = opened(root / "data")
    db = store.read()
    words: set[str] = set()
    for (patient_id,) in db.execute("select patient_id from patient").fetchall():
        patient = patients.get_patient(db, patient_id)
        words |= {patient.name, patient.document_number, patient.phone, patient.address}
        words |= {"".join(lazy_pinyin(patient.name)), " ".join(lazy_pinyin(patient.name))}
        if patient.guardian:
            words |= {patient.guardian.name, patient.guardian.phone}
    (count,) = db.execute("select count(*) from patient").fetchone()
    assert count == 31
    store.close()
    return {word for word in words if len(word.encode()) >= 6}


def found(root: Path, files: dict[Path, bytes], words: set[str]) -> set[tuple[str, str]]:
    """Return which words stand in which files, or in their names, in UTF-8 or either UTF-16.

    Megabytes of ciphertext hold any four bytes by chance, so a needle of four (a name of two characters in
    UTF-16) is not looked for in the encrypted store: six and more are, by chance once in a million runs.
    """
    hits: set[tuple[str, str]] = set()
    needles = [(word, word.encode(code)) for word in words for code in ("utf-8", "utf-16-le", "utf-16-be")]
    needles += [(word, json.dumps(word)[1:-1].encode()) for word in words]
    for path, content in files.items():
        name = str(path.relative_to(root))
        searched = content + b"\0" + name.encode()
        shortest = 6 if path.name.startswith("store-") else 4
        hits |= {(word, name) for word, needle in needles if len(needle) >= shortest and needle in searched}
    return hits


def files_of(root: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_no_file_of_a_day_at_work_names_anybody(root: Path) -> None:
    with at_work(root):
        meanwhile = files_of(root)
    left = files_of(root)
    assert [path.name for path in {*left, *meanwhile} if path.suffix == ".pdf"] == [], "paper is in no file"
    bugs = (root / "stderr").read_text("utf-8")
    assert bugs.count("A bug;") == 2
    assert "day_on_disk.py" in bugs, "a bug says where"
    words = people(root)
    assert len(words) > 120
    assert found(root, left, words) == set()
    assert any(content for path, content in meanwhile.items() if path.name.endswith("-wal"))
    other = {path: content for path, content in meanwhile.items() if left.get(path) != content}
    assert found(root, other, words) == set(), "nor while it was at work"
    word = sorted(words)[0]
    control = {root / "control": f"x{word}x".encode("utf-16")}
    assert found(root, control, words) == {(word, "control")}, "and it would have been found"
