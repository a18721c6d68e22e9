"""Turns of phrase that make a claim, a promise or a denial, looked up one at a time.

Same tables as in ``phrases.py`` (``[words.<name>]`` per language), but these are frames with gaps between
their words. A set of all at once would need more states than an automaton may hold, so each notion has its
own, run only when a rule asks for it and remembered for the texts at hand.
"""

from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import islice
from typing import Any

import re2

from assistant.guard.allow import outside
from assistant.guard.normalise import View
from assistant.guard.phrases import Span, table

TABLES = ("grounding", "promises", "safety", "legal")
"""Tables in ``tables/`` whose notions these are; one namespace."""

_LATIN = ("any", "en", "de", "fr", "it", "es")
_EAST = ("ja", "zh")
_LETTER = r"\p{Latin}\pN_"
_MEMORY = 64 << 20
_MOST = 200
"""Places of one notion in one text; the gravest answer is clear long before."""
_READ = 20_000
"""Characters searched: five times what a message may hold."""


@cache
def _rows() -> dict[str, Any]:
    return {name: row for part in TABLES for name, row in table(part)["words"].items()}


def _expression(row: dict[str, list[str]]) -> str:
    """Group 1 is the Latin part, whole words only; group 2 the rest."""
    latin = "|".join(entry for language in _LATIN for entry in row.get(language, ()))
    east = "|".join(entry for language in _EAST for entry in row.get(language, ()))
    parts = [rf"(?:^|[^{_LETTER}])({latin})(?:[^{_LETTER}]|$)"] if latin else []
    return "|".join([*parts, f"({east})"] if east else parts)


@cache
def _finders(notion: str) -> tuple[Any, Any]:
    options = re2.Options()
    options.max_mem = _MEMORY
    row = _rows()[notion]
    look_alikes = row.get("except")
    return (
        re2.compile(_expression(row), options),
        re2.compile(_expression(look_alikes), options) if look_alikes else None,
    )


@lru_cache(maxsize=4096)
def _places(notion: str, folded: str) -> tuple[Span, ...]:
    finder, look_alikes = _finders(notion)
    found = list(_search(finder, folded))
    if found and look_alikes:
        found = list(outside(found, _search(look_alikes, folded)))
    return tuple(found)


def _search(finder: Any, folded: str) -> Iterator[Span]:
    found = islice(finder.finditer(folded[:_READ]), _MOST)
    return (hit.span(hit.lastindex or 0) for hit in found)


def occurs(notion: str, text: str) -> bool:
    """Whether a notion occurs in a piece of folded text that begins and ends between words."""
    finder, look_alikes = _finders(notion)
    if look_alikes:
        return bool(_places(notion, text))
    return finder.search(text[:_READ]) is not None


def spans(view: View, notion: str) -> tuple[Span, ...]:
    """Where a notion occurs in ``view.folded``, look-alikes left out, in order."""
    return _places(notion, view.folded)
