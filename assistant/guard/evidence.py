"""What a draft may rest on: the order, the conversation, the agent's notes and the passages given."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from itertools import combinations

from assistant.domain import Order
from assistant.guard.claims import apart, carriers, order_numbers, products, squash, tracking_numbers
from assistant.guard.context import GuardContext
from assistant.guard.quantities import Quantity, quantities
from assistant.guard.support import agrees, nearest
from assistant.marketplaces import Market, market
from assistant.vocabulary import Language, Marketplace

Source = tuple[str, Language | None]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything of one kind of source (``label`` names it for people), ready to be looked up."""

    label: str
    by_kind: Mapping[str, tuple[Quantity, ...]]
    names: frozenset[str]
    carriers: frozenset[str]
    words: str

    def supports(self, claim: Quantity) -> bool:
        """Whether this source says what ``claim`` says."""
        if claim.kind == "number":
            kinds: Iterable[str] = self.by_kind
        else:
            kinds = {claim.kind, *(("number",) if claim.kind == "measure" else ())}
            kinds = {*kinds, "date", "duration"} if claim.days else kinds
        return any(agrees(claim, other) for kind in kinds for other in self.by_kind.get(kind, ()))

    def nearest(self, claim: Quantity) -> Quantity | None:
        """What this source says instead."""
        return nearest(claim, self.by_kind.get(claim.kind, ()))

    def knows(self, name: str) -> bool:
        """Whether a name occurs, be it written apart: "VN AF55" for "VN-AF55"."""
        return squash(name) in self.names or apart(name) in self.words


@lru_cache(maxsize=256)
def _gathered(label: str, sources: tuple[Source, ...], month_first: bool | None) -> Evidence:
    by_kind: dict[str, list[Quantity]] = {}
    names: set[str] = set()
    known: set[str] = set()
    for text, language in sources:
        for quantity in quantities(text, language, month_first=month_first):
            by_kind.setdefault(quantity.kind, []).append(quantity)
        for finder in (products, order_numbers, tracking_numbers):
            names |= {name.key for name in finder(text)}
        known |= {name.key for name in carriers(text)}
    words = apart("\n".join(text for text, _ in sources))
    parts = {kind: tuple(found) for kind, found in by_kind.items()}
    return Evidence(label, parts, frozenset(names), frozenset(known), words)


def month_first(context: GuardContext) -> bool | None:
    """Whether 11/12 is 12 November here; ``None`` where both ways are usual."""
    return market(context.marketplace).month_first


def _moments(order: Order) -> Iterator[datetime | date]:
    refund = order.refund.at if order.refund else None
    for moment in (order.purchased_at, order.shipped_at, order.last_scan_at, order.delivered_at, refund):
        if moment:
            yield moment
    if order.deliver_by:
        yield order.deliver_by


def _local(moment: datetime | date, here: Market) -> date:
    return here.day(moment) if isinstance(moment, datetime) else moment


@lru_cache(maxsize=64)
def order_text(order: Order, marketplace: Marketplace, at: datetime | None) -> tuple[str, str]:
    """An order as plain text that ``quantities`` reads: its facts, and the days between its dates."""
    here = market(marketplace)
    moments = list(_moments(order))
    days = sorted({_local(moment, here) for moment in moments} | ({_local(at, here)} if at else set()))
    utc = {moment.date() for moment in moments if isinstance(moment, datetime)}
    local_times = {
        f"{moment.astimezone(here.zone):%H:%M}" for moment in moments if isinstance(moment, datetime)
    }
    money = [(item.price.amount * times, item.price.currency) for item in order.items if item.price
             for times in {1, item.quantity}]  # fmt: skip
    currencies = {currency for _, currency in money}
    if len(currencies) == 1:
        whole = sum((row.price.amount * row.quantity for row in order.items if row.price), Decimal(0))
        money.append((whole, currencies.pop()))
    if order.refund:
        money.append((order.refund.amount, order.refund.currency))
    facts = [
        order.order_id,
        *(str(day) for day in sorted({*days, *utc})),
        *sorted(local_times),
        *(f"{amount:f} {currency}" for amount, currency in money),
        *(f"{item.asin}; {item.title}; {item.quantity} pieces" for item in order.items),
        order.carrier or "",
        order.tracking_number or "",
    ]
    spans = {abs((second - first).days) for first, second in combinations(days, 2)}
    lengths = sorted({n for span in spans for n in (span - 1, span, span + 1) if n > 0})
    elapsed = [f"{number} days" for number in lengths]
    return "\n".join(facts), "; ".join(elapsed)


def order_evidence(context: GuardContext) -> Evidence | None:
    """What the order says; ``None`` where there is none."""
    if context.order is None:
        return None
    facts, _ = order_text(context.order, context.marketplace, context.at)
    return _gathered("order", ((facts, "en"),), month_first(context))


def elapsed_evidence(context: GuardContext) -> Evidence | None:
    """Days between the order's dates and today: support for "two weeks ago"."""
    if context.order is None:
        return None
    _, elapsed = order_text(context.order, context.marketplace, context.at)
    return _gathered("order", ((elapsed, "en"),), None)


def evidence_of(context: GuardContext) -> tuple[Evidence, ...]:
    """Every source of a case, the most telling first."""
    order = order_evidence(context)
    facts = ((context.agent_facts, None),) if context.agent_facts else ()
    passages = tuple((f"{row.title}\n{row.text}", row.language) for row in context.passages or ())
    thread = tuple((entry.text, context.buyer_language) for entry in context.thread)
    first = month_first(context)
    others = (("passage", passages), ("agent's note", facts), ("conversation", thread))
    return ((order,) if order else ()) + tuple(
        _gathered(label, rows, first) for label, rows in others if rows
    )
