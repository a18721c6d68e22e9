"""A reply that gives the buyer's own words back as if they were the seller's (OPS-03)."""

from collections.abc import Iterator
from functools import partial

import re2

from assistant.guard.context import GuardContext
from assistant.guard.family import rule_of
from assistant.guard.normalise import View
from assistant.guard.rule import Match, Rule

_LONG_ENOUGH = 40
"""Weight of the shortest sentence that counts: shorter ones are said by both sides all the time."""
_DENSE = 3
"""Chinese and Japanese say with one character what takes about three letters elsewhere."""

_DENSE_LETTERS = re2.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}]")
_QUOTED = re2.compile(r"[\"「『][^\"」』]*[\"」』]")
_READ = 20_000
"""Characters of the buyer's message that are compared."""
_EDGES = " \n.!?…。！？,、;:-"


def _is_long(words: str) -> bool:
    return len(words) + (_DENSE - 1) * len(_DENSE_LETTERS.findall(words)) >= _LONG_ENOUGH


def _echoes(view: View, context: GuardContext) -> Iterator[Match]:
    asked = next((entry.text for entry in context.thread[-1:] if entry.sender == "buyer"), "")
    said = View.of(asked[:_READ]).folded
    for start, end in view.sentences:
        words = view.folded[start:end].strip(_EDGES)
        if words in said and _is_long(words) and not _QUOTED.search(words):
            yield Match(*view.span(start, end))


_rule = partial(rule_of, "echo")

RULES: tuple[Rule, ...] = (
    _rule(
        "OPS-03",
        title="Repeats the buyer instead of answering",
        why="a whole sentence of the buyer stands in the reply as if we had said it; quote it or answer it",
        source="House rule; observed in drafts of small chat models, 2026-11",
        check=_echoes,
    ),
)
