"""PR: nothing is promised without a person's yes; AMZ-34, AMZ-35: nothing that the order contradicts.

A thing said to be done needs a record: the order's refund, its shipping, the agent's own note. A commitment
needs a condition ("once a colleague has confirmed") because every refund is finance's to approve.
"""

from collections.abc import Iterator
from datetime import timedelta
from functools import lru_cache
from itertools import islice

from assistant.domain import Order
from assistant.guard.claims import asserted, clause_of, is_question, stands_in
from assistant.guard.context import GuardContext
from assistant.guard.family import rule_of
from assistant.guard.normalise import View
from assistant.guard.notions import Hit, spans
from assistant.guard.rule import Check, Match, Rule
from assistant.marketplaces import market

_MOST = 25
_RECORDS = ("refund_done", "ship_done", "cancel_done", "replacement_noun", "handoff")
_COMMITMENTS = ("refund_promise", "replacement_promise", "label_promise")


@lru_cache(maxsize=128)
def _notions(text: str) -> frozenset[str]:
    view = View.of(text)
    return frozenset(notion for notion in _RECORDS if spans(view, notion))


def _noted(context: GuardContext, notion: str) -> bool:
    """Whether the agent's own notes say so."""
    return bool(context.agent_facts and notion in _notions(context.agent_facts))


def _match(view: View, span: Hit, told: str) -> Match:
    start, end = view.span(span.start, span.end)
    return Match(start, end, f'"{view.original[start:end].strip()}": {told}')


def _commitments(view: View, notion: str) -> Iterator[Hit]:
    """Promises that depend on nothing: no condition in the sentence, no denial or other actor near."""
    for span in spans(view, notion):
        place = clause_of(view, span)
        if not (
            is_question(view, place)
            or stands_in(view, "condition", place.sentence, language=span.language)
            or stands_in(view, "denied", place.clause, language=span.language)
            or stands_in(view, "by_amazon", place.clause, language=span.language)
        ):
            yield span


def _refund_promised(view: View, context: GuardContext) -> Iterator[Match]:
    if context.order is not None and context.order.refund is not None:
        return
    for span in islice(_commitments(view, "refund_promise"), _MOST):
        yield _match(view, span, "a refund or compensation is promised before finance has agreed")


def _replacement_promised(view: View, context: GuardContext) -> Iterator[Match]:
    if not _noted(context, "replacement_noun"):
        for span in islice(_commitments(view, "replacement_promise"), _MOST):
            yield _match(view, span, "a replacement is promised before anybody has agreed")


def _handed_off(view: View, context: GuardContext) -> Iterator[Match]:
    if _noted(context, "handoff"):
        return
    for span in spans(view, "handoff"):
        place = clause_of(view, span)
        if not (
            is_question(view, place)
            or stands_in(view, "colleague", (span.start, span.end))
            or stands_in(view, "denied", place.clause, language=span.language)
            or stands_in(view, "possible", place.clause, language=span.language)
        ):
            yield _match(view, span, "nobody has arranged this step")


def _guaranteed(view: View, context: GuardContext) -> Iterator[Match]:
    for span in spans(view, "guarantee"):
        place = clause_of(view, span)
        if not stands_in(view, "denied", place.clause, language=span.language) and not is_question(
            view, place
        ):
            yield _match(view, span, "arrival is guaranteed although the carrier decides")
    for span in _commitments(view, "arrives_soon"):
        if not _promised_day(view.folded[span[0] : span[1]], context):
            yield _match(view, span, "the order does not promise this day")


_TODAY = ("today", "tonight", "heute", "aujourd'hui", "oggi", "hoy", "本日", "今日", "今天")


def _promised_day(phrase: str, context: GuardContext) -> bool:
    order = context.order
    if order is None or order.deliver_by is None or context.at is None:
        return False
    ahead = 0 if any(word in phrase for word in _TODAY) else 1
    return market(context.marketplace).day(context.at) + timedelta(days=ahead) >= order.deliver_by


def _amazon_decides(view: View, context: GuardContext) -> Iterator[Match]:
    order = context.order
    if order is not None and order.fulfilled_by == "AMAZON":
        for notion in _COMMITMENTS:
            for span in spans(view, notion):
                place = clause_of(view, span)
                other = stands_in(view, "by_amazon", place.clause, language=span.language) or stands_in(
                    view, "denied", place.clause, but=span
                )
                if not other and not is_question(view, place):
                    yield _match(
                        view, span, "Amazon fulfils this order, so Amazon's customer service decides"
                    )
    elif order is None:
        for span in _commitments(view, "label_promise"):
            yield _match(view, span, "no order is given: if Amazon fulfils it, Amazon makes the label")


def _claimed_done(view: View, context: GuardContext) -> Iterator[Match]:
    order = context.order
    refunded = order is not None and order.refund is not None
    if not refunded and not _noted(context, "refund_done"):
        for span in islice(asserted(view, "refund_done"), _MOST):
            yield _match(view, span, _missing(order, "refund"))
    yield from _claimed_sent(view, context)
    cancelled = order is None or order.status == "CANCELLED" or _noted(context, "cancel_done")
    if not cancelled:
        for span in islice(asserted(view, "cancel_done"), _MOST):
            yield _match(view, span, "the order is not cancelled")


def _claimed_sent(view: View, context: GuardContext) -> Iterator[Match]:
    order = context.order
    sent = order is not None and (
        order.shipped_at is not None or order.status in {"SHIPPED", "PARTIALLY_SHIPPED"}
    )
    for span in islice(asserted(view, "ship_done"), _MOST):
        place = clause_of(view, span)
        if stands_in(view, "by_amazon", place.clause, language=span.language):
            continue
        again = stands_in(view, "replacement_noun", place.clause, language=span.language)
        if again and not (_noted(context, "replacement_noun") and _noted(context, "ship_done")):
            yield _match(view, span, "there is no record of a replacement being sent")
        elif not again and not sent and not _noted(context, "ship_done"):
            yield _match(view, span, _missing(order, "shipping"))


def _missing(order: Order | None, what: str) -> str:
    return f"the order has no record of {what}" if order else f"no order is given, so no record of {what}"


_HOUSE = "House rule: customer service informs, it does not commit money, stock or other people"


def _rule(rule_id: str, title: str, why: str, source: str, check: Check) -> Rule:
    return rule_of("promises", rule_id, title=title, why=why, source=source, check=check)


RULES: tuple[Rule, ...] = (
    _rule(
        "PR-01", "refund promised", "every refund needs finance's approval first", _HOUSE, _refund_promised
    ),
    _rule("PR-02", "replacement promised", "stock and a yes come first", _HOUSE, _replacement_promised),
    _rule("PR-03", "unarranged hand-over", "no step of others that nobody arranged", _HOUSE, _handed_off),
    _rule("PR-04", "arrival guaranteed", "no promise that logistics cannot keep", _HOUSE, _guaranteed),
    _rule(
        "AMZ-34",
        "promise on an order of Amazon",
        "Amazon decides refunds, labels and reshipping for orders it fulfils",
        "Amazon on orders it ships, seller help 200298130; read 2026-11",
        _amazon_decides,
    ),
    _rule(
        "AMZ-35",
        "done without record",
        "what is said to be done must be on record",
        "House rule: a reply never contradicts the order",
        _claimed_done,
    ),
)
