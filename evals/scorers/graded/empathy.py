"""How well each of the five LEARN parts is done, 1 to 5, as a chat model sees it."""

from typing import Annotated, Any

from pydantic import Field

from assistant.domain import Proposal
from evals.scorers.graded.judge import Answer, Judge, Papers, Unjudged
from evals.scorers.learn import PARTS
from evals.scores import Score, unscored

ENOUGH = 3
"""Points from which a part does its work."""
MOST = 5
Points = Annotated[int, Field(ge=1, le=MOST)]


class Rubric(Answer):
    """The judge's answer."""

    listen: Points
    empathize: Points
    acknowledge: Points
    resolve: Points
    notify: Points
    why: str


def empathy(judge: Judge, case: Any, proposal: Proposal) -> Score:
    """Mean points as a share of the way from 1 to 5; each part's points under its own name."""
    papers = Papers.of(case.input, proposal)
    try:
        rubric = judge.ask("empathy", Rubric, message=papers.message, reply=papers.reply)
    except Unjudged as reason:
        return unscored(str(reason))
    points = {part: float(getattr(rubric, part)) for part in PARTS}
    low = [f"{part} {number:.0f}" for part, number in points.items() if number < ENOUGH]
    mean = sum(points.values()) / len(points)
    return Score(
        value=(mean - 1) / (MOST - 1),
        passed=not low,
        why=f"{', '.join(low)}: {rubric.why}" if low else "",
        parts={"n": 1.0, "mean": mean, **points},
    )
