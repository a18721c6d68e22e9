"""The way of a message, read top to bottom. Pure: no database, no web; a typed value in, a typed value out.

message → triage → retrieve → draft and repair under the guard → clock and approval → proposal
"""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from assistant.approval import required
from assistant.clock import clock_for
from assistant.domain import Case, Passage, Proposal, ThreadEntry, Triage
from assistant.drafting.chat_model import ChatModel
from assistant.drafting.repair import Workbench, draft_and_repair
from assistant.guard.context import GuardContext
from assistant.retrieve import Search, retrieve
from assistant.triage.classify import TriageRequest, classify
from knowledge_base.errors import KnowledgeError

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Desk:
    """What the pipeline works with: the knowledge, the model if there is one, the time, the limits."""

    search: Search
    model: ChatModel | None
    now: Callable[[], datetime]
    context_tokens: int = 3_000
    model_seconds: float = 20.0
    answer_hours: float = 24.0
    warn_hours: float = 18.0


def propose(case: Case, desk: Desk, *, instructions: str | None = None) -> Proposal:
    """Make a proposal for a person; what fails on the way degrades to something honest, flagged as such."""
    started, now = time.perf_counter(), desk.now()
    triage = classify(triage_request(case, now))
    passages, fault = _evidence(case, triage, desk.search, now)
    bench = Workbench(case, triage, passages, guard_context(case, triage, passages, now), now)
    drafted = draft_and_repair(
        bench,
        desk.model,
        seconds=desk.model_seconds,
        context_tokens=desk.context_tokens,
        instructions=instructions,
    )
    draft = drafted.draft.model_copy(update={"latency_ms": round((time.perf_counter() - started) * 1000, 1)})
    if fault:
        reasons = filter(None, (fault, draft.degraded_reason))
        draft = draft.model_copy(update={"degraded": True, "degraded_reason": "; ".join(reasons)})
    return Proposal(
        triage=triage,
        passages=tuple(passages),
        draft=draft,
        guard=drafted.guard,
        clock=clock_for(case, now=now, answer_hours=desk.answer_hours, warn_hours=desk.warn_hours),
        approval=required(triage, draft.text, drafted.guard),
        rounds=drafted.rounds,
    )


def triage_request(case: Case, now: datetime) -> TriageRequest:
    """The case as triage sees it."""
    return TriageRequest(
        text=case.message.text,
        subject=case.message.subject,
        marketplace=case.message.marketplace,
        order=case.order,
        thread=case.thread,
        language=case.message.language,
        at=case.message.received_at or now,
    )


def guard_context(case: Case, triage: Triage, passages: Sequence[Passage], now: datetime) -> GuardContext:
    """The case as the guard sees it: the message is the last entry of its thread."""
    message = ThreadEntry(sender="buyer", text=case.message.text, at=case.message.received_at)
    return GuardContext(
        kind=case.kind,
        marketplace=case.message.marketplace,
        buyer_language=triage.language,
        subject=case.message.subject,
        order=case.order,
        thread=(*case.thread, message),
        passages=tuple(passages),
        agent_facts=case.agent_facts,
        at=now,
    )


def _evidence(
    case: Case, triage: Triage, search: Search, now: datetime
) -> tuple[Sequence[Passage], str | None]:
    """The passages, or none and the reason when the knowledge cannot be searched."""
    try:
        return retrieve(case, triage, search, now=now), None
    except KnowledgeError as error:
        log.warning("knowledge search failed: %s", type(error).__name__)
        return (), f"knowledge not searched: {error}"
