"""Messages are sorted by the real rules, at their own time or that of the evaluation."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from evals.cases import EvalCase
from evals.runner import attempt, summary_of
from evals.suites import triage as suite
from evals.suites.triage import SUITE
from evals.workplace import Workplace

Labelled = Callable[..., EvalCase[Any, Any]]
LEGAL = "Mein Anwalt wird Sie verklagen, wenn das Geld nicht bis Freitag da ist."


@pytest.mark.parametrize(
    ("own", "used"),
    [
        (None, datetime(2026, 11, 22, 12, tzinfo=UTC)),
        ("2026-10-01T08:00:00Z", datetime(2026, 10, 1, 8, tzinfo=UTC)),
    ],
)
def test_the_time_of_asking(
    make_labelled: Labelled,
    workplace: Workplace,
    monkeypatch: pytest.MonkeyPatch,
    own: str | None,
    used: datetime,
) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(suite, "classify", asked.append)
    given = {"text": "Wo ist mein Paket?", "at": own}
    suite.solve(make_labelled(SUITE.shape, given, {"tier": 1, "intents": ("tracking",)}), workplace)
    assert asked[0].at == used
    assert asked[0].text == "Wo ist mein Paket?"


def test_figures_of_two_messages(make_labelled: Labelled, workplace: Workplace) -> None:
    right = make_labelled(
        SUITE.shape,
        {"text": LEGAL, "marketplace": "DE"},
        {"tier": 3, "intents": ("legal_threat",), "flags": ("legal",), "route": "compliance"},
    )
    missed = make_labelled(
        SUITE.shape,
        {"text": "Danke, alles bestens!", "marketplace": "DE"},
        {"tier": 3, "intents": ("abuse",), "flags": ("abuse",)},
    )
    results = [attempt(SUITE, case, workplace) for case in (right, missed)]
    assert [result.error for result in results] == [None, None]
    summary = summary_of(SUITE, results, seed=7)
    figures = {name: slices["all"].value for name, slices in summary.metrics.items()}
    for name in ("tier accuracy", "tier not too low", "tier 3 recall", "flag recall", "intent accuracy"):
        assert figures[name] == 0.5, name
    assert figures["flag precision"] == figures["route accuracy"] == figures["language accuracy"] == 1.0
    assert figures["intent macro-F1"] == pytest.approx(1 / 3)
    assert figures["sentiment accuracy"] is None
    assert set(summary.metrics["tier accuracy"]) >= {"tier=3", "flag=legal", "flag=abuse", "language=de"}
    assert summary.metrics["flag recall"]["flag=abuse"].value == 0.0


def test_what_hurts_comes_first() -> None:
    assert [scorer.name for scorer in SUITE.scorers if scorer.danger] == [
        "tier not too low", "no flag missed",
    ]  # fmt: skip
    assert all(scorer.danger for scorer in SUITE.scorers[:2])
