"""Phrase tables: readable rows in TOML, compiled to RE2, found in a folded text in linear time.

How a phrase is written (the tables hold nothing else): words as one would say them, accents as in the
dictionary; ``*`` stands for the rest of a word, `` ... `` for up to 45 bytes of the same sentence (in the
tables of intents of the same clause: a comma ends it, unless the phrase writes ``,?`` itself or the language
is Japanese), ``<amount>`` for a sum of money or a percentage, ``<code>`` for an error code such as E05,
``(a|b)`` for a choice and ``x?`` for an optional letter or group. An umlaut also matches its spelling with e,
ß also ss, every accent also the bare letter. In Japanese and Chinese a phrase may stand anywhere, elsewhere
only as whole words. ``unless`` lists look-alikes: a match that touches one of them, and is not longer, is
void.
"""

import tomllib
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import islice
from typing import Any

import re2
import regex

_GAP = r"[^\n]{0,45}?"
_CLAUSE_GAP = r"(?:[^\n,]|,\d){0,45}?"
_CODE = r"\b[a-z]-?\d{1,2}\b"
_AMOUNT = (
    r"(?:(?:€|\$|£|¥|eur|usd|gbp|jpy) ?\d[\d.,]*"
    r"|\d[\d.,]* ?(?:€|\$|£|¥|%|eur\b|euros?\b|usd\b|gbp\b|jpy\b|dollars?\b"
    r"|dolares\b|pounds?\b|percent\b|prozent\b"
    r"|円|元|块|块钱|日元|美元|欧元|英镑))"
)
_MATCHES_PER_ROW = 4
_AUTOMATON_BYTES = 2 << 20
"""Memory that one row may take for its states; RE2 starts afresh beyond it, in the same linear time."""
_EXAMINED_PER_ROW = 1_000
"""Bounds the time on texts that are one long look-alike."""
_EXPANDED = str.maketrans({"ä": "ae?", "ö": "oe?", "ü": "ue?", "ß": "ss?", "œ": "oe?", "æ": "ae?"})
_ZERO_WIDTH = regex.compile(r"[\u00ad\u200b-\u200f\u2060\ufeff]")
_SPACES = regex.compile(r"[ \t\u00a0\u2000-\u200a\u202f\u3000]+")
_BLANK_LINES = regex.compile(r"(?: ?\r?\n){2,} ?")
_FULL_STOP = regex.compile(r"(?<=[^\W\d]{2}[.)\"]) |(?<=[.»”)]\.) ")


def _bare_letters() -> dict[int, str]:
    """Fold accented Latin letters to one bare letter each, so that the text keeps its length."""
    bare = {ord(mark): "\n" for mark in "!?。！？;；"} | {
        ord("’"): "'",
        ord("‘"): "'",
        ord("´"): "'",
        ord("`"): "'",
    }
    bare |= {ord("ß"): "s", ord("œ"): "o", ord("æ"): "a", ord("ø"): "o"}
    for code in range(0xC0, 0x250):
        base = unicodedata.normalize("NFD", chr(code))[0]
        if base.isascii() and base.isalpha():
            bare[code] = base.lower()
    return bare


_BARE = _bare_letters()


@dataclass(frozen=True, slots=True)
class Folded:
    """A text ready for the tables; ``clean`` and ``folded`` have the same length, a line is a sentence."""

    clean: str
    folded: str
    data: bytes

    @classmethod
    def of(cls, text: str) -> "Folded":
        """NFKC, no zero-width characters, single blanks, hard-wrapped lines joined, one sentence a line."""
        clean = _ZERO_WIDTH.sub("", unicodedata.normalize("NFKC", text))
        clean = _SPACES.sub(" ", clean)
        clean = (
            _BLANK_LINES.sub("\u2029", clean).replace("\r\n", " ").replace("\n", " ").replace("\u2029", "\n")
        )
        folded = clean.lower()
        if len(folded) != len(clean):  # the Turkish dotted capital I is the only letter that grows
            clean = folded
        folded = _FULL_STOP.sub("\n", folded.translate(_BARE))
        return cls(clean, folded, folded.encode())

    def without(self, matches: Iterable["Match"]) -> "Folded":
        """Blank the sentences in which the matches stand; every offset stays."""
        folded = self.folded
        for match in matches:
            first = folded.rfind("\n", 0, match.start) + 1
            last = folded.find("\n", match.end)
            last = len(folded) if last < 0 else last
            folded = f"{folded[:first]}{' ' * (last - first)}{folded[last:]}"
        return Folded(self.clean, folded, folded.encode())

    def words(self, start: int, end: int) -> tuple[int, int, str]:
        """Turn byte offsets of ``data`` into (start, end, words) of ``clean``."""
        first = len(self.data[:start].decode(errors="ignore"))
        last = first + len(self.data[start:end].decode(errors="ignore"))
        return first, last, self.clean[first:last].strip()


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: what its phrases mean (``mark``), how surely (``weight`` 0..1), and why."""

    id: str
    mark: str
    weight: float
    reason: str
    table: str
    pattern: Any
    unless: Any


@dataclass(frozen=True, slots=True)
class Match:
    """A row found; offsets are characters of ``Folded.clean``, ``words`` are the buyer's own."""

    row: Row
    start: int
    end: int
    words: str

    def __str__(self) -> str:
        row = self.row
        return f"{row.mark}: '{self.words}' (tables/{row.table}.toml: {row.id}; {row.reason})"


@cache
def table(name: str) -> tuple[Row, ...]:
    """Read and compile ``tables/<name>.toml``; raises ValueError naming the row that is wrong."""
    source = tomllib.loads((files("assistant.triage") / "tables" / f"{name}.toml").read_text("utf-8"))
    rows = tuple(_row(name, entry) for entry in source["row"])
    if len({row.id for row in rows}) != len(rows):
        raise ValueError(f"tables/{name}.toml: an id stands twice")
    return rows


def find(rows: Iterable[Row], text: Folded) -> list[Match]:
    """All matches of the rows that no look-alike explains, in table order."""
    return [match for row in rows for match in _matches(row, text)]


def _row(name: str, entry: dict[str, Any]) -> Row:
    language = entry.get("language", name.rsplit("_", 1)[-1])
    spaced = language not in {"ja", "zh"}
    try:
        weight = float(entry["weight"])
        if not 0 < weight <= 1 or not entry["reason"]:
            raise ValueError("needs a weight in 0..1 and a reason")
        gap = _CLAUSE_GAP if name.startswith("intents") and language != "ja" else _GAP
        pattern = _compiled(entry["phrases"], spaced, gap)
        unless = _compiled(entry["unless"], spaced, gap) if entry.get("unless") else None
        return Row(entry["id"], entry["mark"], weight, entry["reason"], name, pattern, unless)
    except (KeyError, ValueError, re2.error) as error:
        raise ValueError(f"tables/{name}.toml, row {entry.get('id')}: {error}") from error


def _compiled(phrases: list[str], spaced: bool, gap: str) -> Any:
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1  # bytes in, bytes out: offsets cost nothing
    options.log_errors = False
    options.max_mem = _AUTOMATON_BYTES
    return re2.compile("|".join(_expression(phrase, spaced, gap) for phrase in phrases).encode(), options)


def _expression(phrase: str, spaced: bool, gap: str) -> str:
    if "[" in phrase or "\\" in phrase:
        raise ValueError(f"{phrase!r}: write words, not character classes")
    folded = unicodedata.normalize("NFKC", phrase).lower().translate(_EXPANDED).translate(_BARE_PHRASE)
    folded = folded.replace("...", "\0").replace(".", "\\.").replace("*", "\\w*")
    folded = folded.replace("<amount>", _AMOUNT).replace("<code>", _CODE)
    if not spaced:
        return f"(?:{folded.replace(chr(0), gap)})"
    before = "" if phrase.startswith("<") else "\\b"
    after = "" if phrase.endswith(">") else "\\b"
    folded = folded.replace(f" \0 {_AMOUNT}", f"\\b{gap}{_AMOUNT}").replace(" \0 ", f"\\b{gap}\\b")
    folded = folded.replace("\0", gap)
    return f"{before}(?:{folded}){after}"


_BARE_PHRASE = {code: letter for code, letter in _BARE.items() if letter != "\n"}


def _matches(row: Row, text: Folded) -> list[Match]:
    found: list[Match] = []
    look_alikes = _spans(row.unless, text)  # a generator: nothing is searched before the first match asks
    next_alike: tuple[int, int] | None = (0, 0)
    for match in islice(row.pattern.finditer(text.data), _EXAMINED_PER_ROW):
        start, end = match.span()
        while next_alike is not None and next_alike[1] <= start:
            next_alike = next(look_alikes, None)
        if next_alike is not None and next_alike[0] < end and next_alike[1] - next_alike[0] >= end - start:
            continue
        found.append(Match(row, *text.words(start, end)))
        if len(found) == _MATCHES_PER_ROW:
            break
    return found


def _spans(pattern: Any, text: Folded) -> Iterator[tuple[int, int]]:
    if pattern is not None:
        for match in pattern.finditer(text.data):
            yield match.span()
