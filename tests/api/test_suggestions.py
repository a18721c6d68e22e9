"""Suggestions over HTTP: draft, read, decide."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fastapi.testclient import TestClient

from assistant.vocabulary import Role

Suggest = Callable[..., dict[str, Any]]
Headers = dict[str, str]
KeyOf = dict[Role, dict[str, str]]

HARMLESS = (
    "Guten Tag,\n\nvielen Dank für Ihre Nachricht. Wir verstehen, dass Sie auf Ihr Paket warten, und fragen "
    "beim Zusteller nach.\n\nMit freundlichen Grüßen"
)


def _post(client: TestClient, path: str, body: Any, headers: Headers) -> Any:
    return client.post(f"/v1/suggestions/{path}", json=body, headers=headers)


def test_a_suggestion_holds_all_one_needs(suggest: Suggest, late_parcel: dict[str, Any]) -> None:
    made = suggest()
    assert made["status"] == "pending_approval"
    assert made["message"]["text"] == late_parcel["message"]["text"]
    assert made["order"]["order_id"] == late_parcel["order"]["order_id"]
    assert made["triage"].keys() == {
        "tier", "intents", "risk_flags", "sentiment", "language", "route", "reasons"
    }  # fmt: skip
    assert made["draft"].keys() >= {
        "text", "language", "drafter", "degraded", "model", "prompt", "citations", "outcome", "usage",
        "latency_ms",
    }  # fmt: skip
    assert made["draft"]["usage"].keys() == {"prompt_tokens", "completion_tokens", "cost_usd"}
    assert made["draft"]["language"] == "de"
    assert made["draft"]["drafter"] == "composer"
    assert made["guard"].keys() == {"verdict", "grounding", "pack", "findings"}
    assert made["guard"]["grounding"] == "checked"
    assert made["clock"]["due_at"] == "2026-11-23T08:00:00Z"
    assert made["approval"].keys() == {"required_roles", "reasons", "given"}
    assert isinstance(made["passages"], list)
    assert [step["action"] for step in made["history"]] == ["suggested"]


def test_creation_names_the_address(client: TestClient, agent: Headers, late_parcel: dict[str, Any]) -> None:
    answer = client.post("/v1/suggestions", json=late_parcel, headers=agent)
    found = client.get(answer.headers["location"], headers=agent)
    assert found.status_code == 200
    assert found.json()["id"] == answer.json()["id"]


def test_a_key_with_null_is_no_key(suggest: Suggest) -> None:
    assert suggest(order=None, thread=None, agent_facts=None)["order"] is None


def test_the_thread_is_read_and_shown_with_from(suggest: Suggest) -> None:
    made = suggest(thread=[{"from": "buyer", "text": "Hallo?", "at": "2026-11-21"}])
    assert made["thread"] == [{"from": "buyer", "text": "Hallo?", "at": "2026-11-21T00:00:00Z"}]


def test_the_same_request_with_its_key_gives_the_same_suggestion(
    client: TestClient, agent: Headers, late_parcel: dict[str, Any]
) -> None:
    headers = {**agent, "Idempotency-Key": "order-4711"}
    first = client.post("/v1/suggestions", json=late_parcel, headers=headers)
    again = client.post("/v1/suggestions", json=late_parcel, headers=headers)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json()["id"] == again.json()["id"]
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    other = client.post("/v1/suggestions", json={**late_parcel, "agent_facts": "x"}, headers=headers)
    assert other.status_code == 409


@pytest.mark.parametrize("key", ["", "x" * 256])
def test_an_idempotency_key_has_its_length(
    client: TestClient, agent: Headers, late_parcel: dict[str, Any], key: str
) -> None:
    answer = client.post("/v1/suggestions", json=late_parcel, headers={**agent, "Idempotency-Key": key})
    assert answer.status_code == 422


def test_the_queue_shows_what_is_open_page_by_page(
    client: TestClient, agent: Headers, suggest: Suggest, key_of: KeyOf
) -> None:
    made = [suggest()["id"] for _ in range(5)]
    assert _post(client, f"{made[0]}/reject", {"reason": "wrong"}, agent).status_code == 200
    escalated = {"to": "supervisor", "reason": "please look"}
    assert _post(client, f"{made[1]}/escalate", escalated, agent).status_code == 200
    seen: list[dict[str, Any]] = []
    cursor = ""
    while True:
        page = client.get("/v1/suggestions", params={"limit": 2, "cursor": cursor}, headers=agent).json()
        seen += page["items"]
        cursor = page["next_cursor"]
        if not cursor:
            break
        assert len(page["items"]) == 2
    ids = [item["id"] for item in seen]
    assert len(ids) == len(set(ids))
    assert set(made[1:]) <= set(ids)
    assert made[0] not in ids
    places = [(item["clock"]["due_at"], -item["triage"]["tier"], item["id"]) for item in seen]
    assert places == sorted(places)


def test_the_queue_is_filtered(client: TestClient, agent: Headers, suggest: Suggest) -> None:
    identity = suggest()["id"]
    suggest(message={"text": "Where is my parcel?", "marketplace": "UK"})
    _post(client, f"{identity}/reject", {"reason": "wrong"}, agent)

    def listed(**filters: Any) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = client.get(
            "/v1/suggestions", params={"limit": 200, **filters}, headers=agent
        ).json()["items"]
        return items

    assert {item["status"] for item in listed(status="rejected")} == {"rejected"}
    assert {item["status"] for item in listed(status=["rejected", "pending_approval"])} == {
        "rejected", "pending_approval"
    }  # fmt: skip
    assert {item["message"]["marketplace"] for item in listed(marketplace="uk")} == {"UK"}
    assert {item["triage"]["tier"] for item in listed(tier=1)} <= {1}
    assert listed(assignee="nobody") == []
    assert listed(status="", tier="", marketplace="", assignee="", cursor="")


@pytest.mark.parametrize(
    "query", ["status=lost", "tier=4", "marketplace=XX", "limit=0", "cursor=abc", "colour=red"]
)
def test_a_filter_that_means_nothing_is_refused(client: TestClient, agent: Headers, query: str) -> None:
    answer = client.get(f"/v1/suggestions?{query}", headers=agent)
    assert answer.status_code == 422
    assert query.split("=", maxsplit=1)[0] in answer.json()["detail"]


@pytest.mark.parametrize("identity", ["01ARZ3NDEKTSV4RRFFQ69G5FAV", "%00", "x" * 150])
def test_what_does_not_exist_is_not_found(client: TestClient, agent: Headers, identity: str) -> None:
    answer = client.get(f"/v1/suggestions/{identity}", headers=agent)
    assert answer.status_code == 404


def test_an_agent_approves_an_edited_text(client: TestClient, agent: Headers, suggest: Suggest) -> None:
    made = suggest()
    answer = _post(client, f"{made['id']}/approve", {"text": HARMLESS, "note": "shortened"}, agent)
    assert answer.status_code == 200, answer.text
    assert answer.json()["status"] == "approved"
    assert answer.json()["final_text"] == HARMLESS
    assert answer.json()["history"][-1]["action"] == "approved"
    assert _post(client, f"{made['id']}/reject", {"reason": "too late"}, agent).status_code == 409


def test_a_blocked_text_is_not_approved(client: TestClient, agent: Headers, suggest: Suggest) -> None:
    made = suggest()
    body = {"text": f"{HARMLESS}\nSchreiben Sie uns: service@velanoor.example"}
    answer = _post(client, f"{made['id']}/approve", body, agent)
    problem = answer.json()
    assert answer.status_code == 409
    assert problem["verdict"] == "blocked"
    assert "AMZ-12" in {finding["rule"] for finding in problem["findings"]}
    assert client.get(f"/v1/suggestions/{made['id']}", headers=agent).json()["status"] == "pending_approval"


def test_a_tier_3_case_waits_for_the_supervisor(
    client: TestClient, agent: Headers, key_of: KeyOf, suggest: Suggest
) -> None:
    message = {
        "text": "Das Gerät hat gebrannt, mein Sohn hat sich verletzt. Mein Anwalt wird sich melden.",
        "marketplace": "DE",
    }
    made = suggest(message=message)
    assert made["triage"]["tier"] == 3
    assert set(made["approval"]["required_roles"]) >= {"supervisor", "compliance"}
    text = {"text": made["draft"]["text"], "override_reason": "checked"}
    assert _post(client, f"{made['id']}/approve", text, agent).status_code == 403
    assert _post(client, f"{made['id']}/approve", text, key_of[Role.FINANCE]).status_code == 403


def test_a_suggestion_is_drafted_again(client: TestClient, agent: Headers, suggest: Suggest) -> None:
    made = suggest()
    answer = _post(client, f"{made['id']}/regenerate", {"instructions": "Bitte kürzer."}, agent)
    assert answer.status_code == 200
    assert [step["action"] for step in answer.json()["history"]] == ["suggested", "regenerated"]
    assert _post(client, f"{made['id']}/regenerate", {}, agent).status_code == 200


@pytest.mark.parametrize(
    ("action", "body"),
    [
        ("approve", {"txt": "x"}),
        ("reject", {}),
        ("reject", {"reason": "  "}),
        ("escalate", {"to": "supervisor"}),
        ("escalate", {"to": "nobody", "reason": "x"}),
        ("escalate", {"to": "agent", "reason": "x"}),
        ("regenerate", {"instructions": 5}),
    ],
)
def test_a_decision_with_a_bad_body_is_refused(
    client: TestClient, agent: Headers, suggest: Suggest, action: str, body: dict[str, Any]
) -> None:
    assert _post(client, f"{suggest()['id']}/{action}", body, agent).status_code == 422


def test_of_many_who_say_yes_at_once_one_wins(
    client: TestClient, agent: dict[str, str], suggest: Callable[..., dict[str, Any]]
) -> None:
    address = f"/v1/suggestions/{suggest()['id']}"
    with ThreadPoolExecutor(8) as pool:
        answers = list(
            pool.map(lambda _: client.post(f"{address}/approve", json={}, headers=agent), range(8))
        )
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 7
    history = client.get(address, headers=agent).json()["history"]
    assert [step["action"] for step in history] == ["suggested", "approved"]


def test_many_requests_with_one_key_make_one_suggestion(client: TestClient, agent: dict[str, str]) -> None:
    body = {"message": {"text": "Where is it, please?", "marketplace": "UK"}}
    headers = {**agent, "Idempotency-Key": "eight at once"}
    with ThreadPoolExecutor(8) as pool:
        answers = list(
            pool.map(lambda _: client.post("/v1/suggestions", json=body, headers=headers), range(8))
        )
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert sum("Idempotency-Replayed" in answer.headers for answer in answers) == 7
