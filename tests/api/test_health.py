"""Health, readiness, figures."""

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.engine import make_url

from api.errors import places_of
from assistant.bootstrap import App
from assistant.readiness import Part, Readiness
from assistant.vocabulary import Role
from knowledge_base.errors import KnowledgeUnavailable


def test_health_and_readiness_need_no_key(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    ready = client.get("/readyz")
    assert ready.status_code == 200
    assert ready.json()["status"] == "ready"
    assert ready.json()["parts"]["database"] == {"ok": True, "state": "reachable"}


def test_not_ready_says_which_part(client: TestClient, desk: App, monkeypatch: pytest.MonkeyPatch) -> None:
    fine, broken = Part(True, "reachable"), Part(False, "not reachable: refused")
    monkeypatch.setattr(desk.service, "ready", lambda: Readiness(fine, fine, broken))
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"] == "model: not reachable: refused"
    assert answer.json()["parts"]["model"] == {"ok": False, "state": "not reachable: refused"}


def test_strangers_learn_no_place_of_this_installation(
    client: TestClient,
    desk: App,
    agent: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    home, fine = str(desk.settings.home.resolve()), Part(True, "reachable")
    said = f"the database {desk.engine.url.database} or its disk is full"
    monkeypatch.setattr(desk.service, "ready", lambda: Readiness(Part(False, said), fine, fine))

    def fail(_: object) -> None:
        raise KnowledgeUnavailable(f"the vectors in {home}/vectors are in use by another process")

    monkeypatch.setattr(desk.service, "search", fail)
    ready = client.get("/readyz")
    search = client.get("/v1/knowledge/search?query=x", headers=agent)
    assert (ready.status_code, search.status_code) == (503, 503)
    assert "REPLYDESK_HOME/replydesk.sqlite3 or its disk is full" in ready.json()["detail"]
    assert ready.json()["parts"]["database"]["state"].startswith("the database REPLYDESK_HOME/")
    assert search.json()["detail"] == "the vectors in REPLYDESK_HOME/vectors are in use by another process"
    assert home not in ready.text + search.text
    assert f"{home}/replydesk.sqlite3" in caplog.text
    assert f"{home}/vectors" in caplog.text


def test_a_database_elsewhere_is_called_by_its_setting(desk: App) -> None:
    url = make_url("postgresql+psycopg://rd:secret@db.internal/desk")
    named = dict(places_of(replace(desk, engine=SimpleNamespace(url=url))))  # type: ignore[arg-type]
    assert named["postgresql+psycopg://rd:***@db.internal/desk"] == "REPLYDESK_DATABASE_URL"
    assert set(named.values()) == {"REPLYDESK_HOME", "REPLYDESK_DATABASE_URL"}


def test_figures_count_requests_drafts_and_the_queue(
    client: TestClient, key_of: dict[Role, dict[str, str]], suggest: Callable[..., dict[str, Any]]
) -> None:
    suggest()
    client.get("/nowhere/secret-path")
    client.request("INVENTED", "/healthz")
    text = client.get("/metrics", headers=key_of[Role.ADMIN]).text
    assert 'replydesk_http_requests_total{method="POST",route="/v1/suggestions",status="201"}' in text
    assert 'replydesk_http_requests_total{method="GET",route="unknown",status="404"}' in text
    assert 'method="other"' in text
    assert "INVENTED" not in text
    assert "secret-path" not in text
    assert 'replydesk_http_request_seconds_bucket{le="0.005",method="POST",route="/v1/suggestions"}' in text
    assert 'replydesk_drafts_total{degraded="false",drafter="composer"' in text
    waiting = [line for line in text.splitlines() if 'open_suggestions{status="pending_approval"}' in line]
    assert float(waiting[0].split()[-1]) >= 1
