"""Every error as RFC 9457 problem details: one table from class to status, one place that shapes the body."""

import logging
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from api.field_errors import field_errors
from assistant import errors as desk
from assistant.bootstrap import App
from knowledge_base import errors as knowledge

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
RETRY_SECONDS = "5"

Places = tuple[tuple[str, str], ...]
"""Values of settings, each with the name of its setting."""

UNEXPECTED = "an unexpected fault; the log of the service says more"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What an error class means to a caller. ``slug`` ends the ``type`` of the problem."""

    status: int
    slug: str
    title: str


MEANINGS: dict[type[Exception], Meaning] = {
    desk.ReplyDeskError: Meaning(500, "fault", "The service failed"),
    desk.InvalidInput: Meaning(422, "invalid-input", "The request cannot be taken as it is"),
    desk.NotFound: Meaning(404, "not-found", "There is no such thing"),
    desk.NotAllowed: Meaning(403, "not-allowed", "The role of this key does not permit it"),
    desk.Conflict: Meaning(409, "conflict", "The state has moved on"),
    desk.GuardBlocked: Meaning(409, "guard-blocked", "The text breaks a rule; nothing was approved"),
    desk.SettingsInvalid: Meaning(500, "settings-invalid", "The service is not set up rightly"),
    desk.StoreUnavailable: Meaning(503, "store-unavailable", "The database does not answer"),
    desk.ModelUnavailable: Meaning(503, "model-unavailable", "The chat model does not answer"),
    desk.AuditBroken: Meaning(500, "audit-broken", "The audit trail does not verify"),
    knowledge.KnowledgeError: Meaning(500, "knowledge-fault", "The knowledge base failed"),
    knowledge.KnowledgeInvalid: Meaning(422, "invalid-input", "The request cannot be taken as it is"),
    knowledge.KnowledgeUnavailable: Meaning(
        503, "knowledge-unavailable", "The knowledge base does not answer"
    ),
    knowledge.EmbeddingMismatch: Meaning(503, "embedding-mismatch", "The knowledge was encoded otherwise"),
    knowledge.KnowledgeNotFound: Meaning(404, "not-found", "There is no such thing"),
}
"""The only table of its kind; a test walks both trees of errors over it."""

_BY_STATUS = {
    400: Meaning(400, "bad-request", "The request cannot be read"),
    401: Meaning(401, "unauthenticated", "A valid key is needed"),
    403: Meaning(403, "not-allowed", "The role of this key does not permit it"),
    404: Meaning(404, "not-found", "There is no such thing"),
    405: Meaning(405, "method-not-allowed", "This address does not know the method"),
    413: Meaning(413, "too-large", "The request body is too large"),
    415: Meaning(415, "unsupported-media-type", "The body must be JSON"),
    422: Meaning(422, "invalid-input", "The request cannot be taken as it is"),
    500: Meaning(500, "fault", "The service failed"),
    503: Meaning(503, "unavailable", "The service does not answer"),
}


def meaning_of(error: type[Exception]) -> Meaning:
    """The entry of the class itself or of its nearest ancestor."""
    return next(MEANINGS[ancestor] for ancestor in error.__mro__ if ancestor in MEANINGS)


def problem(
    meaning: Meaning, detail: str, *, headers: dict[str, str] | None = None, **extra: Any
) -> JSONResponse:
    """Shape one problem; ``extra`` are extension members such as ``errors`` or ``findings``."""
    body = {
        "type": f"urn:replydesk:problem:{meaning.slug}",
        "title": meaning.title,
        "status": meaning.status,
        "detail": detail,
        **extra,
    }
    return JSONResponse(body, meaning.status, headers=headers, media_type=MEDIA_TYPE)


def problem_for_status(
    status: int, detail: str, *, headers: dict[str, str] | None = None, **extra: Any
) -> JSONResponse:
    """A problem for errors that no class of ours stands for."""
    meaning = _BY_STATUS.get(status) or Meaning(status, "http-error", HTTPStatus(status).phrase)
    return problem(meaning, detail, headers=headers, **extra)


def public(request: Request, text: str) -> str:
    """The text with folders and addresses of this installation called by the names of their settings.

    Callers may be strangers: /readyz needs no key. The log has the whole text.
    """
    places: Places = getattr(request.app.state, "places", ())
    for value, name in places:
        text = text.replace(value, name)
    return text


def places_of(app: App) -> Places:
    """What :func:`public` hides; whatever lies in the home is named by its place there."""
    url = app.engine.url
    named = [
        (str(app.settings.home.resolve()), "REPLYDESK_HOME"),
        (str(app.settings.home), "REPLYDESK_HOME"),
        (url.render_as_string(hide_password=True), "REPLYDESK_DATABASE_URL"),
        (url.database if url.get_backend_name() == "sqlite" else None, "REPLYDESK_DATABASE_URL"),
        (app.settings.chroma_url, "REPLYDESK_CHROMA_URL"),
        (app.settings.openai_base_url, "OPENAI_BASE_URL"),
    ]
    return tuple((value, name) for value, name in named if value and value not in {".", "/"})


def install(http: FastAPI) -> None:
    """Answer every error with problem details."""
    for tree in (desk.ReplyDeskError, knowledge.KnowledgeError):
        http.add_exception_handler(tree, _on_known)
    http.add_exception_handler(RequestValidationError, _on_invalid)
    http.add_exception_handler(HTTPException, _on_http)


def _on_known(request: Request, error: Exception) -> JSONResponse:
    meaning = meaning_of(type(error))
    if meaning.status >= 500:
        log.error("%s: %s", type(error).__name__, error)
    if isinstance(error, desk.GuardBlocked):
        report = error.report.model_dump(mode="json")
        return problem(meaning, str(error), **report)
    headers = {"Retry-After": RETRY_SECONDS} if meaning.status == 503 else None
    return problem(meaning, public(request, str(error)), headers=headers)


def _on_invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    if _has_foreign_body(request):
        return problem_for_status(415, "send the body as application/json")
    listed = field_errors(error.errors())
    detail = "; ".join(f"{entry['field']}: {entry['message']}" for entry in listed[:3])
    return problem(_BY_STATUS[422], detail, errors=listed)


def _has_foreign_body(request: Request) -> bool:
    """Whether a body came that is not declared to be JSON; FastAPI then does not parse it at all."""
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    sent = request.headers.get("content-length", "0") != "0" or "transfer-encoding" in request.headers
    return request.method in {"POST", "PUT", "PATCH"} and sent and not kind.endswith(("/json", "+json"))


def _on_http(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    details = {
        404: "no such address; /openapi.json lists all of them",
        405: "this address does not know the method",
        400: "the body cannot be read: it must be JSON in UTF-8, not nested too deeply",
    }
    detail = error.detail if error.detail != HTTPStatus(error.status_code).phrase else ""
    if error.status_code == 400 or not detail:
        detail = details.get(error.status_code, error.detail)
    return problem_for_status(error.status_code, detail, headers=dict(error.headers or {}) or None)
