"""Metrics as functions of sums over cases, each with a bootstrap interval.

Interval: percentile bootstrap over cases (Efron and Tibshirani 1993, chapter 13), 1,000 resamples, 95 %,
from a fixed seed, so that a run repeated gives the same numbers.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from assistant.domain import Noun
from evals.scores import CaseResult

RESAMPLES = 1_000
CALIBRATION_BINS = 10
Array = NDArray[np.float64]
Sums = Mapping[str, Array]
"""Part name to its sum, one entry a resample."""


class Estimate(Noun):
    """A metric over ``n`` cases with its 95 % interval; no value where no case could be judged."""

    value: float | None = None
    low: float | None = None
    high: float | None = None
    n: Annotated[int, Field(ge=0)] = 0


@dataclass(frozen=True, slots=True)
class Metric:
    """A figure of a suite. ``combine`` makes it of the sums of the parts that ``scorer`` gives.

    ``counts`` says which parts make a case count; ``worse_when_higher`` turns gates and colours round;
    ``passes``: the figure is the share of cases that pass, so exact tests for shares fit it. ``gated``:
    whether a baseline limits it; what a reply costs is to look at.
    """

    name: str
    scorer: str
    combine: Callable[[Sums], Array]
    counts: Callable[[Mapping[str, float]], bool]
    worse_when_higher: bool = False
    passes: bool = False
    gated: bool = True


def ratio(
    name: str,
    scorer: str,
    over: str = "right",
    under: str | tuple[str, ...] = "n",
    *,
    worse: bool = False,
    gated: bool = True,
) -> Metric:
    """The sum of one part over the sum of others: shares, means, precision, recall."""
    below = (under,) if isinstance(under, str) else under

    def combine(sums: Sums) -> Array:
        return _divide(_part(sums, over), sum((_part(sums, one) for one in below), np.zeros(1)))

    share = over == "right" and below == ("n",) and not worse
    return Metric(
        name, scorer, combine, lambda parts: any(parts.get(one) for one in below), worse, share, gated
    )


def f1(name: str, scorer: str) -> Metric:
    """Harmonic mean of precision and recall from the parts ``tp``, ``fp`` and ``fn``."""

    def combine(sums: Sums) -> Array:
        found = 2 * _part(sums, "tp")
        return _divide(found, found + _part(sums, "fp") + _part(sums, "fn"))

    return Metric(name, scorer, combine, lambda parts: any(parts.get(one) for one in ("tp", "fp", "fn")))


def macro_f1(name: str, scorer: str) -> Metric:
    """Mean of the F1 of every class, from parts ``tp:<class>``, ``fp:<class>`` and ``fn:<class>``.

    A class that no case has and nothing claimed counts nowhere.
    """

    def combine(sums: Sums) -> Array:
        classes = sorted({part.split(":", 1)[1] for part in sums if ":" in part})
        each = []
        for one in classes:
            found = 2 * _part(sums, f"tp:{one}")
            each.append(_divide(found, found + _part(sums, f"fp:{one}") + _part(sums, f"fn:{one}")))
        return _mean(each)

    return Metric(name, scorer, combine, lambda parts: any(":" in part for part in parts))


def calibration_error(name: str, scorer: str) -> Metric:
    """Expected calibration error, ten equal bins (Naeini et al. 2015): see ``calibration_parts``."""

    def combine(sums: Sums) -> Array:
        total: Array = np.zeros(1)
        gap: Array = np.zeros(1)
        for one in range(CALIBRATION_BINS):
            total = total + _part(sums, f"n:{one}")
            gap = gap + np.abs(_part(sums, f"right:{one}") - _part(sums, f"sure:{one}"))
        return _divide(gap, total)

    return Metric(name, scorer, combine, lambda parts: any(part.startswith("n:") for part in parts), True)


def calibration_parts(confidence: float, *, right: bool) -> dict[str, float]:
    """The parts of one prediction for ``calibration_error``."""
    one = min(int(confidence * CALIBRATION_BINS), CALIBRATION_BINS - 1)
    return {f"n:{one}": 1.0, f"sure:{one}": confidence, f"right:{one}": float(right)}


def estimate(metric: Metric, results: Sequence[CaseResult], *, seed: int) -> Estimate:
    """The metric over some cases; those unscored or failed are left out."""
    parts = [
        score.parts
        for result in results
        if (score := result.scores.get(metric.scorer)) and score.value is not None
        if metric.counts(score.parts)
    ]
    if not parts:
        return Estimate()
    names = sorted({name for one in parts for name in one})
    matrix = rows(parts, names)
    value = float(combined(metric, names, matrix.sum(axis=0, keepdims=True))[0])
    low, high = interval(combined(metric, names, drawn(len(parts), seed) @ matrix), value)
    return Estimate(value=round(value, 6), low=round(low, 6), high=round(high, 6), n=len(parts))


def rows(parts: Sequence[Mapping[str, float]], names: Sequence[str]) -> Array:
    """The parts of each case as a row, one column a name."""
    return np.array([[one.get(name, 0.0) for name in names] for one in parts])


def drawn(cases: int, seed: int) -> NDArray[np.int64]:
    """How often each case stands in each resample; shape (``RESAMPLES``, cases)."""
    generator = np.random.default_rng(seed)
    return generator.multinomial(cases, np.full(cases, 1 / cases), size=RESAMPLES)


def interval(values: Array, otherwise: float) -> tuple[float, float]:
    """The middle 95 % of the resampled values; ``otherwise`` twice where none is a number."""
    if np.all(np.isnan(values)):
        return otherwise, otherwise
    low, high = np.nanpercentile(values, (2.5, 97.5))
    return float(low), float(high)


def by_slice(metric: Metric, results: Iterable[CaseResult], *, seed: int) -> dict[str, Estimate]:
    """The metric for ``all``, each split and language, and every slice the scorer names."""
    groups: dict[str, list[CaseResult]] = {"all": []}
    for result in results:
        for name in result.slices(metric.scorer):
            groups.setdefault(name, []).append(result)
    found = {name: estimate(metric, of, seed=seed) for name, of in sorted(groups.items())}
    return {name: one for name, one in found.items() if name == "all" or one.n}


def combined(metric: Metric, names: Sequence[str], sums: Array) -> Array:
    """The metric of each row of sums, one column a part."""
    return metric.combine({name: sums[:, column] for column, name in enumerate(names)})


def _part(sums: Sums, name: str) -> Array:
    return sums.get(name, np.zeros(1))


def _divide(over: Array, under: Array) -> Array:
    over, under = np.broadcast_arrays(over, under)
    result: Array = np.divide(over, under, out=np.full(over.shape, np.nan), where=under > 0)
    return result


def _mean(each: Sequence[Array]) -> Array:
    """Mean that leaves out what is not a number."""
    stacked = np.stack(np.broadcast_arrays(*each))
    there = ~np.isnan(stacked)
    return _divide(np.where(there, stacked, 0.0).sum(axis=0), there.sum(axis=0).astype(np.float64))
