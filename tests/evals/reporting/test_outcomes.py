"""One word for what a case came to, the worst there is."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from evals.metrics import ratio
from evals.reporting.outcomes import OUTCOMES, kind_of_failure, outcome_of
from evals.scores import CaseResult, Score, judged, unscored
from evals.suite import Grader, Scorer, Suite

RIGHT, WRONG, OPEN = judged(True), judged(False, "no"), unscored("cannot tell")


def never(*_: Any) -> Score:
    raise AssertionError("no test judges here")


@pytest.fixture
def suite(shout: Suite[Any, Any, Any]) -> Suite[Any, Any, Any]:
    grader = Grader("kind", never, (ratio("kind", "kind"),))
    return replace(
        shout, scorers=(Scorer("safe", never, danger=True), Scorer("neat", never)), graders=(grader,)
    )


@pytest.mark.parametrize(
    ("scores", "more", "outcome"),
    [
        ({"safe": RIGHT, "neat": RIGHT}, {}, "passed"),
        ({"safe": RIGHT, "neat": WRONG}, {}, "failed"),
        ({"safe": WRONG, "neat": WRONG}, {}, "danger"),
        ({"safe": RIGHT, "kind": WRONG}, {}, "doubted"),
        ({"neat": WRONG, "kind": WRONG}, {}, "failed"),
        ({"safe": OPEN, "neat": OPEN}, {}, "unscored"),
        ({"safe": OPEN, "neat": RIGHT}, {}, "passed"),
        ({"neat": Score(value=0.3)}, {}, "passed"),
        ({}, {}, "unscored"),
        ({}, {"error": "boom"}, "error"),
        ({"safe": WRONG}, {"unscored": "budget"}, "unscored"),
        ({"gone": WRONG}, {}, "failed"),
    ],
)
def test_the_worst_counts(
    suite: Suite[Any, Any, Any],
    make_result: Callable[..., CaseResult],
    scores: dict[str, Score],
    more: dict[str, Any],
    outcome: str,
) -> None:
    result = make_result("a").model_copy(update={"scores": scores, **more})
    assert outcome_of(result, suite) == outcome


def test_without_the_suite_a_failure_is_a_failure(make_result: Callable[..., CaseResult]) -> None:
    assert outcome_of(make_result("a", value=0, passed=False), None) == "failed"
    assert kind_of_failure("safe", None) == "failed"


def test_worst_first() -> None:
    assert OUTCOMES == ("danger", "failed", "doubted", "error", "unscored", "passed")
