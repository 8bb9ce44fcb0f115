"""The catalogue that ships: kinds that the packs know, every code once, nothing unsigned called verified."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import validators

from app.domain.catalogue import PackLevel, Product, Route
from app.domain.codes import check_gtin
from app.practice.site import products
from app.storage.schedules import read_packs

CATALOGUE = Path(__file__).parents[2] / "resources" / "catalogue"
PRODUCTS = products()


def content(name: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((CATALOGUE / name).read_text("utf-8"))
    return read


KINDS = {kind["vaccine_code"]: kind for kind in content("vaccines.json")["vaccines"]}


@pytest.mark.parametrize("name", ["vaccines.json", "practice.json"])
def test_a_file_is_as_its_schema_says(name: str) -> None:
    said = content(name)
    schema = content(said["$schema"])
    kind = validators.validator_for(schema)
    kind.check_schema(schema)
    kind(schema).validate(said)


def test_the_packs_and_the_catalogue_speak_of_the_same_kinds() -> None:
    for pack in read_packs()[0]:
        for vaccine in pack.vaccines:
            kind = KINDS[vaccine.code]
            told = (kind["vaccine_name"], kind["form"], kind["given"])
            assert told == (vaccine.title, vaccine.form, vaccine.given), vaccine.code


@pytest.mark.parametrize("product", PRODUCTS, ids=lambda product: product.product_code)
def test_a_product_is_of_a_known_kind_and_agrees_with_it(product: Product) -> None:
    kind = KINDS[product.vaccine_code]
    assert product.live == (kind["form"] == "live")
    assert product.programme == kind["programme"]
    assert (product.route is Route.ORAL) == (kind["given"] == "oral")
    assert product.body_site in product.body_sites


def test_no_code_names_two_packs() -> None:
    codes = [one for product in PRODUCTS for one in product.identifications]
    for named in ([one.gtin for one in codes], [one.code_prefix for one in codes]):
        assert len(set(named)) == len(named)
    assert {one.level for one in codes} == set(PackLevel)
    assert all(check_gtin(one.gtin or "") == one.gtin for one in codes)


def test_nothing_calls_itself_verified() -> None:
    assert not any(product.verified for product in PRODUCTS)
    assert not any(kind["verified"] for kind in KINDS.values())
