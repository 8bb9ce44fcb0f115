"""Fixtures every room uses."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from app.ui.kit.theme import dress_application
from tests.factories import SmallSite
from tests.patience import PatientBot
from tests.quick_passwords import stretched_a_little
from tests.ui.looking import LONG, paint_unseen

# Nobody's real keyring is touched, by no child process either; keyring takes any backend class it sees.
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"

gc.disable()  # until all is imported: nothing of it goes away

_COMMON = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("each time", _COMMON, max_examples=30, derandomize=True)
settings.register_profile(LONG, _COMMON, max_examples=400)


def pytest_configure(config: pytest.Config) -> None:
    """Try the same examples of every law each time, and new ones in the long run."""
    settings.load_profile("each time" if config.option.markexpr == "not long" else LONG)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Do without what the short run only imports: schemathesis alone takes as long as thirty other files."""
    return (config.option.markexpr == "not long" and collection_path.name == "test_schemathesis.py") or None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what mostly waits: the other workers take over what stands behind it."""
    items.sort(key=lambda item: item.get_closest_marker("waits") is None)


def pytest_collection_finish() -> None:
    """Do not look after every test through what stays: all that was imported."""
    gc.collect()
    gc.freeze()
    gc.enable()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Paint at the end what nobody has looked at: a page that cannot be painted fails its test."""
    yield
    if "qapp" in getattr(item, "fixturenames", ()):
        for window in QApplication.topLevelWidgets():
            paint_unseen(window)


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Let no test of this process pay for Argon2id; its price is held by tests/storage/test_keys.py."""
    with stretched_a_little():
        yield


@pytest.fixture(scope="session")
def qapp_args() -> list[str]:
    """The style of the program's own application (app/ui/start.py)."""
    return ["vaxpost", "-style", "Fusion"]


@pytest.fixture(scope="session")
def qapp(qapp: QApplication) -> QApplication:
    """The application, dressed as the program's; a test dresses its windows as MainWindow dresses itself."""
    dress_application(qapp)
    return qapp


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> PatientBot:
    """Return pytest-qt's bot, with patience for a slow machine."""
    return PatientBot(request)


@pytest.fixture(autouse=True)
def leave_no_window(request: pytest.FixtureRequest) -> Iterator[None]:
    """Take down what a test of windows leaves, so that the next one finds an empty screen.

    Rings of widgets are collected on the screen thread alone, as in the program (app/ui/collecting.py).
    """
    if "qapp" not in request.fixturenames:
        yield
        return
    gc.disable()
    yield
    for window in QApplication.topLevelWidgets():
        window.close()
        window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    gc.freeze()
    gc.enable()


@pytest.fixture
def small_site(tmp_path: Path) -> Iterator[SmallSite]:
    """A practice site of thirty people on a real encrypted store."""
    site = SmallSite(tmp_path)
    yield site
    site.close()
