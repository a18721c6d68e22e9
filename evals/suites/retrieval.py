"""Does the search find the passage that answers, and know when there is none?"""

from evals.cases import EvalCase
from evals.metrics import calibration_error, ratio
from evals.scorers.abstention import abstains, answers, confidence
from evals.scorers.answering import FoundPassage, Ranking
from evals.scorers.ranking import DEEPEST, ranking
from evals.suite import Scorer, Suite
from evals.targets import SearchInput, SearchTarget
from evals.workplace import Workplace
from knowledge_base.types import Hit, Query


def solve(case: EvalCase[SearchInput, SearchTarget], workplace: Workplace) -> Ranking:
    """Ask the knowledge, scoped as a buyer's message would be."""
    asked = case.input
    query = Query(
        text=asked.query,
        language=asked.language,
        marketplace=asked.marketplace,
        asins=(asked.asin,) if asked.asin else (),
        k=DEEPEST,
        at=workplace.at.date(),
    )
    return Ranking(hits=tuple(_passage(hit) for hit in workplace.app.knowledge.search(query)))


def _passage(hit: Hit) -> FoundPassage:
    fields = {name: getattr(hit.chunk, name) for name in FoundPassage.model_fields if name != "score"}
    return FoundPassage(**fields, score=hit.score)


SUITE = Suite(
    name="retrieval",
    question="Does the search find the passage that answers, and know when there is none?",
    shape=EvalCase[SearchInput, SearchTarget],
    solve=solve,
    scorers=(
        Scorer("ranking", ranking),
        Scorer("abstains", abstains),
        Scorer("answers", answers),
        Scorer("confidence", confidence),
    ),
    metrics=(
        ratio("recall@1", "ranking", "recall@1"),
        ratio("recall@3", "ranking", "recall@3"),
        ratio("recall@5", "ranking", "recall@5"),
        ratio("MRR@10", "ranking", "reciprocal rank"),
        ratio("nDCG@10", "ranking", "ndcg"),
        ratio("abstains where nothing answers", "abstains"),
        ratio("answers where something does", "answers"),
        calibration_error("calibration error", "confidence"),
    ),
    knowledge=True,
)
