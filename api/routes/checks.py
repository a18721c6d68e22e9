"""Guard and triage on their own: nothing is stored."""

from fastapi import APIRouter, Depends

from api.dependencies import GuardedRoute, Wired, bearer
from api.schemas import GuardResult, TriageResult
from assistant.guard.context import GuardRequest
from assistant.triage.classify import TriageRequest

router = APIRouter(prefix="/v1", tags=["checks"], route_class=GuardedRoute, dependencies=[Depends(bearer)])


@router.post("/guard/check", summary="Check a text against the rules")
def check_text(body: GuardRequest, app: Wired) -> GuardResult:
    """Every rule on the whole text.

    Claims about the order are always checked, against `order` where it is given. Statements about product and
    policy are checked against `passages` where given; else they are not judged and `grounding` says
    `not_checked`.
    """
    return GuardResult.of(body.id, app.service.guard(body))


@router.post("/triage", summary="Say what a message is about")
def triage_message(body: TriageRequest, app: Wired) -> TriageResult:
    """Intents, dangers, mood and language of a message, and from these its tier and desk."""
    return TriageResult.of(body.id, app.service.triage(body))
