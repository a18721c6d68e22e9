"""BM25 per language: lexical scores speak only for passages in the query's language."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from knowledge_base.analysis import terms

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Shelf:
    """Passages of one language: where they stand in the release, their BM25 index, and all their words."""

    positions: Ints
    bm25: Any
    vocabulary: frozenset[str]


class LexicalIndex:
    """Immutable once built; safe to read from many threads."""

    def __init__(self, languages: Sequence[str], analysed: Sequence[Sequence[str]]) -> None:
        """``languages[i]`` and ``analysed[i]`` are the language and the terms of passage ``i``."""
        self._shelves: dict[str, _Shelf] = {}
        for language in sorted(set(languages)):
            positions = [place for place, spoken in enumerate(languages) if spoken == language]
            self._shelves[language] = _shelf(positions, [analysed[place] for place in positions])

    def scores(self, text: str, language: str | None) -> tuple[Ints, Floats]:
        """Positions of all passages in the language and their BM25 scores (same length, unit-less, >= 0)."""
        shelf = self._shelves.get(language or "")
        if shelf is None:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        known = [term for term in terms(text, language or "") if term in shelf.vocabulary]
        if not known:
            return shelf.positions, np.zeros(len(shelf.positions), np.float32)
        return shelf.positions, np.asarray(shelf.bm25.get_scores(known), np.float32)

    def guess_language(self, text: str) -> str | None:
        """The language whose passages know most of the text's terms; None if none knows any.

        Kana means Japanese and Han without kana Chinese; among the others the little words decide.
        """
        if any("\u3040" <= char <= "\u30ff" for char in text):
            return "ja"
        if any("\u4e00" <= char <= "\u9fff" for char in text):
            return "zh"
        known = {
            language: sum(term in shelf.vocabulary for term in terms(text, language))
            / max(len(terms(text, language)), 1)
            for language, shelf in self._shelves.items()
            if language not in {"ja", "zh"}
        }
        best = max(known, key=lambda language: known[language], default=None)
        return best if best and known[best] > 0 else None


def _shelf(positions: list[int], analysed: list[Sequence[str]]) -> _Shelf:
    import bm25s

    vocabulary = sorted({term for one in analysed for term in one} | {""})
    number = {term: place for place, term in enumerate(vocabulary)}
    bm25 = bm25s.BM25()
    # A passage without terms gets the empty one: BM25 needs every passage to have a length.
    bm25.index(
        ([[number[term] for term in one] or [number[""]] for one in analysed], number), show_progress=False
    )
    return _Shelf(np.asarray(positions, np.int64), bm25, frozenset(vocabulary) - {""})
