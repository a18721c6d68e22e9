"""What an order says for certain, ready to be told to the buyer; what contradicts itself is left out."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

import regex

from assistant.domain import Order
from assistant.drafting.formats import day, is_plain_day, local_day, locale_for, money, with_article
from assistant.vocabulary import Language, Marketplace

State = Literal[
    "unknown",  # no order is known
    "unclear",  # the order contradicts itself
    "pending",
    "not_shipped",
    "partly_shipped",
    "in_transit",
    "delivered",
    "cancelled",
    "unfulfillable",
]
RefundState = Literal["none", "done", "unclear"]

_CLOCK_SKEW = timedelta(minutes=5)
_STATE: dict[str, State] = {
    "PENDING": "pending",
    "UNSHIPPED": "not_shipped",
    "PARTIALLY_SHIPPED": "partly_shipped",
    "SHIPPED": "in_transit",
    "CANCELLED": "cancelled",
    "UNFULFILLABLE": "unfulfillable",
}
_TRACKING_NUMBER = regex.compile(r"[A-Za-z0-9][A-Za-z0-9 -]{3,39}")
_CARRIER = regex.compile(r"[\p{L}\p{N}][\p{L}\p{N} &+.'’()-]{0,39}")


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """Facts of one order. Days and amounts are as the buyer writes them; absent: unknown or contradictory.

    ``late``: the last promised day is over and the order has not been delivered. ``contradictions`` are for
    the agent and never for the buyer.
    """

    state: State = "unknown"
    order_id: str | None = None
    by_amazon: bool = False
    late: bool = False
    shipped: str | None = None
    deliver_by: str | None = None
    last_scan: str | None = None
    delivered: str | None = None
    carrier: str | None = None
    tracking: str | None = None
    refund: RefundState = "none"
    amount: str | None = None
    refunded: str | None = None
    contradictions: tuple[str, ...] = ()

    def values(self, language: Language) -> dict[str, str]:
        """What phrases may insert, by the name of the value; days as they stand in a sentence."""
        days = {
            "shipped": self.shipped,
            "deliver_by": self.deliver_by,
            "last_scan": self.last_scan,
            "delivered": self.delivered,
            "refunded": self.refunded,
        }
        others = {"carrier": self.carrier, "tracking": self.tracking, "amount": self.amount}
        told = {name: with_article(text, language) for name, text in days.items() if text}
        return told | {name: text for name, text in others.items() if text}


@dataclass(slots=True)
class _Dates:
    """The dates of an order while they are checked; what is doubtful is emptied and its reason noted."""

    order: Order
    marketplace: Marketplace
    now: datetime
    told: dict[str, datetime] = field(default_factory=dict)
    reasons: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        order = self.order
        known = {
            "purchased": order.purchased_at, "shipped": order.shipped_at, "last scan": order.last_scan_at,
            "delivered": order.delivered_at, "refunded": order.refund.at if order.refund else None,
        }  # fmt: skip
        self.told = {name: at for name, at in known.items() if at}
        for name, at in dict(self.told).items():
            if self._in_future(at):
                self._drop(f"{name} in the future", name)
        for later, earlier, kept in (
            ("shipped", "purchased", ""),
            ("delivered", "purchased", "purchased"),
            ("refunded", "purchased", "purchased"),
            ("delivered", "shipped", ""),
            ("last scan", "shipped", "shipped"),
        ):
            if {later, earlier} <= self.told.keys() and _after(self.told[earlier], self.told[later]):
                self._drop(f"{later} before {earlier}", *({later, earlier} - {kept}))

    def _in_future(self, at: datetime) -> bool:
        if is_plain_day(at):
            return at.date() > local_day(self.now, self.marketplace)
        return at > self.now + _CLOCK_SKEW

    def _drop(self, reason: str, *names: str) -> None:
        self.reasons.append(reason)
        for name in names:
            self.told.pop(name, None)


def order_facts(
    order: Order | None, language: Language, marketplace: Marketplace, now: datetime
) -> OrderFacts:
    """Read an order for a buyer of ``language`` on ``marketplace``.

    Which of two contradicting dates is wrong cannot be known, so neither is told (a purchase date is never
    doubted alone); the state is then ``unclear``; a bad refund date only makes the refund unclear.
    """
    if order is None:
        return OrderFacts()
    dates = _Dates(order, marketplace, now)
    unshipped = order.status in {"PENDING", "UNSHIPPED", "CANCELLED", "UNFULFILLABLE"}
    if unshipped and order.status != "CANCELLED" and (order.shipped_at or order.delivered_at):
        dates.reasons.append(f"{order.status} with a date of shipping or delivery")
    if order.status == "CANCELLED" and order.delivered_at:
        dates.reasons.append("delivered although cancelled")
    deliver_by = order.deliver_by
    if deliver_by and order.purchased_at and deliver_by < order.purchased_at.date():
        dates.reasons.append("promised before purchased")
        deliver_by = None
    state = _state(order, dates)
    locale = locale_for(language, marketplace)
    written = {name: day(local_day(at, marketplace), locale) for name, at in dates.told.items()}
    moving = state in {"partly_shipped", "in_transit", "delivered"}
    open_state = state not in {"delivered", "cancelled", "unclear", "unfulfillable"}
    refunded = order.refund is not None and "refunded" in dates.told
    return OrderFacts(
        state=state,
        order_id=order.order_id,
        by_amazon=order.fulfilled_by == "AMAZON",
        late=bool(deliver_by and open_state and deliver_by < local_day(now, marketplace)),
        shipped=written.get("shipped") if moving else None,
        deliver_by=day(deliver_by, locale) if deliver_by else None,
        last_scan=written.get("last scan") if moving else None,
        delivered=written.get("delivered") if state == "delivered" else None,
        carrier=_whole(_CARRIER, order.carrier) if moving else None,
        tracking=_whole(_TRACKING_NUMBER, order.tracking_number) if moving else None,
        refund="done" if refunded else "unclear" if order.refund else "none",
        amount=money(order.refund.amount, order.refund.currency, locale)
        if order.refund and refunded
        else None,
        refunded=written.get("refunded") if refunded else None,
        contradictions=tuple(dates.reasons),
    )


def _state(order: Order, dates: _Dates) -> State:
    doubtful = [
        reason for reason in dates.reasons if not reason.startswith(("refunded", "promised", "last scan"))
    ]
    if doubtful:
        return "unclear"
    return "delivered" if "delivered" in dates.told else _STATE[order.status]


def _after(one: datetime, other: datetime) -> bool:
    """Whether ``one`` is later; where one of them is a plain day, only days can be compared."""
    if is_plain_day(one) or is_plain_day(other):
        return one.date() > other.date()
    return one > other


def _whole(pattern: "regex.Pattern[str]", text: str | None) -> str | None:
    """Names and numbers that look like what they should be; others may be anything and are not told."""
    stripped = (text or "").strip()
    return stripped if pattern.fullmatch(stripped) else None
