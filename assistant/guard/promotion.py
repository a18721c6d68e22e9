"""Marketing in a customer-service message (AMZ-07)."""

from assistant.guard.examples import Examples
from assistant.guard.phrases import phrase_check
from assistant.guard.rule import Rule

RULES: tuple[Rule, ...] = (
    Rule(
        id="AMZ-07",
        title="Markets something",
        why="buyers may be written to about their order only; take the offer out",
        source="Amazon communication guidelines, marketing and coupons; read 2026-11",
        severity="block",
        check=phrase_check("AMZ-07"),
        bad=Examples("promotion", "AMZ-07", "bad"),
        good=Examples("promotion", "AMZ-07", "good"),
    ),
)
