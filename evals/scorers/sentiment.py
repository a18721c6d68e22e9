"""Is the buyer's mood read rightly?"""

from assistant.domain import Triage
from evals.scorers.tier import TriageCase, slices
from evals.scores import Score, judged, unscored


def right_sentiment(case: TriageCase, triage: Triage) -> Score:
    """The sentiment is the labelled one."""
    wanted, got = case.target.sentiment, triage.sentiment
    if wanted is None:
        return unscored("no sentiment is labelled")
    why = "" if got == wanted else f"{wanted} wanted, {got} given"
    return judged(got == wanted, why, slices=slices(case), expected=wanted, got=got)
