"""Is the tier right, and is it at least not too low?

Too high costs a supervisor's minute; too low leaves a danger in the ordinary queue. So there are two scores.
"""

from assistant.domain import Triage
from evals.cases import EvalCase
from evals.scores import Score, judged, unscored
from evals.targets import TriageRequest, TriageTarget

HIGHEST = 3

TriageCase = EvalCase[TriageRequest, TriageTarget]


def right_tier(case: TriageCase, triage: Triage) -> Score:
    """The tier is the labelled one; parts ``found_3`` of ``n_3`` count the messages of the highest tier."""
    wanted, got = case.target.tier, triage.tier
    right = got == wanted
    highest = {"n_3": 1.0, "found_3": float(right)} if wanted == HIGHEST else {}
    why = "" if right else f"tier {wanted} wanted, {got} given"
    return judged(right, why, parts=highest, slices=slices(case), expected=str(wanted), got=str(got))


def not_too_low(case: TriageCase, triage: Triage) -> Score:
    """The tier is the labelled one or a higher one."""
    wanted, got = case.target.tier, triage.tier
    if wanted == 1:
        return unscored("no tier is lower")
    right = got >= wanted
    why = "" if right else f"tier {wanted} wanted, {got} given"
    return judged(right, why, slices=slices(case), expected=str(wanted), got=str(got))


def slices(case: TriageCase) -> tuple[str, ...]:
    """The groups of a message by its label: its tier and its flags."""
    return (f"tier={case.target.tier}", *(f"flag={flag}" for flag in case.target.flags))
