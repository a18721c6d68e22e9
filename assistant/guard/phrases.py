"""Words and how they must meet: the phrase tables as compiled linear-time patterns.

A table file has two parts. ``[words.<name>]`` lists, per language, what expresses one notion
(``en = [...]``), as re2 expressions on the normal form; ``any`` belongs to every language, and
``[words.<name>.except]`` lists look-alikes that do not count. ``<other>`` inside an expression stands for
another notion in the same language. Latin entries match whole words, Japanese and Chinese ones anywhere.

``[[pattern]]`` says which notions together break a rule: ``all`` (``a|b`` is either), at most ``within``
characters apart, in ``sentences`` neighbouring sentences, in the order given where ``ordered``; not where a
notion of ``unless`` stands in the same sentences, nor where the buyer used one of ``unless_buyer`` before.
"""

import re
import tomllib
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import islice
from typing import Any

import re2

from assistant.guard.allow import outside
from assistant.guard.context import GuardContext
from assistant.guard.normalise import View
from assistant.guard.rule import Check, Match
from assistant.vocabulary import Kind

TABLES = ("reviews", "promotion", "contact", "refunds", "conduct", "courtesy")
"""Phrase tables in ``tables/``. Notions are one namespace, so a table may use another's."""

Span = tuple[int, int]

_BOUNDED = ("any", "en", "de", "fr", "it", "es")
_LETTER = r"\p{Latin}\pN_"
_MACRO = re.compile(r"<([a-z0-9_]+)>")
_MOST = 25
"""Findings of one pattern in one text; a person who sees that many has seen enough."""
_MEMORY = 64 << 20


@dataclass(frozen=True, slots=True)
class Pattern:
    """Notions that together break a rule."""

    rule: str
    reason: str
    groups: tuple[tuple[str, ...], ...]
    within: int
    sentences: int
    ordered: bool
    unless: tuple[str, ...]
    unless_buyer: tuple[str, ...]
    kinds: frozenset[Kind]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All notions: one set to see which occur at all, and each one's own expression to see where."""

    names: tuple[str, ...]
    present: "re2.Set"
    finders: tuple["re2._Regexp[str]", ...]
    exceptions: Mapping[str, "re2._Regexp[str]"]
    patterns: Mapping[str, tuple[Pattern, ...]]


def table(name: str) -> dict[str, Any]:
    """One table file, parsed."""
    return tomllib.loads((files("assistant.guard") / "tables" / f"{name}.toml").read_text("utf-8"))


@cache
def lexicon() -> Lexicon:
    """The compiled tables; built at first use."""
    tables = [table(name) for name in TABLES]
    words = {name: row for parsed in tables for name, row in parsed.get("words", {}).items()}
    options = re2.Options()
    options.max_mem = _MEMORY
    options.log_errors = False
    present = re2.Set.SearchSet(options)
    sources = {name: _expression(row, words) for name, row in words.items()}
    for source in (*sources.values(), ""):
        present.Add(source)
    present.Compile()
    patterns: dict[str, list[Pattern]] = {}
    for row in (row for parsed in tables for row in parsed.get("pattern", [])):
        patterns.setdefault(row["rule"], []).append(_pattern(row))
    return Lexicon(
        tuple(sources),
        present,
        tuple(re2.compile(source, options) for source in sources.values()),
        {
            name: re2.compile(_expression(row["except"], words), options)
            for name, row in words.items()
            if "except" in row
        },
        {rule: tuple(found) for rule, found in patterns.items()},
    )


def _pattern(row: Mapping[str, Any]) -> Pattern:
    return Pattern(
        rule=row["rule"],
        reason=row["reason"],
        groups=tuple(tuple(group.split("|")) for group in row["all"]),
        within=row.get("within", 120),
        sentences=row.get("sentences", 1),
        ordered=row.get("ordered", False),
        unless=tuple(row.get("unless", ())),
        unless_buyer=tuple(row.get("unless_buyer", ())),
        kinds=frozenset(row.get("kinds", ("reply", "proactive"))),
    )


def _expression(row: Mapping[str, Any], words: Mapping[str, Any]) -> str:
    """One expression of a notion: group 1 is the Latin part, bounded by non-letters, group 2 the rest."""
    latin = [entry for language in _BOUNDED for entry in _entries(row, language, words)]
    east = [entry for language in ("ja", "zh") for entry in _entries(row, language, words)]
    parts = []
    if latin:
        # A blank of an entry stands for a line break too: mail is wrapped anywhere.
        spaced = "|".join(latin).replace(" ", r"\s")
        parts.append(f"(?:^|[^{_LETTER}])({spaced})(?:[^{_LETTER}]|$)")
    if east:
        parts.append(f"({'|'.join(east)})")
    return f"(?s){'|'.join(parts)}"


def _entries(row: Mapping[str, Any], language: str, words: Mapping[str, Any]) -> Iterator[str]:
    def expand(found: re.Match[str]) -> str:
        other = words[found.group(1)]
        options = (entry for part in (language, "any") for entry in _entries(other, part, words))
        return f"(?:{'|'.join(options)})"

    for entry in row.get(language, ()):
        yield _MACRO.sub(expand, entry)


class Hits:
    """Notions in one text: which occur is known at once, where they stand is looked up when asked for."""

    def __init__(self, folded: str) -> None:
        self._folded = folded
        words = lexicon()
        # Nothing at all is told as None. The empty expression matches any text: without it the automaton
        # has run out of memory.
        numbers = words.present.Match(folded) or ()
        if len(words.names) not in numbers:
            raise MemoryError("the phrase automaton could not read the text")
        self._numbers = {words.names[number]: number for number in numbers if number < len(words.names)}
        self._spans: dict[str, tuple[Span, ...]] = {}

    def __contains__(self, notion: str) -> bool:
        return notion in self._numbers

    def spans(self, notion: str) -> tuple[Span, ...]:
        """Places of a notion, look-alikes left out."""
        if notion not in self._numbers:
            return ()
        if notion not in self._spans:
            self._spans[notion] = self._find(notion)
        return self._spans[notion]

    def _find(self, notion: str) -> tuple[Span, ...]:
        words = lexicon()
        found = _places(words.finders[self._numbers[notion]], self._folded)
        exception = words.exceptions.get(notion)
        return tuple(outside(found, _places(exception, self._folded)) if exception else found)


hits = lru_cache(maxsize=4)(Hits)
"""All rules of one check share the hits in its text."""


def spans(view: View, notion: str) -> Sequence[Span]:
    """Where a notion occurs in ``view.folded``, look-alikes left out."""
    return hits(view.folded).spans(notion)


def _places(finder: "re2._Regexp[str]", folded: str) -> Iterator[Span]:
    return (found.span(found.lastindex or 0) for found in finder.finditer(folded))


def meetings(view: View, pattern: Pattern) -> Iterator[Span]:
    """Spans of ``view.folded`` in which the notions of a pattern meet."""
    found = hits(view.folded)
    if not all(any(name in found for name in group) for group in pattern.groups):
        return
    groups = [sorted(span for name in group for span in found.spans(name)) for group in pattern.groups]
    if not all(groups):
        return
    forgiven = sorted(span for name in pattern.unless for span in found.spans(name))
    for anchor in groups[0]:
        scope = _neighbourhood(view, anchor[0], pattern.sentences)
        span: Span | None = anchor
        for group in groups[1:]:
            span = _joined(span, anchor, group, scope, pattern) if span else None
        if span and not _any_between(forgiven, *_neighbourhood(view, span[0], 1, span[1])):
            yield span


def _neighbourhood(view: View, place: int, sentences: int, end: int | None = None) -> Span:
    number = view.sentence_number(place)
    last = view.sentence_number(end - 1) if end else number
    first = max(0, number - sentences + 1)
    last = min(len(view.sentences) - 1, last + sentences - 1)
    return view.sentences[first][0], view.sentences[last][1]


def _joined(span: Span, anchor: Span, group: Sequence[Span], scope: Span, pattern: Pattern) -> Span | None:
    """Widen ``span`` by the hit of ``group`` nearest to the anchor, if it is near enough."""
    place = bisect_left(group, (span[1], 0) if pattern.ordered else anchor)
    after = group[place : place + 1]
    before = () if pattern.ordered else group[max(0, place - 1) : place]
    best: Span | None = None
    for hit in (*before, *after):
        wider = min(span[0], hit[0]), max(span[1], hit[1])
        inside = scope[0] <= hit[0] and hit[1] <= scope[1] + 1
        if (
            inside
            and wider[1] - wider[0] <= pattern.within
            and (best is None or wider[1] - wider[0] < best[1] - best[0])
        ):
            best = wider
    return best


def _any_between(hits: Sequence[Span], low: int, high: int) -> bool:
    place = bisect_left(hits, (low, 0))
    return place < len(hits) and hits[place][0] < high


def phrase_check(rule: str) -> Check:
    """A rule's check that is nothing but its patterns in the tables."""

    def check(view: View, context: GuardContext) -> Iterator[Match]:
        for pattern in lexicon().patterns[rule]:
            if context.kind in pattern.kinds and not _buyer_spoke(context, pattern.unless_buyer):
                yield from matches(view, islice(meetings(view, pattern), _MOST))

    return check


def _buyer_spoke(context: GuardContext, notions: Sequence[str]) -> bool:
    texts = (entry.text for entry in context.thread if notions and entry.sender == "buyer")
    return any(notion in hits(View.of(text).folded) for text in texts for notion in notions)


def matches(view: View, found: Iterable[Span]) -> Iterator[Match]:
    """Spans of the normal form as matches in the original text."""
    for start, end in found:
        yield Match(*view.span(start, end))
