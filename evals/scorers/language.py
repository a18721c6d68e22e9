"""Is the buyer's language recognised?"""

from assistant.domain import Triage
from evals.scorers.tier import TriageCase, slices
from evals.scores import Score, judged, unscored


def right_language(case: TriageCase, triage: Triage) -> Score:
    """The language found is that of the message; where the request names it, there is nothing to find."""
    if case.input.language is not None:
        return unscored("the request names the language")
    wanted, got = case.language, triage.language
    why = "" if got == wanted else f"{wanted} wanted, {got} given"
    return judged(got == wanted, why, slices=slices(case), expected=wanted, got=got)
