"""A browser in a process of its own: Qt's Chromium without a screen, told line by line what to do.

Apart from the tests' process, for Chromium has to be there before any Qt application is.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

ROOT = Path(__file__).parents[3]
SMALL, LARGE = (1366, 768), (1920, 1080)
"""Screens in px."""
DRAWN_MS = 700
"""For a picture only: what is drawn comes a moment after it is loaded, and nothing tells when."""
SURROUNDINGS = {
    "QT_QPA_PLATFORM": "offscreen",
    "QTWEBENGINE_DISABLE_SANDBOX": "1",
    "QTWEBENGINE_CHROMIUM_FLAGS": "--disable-gpu --in-process-gpu --no-proxy-server --lang=zh-CN",
}


class Chromium:
    """The browser as a test holds it; every call returns when the browser has done it."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__],
            cwd=ROOT,
            env=os.environ | SURROUNDINGS,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        return self

    def __exit__(self, *raised: object) -> None:
        self._process.communicate(timeout=20)

    def resize(self, size: tuple[int, int]) -> None:
        """Let what is opened from now on be seen on a screen of another size."""
        self._tell("resize", json.dumps(size))

    def open(self, url: str) -> None:
        """Go to a page and wait until it is loaded."""
        self._tell("open", url)

    def script(self, code: str) -> Any:
        """Return what a JavaScript expression gives."""
        return self._tell("script", code)

    def follow(self, code: str) -> None:
        """Do what leads to another page, as a JavaScript statement, and wait until that is loaded."""
        self._tell("follow", code)

    def fetch(self, code: str, folder: Path) -> Path:
        """Do what brings a file, as a JavaScript statement, and return where in a folder it lies."""
        return Path(self._tell("fetch", code, str(folder)))

    def grab(self, path: Path) -> None:
        """Keep a picture of what is seen of the page."""
        self._tell("grab", str(path))

    def _tell(self, word: str, *what: str) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps([word, *what]) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, "the browser has ended"
        done, value = json.loads(answer)
        assert done, f"{word} {what}"
        return value


def main() -> None:
    """Do what standard input says, one line at a time, until it ends."""
    from PySide6.QtCore import QEventLoop, Qt, QTimer, QUrl
    from PySide6.QtWebEngineWidgets import QWebEngineView
    from PySide6.QtWidgets import QApplication

    application = QApplication(sys.argv)
    view = QWebEngineView()
    view.resize(*SMALL)
    view.show()
    page = view.page()

    def wait(begin: Any, signal: Any = None) -> Any:
        """Run until ``begin`` has called back, or the signal came."""
        loop, got = QEventLoop(), list[Any]()

        def come(value: Any) -> None:
            got.append(value)
            loop.quit()

        if signal is not None:
            signal.connect(come, Qt.ConnectionType.SingleShotConnection)
        begin(come)
        QTimer.singleShot(20_000, loop.quit)
        if not got:
            loop.exec()
        return got[0] if got else None

    def fetch(code: str, folder: str) -> str:
        """Return where the file lies that a statement brings."""
        file = wait(lambda _: page.runJavaScript(code), page.profile().downloadRequested)
        file.setDownloadDirectory(folder)
        wait(lambda _: file.accept(), file.isFinishedChanged)
        return str(Path(folder) / file.downloadFileName())

    def script(code: str) -> Any:
        told = wait(lambda come: page.runJavaScript(f"JSON.stringify({code})", come))
        return json.loads(told) if told else None

    def grab(path: str) -> bool:
        wait(lambda come: QTimer.singleShot(DRAWN_MS, lambda: come(True)))
        return view.grab().save(path)

    words: dict[str, Callable[..., Any]] = {
        "open": lambda url: wait(lambda _: view.load(QUrl(url)), view.loadFinished),
        "follow": lambda code: wait(lambda _: page.runJavaScript(code), view.loadFinished),
        "resize": lambda size: view.resize(*json.loads(size)),
        "script": script,
        "fetch": fetch,
        "grab": grab,
    }
    for line in sys.stdin:
        word, *given = json.loads(line)
        value = words[word](*given)
        done = word in ("script", "resize") or bool(value)
        sys.stdout.write(json.dumps([done, value]) + "\n")
        sys.stdout.flush()
    view.close()
    view.deleteLater()
    page.deleteLater()
    application.processEvents()


if __name__ == "__main__":
    main()
