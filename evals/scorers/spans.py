"""Do findings point at the words at fault? Overlap of characters: intersection over union (Jaccard 1901)."""

from assistant.domain import GuardReport
from evals.cases import EvalCase
from evals.scorers.places import covered, located, marked
from evals.scores import Score, unscored
from evals.targets import GuardRequest, GuardTarget

ENOUGH = 0.5
"""Overlap from which a person sees at once what is meant."""


def span_overlap(case: EvalCase[GuardRequest, GuardTarget], report: GuardReport) -> Score:
    """The labelled words beside those that findings mark."""
    if not case.target.spans or report.verdict == "pass":
        return unscored("no span is labelled, or nothing was found")
    wanted = covered(located(case.input.text, case.target.spans))
    found = covered(marked(report))
    overlap = len(wanted & found) / len(wanted | found)
    why = "" if overlap >= ENOUGH else f"marks share {overlap:.0%} with the words at fault"
    return Score(value=overlap, passed=overlap >= ENOUGH, why=why, parts={"overlap": overlap, "n": 1.0})
