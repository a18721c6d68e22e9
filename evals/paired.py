"""Is a figure of one run really other than that of another? Statistics on cases that both have judged.

Interval of the difference: percentile bootstrap over cases, the same resamples for both runs (Efron and
Tibshirani 1993, chapter 13). The p-value of a share of passed cases: McNemar's test in its exact form, the
binomial test on the cases that turned (McNemar 1947; Agresti 2013, chapter 11). That of any other figure: the
paired randomisation test, in which each case may as well have been the other run's (Smucker, Allan and
Carterette 2007); all exchanges where the cases that differ are few, else random ones, the observed one
counted among them (Phipson and Smyth 2010). On shares the two tests agree.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from evals.metrics import Array, Metric, combined, drawn, interval, rows
from evals.scores import Score

LEVEL = 0.05
"""A p-value from here on is no evidence; it goes with the 95 % of the intervals."""
EXCHANGES = 2_000
ALL_EXCHANGES_UP_TO = 11
"""Cases that differ for which every exchange is tried: 2 to the 11th are about as many as the random ones."""
_ROUNDING = 1e-12

Test = Literal["mcnemar", "randomisation"]
Pair = tuple[Score, Score]


@dataclass(frozen=True, slots=True)
class Contrast:
    """A figure before and after on the same ``n`` cases, of which ``differ`` would each move it alone.

    ``difference`` is after less before, ``low`` to ``high`` its 95 % interval; all three are ``None`` where
    a run has no such figure on these cases.
    """

    n: int
    differ: int
    before: float | None
    after: float | None
    difference: float | None
    low: float | None
    high: float | None
    p: float
    test: Test

    @property
    def evident(self) -> bool:
        """Interval and test both say that it is no accident."""
        if self.low is None or self.high is None:
            return False
        return self.p < LEVEL and (self.low > 0 or self.high < 0)


def contrast(metric: Metric, pairs: Sequence[Pair], *, seed: int) -> Contrast | None:
    """The metric on the cases judged in both runs, before and after; ``None`` where there is no such case."""
    both = [pair for pair in pairs if _counts(metric, pair)]
    if not both:
        return None
    parts = [[_parts(metric, score) for score in side] for side in zip(*both, strict=True)]
    names = sorted({name for side in parts for one in side for name in one})
    one, other = (rows(side, names) for side in parts)
    before, after = (float(combined(metric, names, _sum(side))[0]) for side in (one, other))
    gap = after - before
    low, high = _interval(metric, names, one, other, seed=seed)
    test: Test = "mcnemar" if metric.passes else "randomisation"
    return Contrast(
        n=len(both),
        differ=_moving(metric, names, one, other),
        before=_number(before),
        after=_number(after),
        difference=_number(gap),
        low=None if np.isnan(gap) else _number(low),
        high=None if np.isnan(gap) else _number(high),
        p=round(mcnemar(both) if metric.passes else randomisation(metric, names, one, other, seed=seed), 6),
        test=test,
    )


def _interval(
    metric: Metric, names: Sequence[str], one: Array, other: Array, *, seed: int
) -> tuple[float, float]:
    if np.array_equal(one, other):
        return 0.0, 0.0
    weights = drawn(len(one), seed)
    gaps = combined(metric, names, weights @ other) - combined(metric, names, weights @ one)
    return interval(gaps, np.nan)


def mcnemar(pairs: Sequence[Pair]) -> float:
    """Two-sided p that as many cases turn one way and the other; 1 where none turned."""
    from scipy.stats import binomtest

    steps = [after.parts["right"] - before.parts["right"] for before, after in pairs]
    failed, turned = sum(step < 0 for step in steps), sum(step != 0 for step in steps)
    return float(binomtest(failed, turned, 0.5).pvalue) if turned else 1.0


def randomisation(metric: Metric, names: Sequence[str], one: Array, other: Array, *, seed: int) -> float:
    """Two-sided p that it does not matter which run a case's outcome came from."""
    differ = (one != other).any(axis=1)
    moves = (other - one)[differ]
    if not len(moves):
        return 1.0
    few = len(moves) <= ALL_EXCHANGES_UP_TO
    exchanged = _all_exchanges(len(moves)) if few else _some_exchanges(len(moves), seed)
    shift = exchanged @ moves
    gaps = combined(metric, names, _sum(other) - shift) - combined(metric, names, _sum(one) + shift)
    observed = combined(metric, names, _sum(other)) - combined(metric, names, _sum(one))
    # written so that an exchange without a figure counts against the evidence
    extreme = int((~(np.abs(gaps) < np.abs(observed) - _ROUNDING)).sum())
    return extreme / len(exchanged) if few else (extreme + 1) / (len(exchanged) + 1)


def _moving(metric: Metric, names: Sequence[str], one: Array, other: Array) -> int:
    """How many cases would change the figure, each exchanged alone; parts of other figures do not count."""
    alone = combined(metric, names, _sum(one) + (other - one))
    return int((~(np.abs(alone - combined(metric, names, _sum(one))) < _ROUNDING)).sum())


def _all_exchanges(cases: int) -> Array:
    numbers = np.arange(2**cases)[:, None]
    return ((numbers >> np.arange(cases)) & 1).astype(np.float64)


def _some_exchanges(cases: int, seed: int) -> Array:
    generator = np.random.default_rng(seed)
    return generator.integers(0, 2, size=(EXCHANGES, cases), dtype=np.int8).astype(np.float64)


def _counts(metric: Metric, pair: Pair) -> bool:
    judged = all(score.value is not None for score in pair)
    return judged and any(metric.counts(score.parts) for score in pair)


def _parts(metric: Metric, score: Score) -> Mapping[str, float]:
    return score.parts if metric.counts(score.parts) else {}


def _sum(side: Array) -> Array:
    return np.asarray(side.sum(axis=0, keepdims=True))


def _number(value: float | None) -> float | None:
    return None if value is None or np.isnan(value) else round(value, 6)
