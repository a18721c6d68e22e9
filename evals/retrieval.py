"""Does the search find the passage that answers? recall@k, same language and across, on labelled questions.

recall@k here: share of questions with at least one relevant document among the first k hits (one answer is
enough for a reply). A long document counts only through the passage that holds the answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from evals.data import DEMO_NOW, Question
from knowledge_base.base import KnowledgeBase
from knowledge_base.types import Hit, Query

K = 3


@dataclass(frozen=True, slots=True)
class Looked:
    """A question, what came back and the rank (from 1) of the first hit that answers; 0: none did."""

    question: Question
    hits: Sequence[Hit]
    rank: int


def answers(question: Question, hit: Hit) -> bool:
    """Whether the hit holds the answer."""
    if hit.chunk.document_id not in question.relevant + question.relevant_other:
        return False
    piece = question.contains_by_document.get(hit.chunk.document_id, "")
    return piece.casefold() in hit.chunk.text.casefold()


def look_up(knowledge: KnowledgeBase, questions: Sequence[Question], k: int = K) -> list[Looked]:
    """Ask every question once, scoped as a buyer's message would be."""
    looked = []
    for question in questions:
        asins = (question.asin,) if question.asin else ()
        query = Query(question.query, question.language, question.marketplace, asins, k, DEMO_NOW.date())
        hits = knowledge.search(query)
        ranks = (place for place, hit in enumerate(hits, start=1) if answers(question, hit))
        looked.append(Looked(question, hits, next(ranks, 0)))
    return looked


def recall(looked: Sequence[Looked]) -> float:
    """Share of the questions that can be answered and were."""
    asked = [one for one in looked if one.question.relevant]
    return sum(one.rank > 0 for one in asked) / len(asked) if asked else 0.0
