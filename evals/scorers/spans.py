"""Do findings point at the words at fault? Overlap of characters: intersection over union (Jaccard 1901)."""

from collections.abc import Iterable

from assistant.domain import GuardReport
from evals.cases import EvalCase
from evals.scores import Score, unscored
from evals.targets import GuardRequest, GuardTarget

ENOUGH = 0.5
"""Overlap from which a person sees at once what is meant."""


def span_overlap(case: EvalCase[GuardRequest, GuardTarget], report: GuardReport) -> Score:
    """The labelled words beside those that findings mark."""
    if not case.target.spans or report.verdict == "pass":
        return unscored("no span is labelled, or nothing was found")
    text = case.input.text
    wanted = covered(
        (place, place + len(span)) for span in case.target.spans if (place := text.find(span)) >= 0
    )
    found = covered((one.start, one.end) for one in report.findings if one.severity != "warn")
    overlap = len(wanted & found) / len(wanted | found)
    why = "" if overlap >= ENOUGH else f"marks share {overlap:.0%} with the words at fault"
    return Score(value=overlap, passed=overlap >= ENOUGH, why=why, parts={"overlap": overlap, "n": 1.0})


def covered(spans: Iterable[tuple[int, int]]) -> set[int]:
    """The characters inside any of the spans."""
    return {place for start, end in spans for place in range(start, end)}
