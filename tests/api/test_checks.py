"""Guard and triage over HTTP."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

Headers = dict[str, str]


def test_a_text_is_checked(client: TestClient, agent: Headers) -> None:
    body = {"id": "c1", "text": "Write to help@shop.example, please.", "marketplace": "UK"}
    answer = client.post("/v1/guard/check", json=body, headers=agent)
    found = answer.json()
    assert answer.status_code == 200
    assert found.keys() == {"id", "verdict", "grounding", "pack", "findings"}
    assert found["id"] == "c1"
    assert found["verdict"] == "blocked"
    assert found["grounding"] == "not_checked"
    [finding] = [finding for finding in found["findings"] if finding["rule"] == "AMZ-12"]
    assert body["text"][finding["start"] : finding["end"]] == finding["evidence"] == "help@shop.example"


def test_passages_switch_grounding_on(client: TestClient, agent: Headers) -> None:
    body = {
        "text": "You can return it within 30 days.",
        "marketplace": "UK",
        "passages": [{"text": "You can return any item within 30 days."}],
        "attachments": ["manual.pdf"],
        "kind": "reply",
    }
    found = client.post("/v1/guard/check", json=body, headers=agent).json()
    assert found["grounding"] == "checked"


def test_a_message_is_triaged(client: TestClient, agent: Headers) -> None:
    body = {
        "id": "t1",
        "text": "Where is my parcel? It should have been here on Monday.",
        "marketplace": "UK",
    }
    answer = client.post("/v1/triage", json=body, headers=agent)
    found = answer.json()
    assert answer.status_code == 200
    assert found.keys() == {
        "id", "tier", "intents", "risk_flags", "sentiment", "language", "route", "reasons"
    }  # fmt: skip
    assert (found["id"], found["tier"], found["language"], found["route"]) == ("t1", 1, "en", "agent")
    assert found["intents"][0].keys() == {"name", "confidence"}


@pytest.mark.parametrize("path", ["/v1/guard/check", "/v1/triage"])
@pytest.mark.parametrize("body", [{}, {"text": None}, {"text": 1}, {"text": "x", "more": 1}])
def test_bad_bodies_are_refused(client: TestClient, agent: Headers, path: str, body: Any) -> None:
    assert client.post(path, json=body, headers=agent).status_code == 422
