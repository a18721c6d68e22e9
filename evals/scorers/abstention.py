"""Does the score tell an answer from a mere neighbour?

Both sides are judged, since a search that is never sure abstains perfectly. Sure means what it means to the
drafter: ``excerpts.RELEVANT``.
"""

from assistant.drafting.excerpts import RELEVANT
from evals.scorers.answering import Ranking, SearchCase, answerable, answering, slices
from evals.scorers.calibration import calibrated
from evals.scores import Score, judged, unscored


def abstains(case: SearchCase, found: Ranking) -> Score:
    """Where nothing answers, no hit is taken for an answer."""
    if answerable(case.target):
        return unscored("something answers this question")
    sure = [hit for hit in found.hits if hit.score >= RELEVANT]
    why = f"taken for an answer: {sure[0].document_id} {sure[0].score:.2f}" if sure else ""
    return judged(not sure, why, slices=slices(case))


def answers(case: SearchCase, found: Ranking) -> Score:
    """Where something answers, a hit that does is taken for an answer."""
    if not answerable(case.target):
        return unscored("nothing answers this question")
    right = answering(case.target, found.hits)
    scores = [hit.score for hit, answering_it in zip(found.hits, right, strict=True) if answering_it]
    best = max(scores, default=None)
    told = "no hit answers" if best is None else f"the best hit that answers scores {best:.2f}"
    sure = best is not None and best >= RELEVANT
    return judged(sure, "" if sure else told, slices=slices(case))


def confidence(case: SearchCase, found: Ranking) -> Score:
    """The score of the first hit beside whether that hit answers."""
    if not found.hits:
        return unscored("nothing was found")
    return calibrated(found.hits[0].score, right=answering(case.target, found.hits[:1])[0])
