"""The statistics of two runs against exact values, and what noise may and may not be called."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from evals.metrics import Metric, f1, ratio
from evals.paired import Pair, contrast, mcnemar, randomisation
from evals.scores import Score, judged, unscored

SHARE = ratio("share", "same")
MEAN = ratio("mean", "same", "overlap")


def turned(failed: int, passed: int, *, same: int = 0) -> list[Pair]:
    right, wrong = judged(True), judged(False)
    return [(right, wrong)] * failed + [(wrong, right)] * passed + [(right, right)] * same


def amounts(*pairs: tuple[float, float]) -> list[Pair]:
    return [(overlap(before), overlap(after)) for before, after in pairs]


def overlap(value: float) -> Score:
    return Score(value=value, parts={"overlap": value, "n": 1.0})


@pytest.mark.parametrize(
    ("failed", "passed", "evident"),
    [(5, 0, False), (6, 0, True), (0, 6, True), (8, 2, False), (9, 1, True), (30, 30, False), (0, 0, False)],
)
def test_shares_are_tested_by_mcnemars_exact_test(failed: int, passed: int, evident: bool) -> None:
    pairs = turned(failed, passed, same=60)
    found = contrast(SHARE, pairs, seed=1)
    assert found is not None
    wanted = binomtest(failed, failed + passed).pvalue if failed + passed else 1.0
    assert found.test == "mcnemar"
    assert found.p == pytest.approx(wanted, abs=1e-6)
    assert (found.evident, found.differ) == (evident, failed + passed)
    assert found.difference == pytest.approx((passed - failed) / len(pairs), abs=1e-6)


@given(st.integers(0, 5), st.integers(0, 5), st.integers(1, 9))
def test_on_shares_both_tests_agree(failed: int, passed: int, same: int) -> None:
    pairs = turned(failed, passed, same=same)
    one, other = (
        np.array([[score.parts["n"], score.parts["right"]] for score in side])
        for side in zip(*pairs, strict=True)
    )
    assert randomisation(SHARE, ["n", "right"], one, other, seed=1) == pytest.approx(mcnemar(pairs))


def test_two_runs_alike_differ_in_nothing() -> None:
    found = contrast(MEAN, amounts((0.2, 0.2), (0.7, 0.7)), seed=1)
    assert found is not None
    assert (found.difference, found.low, found.high, found.p) == (0.0, 0.0, 0.0, 1.0)
    assert (found.differ, found.evident) == (0, False)


def test_a_few_large_changes_are_no_evidence_and_many_small_ones_are() -> None:
    few = contrast(MEAN, amounts(*[(0.0, 1.0)] * 5, *[(0.5, 0.5)] * 40), seed=1)
    many = contrast(MEAN, amounts(*[(0.5, 0.55)] * 30), seed=1)
    assert few is not None
    assert many is not None
    assert (few.test, few.p, few.evident) == ("randomisation", 0.0625, False)
    assert many.p == pytest.approx(1 / 2001, abs=1e-6)
    assert many.evident
    assert many.low == many.high == pytest.approx(0.05)


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=2, max_size=20))
def test_exchanging_the_runs_turns_the_sign(pairs: list[tuple[float, float]]) -> None:
    there = contrast(MEAN, amounts(*pairs), seed=3)
    back = contrast(MEAN, amounts(*((after, before) for before, after in pairs)), seed=3)
    assert there is not None
    assert back is not None
    assert there.difference == pytest.approx(-(back.difference or 0.0), abs=2e-6)
    assert there.low == pytest.approx(-(back.high or 0.0), abs=2e-6)
    assert there.p == pytest.approx(back.p, abs=0.03)
    assert (there.n, there.differ) == (back.n, back.differ)
    assert (there.low or 0.0) <= (there.difference or 0.0) + 1e-5


def test_parts_of_other_figures_move_nothing() -> None:
    before = Score(value=1.0, parts={"overlap": 0.5, "n": 1.0, "rank": 0.1})
    after = Score(value=1.0, parts={"overlap": 0.5, "n": 1.0, "rank": 0.9})
    found = contrast(MEAN, [(before, after)] * 20, seed=1)
    assert found is not None
    assert (found.differ, found.p, found.evident) == (0, 1.0, False)


def test_only_cases_judged_in_both_runs_count() -> None:
    pairs = [(judged(True), unscored("no reply")), (unscored("no reply"), judged(True))]
    assert contrast(SHARE, pairs, seed=1) is None
    found = contrast(SHARE, [*pairs, (judged(True), judged(False))], seed=1)
    assert found is not None
    assert (found.n, found.before, found.after) == (1, 1.0, 0.0)


def test_a_figure_that_one_run_has_not_got_is_no_evidence() -> None:
    precision = ratio("precision", "same", "tp", ("tp", "fp"))
    nothing, found_one = (
        Score(value=1.0, parts={"tp": 0.0, "fp": 0.0}),
        Score(value=1.0, parts={"tp": 1.0, "fp": 0.0}),
    )
    found = contrast(precision, [(nothing, found_one)] * 30, seed=1)
    assert found is not None
    assert (found.before, found.after, found.difference) == (None, 1.0, None)
    assert (found.low, found.evident) == (None, False)


def test_a_case_that_counts_in_one_run_only_counts_as_nothing_in_the_other() -> None:
    precision = ratio("precision", "same", "tp", ("tp", "fp"))
    silent = Score(value=1.0, parts={"tp": 0.0, "fp": 0.0})
    right, wrong = (Score(value=1.0, parts={"tp": tp, "fp": 1.0 - tp}) for tp in (1.0, 0.0))
    found = contrast(precision, [(right, right)] * 20 + [(silent, wrong)] * 20, seed=1)
    assert found is not None
    assert (found.n, found.before, found.after, found.evident) == (40, 1.0, 0.5, True)


@pytest.mark.parametrize("metric", [SHARE, MEAN, f1("F1", "same")], ids=lambda metric: metric.name)
def test_noise_is_rarely_called_a_change(metric: Metric, flip: Callable[..., Pair]) -> None:
    generator = np.random.default_rng(20261122)
    trials = 120
    called = 0
    for trial in range(trials):
        found = contrast(metric, [flip(generator) for _ in range(60)], seed=trial)
        called += found is not None and found.evident
    assert called <= 0.05 * trials + 3


@pytest.fixture
def flip() -> Callable[..., Pair]:
    """A case that either run gets right four times in five, by chance alone."""

    def one(generator: Any) -> Score:
        right = float(generator.random() < 0.8)
        parts = {"right": right, "overlap": right, "n": 1.0, "tp": right, "fp": 1 - right, "fn": 1 - right}
        return Score(value=right, passed=bool(right), parts=parts)

    return lambda generator: (one(generator), one(generator))
