"""What we agreed on, a machine checks (docs/architecture.md, *Ten habits*)."""

import ast
import gc
import re
import statistics
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TypeVar

import pytest

from app.storage.projections import PROJECTIONS

ROOT = Path(__file__).parents[1]
LONGEST_FILE, LONGEST_FUNCTION = 400, 60
MEDIAN_FILE, MEDIAN_FUNCTION = 120, 8
PROGRAM = ("app", "server")
Kind = TypeVar("Kind", bound=ast.AST)


@cache
def tracked() -> tuple[Path, ...]:
    """Return every file of the repository, with its path from the root."""
    names = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.split("\0")
    return tuple(Path(name) for name in names if name and (ROOT / name).is_file())


@cache
def texts() -> dict[Path, str]:
    """Return every file that is text."""
    contents = {path: (ROOT / path).read_bytes() for path in tracked()}
    return {
        path: content.decode("utf-8")
        for path, content in contents.items()
        if b"\0" not in content[:8000] and path.suffix not in (".svg", ".ttf")
    }


def sources(*rooms: str) -> dict[Path, str]:
    """Return the Python files of some rooms, of all without a name."""
    return {
        path: text
        for path, text in texts().items()
        if path.suffix == ".py" and (not rooms or path.parts[0] in rooms)
    }


@cache
def parsed() -> dict[Path, list[ast.AST]]:
    """Return every node of each file of the program, the module first; parsed and walked once for all."""
    gc.disable()  # half a million nodes that stay
    found = {path: list(ast.walk(ast.parse(text))) for path, text in sources(*PROGRAM).items()}
    gc.freeze()
    gc.enable()
    return found


def nodes(kind: type[Kind], *room: str) -> Iterator[tuple[Path, Kind]]:
    """Yield the nodes of a kind in a room of the program, with their files."""
    for path, found in parsed().items():
        if path.parts[: len(room)] == room:
            yield from ((path, node) for node in found if isinstance(node, kind))


def functions() -> Iterator[tuple[Path, ast.FunctionDef | ast.AsyncFunctionDef]]:
    yield from nodes(ast.FunctionDef)
    yield from nodes(ast.AsyncFunctionDef)


def run(*words: str) -> str:
    """Return what a tool has to say, nothing when it is content."""
    done = subprocess.run([sys.executable, "-m", *words], cwd=ROOT, capture_output=True, text=True)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def test_imports_run_downhill() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_the_code_is_tidy() -> None:
    assert run("ruff", "check", ".") == ""
    assert run("ruff", "format", "--check", ".") == ""


def test_no_file_is_too_long() -> None:
    long = {path: len(text.splitlines()) for path, text in sources().items()}
    assert {str(path): lines for path, lines in long.items() if lines > LONGEST_FILE} == {}
    program = [lines for path, lines in long.items() if path.parts[0] in PROGRAM]
    assert statistics.median(program) <= MEDIAN_FILE


def test_no_function_is_too_long() -> None:
    lengths = {f"{path}:{node.name}": (node.end_lineno or 0) - node.lineno + 1 for path, node in functions()}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FUNCTION} == {}
    assert statistics.median(lengths.values()) <= MEDIAN_FUNCTION


def test_every_module_says_in_a_sentence_what_it_is() -> None:
    sentence = re.compile(r'(?:#.*\n|\s)*"""[^\s"]')
    assert [str(path) for path, text in sources().items() if not sentence.match(text)] == []


def test_every_class_and_public_function_of_the_program_says_what_it_is() -> None:
    silent = [
        f"{path}:{node.name}"
        for path, module in nodes(ast.Module)
        for node in module.body
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and (isinstance(node, ast.ClassDef) or not node.name.startswith("_"))
        and not ast.get_docstring(node)
    ]
    assert silent == []


def test_there_is_no_drawer_for_everything() -> None:
    drawers = {"utils", "util", "misc", "common", "helpers", "shared"}
    assert [str(path) for path in tracked() if drawers & {*path.parts[:-1], path.stem}] == []


ELSEWHERE = {
    "a path of one machine": re.compile(r"/(?<![\w.]/)(?:work|root|home|Users)/[a-z]"),
    "a package registry": re.compile(
        r"https?://\S*(?:pypi|pythonhosted|npmjs|artifactory|nexus|devpi|registry)", re.IGNORECASE
    ),
    "an issue or a pull request": re.compile(
        r"\b(?:issues?|PR|pull request|fix(?:es|ed)?|close[sd]?)\s*#\d+|/(?:issues|pull)/\d+", re.IGNORECASE
    ),
    "work left over": re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b"),
}


@pytest.mark.parametrize("what", ELSEWHERE)
def test_the_repository_speaks_of_the_product_alone(what: str) -> None:
    this = Path(__file__).relative_to(ROOT)
    found = [
        f"{path}: {match[0]}"
        for path, text in texts().items()
        if path != this
        for match in ELSEWHERE[what].finditer(text)
    ]
    assert found == []


SQL = re.compile(
    r"\s*(?:select\s.+\sfrom\s|insert\s+(?:or\s+\w+\s+)?into\s|update\s+\w+\s+set\s|delete\s+from\s"
    r"|create\s+(?:table|index|trigger)\s|pragma\s+\w)",
    re.IGNORECASE | re.DOTALL,
)


def test_sql_is_written_in_the_storage_and_at_the_centre_alone() -> None:
    found = [
        f"{path}: {node.value[:40]}"
        for path, node in nodes(ast.Constant, "app")
        if isinstance(node.value, str) and path.parts[1] != "storage" and SQL.match(node.value)
    ]
    assert found == []


def test_the_domain_asks_nobody_for_the_time_or_for_chance() -> None:
    """Habit 2: time, identity and randomness come in as arguments."""
    asking = {"now", "today", "utcnow", "time", "monotonic", "urandom", "uuid4", "uuid1", "randbytes", "open"}
    found = [
        f"{path}:{node.lineno}"
        for path, node in nodes(ast.Call, "app", "domain")
        if getattr(node.func, "attr", getattr(node.func, "id", "")) in asking
    ]
    assert found == []


def test_every_refusal_is_a_statement_with_facts_and_no_prose() -> None:
    """Habit 3; not frozen, because context managers write on an exception that passes."""
    classes = [
        (path, node)
        for path, node in nodes(ast.ClassDef)
        if any(ast.unparse(base) == "Refusal" for base in node.bases)
    ]
    otherwise = [
        f"{path}:{node.name}"
        for path, node in classes
        if [ast.unparse(mark) for mark in node.decorator_list] != ["dataclass(unsafe_hash=True)"]
    ]
    assert otherwise == []
    assert len(classes) > 50


def glossary(from_heading: str = "", to_heading: str = "\0") -> set[str]:
    """Return the words in the first column of the tables of docs/glossary.md, between two headings."""
    text = (ROOT / "docs/glossary.md").read_text("utf-8")
    part = text[text.index(from_heading) :].split(to_heading)[0]
    rows = [line.split("|")[1] for line in part.splitlines() if line.startswith("| `")]
    return {word for row in rows for word in re.findall(r"`([^`]+)`", row)}


def test_every_word_of_the_glossary_is_used_in_the_code() -> None:
    words = glossary(to_heading="## Kinds of events")
    code = re.sub("#.*", "", "\n".join(sources(*PROGRAM).values())).lower()
    assert len(words) > 40
    assert {word for word in words if word not in code} == set()


def test_the_glossary_lists_every_kind_of_event() -> None:
    appended = {
        node.args[0].value
        for _, node in nodes(ast.Call, "app")
        if getattr(node.func, "attr", "") == "append"
        and len(node.args) >= 2
        and isinstance(node.args[0], ast.Constant)
    }
    assert glossary(from_heading="## Kinds of events") == appended
    assert set(PROJECTIONS) <= appended
