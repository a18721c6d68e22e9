"""Suggestions: draft, read, decide."""

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Path, Query, Response

from api.dependencies import Caller, Counters, GuardedRoute, Wired, bearer
from api.schemas import (
    ApproveRequest,
    EscalateRequest,
    QueueQuery,
    RegenerateRequest,
    RejectRequest,
    SuggestionPage,
    SuggestionView,
)
from assistant.domain import Case

router = APIRouter(
    prefix="/v1/suggestions", tags=["suggestions"], route_class=GuardedRoute, dependencies=[Depends(bearer)]
)

SuggestionId = Annotated[str, Path(max_length=200)]
IdempotencyKey = Annotated[str | None, Header(max_length=255)]

REPLAYED = "Idempotency-Replayed"


@router.post("", status_code=201, summary="Draft a reply")
def create_suggestion(
    *,
    case: Case,
    response: Response,
    app: Wired,
    actor: Caller,
    metrics: Counters,
    idempotency_key: IdempotencyKey = None,
) -> SuggestionView:
    """Read the message, find the facts, draft, guard, and decide who must approve.

    With an `Idempotency-Key`, the same request again gives the same suggestion (header
    `Idempotency-Replayed: true`), another request with that key is a conflict.
    """
    suggestion, replayed = app.service.suggest_once(case, actor, idempotency_key)
    response.headers["Location"] = f"/v1/suggestions/{suggestion.id}"
    if replayed:
        response.headers[REPLAYED] = "true"
    else:
        metrics.draft(suggestion)
    return SuggestionView.of(suggestion)


@router.get("", summary="The queue")
def list_suggestions(query: Annotated[QueueQuery, Query()], app: Wired) -> SuggestionPage:
    """Suggestions by filter, nearest deadline first. Without `status`: those that wait for a person.

    Pass `next_cursor` of a page as `cursor` to get the next one.
    """
    page = app.service.listing(query.filter())
    return SuggestionPage(items=tuple(map(SuggestionView.of, page.items)), next_cursor=page.next_cursor)


@router.get("/{suggestion_id}", summary="One suggestion with its history")
def get_suggestion(suggestion_id: SuggestionId, app: Wired) -> SuggestionView:
    """Everything a person needs to decide: message, order, draft, evidence, findings, deadline, history."""
    return SuggestionView.of(app.service.get(suggestion_id))


@router.post("/{suggestion_id}/approve", summary="Say yes")
def approve_suggestion(
    suggestion_id: SuggestionId, body: ApproveRequest, app: Wired, actor: Caller
) -> SuggestionView:
    """Agree to the draft, or to the `text` given instead of it, which is guarded again.

    The suggestion is approved when every role in `approval.required_roles` has agreed to this very text.
    A blocked text is refused with its findings; one that needs an edit, too, unless a supervisor gives an
    `override_reason`.
    """
    done = app.service.approve(
        suggestion_id, actor, text=body.text, note=body.note, override_reason=body.override_reason
    )
    return SuggestionView.of(done)


@router.post("/{suggestion_id}/reject", summary="Say no")
def reject_suggestion(
    suggestion_id: SuggestionId, body: RejectRequest, app: Wired, actor: Caller
) -> SuggestionView:
    """Refuse the draft; the reason goes to the audit trail."""
    return SuggestionView.of(app.service.reject(suggestion_id, actor, body.reason))


@router.post("/{suggestion_id}/escalate", summary="Hand the decision on")
def escalate_suggestion(
    suggestion_id: SuggestionId, body: EscalateRequest, app: Wired, actor: Caller
) -> SuggestionView:
    """Ask a key of another role to decide."""
    return SuggestionView.of(app.service.escalate(suggestion_id, actor, body.to, body.reason))


@router.post("/{suggestion_id}/regenerate", summary="Draft again")
def regenerate_suggestion(
    suggestion_id: SuggestionId, body: RegenerateRequest, app: Wired, actor: Caller, metrics: Counters
) -> SuggestionView:
    """Make another draft of the same message; every earlier yes is void."""
    suggestion = app.service.regenerate(suggestion_id, actor, instructions=body.instructions)
    metrics.draft(suggestion)
    return SuggestionView.of(suggestion)
