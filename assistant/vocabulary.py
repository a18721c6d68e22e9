"""The words of the product: languages, marketplaces, tiers, intents, flags, roles, states, kinds of field.

Times carry a zone and are kept in UTC; a plain day is midnight UTC; ``GB`` and ``de-AT`` are read generously.
"""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal, get_args

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainSerializer,
    StringConstraints,
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
OrderStatus = Literal["PENDING", "UNSHIPPED", "PARTIALLY_SHIPPED", "SHIPPED", "CANCELLED", "UNFULFILLABLE"]
Fulfilment = Literal["AMAZON", "MERCHANT"]
Sender = Literal["buyer", "seller"]
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
