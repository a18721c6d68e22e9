"""Do findings point at the words at fault?

Two figures, since a finding may point rightly and still mark fewer words than a label: the share of labelled
spans that a finding touches, and the overlap of characters, intersection over union (Jaccard 1901), which
falls where marks are too short or too wide.
"""

from assistant.domain import GuardReport
from evals.cases import EvalCase
from evals.scorers.places import covered, located, marked, touches
from evals.scores import Score, unscored
from evals.targets import GuardRequest, GuardTarget


def pointed_at(case: EvalCase[GuardRequest, GuardTarget], report: GuardReport) -> Score:
    """The labelled words beside those that findings mark; right where every labelled span is touched."""
    if not case.target.spans or report.verdict == "pass":
        return unscored("no span is labelled, or nothing was found")
    places, marks = located(case.input.text, case.target.spans), marked(report)
    wanted, found = covered(places), covered(marks)
    missed = [
        span
        for span, place in zip(case.target.spans, places, strict=True)
        if not any(touches(place, mark) for mark in marks)
    ]
    overlap = len(wanted & found) / len(wanted | found)
    quoted = ", ".join(f'"{span}"' for span in missed)
    return Score(
        value=overlap,
        passed=not missed,
        why=f"no finding points at {quoted}" if missed else "",
        parts={
            "overlap": overlap,
            "n": 1.0,
            "touched": float(len(places) - len(missed)),
            "spans": float(len(places)),
        },
    )
