"""Reviews and feedback: no steering, no buying, no begging (AMZ-01 to AMZ-06)."""

from collections.abc import Iterator
from functools import partial

from assistant.guard.context import GuardContext
from assistant.guard.family import rule_of
from assistant.guard.normalise import View
from assistant.guard.phrases import matches, phrase_check, spans
from assistant.guard.rule import Match, Rule
from assistant.vocabulary import Kind

_REVIEW_POLICY = "Amazon customer product review policies, G201972160 and E8SYAZUBGVFBHCH; read 2026-11"
_GUIDELINES = "Amazon communication guidelines, message types not permitted; read 2026-11"

_incentive_phrases = phrase_check("AMZ-04")


def _incentive(view: View, context: GuardContext) -> Iterator[Match]:
    """Something of value tied to a review in the text, or offered after reviews were talked about."""
    yield from _incentive_phrases(view, context)
    if not _talked_of_reviews(context):
        return
    for match in matches(view, spans(view, "goodwill")):
        yield Match(
            match.start,
            match.end,
            "Benefit after talk of a review: the thread speaks of one, so this reads as payment for it",
        )


def _talked_of_reviews(context: GuardContext) -> bool:
    return any(spans(View.of(entry.text), "review") for entry in context.thread)


_REPLY: frozenset[Kind] = frozenset({"reply"})
_rule = partial(rule_of, "reviews")

RULES: tuple[Rule, ...] = (
    _rule(
        "AMZ-01",
        title="Asks for a positive review",
        why="a review may never be steered towards praise; take the request out",
        source=_REVIEW_POLICY,
        severity="block",
    ),
    _rule(
        "AMZ-02",
        title="Asks to change or remove a review",
        why="buyers decide on their reviews alone, even after the problem is solved; take the request out",
        source=_REVIEW_POLICY,
        severity="block",
    ),
    _rule(
        "AMZ-03",
        title="Asks only happy buyers for a review",
        why="asking the happy and diverting the unhappy is manipulation, also when the buyer praised first",
        source=_REVIEW_POLICY,
        severity="block",
    ),
    _rule(
        "AMZ-04",
        title="Ties a benefit to a review",
        why="nothing of value may be given for, because of or instead of a review",
        source=_REVIEW_POLICY,
        severity="block",
        check=_incentive,
    ),
    _rule(
        "AMZ-05",
        title="Asks for a review in an answer",
        why="an answer solves the problem; one neutral request per order goes out by Amazon's own button",
        source=_GUIDELINES,
        severity="edit",
        kinds=_REPLY,
    ),
    _rule(
        "AMZ-06",
        title="Asks to take back seller feedback",
        why="Amazon withdrew the way to ask for this; sources conflict, so a person decides",
        source="Amazon selling partner API, createNegativeFeedbackRemoval deleted 2025-08-04; read 2026-11",
        severity="edit",
    ),
)
