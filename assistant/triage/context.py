"""What the order and the thread add to the words of a message."""

import tomllib
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

from assistant.domain import Order
from assistant.triage.evidence import Evidence
from assistant.vocabulary import INTENT_TIER, Intent

_WHERE_IS = ("order_status", "tracking", "delivery_delay", "not_arrived", "not_received")
_MONEY_BACK = ("refund_status", "refund_amount")
_CERTAIN = 0.9
_LIKELY = 0.8
_POSSIBLE = 0.5


@dataclass(frozen=True, slots=True)
class ThreadMarks:
    """Marks of the buyer's entries in the thread: those before the seller's last answer, and all."""

    before_answer: frozenset[str] = frozenset()
    anywhere: frozenset[str] = frozenset()


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads((files("assistant.triage") / "tables" / "context.toml").read_text("utf-8"))


def apply(
    evidence: Evidence, *, order: Order | None, thread_marks: ThreadMarks, at: datetime, asked: bool = False
) -> None:
    """Complete the evidence: implied intents, the order's state, repetition, what explains what.

    ``asked`` says whether the message holds a question mark.
    """
    for row in _table()["implies"]:
        score = evidence.score(row["mark"])
        if score > evidence.score(row["intent"]):
            evidence.set(row["intent"], score, row["reason"])
    _weigh_signals(evidence, new=order is None and not thread_marks.anywhere)
    _weigh_order(evidence, order, at)
    _weigh_thread(evidence, thread_marks, refunded=order is not None and order.refund is not None)
    if not _matters(evidence) and not evidence.has("thanks"):
        _weigh_thread_matter(evidence, thread_marks, order)
    if not _matters(evidence):
        _weigh_question(evidence, order, asked=asked)
    if order is None and not thread_marks.anywhere:
        _weigh_no_order(evidence)
    for row in _table()["beats"]:
        if evidence.score(row["winner"]) >= _POSSIBLE:
            for loser in row["losers"]:
                evidence.drop(loser, f"{row['winner']} explains it: {row['reason']}")
    _weigh_thanks(evidence)


def _matters(evidence: Evidence) -> list[str]:
    """Intents with enough evidence to be reported, courtesy left out."""
    return [
        mark
        for mark in evidence.marks()
        if mark in set(Intent) and mark != Intent.THANKS and evidence.score(mark) >= _POSSIBLE
    ]


def _weigh_signals(evidence: Evidence, *, new: bool) -> None:
    """Signals that decide by themselves what the words around them mean; ``new``: no order, no thread."""
    for row in _table()["signals"]:
        if evidence.has(row["mark"]):
            for loser in row["losers"]:
                evidence.drop(loser, f"{row['mark']}: {row['reason']}")
    if evidence.has("size_choice"):
        intent = Intent.PRESALE if new and not evidence.has("size_fit", "owned") else Intent.SIZE_FIT
        evidence.set(intent, _LIKELY, "which size to take: before buying a question, afterwards an exchange")


def _weigh_thread_matter(evidence: Evidence, thread: ThreadMarks, order: Order | None) -> None:
    """A message that names no matter goes on with the gravest one of the conversation."""
    marks = set(thread.anywhere)
    if marks & {"not_arrived", "delivery_delay"} and order is not None and order.delivered_at is not None:
        marks.add("not_received")
    known = [intent for intent in Intent if intent in marks and intent not in (Intent.THANKS, Intent.OTHER)]
    if known:
        gravest = max(known, key=lambda intent: INTENT_TIER[intent])
        evidence.set(gravest, _POSSIBLE, "the matter of the conversation so far, this message names none")


def _weigh_question(evidence: Evidence, order: Order | None, *, asked: bool) -> None:
    """The first row of ``questions`` that fits: a question and nothing else found (see the table)."""
    delivered = order is not None and order.delivered_at is not None
    state = "none" if order is None else "delivered" if delivered else "on the way"
    for row in _table()["questions"]:
        names = all(evidence.has(mark) for mark in row["marks"])
        if state in row["order"] and names and (asked or evidence.has("asks")):
            evidence.set(row["intent"], _POSSIBLE, row["reason"])
            return


def _weigh_order(evidence: Evidence, order: Order | None, at: datetime) -> None:
    """Late, lost or only asked for: the order decides, without it the words do."""
    not_here = evidence.has("delivery_delay", "not_arrived")
    if order is not None and order.delivered_at is not None:
        if not_here:
            evidence.set("not_received", _CERTAIN, "the order counts as delivered, the buyer has not got it")
    elif order is not None and order.deliver_by is not None and evidence.has(*_WHERE_IS):
        days_late = (at.date() - order.deliver_by).days
        if evidence.has("not_arrived") and days_late > _table()["lost"]["days"]:
            evidence.set("not_received", _CERTAIN, f"{days_late} days late; {_table()['lost']['reason']}")
        elif not_here or days_late > 0:
            evidence.set("delivery_delay", _CERTAIN, f"promised for {order.deliver_by}, not delivered")
    elif evidence.has("not_arrived") and not evidence.has("delivery_delay"):
        evidence.set("not_received", evidence.score("not_arrived"), "it did not come, nothing says only late")


def _weigh_thread(evidence: Evidence, thread: ThreadMarks, *, refunded: bool) -> None:
    complaints = _table()["complaints"]
    repeated = [mark for mark in complaints["marks"] if evidence.has(mark)]
    if repeated and thread.before_answer.intersection(complaints["marks"]):
        evidence.set("quality_dispute", _CERTAIN, f"{repeated[0]} again; {complaints['reason']}")
    money_before = refunded or bool(thread.anywhere.intersection(_MONEY_BACK))
    if evidence.has("return_request") and money_before and not evidence.has("refund_status"):
        evidence.set("refund_status", _LIKELY, "money back was already spoken of in this case")


def _weigh_no_order(evidence: Evidence) -> None:
    asked = evidence.has("product_question", "size_fit")
    tiers = {INTENT_TIER[Intent(mark)] for mark in evidence.marks() if mark in set(Intent)}
    bought = evidence.has("owned") or any(tier > 1 for tier in tiers)
    if asked and not bought and not evidence.has("presale", "usage_help", *_WHERE_IS):
        evidence.set("presale", _POSSIBLE, "a question about the product and no order is known")


def _weigh_thanks(evidence: Evidence) -> None:
    others = [mark for mark in evidence.marks() if mark in set(Intent) and mark != Intent.THANKS]
    if any(evidence.score(mark) >= _POSSIBLE for mark in others):
        evidence.drop("thanks", "courtesy beside another matter")
