"""Size limit, headers, log line."""

import asyncio
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from starlette.types import Receive, Scope, Send

from api.middleware import AccessLog, BodyLimit, Faults, SecurityHeaders


def _chunks(size: int) -> Iterator[bytes]:
    yield b'{"marketplace": "DE", "text": "'
    for _ in range(size // 1_000):
        yield b"x" * 1_000
    yield b'"}'


def test_a_declared_length_above_the_limit_is_refused(client: TestClient, agent: dict[str, str]) -> None:
    answer = client.post("/v1/guard/check", json={"text": "x" * 21_000, "marketplace": "DE"}, headers=agent)
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"
    assert "20000 bytes" in answer.json()["detail"]


def test_a_streamed_body_above_the_limit_is_refused(client: TestClient, agent: dict[str, str]) -> None:
    headers = {**agent, "Content-Type": "application/json"}
    answer = client.post("/v1/guard/check", content=_chunks(30_000), headers=headers)
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"
    assert client.post("/v1/guard/check", content=_chunks(3_000), headers=headers).status_code == 200


@pytest.mark.parametrize("path", ["/healthz", "/nowhere", "/v1/suggestions"])
def test_every_answer_has_its_security_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "access-control-allow-origin" not in headers


def test_other_origins_are_not_let_in(client: TestClient) -> None:
    headers = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST"}
    answer = client.options("/v1/suggestions", headers=headers)
    assert answer.status_code == 405
    assert "access-control-allow-origin" not in answer.headers


def test_the_log_line_tells_the_route_and_no_more(
    client: TestClient, agent: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        client.get("/v1/suggestions/01SECRETID", headers=agent)
        client.post("/v1/triage", json={"text": "hush hush"}, headers=agent)
    lines = [record.getMessage() for record in caplog.records if record.name == "api.access"]
    assert [line.split(" ms=")[0] for line in lines] == [
        "method=GET route=/v1/suggestions/{suggestion_id} status=404",
        "method=POST route=/v1/triage status=200",
    ]
    ours = " ".join(record.getMessage() for record in caplog.records if record.name.startswith("api"))
    assert "hush" not in ours
    assert "01SECRETID" not in ours
    assert agent["Authorization"].removeprefix("Bearer ") not in caplog.text


class _Echo:
    """The innermost application: notes what reaches it."""

    def __init__(self) -> None:
        self.scopes: list[str] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scopes.append(scope["type"])


def test_what_is_no_http_passes_through() -> None:
    inner = _Echo()
    outer = AccessLog(SecurityHeaders(Faults(BodyLimit(inner, most=1))), observe=lambda *_: None)

    async def nothing(*_: object) -> Any:
        return {}

    asyncio.run(outer({"type": "lifespan"}, nothing, nothing))
    assert inner.scopes == ["lifespan"]


def test_a_fault_after_the_answer_has_begun_breaks_the_connection() -> None:
    async def half(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise KeyError("x")

    async def nothing(*_: object) -> Any:
        return {}

    with pytest.raises(KeyError):
        asyncio.run(Faults(half)({"type": "http"}, nothing, nothing))
