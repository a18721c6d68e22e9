"""What holds for every suite."""

import pytest

from evals.suites import SUITES


def test_the_suites_run_in_the_order_of_a_messages_way() -> None:
    names = list(SUITES)
    assert names[:4] == ["retrieval", "triage", "guard", "grounding"]
    assert all(name == suite.name for name, suite in SUITES.items())


@pytest.mark.parametrize("name", SUITES)
def test_a_metric_reads_a_scorer_of_its_suite(name: str) -> None:
    suite = SUITES[name]
    scorers = [scorer.name for scorer in suite.scorers]
    metrics = [metric.name for metric in suite.metrics]
    assert len(scorers) == len(set(scorers))
    assert len(metrics) == len(set(metrics))
    assert {metric.scorer for metric in suite.metrics} <= set(scorers)
