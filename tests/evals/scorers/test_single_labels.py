"""Route, sentiment and language: one label each, which a case may lack."""

from collections.abc import Callable
from typing import Any

import pytest

from assistant.domain import Triage
from evals.scorers.language import right_language
from evals.scorers.route import right_route
from evals.scorers.sentiment import right_sentiment
from evals.scorers.tier import TriageCase
from evals.scores import Score

Judge = Callable[[TriageCase, Triage], Score]
CASES: list[tuple[Judge, dict[str, Any], dict[str, Any], bool | None]] = [
    (right_route, {"route": "returns"}, {"route": "returns"}, True),
    (right_route, {"route": "returns"}, {"route": "agent"}, False),
    (right_route, {}, {"route": "agent"}, None),
    (right_sentiment, {"sentiment": "angry"}, {"sentiment": "angry"}, True),
    (right_sentiment, {"sentiment": "angry"}, {"sentiment": "calm"}, False),
    (right_sentiment, {}, {"sentiment": "calm"}, None),
    (right_language, {}, {"language": "de"}, True),
    (right_language, {}, {"language": "en"}, False),
    (right_language, {"given": {"language": "de"}}, {"language": "de"}, None),
]


@pytest.mark.parametrize(("judge", "label", "output", "right"), CASES)
def test_labels(
    make_message: Callable[..., TriageCase],
    triaged: Callable[..., Triage],
    judge: Judge,
    label: dict[str, Any],
    output: dict[str, Any],
    right: bool | None,
) -> None:
    score = judge(make_message(**label), triaged(**output))
    assert score.passed is right
    got = next(iter(output.values()))
    if right is None:
        assert score.value is None
        assert score.why
    else:
        assert score.got == got
        assert (score.expected == got) is right
        assert score.why == ("" if right else f"{score.expected} wanted, {got} given")
        assert score.slices == ("tier=1",)
