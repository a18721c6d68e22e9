"""Are claims without support marked, and claims with it left alone?

A claim is marked when a finding of a grounding rule shares a character with it. Findings are counted against
the guard where they mark a supported claim or touch no labelled claim at all.
"""

from assistant.domain import GuardReport
from evals.cases import EvalCase
from evals.scorers.places import Span, located, marked, touches
from evals.scores import Score, judged, unscored
from evals.targets import GroundingTarget, GuardRequest

GROUNDING_RULES = {
    "GR-01": "order facts beside the order",
    "GR-02": "figures beside the evidence",
    "GR-03": "dates beside the evidence",
    "GR-04": "amounts beside the evidence",
    "GR-05": "names beside the evidence",
    "PR-01": "a refund said to come, without one on record",
    "PR-02": "a replacement said to come, without a note of it",
    "PR-03": "a step of others said to be arranged, without a note of it",
    "PR-04": "an arrival said to be certain, beside the promised day",
    "AMZ-35": "a thing said to be done, beside its record",
}
"""The rules that hold a statement against order, conversation or knowledge, with what each compares.

All others judge the words themselves; what they find is right or wrong whatever the evidence says.
"""

ClaimCase = EvalCase[GuardRequest, GroundingTarget]


def none_slips(case: ClaimCase, report: GuardReport) -> Score:
    """Every unsupported claim is marked."""
    if not case.target.unsupported:
        return unscored("every claim has support")
    missed = _missed(case, _marks(report))
    return judged(not missed, _told("let through", missed), slices=_slices(case))


def left_alone(case: ClaimCase, report: GuardReport) -> Score:
    """No supported claim is marked; parts ``right`` of ``n`` count claims. ``value``: their share."""
    pieces = case.target.supported
    if not pieces:
        return unscored("no claim has support")
    wronged = _marked(case, pieces, _marks(report))
    right = len(pieces) - len(wronged)
    return Score(
        value=right / len(pieces),
        passed=not wronged,
        why=_told("marked although supported", wronged),
        parts={"right": float(right), "n": float(len(pieces))},
        slices=_slices(case),
    )


def claims(case: ClaimCase, report: GuardReport) -> Score:
    """Claims marked rightly (``tp``), marked or alarmed without cause (``fp``) and let through (``fn``).

    ``value``: ``tp`` over the sum of the three (Jaccard 1901), 1 where there is nothing to mark and no mark.
    """
    unsupported, marks = case.target.unsupported, _marks(report)
    missed = _missed(case, marks)
    wronged = _marked(case, case.target.supported, marks)
    alarms = _alarms(case, marks)
    found, false = len(unsupported) - len(missed), len(wronged) + len(alarms)
    told = (
        _told("let through", missed),
        _told("marked although supported", wronged),
        _told("alarms without cause", alarms),
    )
    every = len(unsupported) + false
    return Score(
        value=found / every if every else 1.0,
        passed=not missed and not false,
        why="; ".join(filter(None, told)),
        parts={"tp": float(found), "fp": float(false), "fn": float(len(missed))},
        slices=_slices(case),
    )


def _marks(report: GuardReport) -> list[Span]:
    return marked(report, frozenset(GROUNDING_RULES))


def _marked(case: ClaimCase, pieces: tuple[str, ...], marks: list[Span]) -> list[str]:
    places = located(case.input.text, pieces)
    return [
        piece
        for piece, place in zip(pieces, places, strict=True)
        if any(touches(place, mark) for mark in marks)
    ]


def _missed(case: ClaimCase, marks: list[Span]) -> list[str]:
    found = _marked(case, case.target.unsupported, marks)
    return [piece for piece in case.target.unsupported if piece not in found]


def _alarms(case: ClaimCase, marks: list[Span]) -> list[str]:
    """The words of findings that touch no labelled claim."""
    places = located(case.input.text, (*case.target.unsupported, *case.target.supported))
    alarms = sorted({mark for mark in marks if not any(touches(mark, place) for place in places)})
    return [case.input.text[start:end] for start, end in alarms]


def _slices(case: ClaimCase) -> tuple[str, ...]:
    return tuple(f"tag={tag}" for tag in case.tags)


def _told(what: str, some: list[str]) -> str:
    quoted = ", ".join(f'"{one}"' for one in some)
    return f"{what}: {quoted}" if some else ""
