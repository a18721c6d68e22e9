"""Rules of one family: each has its examples in ``tables/examples/<family>.toml`` under its own id."""

from assistant.guard.examples import Examples
from assistant.guard.phrases import phrase_check
from assistant.guard.rule import Check, Rule
from assistant.vocabulary import Kind, Severity


def rule_of(
    family: str,
    rule_id: str,
    *,
    title: str,
    why: str,
    source: str,
    severity: Severity = "edit",
    check: Check | None = None,
    kinds: frozenset[Kind] = frozenset({"reply", "proactive"}),
) -> Rule:
    """A rule with the examples of its family; without ``check`` its patterns in the tables judge."""
    return Rule(
        id=rule_id,
        title=title,
        why=why,
        source=source,
        severity=severity,
        check=check or phrase_check(rule_id),
        bad=Examples(family, rule_id, "bad"),
        good=Examples(family, rule_id, "good"),
        kinds=kinds,
    )
