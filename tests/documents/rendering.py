"""Paper as a printer and a scanner see it: pages as pictures, their text, their codes."""

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import zxingcpp
from PIL import Image

SCAN_DPI = 150


def pages(pdf: bytes, dpi: int = SCAN_DPI, *options: str) -> list[Image.Image]:
    """Return each page as a grey picture."""
    with TemporaryDirectory() as folder:
        source = Path(folder) / "in.pdf"
        source.write_bytes(pdf)
        command = ["pdftoppm", "-r", str(dpi), "-gray", *options, str(source), str(Path(folder) / "page")]
        subprocess.run(command, check=True)
        found = sorted(path for path in Path(folder).iterdir() if path != source)
        return [Image.open(path).copy() for path in found]


def text(pdf: bytes) -> str:
    """Return the text of a PDF as a reader would copy it, without white space."""
    return "".join(sheet_texts(pdf))


def sheet_texts(pdf: bytes) -> list[str]:
    """Return the text of each sheet, without white space."""
    return ["".join(sheet.split()) for sheet in poppler(pdf, "pdftotext", "{}", "-").split("\f")[:-1]]


def poppler(pdf: bytes, *command: str) -> str:
    """Return what a poppler command says about a PDF, whose file name takes the place of ``{}``."""
    with TemporaryDirectory() as folder:
        source = Path(folder) / "in.pdf"
        source.write_bytes(pdf)
        arguments = [str(source) if part == "{}" else part for part in command]
        return subprocess.run(arguments, check=True, capture_output=True, text=True).stdout


def codes(picture: Image.Image) -> dict[str, str]:
    """Return the codes read from a picture: format name to text."""
    return {str(code.format): code.text for code in zxingcpp.read_barcodes(picture)}


@dataclass(frozen=True)
class Word:
    """A word on a page and its box in points."""

    page: int
    left: float
    top: float
    right: float
    bottom: float
    text: str


def words(pdf: bytes) -> list[Word]:
    """Return the words of a PDF with their places."""
    found, page = [], 0
    pattern = re.compile(r'<word xMin="(.+?)" yMin="(.+?)" xMax="(.+?)" yMax="(.+?)">(.*?)</word>')
    for line in poppler(pdf, "pdftotext", "-bbox", "{}", "-").splitlines():
        page += "<page " in line
        if matched := pattern.search(line):
            left, top, right, bottom = map(float, matched.groups()[:4])
            found.append(Word(page, left, top, right, bottom, matched[5]))
    return found
