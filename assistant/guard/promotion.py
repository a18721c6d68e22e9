"""Marketing in a customer-service message (AMZ-07)."""

from functools import partial

from assistant.guard.family import rule_of
from assistant.guard.rule import Rule

_rule = partial(rule_of, "promotion")

RULES: tuple[Rule, ...] = (
    _rule(
        "AMZ-07",
        title="Markets something",
        why="buyers may be written to about their order only; take the offer out",
        source="Amazon communication guidelines, marketing and coupons; read 2026-11",
        severity="block",
    ),
)
