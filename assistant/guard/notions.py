"""Turns of phrase that make a claim, a promise or a denial, looked up one at a time.

Same tables as in ``phrases.py`` (``[words.<name>]`` per language), but these are frames with gaps between
their words. A set of all at once would need more states than an automaton may hold, so each notion has its
own, run only when a rule asks for it and remembered for the texts at hand.
"""

from functools import cache, lru_cache
from itertools import islice
from typing import Any, NamedTuple

import re2

from assistant.guard.normalise import View
from assistant.guard.phrases import table
from assistant.vocabulary import LANGUAGES, Language

TABLES = ("grounding", "promises", "safety", "legal")
"""Tables in ``tables/`` whose notions these are; one namespace."""

_EAST = ("ja", "zh")
_LETTER = r"\p{Latin}\pN_"
_MEMORY = 64 << 20
_MOST = 200
"""Places of one notion in one text; the gravest answer is clear long before."""
_READ = 20_000
"""Characters searched: five times what a message may hold."""


class Hit(NamedTuple):
    """A place in folded text, and the language whose wording was found (``None``: any)."""

    start: int
    end: int
    language: Language | None


@cache
def _rows() -> dict[str, Any]:
    return {name: row for part in TABLES for name, row in table(part)["words"].items()}


def _finder(row: dict[str, list[str]], languages: tuple[str, ...]) -> tuple[Any, tuple[str, ...]]:
    """One expression with a group per language; Latin wordings match whole words only."""
    present = [name for name in ("any", *languages) if row.get(name)]
    latin = [name for name in present if name not in _EAST]
    east = [name for name in present if name in _EAST]
    groups = {name: f"({'|'.join(row[name])})" for name in present}
    parts = [groups[name] for name in east]
    if latin:
        words = "|".join(groups[name] for name in latin)
        parts.insert(0, f"(?:^|[^{_LETTER}])(?:{words})(?:[^{_LETTER}]|$)")
    options = re2.Options()
    options.max_mem = _MEMORY
    return re2.compile("|".join(parts) if parts else r"[^\x00-\x{10FFFF}]", options), (*latin, *east)


@cache
def _finders(notion: str, language: Language | None) -> tuple[Any, tuple[str, ...], Any]:
    """A notion's expression with the languages of its groups, and that of its look-alikes."""
    row = _rows()[notion]
    languages: tuple[str, ...] = (language,) if language else LANGUAGES
    finder, groups = _finder(row, languages)
    look_alikes = row.get("except")
    return finder, groups, _finder(look_alikes, languages)[0] if look_alikes else None


@lru_cache(maxsize=4096)
def _places(notion: str, language: Language | None, folded: str) -> tuple[Hit, ...]:
    finder, groups, look_alikes = _finders(notion, language)
    hits = []
    for found in islice(finder.finditer(folded[:_READ]), _MOST):
        spoken: Any = groups[found.lastindex - 1]
        start, end = found.span(found.lastindex)
        hits.append(Hit(start, end, None if spoken == "any" else spoken))
    if not (hits and look_alikes):
        return tuple(hits)
    harmless = [found.span() for found in islice(look_alikes.finditer(folded[:_READ]), _MOST)]
    return tuple(
        hit for hit in hits if not any(hit.start < end and start < hit.end for start, end in harmless)
    )


def occurs(notion: str, text: str, language: Language | None = None) -> bool:
    """Whether a notion occurs, in the words of one language or of any, in a piece of folded text.

    The piece has to begin and end between words.
    """
    finder, _, look_alikes = _finders(notion, language)
    return bool(_places(notion, language, text)) if look_alikes else finder.search(text[:_READ]) is not None


def spans(view: View, notion: str) -> tuple[Hit, ...]:
    """Where a notion occurs in ``view.folded``, look-alikes left out, in order."""
    return _places(notion, None, view.folded)
