"""AMZ-38: where something may be dangerous, a reply asks to stop using it and leaves the rest to a person.

The rule wakes when the buyer's messages report a hazard, or the sentence of the draft itself (or a neighbour)
names one: `guard check` may be given no thread.
"""

from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

from assistant import danger
from assistant.guard.claims import clause_of, stands_in
from assistant.guard.context import GuardContext
from assistant.guard.examples import Examples
from assistant.guard.normalise import View
from assistant.guard.notions import Hit, spans
from assistant.guard.rule import Check, Match, Rule
from assistant.vocabulary import Severity

_MOST = 25
_NEVER = {
    "play_down": "plays the danger down",
    "blame": "blames the buyer",
    "keep_using": "lets the buyer go on using the product",
    "medical": "gives medical advice",
    "admits": "admits a fault or liability",
}


@lru_cache(maxsize=512)
def names_danger(text: str) -> bool:
    """Whether a text reports a hazard or an injury."""
    return bool(danger.reported_in(text))


def reported(context: GuardContext) -> bool:
    """Whether the buyer reported a danger in this conversation."""
    return any(entry.sender == "buyer" and names_danger(entry.text) for entry in context.thread)


def _near_danger(view: View, span: Hit) -> bool:
    number = view.sentence_number(span[0])
    first, last = max(0, number - 1), min(len(view.sentences) - 1, number + 1)
    return names_danger(view.folded[view.sentences[first][0] : view.sentences[last][1]])


def _forbidden(view: View, context: GuardContext) -> Iterator[Match]:
    woken = reported(context)
    for notion, told in _NEVER.items():
        for span in islice(spans(view, notion), _MOST):
            if not woken and not _near_danger(view, span):
                continue
            if notion == "keep_using" and _forbids(view, span):
                continue
            if notion in {"play_down", "blame", "admits"} and stands_in(
                view, "denied", clause_of(view, span).clause, but=span, language=span.language
            ):
                continue
            start, end = view.span(span.start, span.end)
            yield Match(start, end, f'"{view.original[start:end].strip()}" {told}')


def _forbids(view: View, span: Hit) -> bool:
    clause = clause_of(view, span).clause
    return stands_in(view, "stop_use", clause) or stands_in(
        view, "denied", clause, but=span, language=span.language
    )


def _no_warning(view: View, context: GuardContext) -> Iterator[Match]:
    if reported(context) and not spans(view, "stop_use"):
        yield Match(0, len(view.original))


def _rule(rule_id: str, title: str, why: str, severity: Severity, check: Check) -> Rule:
    return Rule(
        id=rule_id,
        title=title,
        why=why,
        source="Amazon product safety, seller help 9XA2EBS46RN498D; read 2026-11",
        severity=severity,
        check=check,
        kinds=frozenset({"reply"}),
        bad=Examples("safety", rule_id, "bad"),
        good=Examples("safety", rule_id, "good"),
    )


RULES: tuple[Rule, ...] = (
    _rule(
        "AMZ-38",
        "careless answer to a safety report",
        "a reply never plays a hazard down, blames the buyer, treats injuries or admits a fault",
        "block",
        _forbidden,
    ),
    _rule("SF-01", "no warning", "first of all the buyer must stop using the product", "edit", _no_warning),
)
