"""GR: every number, date, amount, product name and order fact of a draft stands in the evidence.

What is said of the order is always judged; without an order nobody can tell, so the claim has to go or be
checked. What is said of product or policy is judged only where passages were given.
"""

from collections.abc import Iterator, Sequence
from itertools import islice

from assistant.guard.allow import outside
from assistant.guard.claims import (
    Name,
    Sentences,
    asserted,
    carriers,
    inside,
    order_numbers,
    products,
    tracking_numbers,
)
from assistant.guard.context import GuardContext
from assistant.guard.evidence import Evidence, elapsed_evidence, evidence_of, month_first
from assistant.guard.family import rule_of
from assistant.guard.normalise import View
from assistant.guard.notions import occurs, spans
from assistant.guard.quantities import LIMIT, READ, Quantity, quantities
from assistant.guard.rule import Check, Match, Rule
from assistant.guard.units import QuantityKind

_MOST = 25
"""Findings of one rule in one text; a person who sees that many has seen enough."""

_NO_ORDER = "no order is given, so nobody can tell whether this is right"


def _stated(view: View, context: GuardContext, kinds: frozenset[QuantityKind]) -> Iterator[Quantity]:
    """Quantities of the draft that are statements, not figures of speech."""
    read = quantities(view.original, context.buyer_language, month_first=month_first(context))
    claims = [item for item in read if item.kind in kinds and not item.weak]
    if claims:
        zones = sorted(
            [view.span(zone.start, zone.end) for zone in spans(view, "ordinary_number")]
            + [(name.start, name.end) for name in tracking_numbers(view.original[:READ])]
        )
        kept = set(outside(((item.start, item.end) for item in claims), zones))
        yield from (item for item in claims if (item.start, item.end) in kept)


def _unsupported(
    view: View, context: GuardContext, kinds: frozenset[QuantityKind], of_order: bool
) -> Iterator[Quantity]:
    """Claims without support; with ``of_order`` those in sentences about the order, else the others."""
    if context.passages is None and not of_order:
        return
    claims = list(_stated(view, context, kinds))
    if not claims:
        return
    of_the_order = Sentences(view, "order_claim")
    sources = evidence_of(context)
    elapsed = elapsed_evidence(context)
    for claim in claims:
        if (claim.kind in {"money", "date"} and of_the_order.around(claim.start)) is of_order and not (
            any(source.supports(claim) for source in sources)
            or (elapsed and _has_passed(view, claim) and elapsed.supports(claim))
        ):
            yield claim


def _has_passed(view: View, claim: Quantity) -> bool:
    around = view.original[max(0, claim.start - 12) : claim.start], view.original[claim.end : claim.end + 12]
    return claim.kind == "duration" and any(occurs("elapsed", text.lower()) for text in around)


def _instead(claim: Quantity, sources: Sequence[Evidence]) -> str:
    for source in sources:
        if other := source.nearest(claim):
            return f"the {source.label} says {other.text.strip()}"
    return "nothing given says so"


def _quantity_check(kinds: frozenset[QuantityKind], view: View, context: GuardContext) -> Iterator[Match]:
    for claim in islice(_unsupported(view, context, kinds, of_order=False), _MOST):
        told = f'"{claim.text.strip()}" is not supported: {_instead(claim, evidence_of(context))}'
        yield Match(claim.start, claim.end, told)


def _numbers(view: View, context: GuardContext) -> Iterator[Match]:
    yield from _quantity_check(frozenset({"number", "percent", "measure", "duration", "time"}), view, context)
    read = quantities(view.original, context.buyer_language, month_first=month_first(context))
    if context.passages is not None and (len(view.original) > READ or len(read) >= LIMIT):
        yield Match(0, len(view.original), "this text is too long or holds too many numbers to be checked")


def _dates(view: View, context: GuardContext) -> Iterator[Match]:
    return _quantity_check(frozenset({"date"}), view, context)


def _amounts(view: View, context: GuardContext) -> Iterator[Match]:
    return _quantity_check(frozenset({"money"}), view, context)


def _order_facts(view: View, context: GuardContext) -> Iterator[Match]:
    sources = evidence_of(context)
    for claim in islice(_unsupported(view, context, frozenset({"money", "date"}), of_order=True), _MOST):
        reason = _instead(claim, sources) if context.order else _NO_ORDER
        yield Match(claim.start, claim.end, f'"{claim.text.strip()}" is not supported: {reason}')
    yield from _names(view, context, sources)
    yield from _states(view, context)


def _names(view: View, context: GuardContext, sources: Sequence[Evidence]) -> Iterator[Match]:
    order = context.order
    text = view.original[:READ]
    for what, found, right in (
        ("order number", order_numbers(text), order.order_id if order else None),
        ("tracking number", tracking_numbers(text), order.tracking_number if order else None),
    ):
        for name in islice(found, _MOST):
            if not any(source.knows(name.key) or name.key in source.names for source in sources):
                yield _wrong_name(what, name, text, right)
    of_this_parcel = Sentences(view, "own_parcel")
    for name in islice(carriers(text), _MOST):
        # A policy may name every carrier; what is said of this parcel is the order's to say.
        judges = sources
        if order and order.carrier and of_this_parcel.around(name.start):
            judges = [source for source in sources if source.label != "passage"]
        if not any(name.key in source.carriers for source in judges) and not (
            order and order.carrier and text[name.start : name.end].lower() in order.carrier.lower()
        ):
            yield _wrong_name("carrier", name, text, order.carrier if order else None)


def _wrong_name(what: str, name: Name, text: str, right: str | None) -> Match:
    reason = f"the order says {right}" if right else _NO_ORDER + ", or the order has none"
    return Match(name.start, name.end, f'{what} "{text[name.start : name.end]}": {reason}', fix=right)


def _states(view: View, context: GuardContext) -> Iterator[Match]:
    order, facts = context.order, View.of(context.agent_facts) if context.agent_facts else None
    delivered = order is not None and order.delivered_at is not None
    sent = order is not None and (
        order.shipped_at is not None or order.status in {"SHIPPED", "PARTIALLY_SHIPPED"}
    )
    for notion, true, told in (
        ("delivered", delivered, "the order has no delivery"),
        ("in_transit", sent and not delivered, "the order is not under way"),
    ):
        if true or (facts and spans(facts, notion)):
            continue
        for span in islice(asserted(view, notion), _MOST):
            start, end = view.span(span.start, span.end)
            yield Match(start, end, f'"{view.original[start:end].strip()}": {told if order else _NO_ORDER}')


def _product_names(view: View, context: GuardContext) -> Iterator[Match]:
    if context.passages is None:
        return
    text = view.original[:READ]
    read = quantities(view.original, context.buyer_language, month_first=month_first(context))
    measured = sorted((item.start, item.end) for item in read)
    sources = evidence_of(context)
    for name in islice(products(text), 4 * _MOST):
        word = text[name.start : name.end]
        if not inside(name.start, measured) and not any(source.knows(word) for source in sources):
            yield Match(
                name.start, name.end, f'the name "{word}" stands neither in the order nor in the knowledge'
            )


_SOURCE = "House rule: facts only from order, conversation and knowledge"


def _rule(number: int, title: str, why: str, check: Check) -> Rule:
    return rule_of("grounding", f"GR-{number:02d}", title=title, why=why, source=_SOURCE, check=check)


RULES: tuple[Rule, ...] = (
    _rule(1, "unsupported order fact", "a reply must never contradict the order", _order_facts),
    _rule(2, "unsupported number", "figures come from the knowledge or the order only", _numbers),
    _rule(3, "unsupported date", "dates come from the knowledge or the order only", _dates),
    _rule(4, "unsupported amount", "amounts come from the knowledge or the order only", _amounts),
    _rule(5, "unknown product name", "a wrong model or part number sends the buyer astray", _product_names),
)
