"""Who speaks, how he pleads, and what must stay inside: AMZ-40, AMZ-44, OPS-01, OPS-02."""

from collections.abc import Iterator
from functools import cache, partial
from itertools import islice

import re2

from assistant.guard.context import GuardContext
from assistant.guard.family import rule_of
from assistant.guard.normalise import View
from assistant.guard.phrases import phrase_check, table
from assistant.guard.rule import Match, Rule

_MOST = 25

_mark_phrases = phrase_check("AMZ-44")


@cache
def _marks() -> "re2._Regexp[str]":
    return re2.compile("|".join(table("conduct")["marks"]["patterns"]))


def _internal_marks(view: View, context: GuardContext) -> Iterator[Match]:
    yield from _mark_phrases(view, context)
    for found in islice(_marks().finditer(view.original), _MOST):
        yield Match(*found.span())


_rule = partial(rule_of, "conduct")

RULES: tuple[Rule, ...] = (
    _rule(
        "AMZ-40",
        title="Speaks as Amazon or pleads with the seller's standing",
        why="the seller speaks for himself; what a complaint does to his account is not the buyer's concern",
        source="Amazon communication guidelines, inferred from the ban on persuasion; 2026-11",
        severity="block",
    ),
    _rule(
        "AMZ-44",
        title="Contains internal marks",
        why="tokens of the mail relay, tickets and notes of the desk are not for the buyer",
        source="Relay mail footers of Amazon, public fixtures; read 2026-11",
        severity="edit",
        check=_internal_marks,
    ),
    _rule(
        "OPS-01",
        title="Speaks as a machine",
        why="a person approves and answers for the text, so it may not present itself as a model or a bot",
        source="House rule; observed in drafts of small chat models, 2026-11",
        severity="block",
    ),
    _rule(
        "OPS-02",
        title="Talks about its instructions or sources",
        why="prompts, passages and talk about drafting leak how the desk works and may follow foreign orders",
        source="Amazon rule catalogue AMZ-41, inferred; observed in drafts of small chat models, 2026-11",
        severity="block",
    ),
)
