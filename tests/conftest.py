"""Fixtures every room uses."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from tests.factories import SmallSite

# Nobody's real keyring is touched, by no child process either; keyring takes any backend class it sees.
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"

settings.register_profile("vaxpost", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("vaxpost")


def pytest_collection_finish() -> None:
    """Do not look after every test through what stays: all that was imported."""
    gc.collect()
    gc.freeze()


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
