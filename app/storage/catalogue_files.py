"""Catalogues as files: the one that ships and those a centre for disease control hands out."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from app.domain.catalogue import Product
from app.domain.refusals import Refusal
from app.storage.catalogue import read_product

FOLDER = Path(__file__).parents[2] / "resources" / "catalogue"
SHIPPED = FOLDER / "practice.json"
"""Invented products, for practice and trial."""


@dataclass(unsafe_hash=True)
class CatalogueUnreadable(Refusal):
    """A file that is no catalogue of products, or says something impossible of one; ``at`` is its code."""

    at: str


def read_catalogue(file: Path) -> list[Product]:
    """Return the products of a file; raises CatalogueUnreadable."""
    try:
        bodies = json.loads(file.read_text("utf-8"))["products"]
    except (OSError, ValueError, KeyError, TypeError):
        raise CatalogueUnreadable("") from None
    if not isinstance(bodies, list) or not bodies:
        raise CatalogueUnreadable("")
    return [_read(body) for body in bodies]


def _read(body: object) -> Product:
    at = str(body.get("product_code", "")) if isinstance(body, dict) else ""
    try:
        assert isinstance(body, dict)
        product = read_product(body)
    except (AssertionError, KeyError, TypeError, ValueError):
        raise CatalogueUnreadable(at) from None
    if not product.product_code or product.vaccine_code not in _kinds() or product.doses_per_pack < 1:
        raise CatalogueUnreadable(at)
    return product


@cache
def _kinds() -> frozenset[str]:
    """Return the kinds of vaccine that schedules and records know."""
    said = json.loads((FOLDER / "vaccines.json").read_text("utf-8"))
    return frozenset(kind["vaccine_code"] for kind in said["vaccines"])
