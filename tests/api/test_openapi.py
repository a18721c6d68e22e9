"""The description of the interface is complete, and its examples are true."""

import copy
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api import knowledge_schemas, schemas
from api.app import bare_app
from api.openapi import examples
from api.roles import ACCESS, OPEN, allowed
from assistant import domain
from assistant.guard.context import GuardRequest
from assistant.triage.classify import TriageRequest

REQUESTS: dict[str, Any] = {
    "create_suggestion": domain.Case,
    "approve_suggestion": schemas.ApproveRequest,
    "reject_suggestion": schemas.RejectRequest,
    "escalate_suggestion": schemas.EscalateRequest,
    "regenerate_suggestion": schemas.RegenerateRequest,
    "check_text": GuardRequest,
    "triage_message": TriageRequest,
    "import_document": knowledge_schemas.Upload,
    "publish_release": knowledge_schemas.PublishRequest,
}
_SUGGESTION = schemas.SuggestionView
RESPONSES: dict[str, Any] = {
    "create_suggestion": _SUGGESTION,
    "list_suggestions": schemas.SuggestionPage,
    "get_suggestion": _SUGGESTION,
    "approve_suggestion": _SUGGESTION,
    "reject_suggestion": _SUGGESTION,
    "escalate_suggestion": _SUGGESTION,
    "regenerate_suggestion": _SUGGESTION,
    "check_text": schemas.GuardResult,
    "triage_message": schemas.TriageResult,
    "search_knowledge": schemas.SearchResult,
    "list_documents": knowledge_schemas.DocumentList,
    "import_document": knowledge_schemas.ImportResult,
    "check_knowledge": knowledge_schemas.CheckResult,
    "list_releases": knowledge_schemas.ReleaseList,
    "publish_release": knowledge_schemas.ReleaseView,
    "rollback_release": knowledge_schemas.ReleaseView,
    "healthz": schemas.Health,
    "readyz": schemas.Ready,
}

DOCUMENT = bare_app().openapi()
OPERATIONS = {
    operation["operationId"]: operation for path in DOCUMENT["paths"].values() for operation in path.values()
}


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_operation_is_described(name: str) -> None:
    operation = OPERATIONS[name]
    assert operation["summary"]
    assert operation["description"]
    if name in ACCESS:
        assert f"Roles: {allowed(name)}." in operation["description"]
        assert operation["security"] == [{"key": []}]
    for parameter in operation.get("parameters", ()):
        assert "example" in parameter or not parameter["required"], parameter["name"]


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_body_has_an_example(name: str) -> None:
    operation = OPERATIONS[name]
    if "requestBody" in operation:
        assert "example" in operation["requestBody"]["content"]["application/json"]
    for status, response in operation["responses"].items():
        for kind, body in response["content"].items():
            assert "example" in body, (status, kind)


@pytest.mark.parametrize("name", OPERATIONS)
def test_errors_are_described_as_problems(name: str) -> None:
    responses = OPERATIONS[name]["responses"]
    expected = {"500", "503"} | (set() if name in OPEN else {"401", "403"})
    assert expected <= responses.keys()
    for status in (status for status in responses if status >= "400"):
        [body] = responses[status]["content"].items()
        assert body[0] == "application/problem+json"
        assert body[1]["schema"] == {"$ref": "#/components/schemas/Problem"}


@pytest.mark.parametrize("name", REQUESTS)
def test_example_requests_can_be_taken(name: str) -> None:
    REQUESTS[name].model_validate(examples()[name]["request"])


@pytest.mark.parametrize("name", RESPONSES)
def test_example_responses_have_the_shape_of_real_ones(name: str) -> None:
    example = examples()[name]["response"]
    model = RESPONSES[name].model_validate(copy.deepcopy(example))
    assert model.model_dump(mode="json", by_alias=True) == example


def test_every_operation_is_tested_here() -> None:
    assert RESPONSES.keys() | {"read_metrics"} == OPERATIONS.keys()
    assert REQUESTS.keys() == {name for name, operation in OPERATIONS.items() if "requestBody" in operation}


def test_the_document_is_served_and_refers_only_to_what_it_holds(client: TestClient) -> None:
    answer = client.get("/openapi.json")
    assert answer.status_code == 200
    held = answer.json()["components"]["schemas"].keys()
    referred = {part.split('"')[0] for part in answer.text.split("#/components/schemas/")[1:]}
    assert referred <= held
    assert "HTTPValidationError" not in held
