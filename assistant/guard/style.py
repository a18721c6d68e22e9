"""How a message may look: AMZ-27 to AMZ-30, AMZ-33 and OPS-04."""

from collections.abc import Iterable, Iterator
from functools import cache, partial
from itertools import islice
from typing import Any

import re2
import regex

from assistant.guard.context import GuardContext
from assistant.guard.family import rule_of
from assistant.guard.normalise import View
from assistant.guard.phrases import table
from assistant.guard.rule import Match, Rule

_MOST = 30
_DIRECTION = re2.compile("[\u202a-\u202e\u2066-\u2069]+")
_STYLING = "Amazon communication guidelines, styling, quoted by ecommercebytes.com 2020-09; read 2026-11"
_BREAKS = re2.compile(r"(?:[ \t\x{3000}]*\r?\n){3,}")
_LIMITS = {"reply": 4_000, "proactive": 2_000}
"""Code points, and UTF-16 units too: 2,000 is the API's limit, 4,000 for replies is from memory."""


@cache
def _table() -> dict[str, Any]:
    return table("style")


@cache
def _picture() -> "regex.Pattern[str]":
    always = regex.escape(_table()["pictures"]["always"])
    return regex.compile(
        rf"(?:\p{{Emoji_Presentation}}|[\p{{Emoji}}--[0-9#*]]\uFE0F|[{always}])[\uFE0F\u200D\p{{Emoji_Modifier}}\p{{Emoji_Presentation}}]*",
        regex.V1,
    )


@cache
def _emoticon() -> "re2._Regexp[str]":
    return re2.compile("|".join(_table()["emoticons"]["patterns"]))


def _pictures(view: View, _context: GuardContext) -> Iterator[Match]:
    """Emoji and pictograms; signs drawn with letters only warn."""
    if not view.original.isascii():
        for hit in islice(_picture().finditer(view.original), _MOST):
            yield _with_fix(hit.span(), "")
    for found in islice(_emoticon().finditer(view.original), _MOST):
        start, end = _trimmed(view.original, *found.span())
        yield Match(start, end, "Looks like an emoticon: leave it out", severity="warn")


def _with_fix(span: tuple[int, int], fix: str) -> Match:
    return Match(span[0], span[1], fix=fix)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())


def _breaks(view: View, _context: GuardContext) -> Iterator[Match]:
    for hit in islice(_BREAKS.finditer(view.original), _MOST):
        yield _with_fix(hit.span(), "\n\n")


@cache
def _tag() -> "re2._Regexp[str]":
    names = "|".join(_table()["html"]["tags"])
    entities = "|".join(_table()["html"]["entities"])
    return re2.compile(rf"(?i)</?(?:{names})(?:\s[^<>]*)?/?>|<!--|&(?:{entities}|#\d+);")


@cache
def _bold() -> "re2._Regexp[str]":
    return re2.compile(_table()["markdown"]["bold"])


@cache
def _markdown() -> "re2._Regexp[str]":
    return re2.compile("|".join(f"(?:{pattern})" for pattern in _table()["markdown"]["other"]))


def _markup(view: View, _context: GuardContext) -> Iterator[Match]:
    """HTML and Markdown; bold has a safe repair, the rest is for a person."""
    text = view.original
    for hit in islice(_bold().finditer(text), _MOST):
        yield _with_fix(hit.span(), hit.group()[2:-2])
    for pattern in (_tag(), _markdown()):
        for hit in islice(pattern.finditer(text), _MOST):
            yield Match(*hit.span())


@cache
def _gap() -> "re2._Regexp[str]":
    words = _table()["placeholders"]
    latin, east = "|".join(words["latin"]), "|".join(words["east"])
    free = r"\]\[{}<>【】\n"
    whole_word = rf"(?:[^{free}]*[^\p{{Latin}}{free}])?(?:{latin})(?:[^\p{{Latin}}{free}@][^{free}@]*)?"
    inside = rf"{whole_word}|[^{free}]*(?:{east})[^{free}]*"
    return re2.compile(
        r"(?i)\{\{[^{}\n]*\}\}|\$\{[^{}\n]+\}|\{[a-z_][a-z0-9_ .-]*\}|%\([a-z_]+\)s|%[A-Z_]{4,}%"
        rf"|\[(?:{inside})\]|【(?:{inside})】|<(?:{inside})>"
        r"|\((?:insert|your|ihr|votre|su|il suo) (?:\p{Latin}+ )*"
        r"(?:name|number|company|nom|nombre|nome|order)\p{Latin}*(?: here)?\)"
        r"|[〇○●◯]{2,}|_{4,}|lorem ipsum|\b(?:tbd|tbc)\b|\[\.\.\.\]|\[…\]|\bXXX+\b"
    )


def _placeholders(view: View, _context: GuardContext) -> Iterator[Match]:
    allowed = frozenset(_table()["placeholders"]["not_gaps"])
    for hit in islice(_gap().finditer(view.original), _MOST):
        found = hit.group()
        if found.strip("[]【】<>{}() ").lower() not in allowed and not _is_order_of_case(found):
            yield _gap_match(view.original, *hit.span())


def _gap_match(text: str, start: int, end: int) -> Match:
    """A gap that fills its line, as under a signature, can go with the line; inside a sentence it cannot."""
    line_start = text.rfind("\n", 0, start) + 1
    line_end = text.find("\n", end) if "\n" in text[end:] else len(text)
    alone = not (text[line_start:start] + text[end:line_end]).strip(" ,.")
    if alone and line_start > 0:
        return Match(line_start - 1, line_end, fix="")
    return Match(start, end)


def _is_order_of_case(found: str) -> bool:
    """``XXX`` in lower case is no gap but a size or a sound; capitals are."""
    return found.strip("xX") == "" and not found.isupper()


def _direction(view: View, _context: GuardContext) -> Iterator[Match]:
    for hit in islice(_DIRECTION.finditer(view.original), _MOST):
        yield Match(hit.start(), hit.end(), fix="")


def _length(view: View, context: GuardContext) -> Iterable[Match]:
    limit = _LIMITS[context.kind]
    length = max(len(view.original), len(view.original.encode("utf-16-le")) // 2)
    if length <= limit:
        return ()
    message = f"Too long: {length} characters, {limit} are allowed"
    return (Match(min(limit, len(view.original) - 1), len(view.original), message),)


_rule = partial(rule_of, "style")

RULES: tuple[Rule, ...] = (
    _rule(
        "AMZ-27",
        title="Contains an emoji",
        why="emoji, pictograms and kaomoji are not permitted; take them out",
        source=_STYLING,
        severity="edit",
        check=_pictures,
    ),
    _rule(
        "AMZ-28",
        title="Too many line breaks",
        why="no more than two line breaks in a row",
        source=_STYLING,
        severity="edit",
        check=_breaks,
    ),
    _rule(
        "AMZ-29",
        title="Contains HTML or Markdown",
        why="messages are plain text; markup is refused or shown as it is",
        source="Amazon messaging API, 'no HTML'; communication guidelines, styling; read 2026-11",
        severity="edit",
        check=_markup,
    ),
    _rule(
        "AMZ-30",
        title="Contains an unfilled gap",
        why="a placeholder was left in the text; fill it in or take the sentence out",
        source="Amazon communication guidelines, styling: spelling and grammar; read 2026-11",
        severity="block",
        check=_placeholders,
    ),
    _rule(
        "OPS-04",
        title="Steers the reading direction",
        why="invisible marks make a text read otherwise than it is stored; take them out",
        source="Unicode technical report 36, bidirectional text spoofing; read 2026-11",
        severity="edit",
        check=_direction,
    ),
    _rule(
        "AMZ-33",
        title="Too long",
        why="longer messages are refused by Amazon",
        source="Amazon messaging API, 2,000 characters; 4,000 for replies from memory; read 2026-11",
        severity="block",
        check=_length,
    ),
)
