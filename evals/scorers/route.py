"""Does the message get to the desk that owns it?"""

from assistant.domain import Triage
from evals.scorers.tier import TriageCase, slices
from evals.scores import Score, judged, unscored


def right_route(case: TriageCase, triage: Triage) -> Score:
    """The route is the labelled one."""
    wanted, got = case.target.route, triage.route
    if wanted is None:
        return unscored("no route is labelled")
    why = "" if got == wanted else f"{wanted} wanted, {got} given"
    return judged(got == wanted, why, slices=slices(case), expected=wanted.value, got=got.value)
