"""Units and number words of seven languages, read from ``tables/units.toml`` and ``tables/numerals.csv``.

Text given to these functions is folded (`fold`): one character for each of the original, so offsets hold.
"""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import re2

from assistant.guard.phrases import table

QuantityKind = Literal["number", "percent", "money", "duration", "measure", "date", "time"]


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of measure. ``bases`` holds more than one entry only where a sign is shared (``$``, ``¥``)."""

    kind: QuantityKind
    bases: frozenset[str]
    factor: Decimal
    system: str = "metric"
    day_of_month: bool = False


@dataclass(frozen=True, slots=True)
class _Units:
    words: Mapping[str, Unit]
    cased: Mapping[str, Unit]
    east: Mapping[str, Unit]
    fillers: frozenset[str]
    articles: tuple[str, ...]


_FOLD = (
    {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
    | dict.fromkeys(map(ord, "\u00a0\u2000\u2001\u2002\u2003\u2007\u2008\u2009\u200a\u202f\u3000"), " ")
    | dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")
    | dict.fromkeys(map(ord, "〜～∼"), "~")
    | dict.fromkeys(map(ord, "’‘´`"), "'")
    | {ord("İ"): "i", ord("￥"): "¥"}
)
_TOKEN = re.compile(
    r"[a-zà-öø-ÿœłµ]+(?:[/²$'][a-z]*)?|m2|[€£¥₹₺%×\"″㎏㎜㎝℃℉]|(?:[a-z]{1,3})?\$|''|[°º] ?[cf]?(?![a-z])"
)
_PREFIX = re.compile(r"(?:(?<![a-z])[a-z]{0,3}\$|[€£¥₹₺]|(?<![a-z])[a-z]{3}) ?\Z")
_HAN_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "兩": 2}
_HAN_TENS = {"十": 10, "百": 100, "千": 1000}


def fold(text: str) -> str:
    """Lower case, one kind of blank, dash and wave, ASCII for full-width; as long as ``text``."""
    return text.translate(_FOLD).lower()


@cache
def _units() -> _Units:
    words: dict[str, Unit] = {}
    cased: dict[str, Unit] = {}
    east: dict[str, Unit] = {}
    data = table("units")
    for row in data["unit"]:
        unit = Unit(
            row["kind"],
            frozenset(row["base"].split("|")),
            Decimal(row["factor"]),
            row.get("system", "metric"),
            row.get("day_of_month", False),
        )
        words |= dict.fromkeys(row.get("words", ()), unit)
        cased |= dict.fromkeys(row.get("cased", ()), unit)
        east |= dict.fromkeys(row.get("east", ()), unit)
    return _Units(words, cased, east, frozenset(data["fillers"]), tuple(data["articles"]))


@cache
def _numerals() -> dict[str, Decimal]:
    rows = csv.reader(
        files("assistant.guard").joinpath("tables", "numerals.csv").read_text("utf-8").splitlines()
    )
    next(rows)
    return {
        word: Decimal(value) for value, *cells in rows for cell in cells for word in cell.split("|") if word
    }


@cache
def number_words() -> Any:
    """RE2 pattern of every number in words; group 1 is an article that means "one" before a long period."""
    options = re2.Options()
    options.longest_match = True
    articles = "|".join(sorted(_units().articles))
    periods = "|".join(
        word for word, unit in _units().words.items() if unit.bases == {"month"} or unit.factor == 604800
    )
    numerals = "|".join(re2.escape(word) for word in _numerals() if len(word) > 1)
    return re2.compile(rf"(?:^|[^\p{{L}}])({articles})[ -](?:{periods})|(?:{numerals})", options)


def number_in_words(word: str) -> Decimal:
    """Value of a word that ``number_words`` found; an article counts one."""
    return _numerals().get(word, Decimal(1))


def unit_after(folded: str, original: str, place: int) -> tuple[Unit, int] | None:
    """The unit written at ``place`` and where it ends."""
    units = _units()
    if folded[place : place + 1] in {" ", "-"} and folded[place : place + 1]:
        place += 1
    char = folded[place : place + 1]
    if char >= "\u3000":
        for length in range(6, 0, -1):
            if unit := units.east.get(folded[place : place + length]):
                return unit, place + length
        return None
    token = _TOKEN.match(folded, place)
    if token is None:
        return None
    if token.group() in units.fillers and (more := _TOKEN.match(folded, token.end() + 1)):
        token = more
    if unit := units.cased.get(original[token.start() : token.end()]):
        return unit, token.end()
    return _longest_word(units, folded, token)


def _longest_word(units: _Units, folded: str, token: re.Match[str]) -> tuple[Unit, int] | None:
    second = _TOKEN.match(folded, token.end() + 1) if folded[token.end() : token.end() + 1] == " " else None
    for end in (second.end() if second else 0, token.end()):
        if end and (unit := units.words.get(folded[token.start() : end])):
            return unit, end
    stem, _, rest = token.group().partition("'")
    unit = units.words.get(stem) if rest else None
    return (unit, token.start() + len(stem)) if unit else None


def currency_before(folded: str, original: str, place: int) -> tuple[Unit, int] | None:
    """The currency written before ``place`` ("EUR 5", "$5") and where it starts; codes in capitals only."""
    if place == 0 or (folded[place - 1] == " " and (place == 1 or folded[place - 2] == " ")):
        return None
    found = _PREFIX.search(folded, max(0, place - 5), place)
    if found is None:
        return None
    word = found.group().rstrip()
    if word.isalpha() and not original[found.start() : found.start() + 3].isupper():
        return None
    unit = _units().words.get(word)
    return (unit, found.start()) if unit is not None and unit.kind == "money" else None


def han_number(word: str) -> tuple[Decimal, Decimal] | None:
    """Value of Chinese numerals as (low, high): 二十四 is (24, 24), 两三 is (2, 3), 半 is (½, ½)."""
    if word == "半":
        return Decimal("0.5"), Decimal("0.5")
    if all(char in _HAN_DIGITS for char in word):
        digits = [_HAN_DIGITS[char] for char in word]
        if len(digits) == 2 and 0 < digits[0] == digits[1] - 1:
            return Decimal(digits[0]), Decimal(digits[1])
        value = Decimal("".join(map(str, digits)))
        return value, value
    total = section = digit = 0
    for char in word:
        if char == "万":
            total, section, digit = total + (section + digit or 1) * 10_000, 0, 0
        elif char in _HAN_TENS:
            section, digit = section + (digit or 1) * _HAN_TENS[char], 0
        elif char in _HAN_DIGITS:
            digit = _HAN_DIGITS[char]
        else:
            return None
    value = Decimal(total + section + digit)
    return value, value
