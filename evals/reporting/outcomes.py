"""What a case came to, in one word, and the order in which a person should look."""

from collections.abc import Mapping
from typing import Any, Literal, get_args

from evals.runner import AnySuite
from evals.scores import CaseResult
from evals.suite import Grader, Scorer

Outcome = Literal["danger", "failed", "doubted", "error", "unscored", "passed"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
"""Worst first. ``danger``: a scorer whose failures can hurt found fault; ``doubted``: only a model did."""

Suites = Mapping[str, AnySuite]
AnyScorer = Scorer[Any, Any, Any] | Grader[Any, Any, Any]


def outcome_of(result: CaseResult, suite: AnySuite | None) -> Outcome:
    """The worst that any scorer says; ``suite`` absent: nobody knows any more which scorers weigh more."""
    if result.error is not None:
        return "error"
    if result.unscored is not None:
        return "unscored"
    failed = {name for name, score in result.scores.items() if score.passed is False}
    if failed:
        return min((kind_of_failure(name, suite) for name in failed), key=OUTCOMES.index)
    nothing_judged = all(score.value is None for score in result.scores.values())
    return "unscored" if nothing_judged else "passed"


def kind_of_failure(scorer: str, suite: AnySuite | None) -> Outcome:
    """How much it weighs that this scorer found fault."""
    found = scorer_of(scorer, suite)
    if found is None:
        return "failed"
    return "doubted" if found.graded else "danger" if found.danger else "failed"


def scorer_of(name: str, suite: AnySuite | None) -> Scorer[Any, Any, Any] | Grader[Any, Any, Any] | None:
    """The scorer of that name, where the suite still has it."""
    return next((one for one in suite.every_scorer if one.name == name), None) if suite else None
