"""Run every rule on the whole text and turn what they find into one report. Fails closed."""

import logging
from collections.abc import Iterable, Iterator

from assistant.domain import Finding, GuardReport
from assistant.guard.context import GuardContext
from assistant.guard.normalise import View
from assistant.guard.registry import RULES, pack_id
from assistant.guard.rule import Match, Rule
from assistant.vocabulary import Verdict

_log = logging.getLogger(__name__)


def check(text: str, context: GuardContext) -> GuardReport:
    """Judge a draft. Findings come in the order of the text; the gravest one decides the verdict.

    A rule that cannot be evaluated yields a finding that blocks; no rule is ever left out silently.
    """
    return check_with(RULES, text, context)


def check_with(rules: Iterable[Rule], text: str, context: GuardContext) -> GuardReport:
    """Judge a draft by the rules given; ``check`` takes the whole pack."""
    view = View.of(text)
    findings = [
        found for rule in rules if context.kind in rule.kinds for found in _findings(rule, view, context)
    ]
    findings.sort(key=lambda found: (found.start, found.end, found.rule))
    return GuardReport(
        verdict=_verdict(findings),
        grounding="checked" if context.passages is not None else "not_checked",
        pack=pack_id(),
        findings=tuple(findings),
    )


def _findings(rule: Rule, view: View, context: GuardContext) -> tuple[Finding, ...]:
    try:
        return tuple(_explained(rule, view, context))
    except Exception as fault:
        # The type alone: a message could carry the buyer's words into the log.
        _log.error("rule %s could not be evaluated: %s", rule.id, type(fault).__name__)
        unchecked = Match(
            0, len(view.original), f"{rule.title}: this rule could not be evaluated", None, "block"
        )
        return (_finding(rule, view, unchecked),)


def _explained(rule: Rule, view: View, context: GuardContext) -> Iterator[Finding]:
    seen: set[tuple[int, int]] = set()
    for match in rule.check(view, context):
        if (match.start, match.end) not in seen:
            seen.add((match.start, match.end))
            yield _finding(rule, view, match)


def _finding(rule: Rule, view: View, match: Match) -> Finding:
    return Finding(
        rule=rule.id,
        severity=match.severity or rule.severity,
        start=match.start,
        end=match.end,
        evidence=view.original[match.start : match.end],
        message=match.message or f"{rule.title}: {rule.why}",
        fix=match.fix,
    )


def _verdict(findings: Iterable[Finding]) -> Verdict:
    severities = {found.severity for found in findings}
    return "blocked" if "block" in severities else "needs_edit" if "edit" in severities else "pass"
