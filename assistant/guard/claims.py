"""Names in a text that can be looked up (products, orders, parcels, carriers) and what surrounds a phrase.

All offsets are code points of the text as it was given.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from typing import Any

import re2

from assistant.guard.normalise import View
from assistant.guard.notions import Hit, occurs, spans
from assistant.guard.phrases import Span, table
from assistant.vocabulary import Language

_PRODUCT = re.compile(
    r"(?<![A-Za-z0-9_./@-])(?:[A-Za-z]{1,12}-?[0-9][A-Za-z0-9]*(?:-[A-Za-z0-9]{1,12})*"
    r"|[A-Za-z]{1,12}(?:-[A-Za-z]{1,12})?-[A-Za-z]{0,6}[0-9][A-Za-z0-9]*(?:-[A-Za-z0-9]{1,12})*"
    r"|[0-9]{1,6}-?[A-Z][A-Z0-9]*(?:-[A-Z0-9]{1,12})*)(?![A-Za-z])"
)
_ORDER = re.compile(r"(?<![0-9A-Z-])[0-9A-Z]{3}-[0-9]{7}-[0-9]{7}(?![0-9-])")
_TRACKING = re.compile(
    r"(?<![0-9A-Za-z+-])(?:1Z[0-9A-Z]{16}|[A-Z]{2}[0-9]{9}[A-Z]{2}|[A-Z]{2,4}[0-9]{8,24}[A-Z]{0,2}"
    r"|[0-9]{4}(?:[ -][0-9]{4}){2,5}(?:[ -][0-9]{1,4})?|[0-9]{10,34})(?![0-9A-Za-z-])"
)
_REACH = 400
"""Characters that a clause may reach before and after a phrase; a draft without full stops stays linear."""
_PHONE_LIKE = re.compile(r"0[1-9][0-9]{8,9}")
_SPLIT = re.compile(r"[,;:()、，；：\n]| - ")


@dataclass(frozen=True, slots=True)
class Name:
    """A name at ``text[start:end]``; ``key`` is the same however it is spelled."""

    start: int
    end: int
    key: str


def squash(text: str) -> str:
    """Capitals and digits only: "vn af-55" and "VN-AF55" are one name."""
    return re.sub(r"[\W_]+", "", text).upper()


def apart(text: str) -> str:
    """Latin words and figures in capitals with one blank around each, for whole-word look-ups."""
    return f" {re.sub(r'[^A-Za-z0-9]+', ' ', text).strip().upper()} "


@cache
def _plain_names() -> frozenset[str]:
    return frozenset(table("grounding")["plain_names"]["names"])


def products(text: str) -> Iterator[Name]:
    """Model and part names: letters with digits, mostly capitals, no long number."""
    for found in _PRODUCT.finditer(text):
        word = found.group()
        small, great = sum(map(str.islower, word)), sum(map(str.isupper, word))
        digits = sum(map(str.isdigit, word))
        key = squash(word)
        if (
            great
            and small <= great + 2
            and digits < 8
            and len(key) > 2 - ("-" in word)
            and key not in _plain_names()
        ):
            yield Name(found.start(), found.end(), key)


def order_numbers(text: str) -> Iterator[Name]:
    """Amazon order numbers."""
    return (Name(found.start(), found.end(), found.group()) for found in _ORDER.finditer(text))


def tracking_numbers(text: str) -> Iterator[Name]:
    """Numbers shaped like those of parcels; order numbers and what looks like a telephone number are none."""
    for found in _TRACKING.finditer(text):
        key = squash(found.group())
        if sum(map(str.isdigit, key)) >= 8 and not _PHONE_LIKE.fullmatch(key):
            yield Name(found.start(), found.end(), key)


@cache
def _carriers() -> tuple[Any, Any, dict[str, str]]:
    data = table("carriers")
    keys = {alias: key for part in ("carriers", "cased") for key, row in data[part].items() for alias in row}

    def pattern(part: str, flags: str) -> Any:
        words = sorted((alias for row in data[part].values() for alias in row), key=len, reverse=True)
        return re2.compile(
            rf"{flags}(?:^|[^\p{{Latin}}\pN])({'|'.join(map(re2.escape, words))})(?:[^\p{{Latin}}\pN]|$)"
        )

    return pattern("carriers", "(?i)"), pattern("cased", ""), keys


def carriers(text: str) -> Iterator[Name]:
    """Carriers by name."""
    anyhow, cased, keys = _carriers()
    for finder in (anyhow, cased):
        for found in finder.finditer(text):
            word = found.group(1)
            start, end = found.span(1)
            yield Name(start, end, keys.get(word) or keys.get(word.lower(), word))


@dataclass(frozen=True, slots=True)
class Clause:
    """Where a phrase stands: its sentence, the part up to its end, the clause between commas."""

    sentence: Span
    before: Span
    clause: Span


def clause_of(view: View, span: Hit) -> Clause:
    """The surroundings of ``span``, at most ``_REACH`` characters either way; all in ``view.folded``."""
    sentence = view.sentences[view.sentence_number(span[0])] if view.sentences else (0, len(view.folded))
    first = max(sentence[0], span[0] - _REACH)
    start, end = first, min(max(sentence[1], span[1]), span[1] + _REACH)
    last = end
    for found in _SPLIT.finditer(view.folded, first, last):
        if found.end() <= span[0]:
            start = found.end()
        elif found.start() >= span[1]:
            end = found.start()
            break
    return Clause((first, last), (first, span[1]), (start, end))


def stands_in(
    view: View, notion: str, scope: Span, *, but: Hit | None = None, language: Language | None = None
) -> bool:
    """Whether a notion occurs inside ``scope``, outside ``but``, in the words of ``language`` where given.

    The language of a claim judges what forgives it: Spanish "se" is no Italian "if".
    """
    if but is None:
        return occurs(notion, view.folded[scope[0] : scope[1]], language)
    before, after = view.folded[scope[0] : but.start], view.folded[but.end : scope[1]]
    return occurs(notion, before, language) or occurs(notion, after, language)


def is_question(view: View, place: Clause) -> bool:
    """Whether the sentence ends in a question mark."""
    return view.folded[place.sentence[0] : place.sentence[1]].rstrip().endswith(("?", "？"))


def asserted(view: View, notion: str) -> Iterator[Hit]:
    """Places where the draft itself says something: no condition, no denial, not the buyer's own account."""
    for hit in spans(view, notion):
        place = clause_of(view, hit)
        if not (
            is_question(view, place)
            or stands_in(view, "conditional", place.clause, but=hit, language=hit.language)
            or occurs("denied", view.folded[hit.start : hit.end], hit.language)
            or stands_in(view, "reported", place.before, language=hit.language)
        ):
            yield hit


class Sentences:
    """Which sentences of a draft hold a notion; asked by offsets of the original, each looked at once."""

    def __init__(self, view: View, notion: str) -> None:
        self._view, self._notion = view, notion
        self._original = [view.span(*sentence)[0] for sentence in view.sentences]
        self._known: dict[int, bool] = {}

    def around(self, place: int) -> bool:
        """Whether the sentence around ``place`` holds the notion."""
        if not self._original:
            return False
        number = max(0, bisect_right(self._original, place) - 1)
        if number not in self._known:
            self._known[number] = occurs(
                self._notion, self._view.folded[slice(*self._view.sentences[number])]
            )
        return self._known[number]


def inside(place: int, spans_sorted: Sequence[Span]) -> bool:
    """Whether an offset lies in one of the spans, which come sorted and apart."""
    number = bisect_right(spans_sorted, place, key=itemgetter(0)) - 1
    return number >= 0 and place < spans_sorted[number][1]
