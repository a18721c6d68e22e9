"""Every noun of the product, frozen, without I/O.

Field names and shapes are those of the public interface (JSON of HTTP and batch files). Unknown fields are
refused, a key with ``null`` counts as absent, times carry a zone and are kept in UTC, money is a decimal.
"""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    model_validator,
)

Language = Literal["en", "de", "fr", "it", "es", "ja", "zh"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

Marketplace = Literal[
    "US", "CA", "MX", "BR", "IE", "ES", "UK", "FR", "BE", "NL", "DE", "IT",
    "SE", "ZA", "PL", "EG", "TR", "SA", "AE", "IN", "SG", "AU", "JP",
]  # fmt: skip
MARKETPLACES: tuple[Marketplace, ...] = get_args(Marketplace)

Tier = Literal[1, 2, 3]
Sentiment = Literal["calm", "worried", "frustrated", "angry"]
Kind = Literal["reply", "proactive"]
Severity = Literal["block", "edit", "warn"]
Verdict = Literal["pass", "needs_edit", "blocked"]
Grounding = Literal["checked", "not_checked"]
OutcomeKind = Literal["answerable", "needs_information", "escalate"]
Drafter = Literal["llm", "composer"]

MAX_TEXT = 250_000
"""Longest text of one message in characters; longer ones are refused, never cut silently."""

YEARS = range(1970, 2200)
"""Years a time may lie in. Beyond them it is a placeholder of some export, and sums with it overflow."""


class Route(StrEnum):
    """The desk that owns a message."""

    AGENT = "agent"
    RETURNS = "returns"
    SUPERVISOR = "supervisor"
    COMPLIANCE = "compliance"
    FINANCE = "finance"
    LOGISTICS = "logistics"
    OPERATIONS = "operations"


class Role(StrEnum):
    """What a key may do."""

    AGENT = "agent"
    SUPERVISOR = "supervisor"
    FINANCE = "finance"
    COMPLIANCE = "compliance"
    KNOWLEDGE_MANAGER = "knowledge_manager"
    QA = "qa"
    ADMIN = "admin"


class RiskFlag(StrEnum):
    """A danger that must never wait in the ordinary queue."""

    SAFETY = "safety"
    LEGAL = "legal"
    A_TO_Z = "a_to_z"
    CHARGEBACK = "chargeback"
    REVIEW_THREAT = "review_threat"
    COUNTERFEIT = "counterfeit"
    PRIVACY = "privacy"
    ABUSE = "abuse"
    INJECTION = "injection"
    FRAUD = "fraud"


class Intent(StrEnum):
    """What the buyer wants. ``INTENT_TIER`` says which tier each one belongs to."""

    ORDER_STATUS = "order_status"
    TRACKING = "tracking"
    DELIVERY_DELAY = "delivery_delay"
    ADDRESS_CHANGE = "address_change"
    CANCEL_ORDER = "cancel_order"
    INVOICE_REQUEST = "invoice_request"
    PRODUCT_QUESTION = "product_question"
    USAGE_HELP = "usage_help"
    PRESALE = "presale"
    THANKS = "thanks"
    OTHER = "other"
    RETURN_REQUEST = "return_request"
    REFUND_STATUS = "refund_status"
    REPLACEMENT = "replacement"
    WRONG_ITEM = "wrong_item"
    MISSING_PARTS = "missing_parts"
    DAMAGED = "damaged"
    NOT_RECEIVED = "not_received"
    SIZE_FIT = "size_fit"
    WARRANTY = "warranty"
    QUALITY_DISPUTE = "quality_dispute"
    SAFETY_INCIDENT = "safety_incident"
    LEGAL_THREAT = "legal_threat"
    A_TO_Z_CLAIM = "a_to_z_claim"
    CHARGEBACK = "chargeback"
    REVIEW_THREAT = "review_threat"
    COUNTERFEIT_CLAIM = "counterfeit_claim"
    FRAUD_SUSPICION = "fraud_suspicion"
    COMPENSATION_DEMAND = "compensation_demand"
    PRIVACY_REQUEST = "privacy_request"
    ABUSE = "abuse"


_ALL_INTENTS = tuple(Intent)
INTENT_TIER: dict[Intent, Tier] = {
    intent: (1 if place < 11 else 2 if place < 20 else 3) for place, intent in enumerate(_ALL_INTENTS)
}


class Status(StrEnum):
    """State of a suggestion; ``approval.TRANSITIONS`` says which may follow which."""

    PENDING_APPROVAL = "pending_approval"
    APPROVED = "approved"
    REJECTED = "rejected"
    ESCALATED = "escalated"
    STALE = "stale"


def _plausible(value: date) -> date:
    if value.year not in YEARS:
        raise ValueError(f"must lie in the years {YEARS.start} to {YEARS.stop - 1}")
    return value


def _utc(value: datetime) -> datetime:
    _plausible(value)
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _day_to_instant(value: Any) -> Any:
    """A plain date is midnight UTC of that day."""
    if isinstance(value, str) and len(value) == 10:
        return datetime.combine(date.fromisoformat(value), time(), UTC)
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime.combine(value, time(), UTC)
    return value


def _day(value: Any) -> Any:
    """A full time stands for its day in UTC."""
    if isinstance(value, str) and len(value) > 10:
        return _utc(datetime.fromisoformat(value)).date()
    return value


def _base_language(value: Any) -> Any:
    """``de-DE``, ``de_AT`` and ``DE`` all mean ``de``."""
    return value.replace("_", "-").split("-")[0].lower() if isinstance(value, str) else value


def _marketplace(value: Any) -> Any:
    """Amazon says UK where ISO 3166 says GB; both are read."""
    if isinstance(value, str):
        value = value.strip().upper()
        return "UK" if value == "GB" else value
    return value


def _rfc3339(value: datetime) -> str:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


Instant = Annotated[
    datetime,
    BeforeValidator(_day_to_instant),
    AfterValidator(_utc),
    PlainSerializer(_rfc3339, return_type=str, when_used="json"),
]
Day = Annotated[date, BeforeValidator(_day), AfterValidator(_plausible)]
LanguageCode = Annotated[Language, BeforeValidator(_base_language)]
MarketplaceCode = Annotated[Marketplace, BeforeValidator(_marketplace)]
Text = Annotated[str, StringConstraints(max_length=MAX_TEXT)]
ShortText = Annotated[str, StringConstraints(max_length=2_000)]
Identifier = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Amount = Annotated[Decimal, Field(ge=0, max_digits=14, decimal_places=3)]


class Noun(BaseModel):
    """Base of every value here: immutable, closed, ``null`` means absent."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _null_is_absent(cls, data: Any) -> Any:
        if isinstance(data, dict):
            return {key: value for key, value in data.items() if value is not None}
        return data


# --- what comes in ------------------------------------------------------------------------------------------


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


class Refund(Noun):
    """A refund that has been made, as the order's record says."""

    amount: Amount
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
    at: Instant


OrderStatus = Literal["PENDING", "UNSHIPPED", "PARTIALLY_SHIPPED", "SHIPPED", "CANCELLED", "UNFULFILLABLE"]


class Order(Noun):
    """An order as Amazon's Orders API knows it; delivered means ``delivered_at`` is set."""

    order_id: Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]{3}-\d{7}-\d{7}$")]
    status: OrderStatus
    fulfilled_by: Literal["AMAZON", "MERCHANT"]
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

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    sender: Literal["buyer", "seller"] = Field(alias="from")
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


# --- what the stages make -----------------------------------------------------------------------------------


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


# --- what is kept -------------------------------------------------------------------------------------------


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
