"""What a search found, and which of it answers a labelled question."""

from collections.abc import Sequence

from assistant.domain import Noun
from assistant.vocabulary import Language
from evals.cases import EvalCase
from evals.targets import SearchInput, SearchTarget

FIRST_CHOICE, RIGHT_TOO = 2, 1
"""Grades of relevance: a document labelled ``relevant``, one labelled ``relevant_other``."""

SearchCase = EvalCase[SearchInput, SearchTarget]


class FoundPassage(Noun):
    """A hit of the search; ``score`` 0..1: how likely it answers."""

    document_id: str
    chunk_id: str
    title: str
    language: Language
    score: float
    text: str


class Ranking(Noun):
    """Hits, best first."""

    hits: tuple[FoundPassage, ...]


def answerable(target: SearchTarget) -> bool:
    """Whether anything in the knowledge answers."""
    return bool(target.relevant or target.relevant_other)


def grade(target: SearchTarget, hit: FoundPassage) -> int:
    """How well a hit answers; 0: not at all.

    A long document counts only through the passage that holds the labelled piece of the answer; upper and
    lower case and the breaking of lines do not matter.
    """
    piece = target.contains_by_document.get(hit.document_id, "")
    if _folded(piece) not in _folded(hit.text):
        return 0
    return grades(target).get(hit.document_id, 0)


def grades(target: SearchTarget) -> dict[str, int]:
    """Every document that answers, with its grade."""
    return dict.fromkeys(target.relevant_other, RIGHT_TOO) | dict.fromkeys(target.relevant, FIRST_CHOICE)


def answering(target: SearchTarget, hits: Sequence[FoundPassage]) -> list[bool]:
    """Hit by hit, whether it answers."""
    return [grade(target, hit) > 0 for hit in hits]


def slices(case: SearchCase) -> tuple[str, ...]:
    """The groups of a question: answered in its own language or only across, and its tags."""
    cross = (f"cross={'yes' if case.target.cross else 'no'}",) if answerable(case.target) else ()
    return (*cross, *(f"tag={tag}" for tag in case.tags if tag not in {"cross", "unanswerable"}))


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
