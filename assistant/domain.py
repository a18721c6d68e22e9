"""Every noun of the product, frozen, without I/O.

Field names and shapes are those of the public interface (JSON of HTTP and batch files). Unknown fields are
refused, a key with ``null`` counts as absent, money is a decimal.
"""

from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from assistant.vocabulary import (
    Amount,
    Day,
    Drafter,
    Fulfilment,
    Grounding,
    Identifier,
    Instant,
    Intent,
    Kind,
    Language,
    LanguageCode,
    MarketplaceCode,
    OrderStatus,
    OutcomeKind,
    RiskFlag,
    Role,
    Route,
    Sender,
    Sentiment,
    Severity,
    ShortText,
    Status,
    Text,
    Tier,
    Verdict,
)


class Noun(BaseModel):
    """Base of every value here: immutable, closed, ``null`` means absent."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    @model_validator(mode="before")
    @classmethod
    def _null_is_absent(cls, data: Any) -> Any:
        if isinstance(data, dict):
            return {key: value for key, value in data.items() if value is not None}
        return data


class Money(Noun):
    """An amount with its ISO 4217 currency, written ``{"amount": "12.34", "currency": "EUR"}``."""

    amount: Amount
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


class OrderItem(Noun):
    """One line of an order."""

    asin: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9-]{4,20}$")]
    title: ShortText
    quantity: Annotated[int, Field(ge=1, le=10_000)] = 1
    price: Money | None = None


class Refund(Money):
    """A refund that has been made, as the order's record says."""

    at: Instant


class Order(Noun):
    """An order as Amazon's Orders API knows it; delivered means ``delivered_at`` is set."""

    order_id: Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]{3}-\d{7}-\d{7}$")]
    status: OrderStatus
    fulfilled_by: Fulfilment
    purchased_at: Instant | None = None
    shipped_at: Instant | None = None
    deliver_by: Day | None = None
    last_scan_at: Instant | None = None
    delivered_at: Instant | None = None
    carrier: Annotated[str, StringConstraints(max_length=80)] | None = None
    tracking_number: Annotated[str, StringConstraints(max_length=80)] | None = None
    items: tuple[OrderItem, ...] = ()
    refund: Refund | None = None


class ThreadEntry(Noun):
    """One earlier message of the conversation. ``from`` is a Python keyword, hence the alias."""

    sender: Sender = Field(alias="from")
    text: Text
    at: Instant | None = None


class Message(Noun):
    """The buyer's message to be answered. Empty text is legal: a buyer may send only an attachment."""

    text: Text
    subject: ShortText | None = None
    message_id: Identifier | None = None
    thread_id: Identifier | None = None
    received_at: Instant | None = None
    marketplace: MarketplaceCode
    language: LanguageCode | None = None
    asin: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9-]{4,20}$")] | None = None


class Case(Noun):
    """A suggestion request: everything we know when asked for a reply."""

    message: Message
    order: Order | None = None
    thread: tuple[ThreadEntry, ...] = ()
    agent_facts: Annotated[str, StringConstraints(max_length=20_000)] | None = None
    kind: Kind = "reply"

    @property
    def asins(self) -> tuple[str, ...]:
        """Products the case is about: those ordered, else the one asked about."""
        ordered = tuple(item.asin for item in self.order.items) if self.order else ()
        return ordered or ((self.message.asin,) if self.message.asin else ())


class ScoredIntent(Noun):
    """An intent and how sure triage is of it, 0..1."""

    name: Intent
    confidence: Annotated[float, Field(ge=0, le=1)]


class Triage(Noun):
    """What a message is about, how dangerous it is and whose it is; ``intents`` most confident first."""

    tier: Tier
    intents: tuple[ScoredIntent, ...]
    risk_flags: tuple[RiskFlag, ...] = ()
    sentiment: Sentiment = "calm"
    language: Language
    route: Route
    reasons: tuple[str, ...] = ()

    @property
    def main_intent(self) -> Intent:
        """The most confident intent."""
        return self.intents[0].name if self.intents else Intent.OTHER


class Passage(Noun):
    """A piece of knowledge that may be cited. ``score`` 0..1: probability-like relevance, 1 is certain.

    ``asins``: the products it is about; none for policies and entries on service.
    """

    document_id: Annotated[str, StringConstraints(max_length=200)] = ""
    chunk_id: str = ""
    release: str = ""
    title: str = ""
    language: Language | None = None
    asins: tuple[str, ...] = ()
    text: Text
    score: float = 1.0
    question: str | None = None
    answer: str | None = None


class Citation(Noun):
    """Where a statement of the draft comes from: words of a passage in a release."""

    document_id: str
    release: str
    chunk_id: str
    quote: str


class Attachment(Noun):
    """A file that goes out with the reply; a bare string is its name."""

    filename: ShortText
    size_bytes: Annotated[int, Field(ge=0)] | None = None
    content_type: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _name_alone(cls, data: Any) -> Any:
        return {"filename": data} if isinstance(data, str) else data


class Finding(Noun):
    """One breach found in a draft. ``start`` and ``end``: code-point offsets in the text as given."""

    rule: str
    severity: Severity
    start: int
    end: int
    evidence: str
    message: str
    fix: str | None = None


class GuardReport(Noun):
    """The verdict on one text by one version of the pack, with everything that was found."""

    verdict: Verdict
    grounding: Grounding
    pack: str
    findings: tuple[Finding, ...] = ()


class Usage(Noun):
    """What a draft cost."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost_usd: Decimal = Decimal(0)


class Draft(Noun):
    """A reply as proposed. ``degraded``: not made by the drafter that was asked for; the reason says why."""

    text: str
    language: Language
    drafter: Drafter
    degraded: bool = False
    degraded_reason: str | None = None
    model: str | None = None
    prompt: str | None = None
    citations: tuple[Citation, ...] = ()
    outcome: OutcomeKind
    usage: Usage = Usage()
    latency_ms: float = 0.0


class Clock(Noun):
    """Amazon's clock: 24 h elapsed from the oldest unanswered buyer message, whatever the weekday."""

    first_unanswered_at: Instant
    warn_at: Instant
    due_at: Instant
    overdue: bool


class GivenApproval(Noun):
    """One yes. ``text_hash`` is the SHA-256 of the text agreed to: another text needs another yes."""

    role: Role
    by: str
    at: Instant
    text_hash: str


class Approval(Noun):
    """Who has to say yes. Each role listed needs a yes from a key of that role; ``reasons`` say why."""

    required_roles: tuple[Role, ...]
    reasons: tuple[str, ...] = ()
    given: tuple[GivenApproval, ...] = ()


class Round(Noun):
    """One attempt of the repair loop, kept so that an evaluation can replay what the model saw and said."""

    drafter: Drafter
    model: str | None = None
    prompt: str | None = None
    request: str | None = None
    raw_reply: str | None = None
    draft: Draft | None = None
    guard: GuardReport | None = None
    failure: str | None = None
    latency_ms: float = 0.0


class Proposal(Noun):
    """What the pipeline hands to a person: the draft, its evidence, its findings and how it came about."""

    triage: Triage
    passages: tuple[Passage, ...]
    draft: Draft
    guard: GuardReport
    clock: Clock
    approval: Approval
    rounds: tuple[Round, ...] = ()


class HistoryEntry(Noun):
    """One step in a suggestion's life, as the audit trail has it."""

    at: Instant
    action: str
    actor: str
    role: str
    details: dict[str, Any] = Field(default_factory=dict)


class Suggestion(Noun):
    """A stored proposal with its state."""

    id: Identifier
    status: Status
    created_at: Instant
    case: Case
    triage: Triage
    passages: tuple[Passage, ...] = ()
    draft: Draft
    guard: GuardReport
    clock: Clock
    approval: Approval
    assignee: str | None = None
    final_text: str | None = None
    history: tuple[HistoryEntry, ...] = ()


class Actor(Noun):
    """Who acts, known by a key."""

    key_id: str
    name: str
    role: Role
