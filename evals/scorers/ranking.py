"""How high the answer stands: recall@k, reciprocal rank, nDCG@10.

recall@k is the share of questions with at least one answering passage among the first k hits: one answer is
enough for a reply. Reciprocal rank: 1 over the place of the first answering hit, 0 beyond place 10; its mean
is MRR@10 (Voorhees 1999, TREC-8 question answering track).

nDCG@10 (Järvelin and Kekäläinen 2002, with the discount of every place, 1 / log2(place + 1), and the grade
itself as gain): documents count, not passages, so further passages of a document that has answered take no
place; the ideal list is every labelled document, best grade first.
"""

from collections.abc import Sequence
from math import log2

from evals.scorers.answering import Ranking, SearchCase, answerable, answering, grade, grades, slices
from evals.scores import Score, unscored

DEEPEST = 10
"""Hits that are judged."""
CUTS = (1, 3, 5)
NEEDED = 3
"""An answer among so many is one that a reply is made from."""


def ranking(case: SearchCase, found: Ranking) -> Score:
    """Where the answer stands among the first ten hits."""
    if not answerable(case.target):
        return unscored("nothing answers this question")
    place = first_place(answering(case.target, found.hits[:DEEPEST]))
    parts = {f"recall@{k}": float(0 < place <= k) for k in CUTS}
    parts |= {"reciprocal rank": 1 / place if place else 0.0, "ndcg": ndcg(case, found), "n": 1.0}
    passed = 0 < place <= NEEDED
    where = f"only in place {place}" if place else f"not among the first {DEEPEST}"
    why = "" if passed else f"{' or '.join(case.target.relevant)} stands {where}; first: {_first(found)}"
    return Score(value=parts["reciprocal rank"], passed=passed, why=why, parts=parts, slices=slices(case))


def first_place(answers: Sequence[bool]) -> int:
    """Place of the first hit that answers, from 1; 0: none does."""
    return next((place for place, right in enumerate(answers, start=1) if right), 0)


def ndcg(case: SearchCase, found: Ranking) -> float:
    """Discounted gain of the documents found over that of the best list possible; 0..1."""
    ideal = sorted(grades(case.target).values(), reverse=True)
    return _discounted(_gains(case, found)) / _discounted(ideal)


def _gains(case: SearchCase, found: Ranking) -> list[int]:
    """Grade by place; each document gains at the first of its passages that answers."""
    counted: set[str] = set()
    gains = []
    for hit in found.hits[:DEEPEST]:
        if hit.document_id in counted:
            continue
        gains.append(grade(case.target, hit))
        if gains[-1]:
            counted.add(hit.document_id)
    return gains


def _discounted(gains: Sequence[int]) -> float:
    return sum(gain / log2(place + 1) for place, gain in enumerate(gains[:DEEPEST], start=1))


def _first(found: Ranking) -> str:
    return ", ".join(f"{hit.document_id} {hit.score:.2f}" for hit in found.hits[:NEEDED]) or "nothing"
