"""One table says who may do what, and every route keeps to it."""

from typing import Any

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from api.dependencies import GuardedRoute
from api.roles import ACCESS, OPEN, allowed, may
from assistant.bootstrap import App
from assistant.vocabulary import Role

CALLS = {
    "create_suggestion": ("POST", "/v1/suggestions"),
    "list_suggestions": ("GET", "/v1/suggestions"),
    "get_suggestion": ("GET", "/v1/suggestions/none"),
    "approve_suggestion": ("POST", "/v1/suggestions/none/approve"),
    "reject_suggestion": ("POST", "/v1/suggestions/none/reject"),
    "escalate_suggestion": ("POST", "/v1/suggestions/none/escalate"),
    "regenerate_suggestion": ("POST", "/v1/suggestions/none/regenerate"),
    "check_text": ("POST", "/v1/guard/check"),
    "triage_message": ("POST", "/v1/triage"),
    "search_knowledge": ("GET", "/v1/knowledge/search"),
    "list_documents": ("GET", "/v1/knowledge/documents"),
    "import_document": ("POST", "/v1/knowledge/documents"),
    "check_knowledge": ("GET", "/v1/knowledge/check"),
    "list_releases": ("GET", "/v1/knowledge/releases"),
    "publish_release": ("POST", "/v1/knowledge/releases"),
    "rollback_release": ("POST", "/v1/knowledge/releases/999999/rollback"),
    "read_metrics": ("GET", "/metrics"),
}
"""A harmless call of each operation: it fails on its body, or finds nothing."""


def _call(client: TestClient, operation: str, headers: dict[str, str]) -> Any:
    method, path = CALLS[operation]
    body = {"json": {"unknown": 1}} if method == "POST" else {}
    return client.request(method, path, headers=headers, **body)  # type: ignore[arg-type]


def test_the_table_and_the_routes_name_the_same_operations(client: TestClient) -> None:
    document = client.get("/openapi.json").json()
    names = {operation["operationId"] for path in document["paths"].values() for operation in path.values()}
    assert names == ACCESS.keys() | OPEN
    assert CALLS.keys() == ACCESS.keys()


@pytest.mark.parametrize("operation", CALLS)
@pytest.mark.parametrize("role", Role)
def test_a_route_answers_the_roles_of_its_operation_and_no_other(
    client: TestClient, key_of: dict[Role, dict[str, str]], operation: str, role: Role
) -> None:
    answer = _call(client, operation, key_of[role])
    assert (answer.status_code != 403) == may(role, operation), answer.text
    if answer.status_code == 403:
        assert allowed(operation) in answer.json()["detail"]


@pytest.mark.parametrize("operation", CALLS)
@pytest.mark.parametrize(
    "headers",
    [{}, {"Authorization": "Bearer rd_abc_def"}, {"Authorization": "Basic abc"}, {"Authorization": "Bearer"}],
    ids=["none", "unknown", "other scheme", "empty"],
)
def test_strangers_get_nothing(client: TestClient, operation: str, headers: dict[str, str]) -> None:
    answer = _call(client, operation, headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_revoked_key_opens_nothing(client: TestClient, desk: App) -> None:
    made = desk.keys.add(Role.AGENT)
    headers = {"Authorization": f"Bearer {made.key}"}
    assert client.get("/v1/suggestions", headers=headers).status_code == 200
    desk.keys.revoke(made.id)
    assert client.get("/v1/suggestions", headers=headers).status_code == 401


def test_a_route_that_the_table_does_not_know_answers_nobody(desk: App) -> None:
    from api.app import create_app

    http = create_app(desk)
    http.router.route_class = GuardedRoute
    http.add_api_route("/forgotten", lambda: {}, name="forgotten")
    headers = {"Authorization": f"Bearer {desk.keys.add(Role.ADMIN).key}"}
    assert TestClient(http).get("/forgotten", headers=headers).status_code == 403


def test_admin_decides_about_no_text() -> None:
    deciding = {"create_suggestion", "approve_suggestion", "reject_suggestion", "regenerate_suggestion"}
    assert not any(may(Role.ADMIN, operation) for operation in deciding)


def test_supervisors_may_do_all_that_agents_may() -> None:
    assert all(Role.SUPERVISOR in roles for roles in ACCESS.values() if Role.AGENT in roles)


def test_every_route_but_the_open_ones_is_guarded(client: TestClient) -> None:
    routes = [route for route in client.app.routes if isinstance(route, APIRoute)]  # type: ignore[attr-defined]
    assert all(isinstance(route, GuardedRoute) or route.name in OPEN for route in routes)
