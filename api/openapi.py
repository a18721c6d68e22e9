"""The OpenAPI document: FastAPI's own, with roles, problem details and an example for every body."""

import json
from functools import cache, partial
from importlib.resources import files
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.errors import MEDIA_TYPE
from api.roles import ACCESS, OPEN, allowed
from api.schemas import Problem

DESCRIPTION = """\
Drafts replies to Amazon buyers from a team's own knowledge, guards them, and hands them to a person.

Every request except `/healthz` and `/readyz` needs `Authorization: Bearer <key>`. Unknown input fields are
refused; a key with `null` is the same as no key. Times are RFC 3339 in UTC, money is a decimal string with
its currency. Every error is a problem detail (RFC 9457, `application/problem+json`).
"""

_REASONS = {
    400: "The body cannot be read",
    401: "No key, or an unknown or revoked one",
    403: "The role of the key does not permit it",
    404: "There is no such thing",
    409: "The state has moved on, or the guard forbids the text",
    413: "The body is too large",
    415: "The body is not declared to be JSON",
    422: "A field cannot be taken; `errors` names it",
    500: "An unexpected fault",
    503: "Database, knowledge or model is out of reach",
}
_MAY_CONFLICT = ("create_suggestion", "approve_", "reject_", "escalate_", "regenerate_")
_ALWAYS = (500, 503)


def install(http: FastAPI) -> None:
    """Let ``/openapi.json`` serve :func:`describe`, made at the first request."""
    http.openapi = cache(partial(describe, http))  # type: ignore[method-assign]


def describe(http: FastAPI) -> dict[str, Any]:
    """Make the document."""
    from importlib.metadata import version

    document = get_openapi(
        title="ReplyDesk", version=version("replydesk"), description=DESCRIPTION, routes=http.routes
    )
    schemas = document["components"]["schemas"]
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(problem.pop("$defs"))
    schemas["Problem"] = problem
    for path, operations in document["paths"].items():
        for operation in operations.values():
            _complete(path, operation)
    return document


def examples() -> dict[str, dict[str, Any]]:
    """The examples by operation, each with ``request`` or ``parameters`` and ``response``, and by status."""
    content: dict[str, dict[str, Any]] = json.loads(files("api").joinpath("examples.json").read_text("utf-8"))
    return content


def _complete(path: str, operation: dict[str, Any]) -> None:
    name = operation["operationId"]
    given = examples().get(name, {})
    if name in ACCESS:
        operation["description"] = f"{operation['description']}\n\nRoles: {allowed(name)}."
    for status in _statuses(path, operation):
        operation["responses"][str(status)] = _problem_response(status)
    if "request" in given:
        operation["requestBody"]["content"]["application/json"]["example"] = given["request"]
    for parameter in operation.get("parameters", ()):
        if parameter["name"] in given.get("parameters", {}):
            parameter["example"] = given["parameters"][parameter["name"]]
    for status, response in operation["responses"].items():
        if status.startswith("2"):
            for body in response["content"].values():
                body["example"] = given["response"]


def _statuses(path: str, operation: dict[str, Any]) -> list[int]:
    """Errors that an operation may answer with."""
    name, takes_body = operation["operationId"], "requestBody" in operation
    found = [*_ALWAYS]
    if name not in OPEN:
        found += [401, 403]
    if takes_body:
        found += [400, 413, 415]
    if takes_body or operation.get("parameters"):
        found.append(422)
    if "{" in path:
        found.append(404)
    if name.startswith(_MAY_CONFLICT):
        found.append(409)
    return sorted(found)


def _problem_response(status: int) -> dict[str, Any]:
    example = examples()["problems"].get(str(status))
    content: dict[str, Any] = {"schema": {"$ref": "#/components/schemas/Problem"}}
    if example:
        content["example"] = example
    response: dict[str, Any] = {"description": _REASONS[status], "content": {MEDIA_TYPE: content}}
    if status == 401:
        response["headers"] = {"WWW-Authenticate": {"schema": {"type": "string"}}}
    return response
