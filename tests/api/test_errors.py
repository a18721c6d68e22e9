"""Every error is a problem detail, and says nothing that it should not."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.app import create_app
from api.errors import MEANINGS, meaning_of
from assistant.bootstrap import App
from assistant.domain import Finding, GuardReport
from assistant.errors import Conflict, GuardBlocked, ReplyDeskError, StoreUnavailable
from knowledge_base.errors import KnowledgeError


def _tree(root: type[Exception]) -> Iterator[type[Exception]]:
    yield root
    for child in root.__subclasses__():
        yield from _tree(child)


ALL = [*_tree(ReplyDeskError), *_tree(KnowledgeError)]


@pytest.mark.parametrize("error", ALL, ids=lambda error: error.__name__)
def test_every_class_of_both_trees_has_its_own_entry(error: type[Exception]) -> None:
    assert error in MEANINGS
    assert 400 <= MEANINGS[error].status < 600


def test_an_unknown_subclass_means_what_its_parent_means() -> None:
    class Special(Conflict):
        pass

    assert meaning_of(Special) is MEANINGS[Conflict]


@pytest.fixture
def failing(desk: App) -> FastAPI:
    """An application whose routes raise what they are told to."""
    http = create_app(desk)
    blocked = GuardReport(
        verdict="blocked",
        grounding="checked",
        pack="base@1",
        findings=(
            Finding(rule="AMZ-12", severity="block", start=0, end=3, evidence="a@b", message="address"),
        ),
    )
    faults: dict[str, Exception] = {
        "locked": StoreUnavailable("the database is locked"),
        "blocked": GuardBlocked(blocked),
        "bug": KeyError("the buyer's secret words"),
    }

    @http.get("/fail/{name}")
    def fail(name: str) -> None:
        raise faults[name]

    return http


def _get(http: FastAPI, path: str) -> Any:
    return TestClient(http, raise_server_exceptions=False).get(path)


def test_a_store_that_is_down_asks_to_come_again(failing: FastAPI) -> None:
    answer = _get(failing, "/fail/locked")
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "5"
    assert answer.json()["detail"] == "the database is locked"


def test_a_blocked_text_comes_with_its_findings(failing: FastAPI) -> None:
    answer = _get(failing, "/fail/blocked")
    body = answer.json()
    assert answer.status_code == 409
    assert body["type"] == "urn:replydesk:problem:guard-blocked"
    assert body["verdict"] == "blocked"
    assert [finding["rule"] for finding in body["findings"]] == ["AMZ-12"]


def test_an_unexpected_fault_tells_nothing_but_is_logged(
    failing: FastAPI, caplog: pytest.LogCaptureFixture
) -> None:
    answer = _get(failing, "/fail/bug")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "secret" not in answer.text
    assert "unexpected KeyError" in caplog.text
    assert "secret" not in caplog.text


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/nowhere", 404), ("GET", "/v1/suggestions/", 404), ("DELETE", "/healthz", 405)],
)
def test_addresses_and_methods_that_do_not_exist(
    client: TestClient, method: str, path: str, status: int
) -> None:
    answer = client.request(method, path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == status
    assert answer.json()["detail"]


@pytest.mark.parametrize(
    ("body", "field", "message"),
    [
        ({"text": "x"}, "marketplace", "is missing"),
        ({"text": "x", "marketplace": "DE", "colour": "red"}, "colour", "is not a known field"),
        ({"text": "x", "marketplace": "XX"}, "marketplace", "Input should be"),
        ({"text": "x", "marketplace": "DE", "order": {"order_id": "1"}}, "order.order_id", "should match"),
        ({"text": "x", "marketplace": "DE", "at": "Invalid secret words"}, "at", ""),
        ([], "body", "must be a JSON object"),
    ],
)
def test_a_field_that_cannot_be_taken_is_named(
    client: TestClient, agent: dict[str, str], body: Any, field: str, message: str
) -> None:
    answer = client.post("/v1/guard/check", json=body, headers=agent)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    errors = {error["field"]: error["message"] for error in answer.json()["errors"]}
    assert message in errors[field]
    assert "secret words" not in answer.text


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b'{"text": ', {422}),
        (b'{"text": "\xff"}', {400}),
        (b"[" * 9_000, {400, 422}),  # newer Pythons read deeper before they find that it never ends
        (b'{"text": "\\ud800", "marketplace": "DE"}', {422}),
        (b"", {422}),
    ],
)
def test_broken_json_is_refused(
    client: TestClient, agent: dict[str, str], content: bytes, status: set[int]
) -> None:
    answer = client.post(
        "/v1/guard/check", content=content, headers={**agent, "Content-Type": "application/json"}
    )
    assert answer.status_code in status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert [error["field"] for error in answer.json().get("errors", ())] in ([], ["body"], ["text"])


def test_a_body_that_is_not_declared_as_json_is_refused(client: TestClient, agent: dict[str, str]) -> None:
    answer = client.post("/v1/guard/check", data={"text": "x"}, headers=agent)
    assert answer.status_code == 415


def test_large_input_is_not_sent_back(client: TestClient, agent: dict[str, str]) -> None:
    body = {"text": "x", "marketplace": "DE", "kind": "y" * 10_000, **{f"field{n}": n for n in range(200)}}
    answer = client.post("/v1/guard/check", json=body, headers=agent)
    assert answer.status_code == 422
    assert len(answer.content) < 5_000
    assert len(answer.json()["errors"]) == 20
