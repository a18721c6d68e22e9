"""One normal form of a draft for every rule, with the way back to what was typed.

The normal form is NFKC, lower case, without invisible characters, with one kind of quote, dash and blank,
with look-alike letters of other scripts, spaced-out letters and written-out "(at)" and "dot" undone. Findings
point at the original text, so each step keeps, for every character it leaves, the span it stands for.
"""

import re
import unicodedata
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from operator import itemgetter
from typing import Self

from assistant.guard.obfuscation import STEPS, Edit

_INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e01ef"
)
_KEPT = "½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅐⅛⅜⅝⅞⅑⅒⅟↉⁰¹²³⁴-⁹₀-₉"
"""NFKC would glue fractions and exponents to the number before them: "1½" would read 11/2."""

_MARKS = "\u0300-\u036f\u3099\u309a\uff9e\uff9f\u1161-\u11ff"
_PLAIN = re.compile(
    "[\x20-\x7e\n\t\r\u00c0-\u012f\u0134-\u013e\u0141-\u0148\u014a-\u017e"
    f"\u3001\u3002\u3041-\u3096\u30a1-\u30fa\u30fc\u4e00-\u9fff{_KEPT}]+(?![{_MARKS}])"
)
_CLUSTER = re.compile(f"[{_INVISIBLE}]+|[^{_INVISIBLE}][{_MARKS}]*", re.DOTALL)
_INVISIBLE_RUN = re.compile(f"[{_INVISIBLE}]")
_ONE_FOR_ONE = (
    dict.fromkeys(map(ord, "’‘‛ʼ`´′＇"), "'")
    | dict.fromkeys(map(ord, "“”„‟«»″"), '"')
    | dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")
    | dict.fromkeys(map(ord, "\v\f\u0085\u2028\u2029"), "\n")
    | {0x1680: " "}
)

_HALVES = re.compile("[\ud800-\udfff]")
_VARIANT = re.compile(f"[{''.join(map(chr, _ONE_FOR_ONE))}]")

_CLOSING = "[\"'」』)】\\]]*+"
_SENTENCE_END = re.compile(
    rf"[。｡]++{_CLOSING}"
    rf"|(?<![.!?…])[.!?…]++{_CLOSING}(?:\s++|$)"
    rf"|(?<![.!?…])[!?]++{_CLOSING}(?=[\u3040-\u30ff\u4e00-\u9fff「『【])"
    r"|\n\n|\n(?=[-*•・●■]|\d{1,2}[.)])"
)
_ABBREVIATION = re.compile(
    r"(?:^|[^\w])(?:z\.\s?b|bzw|ca|nr|inkl|exkl|evtl|ggf|usw|tel|str|dr|prof|hr|fr|mr|mrs|ms|st|vs|approx|incl"
    r"|e\.g|i\.e|p\.\s?ex|env|mme|art|ref|sig|sr|sra|ud|uds|ej|pag|núm|min|max|u\.a|d\.h|\d{1,2})\.\s?$"
)


@dataclass(frozen=True, slots=True)
class View:
    """A draft in its normal form.

    ``folded`` is the form that rules search; in it one blank stands for any run of blanks, one line feed for
    one line break and two for more. ``sentences`` are spans of ``folded``; ``span`` leads to ``original``.
    """

    original: str
    folded: str
    sentences: tuple[tuple[int, int], ...]
    _starts: Sequence[int] = field(repr=False, compare=False)
    _ends: Sequence[int] = field(repr=False, compare=False)

    @classmethod
    def of(cls, text: str) -> Self:
        """Normalise once; linear in the length of the text.

        Halves of surrogate pairs, which no encoding can carry, become U+FFFD in ``original`` too.
        """
        text = _HALVES.sub("\ufffd", text)
        folded, starts, ends = _characters(text)
        for step in STEPS:
            folded, starts, ends = _rewrite(folded, starts, ends, step(folded))
        return cls(text, folded, tuple(_sentences(folded)), starts, ends)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Original span that ``folded[start:end]`` was made from. An empty span stays empty."""
        if start < end:
            return self._starts[start], self._ends[end - 1]
        place = self._starts[start] if start < len(self.folded) else len(self.original)
        return place, place

    def sentence_number(self, place: int) -> int:
        """Index in ``sentences`` of the one around an offset of ``folded``; 0 in a text without any."""
        return max(0, bisect_right(self.sentences, place, key=itemgetter(0)) - 1)


def _characters(text: str) -> tuple[str, Sequence[int], Sequence[int]]:
    """NFKC, lower case and no invisible characters, with the original span of every character left."""
    translated = text.translate(_ONE_FOR_ONE) if _VARIANT.search(text) else text
    if (
        unicodedata.is_normalized("NFKC", translated)
        and not _INVISIBLE_RUN.search(translated)
        and "İ" not in translated
    ):
        return translated.lower(), range(len(text)), range(1, len(text) + 1)
    pieces: list[str] = []
    starts, ends = array("L"), array("L")
    place = 0
    while place < len(translated):
        if plain := _PLAIN.match(translated, place):
            stop = plain.end()
            pieces.append(plain.group().lower())
            starts.extend(range(place, stop))
            ends.extend(range(place + 1, stop + 1))
        else:
            stop = _cluster_end(translated, place)
            piece = _fold(translated[place:stop])
            pieces.append(piece)
            starts.extend([place] * len(piece))
            ends.extend([stop] * len(piece))
        place = stop
    return "".join(pieces), starts, ends


def _cluster_end(text: str, place: int) -> int:
    cluster = _CLUSTER.match(text, place)
    return cluster.end() if cluster else place + 1


def _fold(cluster: str) -> str:
    if _INVISIBLE_RUN.match(cluster):
        return ""
    return unicodedata.normalize("NFKC", cluster).translate(_ONE_FOR_ONE).lower()


def _rewrite(
    text: str, starts: Sequence[int], ends: Sequence[int], edits: Iterator[Edit]
) -> tuple[str, Sequence[int], Sequence[int]]:
    """Apply replacements in order; every new character stands for the whole span it replaces."""
    first = next(edits, None)
    if first is None:
        return text, starts, ends
    pieces: list[str] = []
    new_starts, new_ends = array("L"), array("L")
    place = 0
    for start, end, replacement in chain((first,), edits):
        pieces += (text[place:start], replacement)
        new_starts.extend(starts[place:start])
        new_ends.extend(ends[place:start])
        new_starts.extend([starts[start]] * len(replacement))
        new_ends.extend([ends[end - 1]] * len(replacement))
        place = end
    pieces.append(text[place:])
    new_starts.extend(starts[place:])
    new_ends.extend(ends[place:])
    return "".join(pieces), new_starts, new_ends


def _sentences(folded: str) -> Iterator[tuple[int, int]]:
    start = 0
    for found in _SENTENCE_END.finditer(folded):
        end = found.end()
        if found.group()[0] == "." and _ABBREVIATION.search(folded[max(0, end - 10) : end]):
            continue
        if folded[start:end].strip():
            yield start, end
            start = end
    if folded[start:].strip():
        yield start, len(folded)
