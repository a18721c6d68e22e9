"""Money, cancellations and claims: everything goes through Amazon and nobody is pressed (AMZ-15, 18, 37)."""

from functools import partial

from assistant.guard.family import rule_of
from assistant.guard.rule import Rule

_rule = partial(rule_of, "refunds")

RULES: tuple[Rule, ...] = (
    _rule(
        "AMZ-15",
        title="Pays past Amazon",
        why="refunds and compensation go through Amazon to the original payment method, nowhere else",
        source="Amazon selling policies, attempts to divert transactions, 200386250; read 2026-11",
        severity="block",
    ),
    _rule(
        "AMZ-18",
        title="Asks the buyer to cancel",
        why="the seller adjusts an order he cannot ship; the buyer is never asked to cancel it",
        source="Amazon communication guidelines, G1701; read 2026-11",
        severity="block",
    ),
    _rule(
        "AMZ-37",
        title="Presses a buyer about a claim",
        why="nobody may be asked to forgo or withdraw a claim, nor may a refund hang on it",
        source="Amazon order defect rate policy; abuse rule from memory, kept as block on purpose; 2026-11",
        severity="block",
    ),
)
