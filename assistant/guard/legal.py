"""AMZ-36: no reply denies a right that consumer law or Amazon gives; LG-01: none speaks on liability."""

from collections.abc import Iterator
from functools import partial
from itertools import islice

from assistant.guard.claims import clause_of, is_question, stands_in
from assistant.guard.context import GuardContext
from assistant.guard.family import rule_of
from assistant.guard.normalise import View
from assistant.guard.notions import Hit, spans
from assistant.guard.rule import Match, Rule
from assistant.marketplaces import market
from assistant.vocabulary import Severity

_MOST = 25


def _remedy_near(view: View, span: Hit) -> bool:
    number = view.sentence_number(span[0])
    last = min(len(view.sentences) - 1, number + 1)
    return stands_in(view, "remedy", (view.sentences[number][0], view.sentences[last][1]))


def _denied_right(view: View, context: GuardContext) -> Iterator[Match]:
    severity: Severity = "block" if market(context.marketplace).law == "eu" else "edit"
    for span in islice(spans(view, "denial"), _MOST):
        place = clause_of(view, span)
        if not (
            is_question(view, place)
            or stands_in(view, "not_a_denial", place.sentence, language=span.language)
            or _remedy_near(view, span)
        ):
            yield Match(*view.span(span.start, span.end), severity=severity)


def _liability(view: View, context: GuardContext) -> Iterator[Match]:
    del context
    for span in islice(spans(view, "liability"), _MOST):
        yield Match(*view.span(span.start, span.end))


_rule = partial(rule_of, "legal")

RULES: tuple[Rule, ...] = (
    _rule(
        "AMZ-36",
        title="denies a right",
        why="defect rights outlast every return window; only a person may refuse, and never in these words",
        source="Amazon return policy, seller help G201725710; read 2026-11",
        severity="edit",
        check=_denied_right,
    ),
    _rule(
        "LG-01",
        title="speaks on liability",
        why="who is liable is for the compliance owner; a reply neither admits nor denies it",
        source="House rule: quality, law and safety are for a supervisor",
        severity="edit",
        check=_liability,
    ),
)
