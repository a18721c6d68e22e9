"""Metrics against figures worked out by hand or by another library, and the properties of their intervals."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from evals.metrics import (
    by_slice,
    calibration_error,
    calibration_parts,
    estimate,
    f1,
    macro_f1,
    ratio,
)
from evals.scores import CaseResult, judged

Make = Callable[..., CaseResult]


def shares(make_result: Make, rights: list[bool]) -> list[CaseResult]:
    return [
        make_result(f"c{place}", **judged(right).model_dump(exclude_none=True))
        for place, right in enumerate(rights)
    ]


def test_a_share_and_its_interval(make_result: Make) -> None:
    found = estimate(ratio("share", "same"), shares(make_result, [True] * 80 + [False] * 20), seed=1)
    assert (found.value, found.n) == (0.8, 100)
    exact = binomtest(80, 100).proportion_ci(0.95, method="wilson")
    assert found.low == pytest.approx(exact.low, abs=0.03)
    assert found.high == pytest.approx(exact.high, abs=0.03)


def test_unscored_and_failed_cases_count_nowhere(make_result: Make) -> None:
    results = [*shares(make_result, [True, False]), make_result("u", why="nobody knows")]
    results.append(results[0].model_copy(update={"scores": {}, "error": "crash"}))
    assert estimate(ratio("share", "same"), results, seed=1).n == 2
    assert estimate(ratio("share", "other"), results, seed=1).value is None


def test_precision_counts_only_cases_with_something_found(make_result: Make) -> None:
    results = [
        make_result("a", value=1.0, parts={"tp": 3.0, "fp": 1.0, "fn": 0.0}),
        make_result("b", value=0.0, parts={"tp": 0.0, "fp": 0.0, "fn": 2.0}),
    ]
    precision = estimate(ratio("precision", "same", "tp", ("tp", "fp")), results, seed=1)
    recall = estimate(ratio("recall", "same", "tp", ("tp", "fn")), results, seed=1)
    assert (precision.value, precision.n) == (0.75, 1)
    assert (recall.value, recall.n) == (0.6, 2)
    assert estimate(f1("f1", "same"), results, seed=1).value == pytest.approx(6 / 9, abs=1e-6)


def test_macro_f1_is_the_mean_over_classes(make_result: Make) -> None:
    pairs = [("a", "a"), ("a", "a"), ("a", "b"), ("b", "b"), ("c", "a")]
    results = []
    for place, (wanted, got) in enumerate(pairs):
        parts = {f"tp:{wanted}": 1.0} if wanted == got else {f"fn:{wanted}": 1.0, f"fp:{got}": 1.0}
        results.append(make_result(f"c{place}", value=float(wanted == got), parts=parts))
    # a: tp 2, fp 1, fn 1 → 4/6; b: tp 1, fp 1 → 2/3; c: fn 1 → 0
    assert estimate(macro_f1("macro", "same"), results, seed=1).value == pytest.approx(
        (4 / 6 + 2 / 3) / 3, abs=1e-6
    )


def test_calibration_error_by_hand(make_result: Make) -> None:
    said = [(0.95, True), (0.95, False), (0.25, False), (1.0, True)]
    results = [
        make_result(f"c{place}", value=float(right), parts=calibration_parts(sure, right=right))
        for place, (sure, right) in enumerate(said)
    ]
    # bin 9: three cases, sure 2.9, right 2 → 0.9; bin 2: sure 0.25, right 0 → 0.25; over 4 cases
    assert estimate(calibration_error("ece", "same"), results, seed=1).value == pytest.approx(1.15 / 4)
    assert calibration_error("ece", "same").worse_when_higher


def test_slices(make_result: Make) -> None:
    results = [
        make_result("a", **judged(True, slices=("rule=X",)).model_dump(exclude_none=True)),
        make_result("b", language="de", **judged(False).model_dump(exclude_none=True)),
        make_result("c", why="unscored", slices=("rule=Y",)),
    ]
    found = by_slice(ratio("share", "same"), results, seed=1)
    assert {name: one.value for name, one in found.items() if not name.startswith("split")} == {
        "all": 0.5,
        "language=en": 1.0,
        "language=de": 0.0,
        "rule=X": 1.0,
    }


def test_no_case_gives_no_figure() -> None:
    assert by_slice(ratio("share", "same"), [], seed=1)["all"].value is None


@given(st.lists(st.booleans(), min_size=1, max_size=40), st.integers(0, 5))
def test_an_interval_holds_its_value_and_repeats(rights: list[bool], seed: int) -> None:
    results = [
        CaseResult.model_validate(
            {
                "suite": "s",
                "id": f"c{place}",
                "language": "en",
                "split": "tune",
                "origin": "synthetic",
                "case": {},
                "scores": {"same": judged(right).model_dump(exclude_none=True)},
            }
        )
        for place, right in enumerate(rights)
    ]
    once: Any = estimate(ratio("share", "same"), results, seed=seed)
    assert once == estimate(ratio("share", "same"), results, seed=seed)
    assert 0 <= once.low <= once.value <= once.high <= 1
    assert once.value == pytest.approx(np.mean(rights), abs=1e-6)
