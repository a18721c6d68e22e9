"""Messages that say only thanks (AMZ-20)."""

from collections.abc import Iterator
from functools import partial

import re2

from assistant.guard.context import GuardContext
from assistant.guard.family import rule_of
from assistant.guard.normalise import View
from assistant.guard.phrases import hits
from assistant.guard.rule import Match, Rule
from assistant.vocabulary import Severity

_LONGEST = 800
"""A message longer than this many characters says more than thanks."""
_WORD = re2.compile(r"\p{Latin}{2,}|\pN+|[\p{Han}\p{Hiragana}\p{Katakana}]")
_LEFT_WORDS = 2
_LEFT_CHARACTERS = 4
"""What may be left of a sentence besides courtesy: a name."""


def _thanks_only(view: View, context: GuardContext) -> Iterator[Match]:
    found = hits(view.folded)
    if len(view.folded) > _LONGEST or "thanks" not in found or "courtesy" not in found:
        return
    if any(_says_more(view, found.spans("courtesy"), sentence) for sentence in view.sentences):
        return
    severity: Severity = "block" if context.kind == "proactive" else "warn"
    yield Match(0, len(view.original), severity=severity)


def _says_more(view: View, courtesies: tuple[tuple[int, int], ...], sentence: tuple[int, int]) -> bool:
    """Whether more than a name is left of a sentence without its courtesies."""
    left, place = "", sentence[0]
    for start, end in courtesies:
        if sentence[0] <= start < sentence[1]:
            left += view.folded[place:start] + " "
            place = max(place, end)
    words = _WORD.findall(left + view.folded[place : sentence[1]])
    latin = sum(word.isascii() or len(word) > 1 for word in words)
    return latin > _LEFT_WORDS or len(words) - latin > _LEFT_CHARACTERS or any(map(str.isdigit, words))


_rule = partial(rule_of, "courtesy")

RULES: tuple[Rule, ...] = (
    _rule(
        "AMZ-20",
        title="Says only thanks",
        why="thanks alone are not permitted; if the buyer needs nothing, mark it as needing no response",
        source="Amazon communication guidelines, message types not permitted; read 2026-11",
        severity="warn",
        check=_thanks_only,
    ),
)
