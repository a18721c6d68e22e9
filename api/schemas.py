"""Bodies of HTTP requests and responses that are not nouns of the domain themselves."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from assistant.domain import (
    Approval,
    Clock,
    Draft,
    Finding,
    GuardReport,
    HistoryEntry,
    Message,
    Noun,
    Order,
    Passage,
    ScoredIntent,
    Suggestion,
    ThreadEntry,
    Triage,
)
from assistant.store.records import OPEN, QueueFilter
from assistant.vocabulary import (
    Grounding,
    Identifier,
    Instant,
    Kind,
    LanguageCode,
    MarketplaceCode,
    RiskFlag,
    Role,
    Route,
    Sentiment,
    ShortText,
    Status,
    Text,
    Tier,
    Verdict,
)
from knowledge_base.types import Hit, Query

MOST_HITS = 50

Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000)]


# --- requests -----------------------------------------------------------------------------------------------


class ApproveRequest(Noun):
    """A yes. ``text`` is the final text where it differs from the draft."""

    text: Text | None = None
    note: ShortText | None = None
    override_reason: ShortText | None = None


class RejectRequest(Noun):
    """A no, with its reason."""

    reason: Reason


class EscalateRequest(Noun):
    """Hand the decision to somebody else."""

    to: Role
    reason: Reason


class RegenerateRequest(Noun):
    """Ask for another draft. ``instructions`` are facts or wishes of the agent."""

    instructions: Annotated[str, StringConstraints(max_length=4_000)] | None = None


def _blank_is_absent(value: Any) -> Any:
    return None if value == "" else value


def _blanks_are_absent(value: Any) -> Any:
    return [entry for entry in value if entry != ""] if isinstance(value, list) else value


class QueueQuery(Noun):
    """Filter of the queue. Without ``status``: what waits for a person."""

    status: Annotated[tuple[Status, ...], BeforeValidator(_blanks_are_absent)] = ()
    tier: Annotated[Annotated[int, Field(ge=1, le=3)] | None, BeforeValidator(_blank_is_absent)] = None
    marketplace: Annotated[MarketplaceCode | None, BeforeValidator(_blank_is_absent)] = None
    assignee: Annotated[ShortText | None, BeforeValidator(_blank_is_absent)] = None
    cursor: Annotated[ShortText | None, BeforeValidator(_blank_is_absent)] = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50

    def filter(self) -> QueueFilter:
        """The filter in the store's own terms."""
        return QueueFilter.model_validate(self.model_dump() | {"status": self.status or tuple(sorted(OPEN))})


class SearchQuery(Noun):
    """What to look for in the knowledge."""

    query: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000)]
    language: Annotated[LanguageCode | None, BeforeValidator(_blank_is_absent)] = None
    marketplace: Annotated[MarketplaceCode | None, BeforeValidator(_blank_is_absent)] = None
    asin: Annotated[
        Annotated[str, StringConstraints(pattern=r"^[A-Z0-9-]{4,20}$")] | None,
        BeforeValidator(_blank_is_absent),
    ] = None
    k: Annotated[int, Field(ge=1, le=MOST_HITS)] = 5

    def as_query(self) -> Query:
        """The search in the knowledge base's own terms; answers must hold today."""
        return Query(
            text=self.query,
            language=self.language,
            marketplace=self.marketplace,
            asins=(self.asin,) if self.asin else (),
            k=self.k,
            at=datetime.now(UTC).date(),
        )


class SearchRequest(SearchQuery):
    """A search as batch files give it."""

    id: Identifier | None = None


# --- responses ----------------------------------------------------------------------------------------------


class SuggestionView(Noun):
    """A suggestion with what a person needs to decide: the message, the order, the evidence, the history."""

    id: Identifier
    status: Status
    created_at: Instant
    kind: Kind
    message: Message
    order: Order | None = None
    thread: tuple[ThreadEntry, ...] = ()
    agent_facts: str | None = None
    triage: Triage
    passages: tuple[Passage, ...] = ()
    draft: Draft
    guard: GuardReport
    clock: Clock
    approval: Approval
    assignee: str | None = None
    final_text: str | None = None
    history: tuple[HistoryEntry, ...] = ()

    @classmethod
    def of(cls, suggestion: Suggestion) -> "SuggestionView":
        """Lay the case open beside what was made of it."""
        made = {
            name: getattr(suggestion, name) for name in cls.model_fields if name in Suggestion.model_fields
        }
        case = suggestion.case
        given = {name: getattr(case, name) for name in ("kind", "message", "order", "thread", "agent_facts")}
        return cls.model_construct(**made, **given)


class SuggestionPage(Noun):
    """A piece of the queue, nearest deadline first. ``next_cursor`` is null on the last page."""

    items: tuple[SuggestionView, ...]
    next_cursor: str | None = None


class GuardResult(Noun):
    """The findings of a check; ``id`` is that of the request."""

    id: str | None = None
    verdict: Verdict
    grounding: Grounding
    pack: str
    findings: tuple[Finding, ...] = ()

    @classmethod
    def of(cls, identity: str | None, report: GuardReport) -> "GuardResult":
        """The report with the id of its request."""
        return cls.model_construct(id=identity, **dict(report))


class TriageResult(Noun):
    """What a message is about; ``id`` is that of the request."""

    id: str | None = None
    tier: Tier
    intents: tuple[ScoredIntent, ...]
    risk_flags: tuple[RiskFlag, ...] = ()
    sentiment: Sentiment
    language: LanguageCode
    route: Route
    reasons: tuple[str, ...] = ()

    @classmethod
    def of(cls, identity: str | None, triage: Triage) -> "TriageResult":
        """The triage with the id of its request."""
        return cls.model_construct(id=identity, **dict(triage))


class SearchHit(Noun):
    """A passage found. ``score`` 0..1: how likely it answers the question."""

    document_id: str
    chunk_id: str
    release: str
    title: str
    score: float
    language: str
    text: str

    @classmethod
    def of(cls, hit: Hit) -> "SearchHit":
        """One passage."""
        chunk = hit.chunk
        return cls(
            document_id=chunk.document_id,
            chunk_id=chunk.chunk_id,
            release=hit.release,
            title=chunk.title,
            score=round(hit.score, 4),
            language=chunk.language,
            text=chunk.text,
        )


class SearchResult(Noun):
    """Passages, best first."""

    id: str | None = None
    hits: tuple[SearchHit, ...]

    @classmethod
    def of(cls, identity: str | None, hits: Sequence[Hit]) -> "SearchResult":
        """The passages without what only the search itself needs."""
        return cls(id=identity, hits=tuple(map(SearchHit.of, hits)))


class Health(Noun):
    """The process answers."""

    status: Literal["ok"] = "ok"


class PartState(Noun):
    """One part that answers depend on, and what it says."""

    ok: bool
    state: str


class Ready(Noun):
    """The service can work."""

    status: Literal["ready"] = "ready"
    parts: dict[Literal["database", "knowledge", "model"], PartState]


class FieldProblem(Noun):
    """One field that cannot be taken; ``field`` is a dotted path, the whole body is ``body``."""

    field: str
    message: str


class Problem(Noun):
    """An error as RFC 9457 describes it."""

    type: str = Field(description="`urn:replydesk:problem:…`, stable")
    title: str
    status: int
    detail: str = Field(description="What is wrong with this very request, and the cure")
    errors: tuple[FieldProblem, ...] | None = Field(default=None, description="With 422: the fields")
    verdict: Verdict | None = Field(default=None, description="With a 409 of the guard")
    findings: tuple[Finding, ...] | None = Field(default=None, description="With a 409 of the guard")
    parts: dict[str, PartState] | None = Field(default=None, description="With a 503 of /readyz")
