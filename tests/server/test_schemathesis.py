"""Schemathesis reads the description and asks each endpoint of a running centre what it allows, and more."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from server.openapi import DEVICE, describe
from server.operator.forms import COOKIE, csrf_token
from tests.server.centre_process import CentreProcess
from tests.server.operator.visitor import Visitor, put_operator
from tests.server.test_openapi import SLOW
from tests.sync.local_journal import LocalJournal

CHECKS = [not_a_server_error, status_code_conformance, response_schema_conformance]
OF_FRAMES = "application/octet-stream"
"""A frame says by its first bytes what it is and spares the header: answers are shorter by it."""
OPERATIONS: list[Any] = [
    result.ok()  # type: ignore[union-attr]  # the description is served and read, so it is whole
    for result in schemathesis.openapi.from_dict(describe()).get_all_operations()
]
OF_PRACTICE = {"/v1/summary"}
ASKED = [each for each in OPERATIONS if each.path not in SLOW | OF_PRACTICE]
"""Those that look at passwords, which is slow, or end the session are asked by ``test_openapi.py``."""


@pytest.fixture
def clients(shared_centre: CentreProcess) -> Iterator[dict[str, httpx.Client]]:
    """Return by port who asks: an enrolled device, a signed-in operator."""
    visitor = Visitor(shared_centre.operator_url)
    with shared_centre.database() as database:
        database.execute("delete from operator")
        put_operator(database)
        visitor.wear(database, datetime.now(UTC))
    with shared_centre.client(shared_centre.identity_of(LocalJournal(seed=43))) as device:
        yield {"device": device, "operator": visitor.client}
    visitor.close()


@pytest.mark.long
@pytest.mark.parametrize("operation", ASKED, ids=lambda operation: operation.label)
def test_every_answer_is_as_described(clients: dict[str, httpx.Client], operation: Any) -> None:
    """Sync.md, *Bad input*: whatever the description lets through gets an answer it tells of."""
    tags = operation.definition.raw["tags"]
    client = clients["device" if DEVICE in tags else "operator"]

    @settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(operation.as_strategy())
    def ask(case: Any) -> None:
        if isinstance(case.body, dict) and COOKIE in client.cookies:
            case.body["csrf"] = csrf_token(client.cookies[COOKIE])
        given_ = case.as_transport_kwargs(base_url=str(client.base_url).rstrip("/"))
        sent = {name: given_[name] for name in ("method", "url", "params", "headers") if given_.get(name)}
        body = given_.get("data")
        if isinstance(body, dict | list):
            sent["data"] = dict(body)
        elif body is not None:
            sent["content"] = body
        answer = client.request(**sent)
        frames = case.media_type == OF_FRAMES
        case.validate_response(answer, checks=CHECKS if frames else [*CHECKS, content_type_conformance])

    ask()
