"""The draft is in the buyer's language (AMZ-22)."""

from collections.abc import Iterator
from functools import partial

from assistant.guard.context import GuardContext
from assistant.guard.family import rule_of
from assistant.guard.normalise import View
from assistant.guard.rule import Match, Rule
from assistant.vocabulary import Language, Severity

_SURE = 0.75
_SURE_OF_SHORT = 0.97
_SHORT = 80
"""Characters below which a guess must be nearly certain: a product name outweighs a short sentence."""
_SAMPLE = 400
"""Characters that are read first; only a doubt about them makes the whole text be read."""
_SHORTEST = 20

_NAMES: dict[Language, str] = {
    "en": "English", "de": "German", "fr": "French", "it": "Italian",
    "es": "Spanish", "ja": "Japanese", "zh": "Chinese",
}  # fmt: skip


def _wrong_language(view: View, context: GuardContext) -> Iterator[Match]:
    wanted = context.buyer_language or _of_buyer(context)
    if wanted is None or len(view.folded) < _SHORTEST:
        return
    from assistant.triage.language import identify

    guess = identify(view.original[:_SAMPLE], fallback=wanted)
    if len(view.original) > _SAMPLE and (guess.language != wanted or guess.mixed):
        guess = identify(view.original, fallback=wanted)
    sure = _SURE if len(view.folded) >= _SHORT or _east(guess.language) or _east(wanted) else _SURE_OF_SHORT
    if guess.language != wanted and guess.confidence >= sure:
        severity: Severity = "block" if context.kind == "proactive" else "edit"
        message = f"Wrong language: the buyer reads {_NAMES[wanted]}, this is {_NAMES[guess.language]}"
        yield Match(0, len(view.original), message, severity=severity)


def _east(language: Language) -> bool:
    return language in ("ja", "zh")


def _of_buyer(context: GuardContext) -> Language | None:
    """Language of the buyer's latest message that says anything about it."""
    from assistant.triage.language import identify

    for entry in reversed(context.thread):
        if entry.sender == "buyer":
            guess = identify(entry.text)
            if guess.confidence >= _SURE:
                return guess.language
    return None


_rule = partial(rule_of, "language")

RULES: tuple[Rule, ...] = (
    _rule(
        "AMZ-22",
        title="Wrong language",
        why="messages are written in the buyer's language of preference",
        source="Amazon messaging API, messaging.json; communication guidelines; read 2026-11",
        severity="edit",
        check=_wrong_language,
    ),
)
