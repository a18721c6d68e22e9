"""The figures of a run as the page shows them: headline, and suite by suite tables, charts, matrices."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evals.metrics import Estimate, Metric
from evals.reporting.charts import (
    Chart,
    calibration_chart,
    calibration_sums,
    groups_chart,
    latency_chart,
)
from evals.reporting.matrices import Matrix, matrix_of
from evals.reporting.outcomes import OUTCOMES, Outcome, Suites, outcome_of, scorer_of
from evals.runner import AnySuite, summary_of
from evals.runs import Run, SuiteSummary
from evals.scores import CaseResult

NOTHING = Estimate(value=None)
CHARTED = ("language", "rule", "tier")
"""Kinds of group that are drawn; the tables have every kind."""


@dataclass(frozen=True, slots=True)
class MetricRow:
    """One metric over all cases and on either side of the split."""

    name: str
    danger: bool
    graded: bool
    worse_when_higher: bool
    everything: Estimate
    tune: Estimate
    held: Estimate


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The metrics by one kind of group, such as language or rule."""

    kind: str
    metrics: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Estimate, ...]], ...]


@dataclass(frozen=True, slots=True)
class SuiteView:
    """Everything the page says of one suite; ``graded`` are the figures that a model judged."""

    name: str
    question: str
    summary: SuiteSummary
    outcomes: Mapping[Outcome, int]
    metrics: tuple[MetricRow, ...]
    graded: tuple[MetricRow, ...]
    breakdowns: tuple[Breakdown, ...]
    charts: tuple[tuple[str, tuple[Chart, ...]], ...]
    matrices: tuple[Matrix, ...]


def suite_views(record: Run, results: Sequence[CaseResult], suites: Suites) -> tuple[SuiteView, ...]:
    """The suites of a run in the order in which they ran."""
    return tuple(
        _view(name, place, record, [one for one in results if one.suite == name], suites.get(name))
        for place, name in enumerate(record.suites)
    )


def _view(
    name: str, place: int, record: Run, results: Sequence[CaseResult], suite: AnySuite | None
) -> SuiteView:
    summary = record.summary.get(name) or _summed(results, suite, record.causes.seed)
    counted = [outcome_of(result, suite) for result in results]
    rows = [_metric_row(metric, slices, suite) for metric, slices in summary.metrics.items()]
    breakdowns = _breakdowns(summary)
    return SuiteView(
        name=name,
        question=suite.question if suite else "This suite is no longer part of the product.",
        summary=summary,
        outcomes={one: counted.count(one) for one in OUTCOMES if one in counted},
        metrics=tuple(row for row in rows if not row.graded),
        graded=tuple(row for row in rows if row.graded),
        breakdowns=breakdowns,
        charts=tuple(_charts(f"s{place}", breakdowns, results, suite)),
        matrices=tuple(_matrices(results)),
    )


def _summed(results: Sequence[CaseResult], suite: AnySuite | None, seed: int) -> SuiteSummary:
    """The summary of a run that was killed before it could write one."""
    if suite:
        return summary_of(suite, results, seed)
    errors, unscored = (
        sum(getattr(one, why) is not None for one in results) for why in ("error", "unscored")
    )
    return SuiteSummary(
        cases=len(results),
        scored=len(results) - errors - unscored,
        unscored=unscored,
        errors=errors,
        seconds=sum(one.seconds for one in results),
    )


def _metric_row(name: str, slices: Mapping[str, Estimate], suite: AnySuite | None) -> MetricRow:
    metric = _metric(name, suite)
    scorer = scorer_of(metric.scorer, suite) if metric else None
    return MetricRow(
        name=name,
        danger=bool(scorer and scorer.danger),
        graded=bool(scorer and scorer.graded),
        worse_when_higher=bool(metric and metric.worse_when_higher),
        everything=slices.get("all", NOTHING),
        tune=slices.get("split=tune", NOTHING),
        held=slices.get("split=held", NOTHING),
    )


def _breakdowns(summary: SuiteSummary) -> tuple[Breakdown, ...]:
    """Language first, then the other kinds of group that scorers name."""
    kinds = {name.split("=", 1)[0] for slices in summary.metrics.values() for name in slices if "=" in name}
    return tuple(
        _breakdown(kind, summary)
        for kind in sorted(kinds - {"split"}, key=lambda one: (one != "language", one))
    )


def _breakdown(kind: str, summary: SuiteSummary) -> Breakdown:
    prefix = f"{kind}="
    by_metric = {
        metric: {name.removeprefix(prefix): one for name, one in slices.items() if name.startswith(prefix)}
        for metric, slices in summary.metrics.items()
    }
    metrics = tuple(metric for metric, groups in by_metric.items() if groups)
    names = sorted({name for groups in by_metric.values() for name in groups})
    rows = tuple((name, tuple(by_metric[metric].get(name, NOTHING) for metric in metrics)) for name in names)
    return Breakdown(kind, metrics, rows)


def _charts(
    prefix: str,
    breakdowns: Sequence[Breakdown],
    results: Sequence[CaseResult],
    suite: AnySuite | None,
) -> list[tuple[str, tuple[Chart, ...]]]:
    """Charts under their headings; a kind with a single group has none, nor has a mere cost."""
    found = []
    for breakdown in breakdowns:
        if breakdown.kind in CHARTED and len(breakdown.rows) > 1:
            charts = _of_groups(f"{prefix}-{breakdown.kind}", breakdown, suite)
            found.append((f"By {breakdown.kind}", charts))
    sums = (
        {metric.scorer: calibration_sums(results, metric.scorer) for metric in suite.every_metric}
        if suite
        else {}
    )
    others = [
        calibration_chart(f"Calibration: {scorer}", parts, name=f"{prefix}-calibration-{place}")
        for place, (scorer, parts) in enumerate(sums.items())
        if parts
    ]
    seconds = [one.seconds for one in results if one.error is None and one.unscored is None]
    if seconds:
        others.append(latency_chart("Time per case", seconds, name=f"{prefix}-latency"))
    return [*found, ("Confidence and time", tuple(others))] if others else found


def _of_groups(prefix: str, breakdown: Breakdown, suite: AnySuite | None) -> tuple[Chart, ...]:
    charts = []
    for place, name in enumerate(breakdown.metrics):
        metric = _metric(name, suite)
        groups = {group: estimates[place] for group, estimates in breakdown.rows if estimates[place].n}
        if groups and (metric is None or metric.gated):
            worse = bool(metric and metric.worse_when_higher)
            charts.append(groups_chart(name, groups, name=f"{prefix}-{place}", worse_when_higher=worse))
    return tuple(sorted(charts, key=lambda chart: chart.svg is None))


def _matrices(results: Sequence[CaseResult]) -> list[Matrix]:
    scorers = dict.fromkeys(name for result in results for name in result.scores)
    return [found for name in scorers if (found := matrix_of(name, results))]


def _metric(name: str, suite: AnySuite | None) -> Metric | None:
    return next((one for one in suite.every_metric if one.name == name), None) if suite else None
