"""How far is what was sent from what was drafted? Edit distance over tokens, as fits each script.

A token is a word with its inner marks (``12,50``, ``l'article``), a single sign of Chinese or Japanese, or a
single mark of punctuation: so one changed word weighs about the same in every language. White space does
not count. The distance is Levenshtein's, over the length of the longer text: 0 the same, 1 nothing in common.
"""

import unicodedata

import regex
from rapidfuzz.distance import Levenshtein

_SIGN = r"\p{Han}\p{Hiragana}\p{Katakana}"
_WORD = rf"[\w--[{_SIGN}]]+"
_TOKEN = regex.compile(rf"[{_SIGN}]|{_WORD}(?:[.,:'’\-]{_WORD})*+|\S", regex.V1)


def tokens(text: str) -> list[str]:
    """The tokens of a text in NFC, in order."""
    return _TOKEN.findall(unicodedata.normalize("NFC", text))


def distance(drafted: str, sent: str) -> float:
    """Normalised edit distance of two texts over their tokens, 0..1."""
    return float(Levenshtein.normalized_distance(tokens(drafted), tokens(sent)))
