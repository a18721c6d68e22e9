"""Undo what hides an address or a word from a pattern: spaced-out letters, "(at)", "dot", numerals.

Each step looks at the text and yields replacements ``(start, end, text)`` in order, never overlapping.
"""

import re
from collections.abc import Callable, Iterator

import re2

Edit = tuple[int, int, str]
Step = Callable[[str], Iterator[Edit]]

_AT = "at|ät|arroba|chiocciola|arobase|アットマーク|アット|あっと|艾特|圈a|a|@"
_DOT = r"dot|punkt|point|punto|ドット|どっと|点|點|\."
_ENDINGS = (
    "com|net|org|info|biz|shop|store|online|site|io|app|eu|example|de|at|ch|fr|be|it|es|mx|uk|jp|cn|tw|hk|co"
)

_LOOK_ALIKE = str.maketrans("аеорсухіјѕԁвкмнтαορνικτ", "aeopcyxijsdbkmhtaopvikt")
_MIXED_WORD = re2.compile(
    r"\p{Latin}+[\p{Cyrillic}\p{Greek}][\p{Latin}\p{Cyrillic}\p{Greek}]*"
    r"|[\p{Cyrillic}\p{Greek}]+\p{Latin}[\p{Latin}\p{Cyrillic}\p{Greek}]*"
)
_BLANKS = re.compile(r"\s{2,}|[\t\r]")
_SPACED = re2.compile(
    r"(?:^|[^\p{Latin}\pN@])((?:[a-z0-9@](?: ?[.@] ?| |[_*·-])){4,}[a-z])(?:[^\p{Latin}\pN]|$)"
)
_BRACKETED_AT = re2.compile(rf"\s?[(\[{{<]\s?(?:{_AT})\s?[)\]}}>]\s?|\s?(?:アットマーク|艾特|圈a)\s?")
_BRACKETED_DOT = re2.compile(rf"\s?[(\[{{<]\s?(?:{_DOT})\s?[)\]}}>]\s?")
_SPELLED_AT = re2.compile(
    r"([a-z0-9_.+-]+)(\s(?:at|arroba|chiocciola|arobase)\s|\s?アット\s?)"
    rf"[a-z0-9-]+(?:\.|\s(?:dot|punkt|point|punto)\s|\s?(?:ドット|点|點)\s?)(?:{_ENDINGS})\b"
)
_NO_MAILBOX = frozenset(
    ["look", "looks", "available", "visit", "find", "found", "us", "it", "buy", "bought", "order", "ordered",
     "only", "online", "sold", "shop", "store", "see", "directly", "here", "is", "or", "and", "stay", "them"]
)  # fmt: skip
# "point de vente" and "el punto es" are ordinary speech: after those words such endings are no domain.
_SPELLED_DOT = re2.compile(
    rf"[\pL0-9](?:(\s?(?:ドット|どっと|[点點])\s?|\sdot\s)(?:{_ENDINGS})"
    r"|(\spunkt\s)(?:com|net|org|info|biz|shop|store|online|io|eu|de|at|ch)"
    r"|(\spoint\s)(?:com|net|org|info|biz|shop|store|io|eu|fr|be|ch)"
    r"|(\spunto\s)(?:com|net|org|info|biz|shop|store|io|eu|it|mx))\b"
)
_LOOSE_AT = re2.compile(r"[a-z0-9](\s@\s|\s@|@\s)[a-z0-9-]+\s?\.")
_LOOSE_DOT = re2.compile(rf"[a-z0-9](\s\.\s?)(?:{_ENDINGS})\b")
_NUMERALS = re2.compile(r"[〇零一二三四五六七八九]{7,}")
_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")


def blanks(text: str) -> Iterator[Edit]:
    """One blank for any run of blanks, one line break for one, two for more."""
    for found in _BLANKS.finditer(text):
        run = found.group().replace("\r\n", "\n").replace("\r", "\n")
        yield found.start(), found.end(), "\n" * min(run.count("\n"), 2) or " "


def look_alikes(text: str) -> Iterator[Edit]:
    """Cyrillic and Greek twins of Latin letters, in words that mix the scripts."""
    for found in _MIXED_WORD.finditer(text):
        yield found.start(), found.end(), found.group().translate(_LOOK_ALIKE)


def spaced_letters(text: str) -> Iterator[Edit]:
    """``p a y p a l`` and ``s h o p . d e``: five or more single characters with the same kind of gap."""
    for found in _SPACED.finditer(text):
        start, end = found.span(1)
        joined = "".join(char for char in found.group(1) if char not in " _*·-")
        yield start, end, joined


def numerals(text: str) -> Iterator[Edit]:
    """Seven and more Chinese numerals in a row are a number read out digit by digit."""
    for found in _NUMERALS.finditer(text):
        yield found.start(), found.end(), found.group().translate(_DIGITS)


def spelled_at(text: str) -> Iterator[Edit]:
    """``service at shop dot com``, but not ``look at our-shop dot com``."""
    for found in _SPELLED_AT.finditer(text):
        if found.group(1) not in _NO_MAILBOX:
            yield *found.span(2), "@"


def _step(pattern: "re2._Regexp[str]", replacement: str) -> Step:
    def edits(text: str) -> Iterator[Edit]:
        for found in pattern.finditer(text):
            start, end = found.span(found.lastindex or 0)
            yield start, end, replacement

    return edits


STEPS: tuple[Step, ...] = (
    blanks,
    look_alikes,
    spaced_letters,
    _step(_BRACKETED_AT, "@"),
    _step(_BRACKETED_DOT, "."),
    spelled_at,
    _step(_SPELLED_DOT, "."),
    _step(_SPELLED_DOT, "."),  # www dot shop dot com: neighbours share a label, so a second pass
    _step(_LOOSE_AT, "@"),
    _step(_LOOSE_DOT, "."),
    numerals,
)
