"""Runs, comparisons and gates as tables for people."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from api.cli.output import first_words, say, table

if TYPE_CHECKING:
    from evals.acceptance import Moved
    from evals.compare import Change, Comparison, Turned
    from evals.datacheck import DataReport
    from evals.gates import GateReport
    from evals.metrics import Estimate
    from evals.runs import Run

SHOWN = 20
"""Cases listed of each kind; `--json` and the report have all."""
SIDE = "split=held"


def show_run(run: "Run") -> None:
    """Counts and figures of a run."""
    causes = run.causes
    say(f"run {run.id}, {run.state}: {run.done} of {run.total} cases in {run.seconds:.1f} s")
    say(f"model {causes.model} ({run.calls} calls), knowledge {causes.knowledge}, rules {causes.pack}")
    if causes.selection:
        say("only " + ", ".join(f"{name} {value}" for name, value in causes.selection.items()))
    rows = [
        (name, one.cases, one.scored, one.unscored, one.errors, f"{one.seconds:.1f} s")
        for name, one in run.summary.items()
    ]
    table("", ("suite", "cases", "scored", "unscored", "errors", "time"), rows)
    figures = [
        (suite, metric, *_figures(slices["all"]), slices["all"].n, _value(slices.get(SIDE)))
        for suite, one in run.summary.items()
        for metric, slices in one.metrics.items()
        if slices["all"].n
    ]
    table("", ("suite", "metric", "value", "95 % interval", "cases", "held back"), figures)
    empty = sum(not slices["all"].n for one in run.summary.values() for slices in one.metrics.values())
    if empty:
        say(f"{empty} figure(s) had nothing to judge")


def show_gates(report: "GateReport") -> None:
    """The verdict: what is broken, the gravest first, with its cases and suspects."""
    for what in report.unwatched:
        say(f"the baseline does not know {what}; accept a run to have it watched")
    for suite, number in report.new_cases.items():
        say(f"{number} case(s) of {suite} are new since the baseline")
    if report.ok:
        say(f"{len(report.gates)} gates hold")
        return
    broken = report.broken
    _titled("broken, the gravest first", ("where", "what"), [(one.subject, one.message) for one in broken])
    seen: set[tuple[str, str]] = set()
    for one in broken:
        fresh = [case for case in one.cases if (case.id, case.why) not in seen]
        seen |= {(case.id, case.why) for case in fresh}
        if fresh:
            rows = [(case.id, first_words(case.why)) for case in fresh]
            _titled(one.subject, ("case", "why"), rows)
    show_causes("suspects: what differs from the accepted run", report.suspects)


def show_comparison(comparison: "Comparison") -> None:
    """What changed from one run to the next, and what may have caused it."""
    say(f"from run {comparison.before} to run {comparison.after}")
    rows = [
        (
            name,
            one.compared,
            len(one.changed),
            len(one.only_before),
            len(one.only_after),
            len(one.unjudged_before),
            len(one.unjudged_after),
        )
        for name, one in comparison.suites.items()
    ]
    columns = (
        "suite",
        "compared",
        "case changed",
        "only before",
        "only after",
        "unjudged before",
        "unjudged after",
    )
    table("", columns, rows)
    _show_changes("", [one for one in comparison.changes if not one.graded])
    _show_changes("judged by a chat model", [one for one in comparison.changes if one.graded])
    for title, to in (("cases that failed now", "failed"), ("cases that pass now", "passed")):
        _show_turned(title, [one for one in comparison.turned if one.to == to])
    show_causes("suspects: what differs between the runs", comparison.causes)
    if comparison.by_chance:
        say(f"of the figures that moved, chance alone would call {comparison.by_chance:g} better or worse")
    verdicts = [one for one in comparison.changes if one.slice == "all" and not one.graded]
    for word in ("worse", "better"):
        named = [f"{one.suite}/{one.metric}" for one in verdicts if one.verdict == word]
        if named:
            say(f"{word}: {', '.join(named)}")
    if all(one.verdict == "no evidence of change" for one in verdicts):
        say("no evidence of change")


def show_causes(title: str, causes: "dict[str, tuple[str, str]]") -> None:
    """Causes that differ, with both values."""
    if causes:
        rows = [(name, _short(before), _short(after)) for name, (before, after) in causes.items()]
        _titled(title, ("cause", "before", "after"), rows)


def show_moved(moved: "Iterable[Moved]") -> None:
    """The limits that accepting a run moved."""
    rows = [
        (one.metric, one.slice, number(one.before), number(one.after), _direction(one.before, one.after))
        for one in moved
    ]
    if rows:
        _titled("limits that moved", ("metric", "slice", "before", "after", ""), rows)


def show_data(report: "DataReport") -> None:
    """What the data consist of and what is wrong with them."""
    rows = [
        (name, one.cases, _counts(one.languages), _counts(one.splits), _counts(one.origins))
        for name, one in report.suites.items()
    ]
    table("", ("suite", "cases", "languages", "sides", "origins"), rows)
    problems = [
        (one.level, one.kind, ", ".join(one.cases) or one.suite, first_words(one.message))
        for one in report.problems
    ]
    if problems:
        table("", ("level", "kind", "where", "what"), problems)
    errors = sum(one.level == "error" for one in report.problems)
    say(f"{errors} error(s), {len(report.problems) - errors} warning(s)")


def show_runs(runs: "Iterable[tuple[Run, bool | None]]") -> None:
    """One line a run; whether its gates held, where they were judged."""
    words = {True: "hold", False: "BROKEN", None: ""}
    rows = [
        (
            run.id,
            run.created_at.strftime("%Y-%m-%d %H:%M"),
            run.state,
            f"{run.done}/{run.total}",
            ", ".join(run.suites),
            run.causes.model,
            words[held],
        )
        for run, held in runs
    ]
    table("", ("run", "started", "state", "cases", "suites", "model", "gates"), rows)


def _show_changes(title: str, changes: "Sequence[Change]") -> None:
    """Figures over all cases; finer slices only where they are no accident."""
    rows = [
        (
            one.suite,
            one.metric,
            one.slice,
            number(one.before),
            number(one.after),
            "" if one.difference is None else f"{one.difference:+.3f}",
            interval(one.low, one.high),
            f"{one.p:.3f}" if one.p >= 0.001 else "< 0.001",
            f"{one.differ} of {one.n}",
            one.verdict,
        )
        for one in changes
        if (one.slice == "all" and one.differ) or one.verdict != "no evidence of change"
    ]
    still = sum(one.slice == "all" and not one.differ for one in changes)
    columns = (
        "suite",
        "metric",
        "slice",
        "before",
        "after",
        "change",
        "95 % interval",
        "p",
        "cases differ",
        "",
    )
    if rows:
        _titled(title, columns, rows)
    if still:
        say(f"{still} figure(s) did not move")


def _show_turned(title: str, turned: "Sequence[Turned]") -> None:
    rows = [
        (one.suite, one.scorer, one.id, "danger" if one.danger else "", first_words(one.why))
        for one in turned
    ]
    if rows:
        _titled(title, ("suite", "scorer", "case", "", "why"), rows)


def _titled(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    if title:
        say(title)
    table("", columns, rows[:SHOWN])
    if len(rows) > SHOWN:
        say(f"and {len(rows) - SHOWN} more")


def _figures(estimate: "Estimate") -> tuple[str, str]:
    return _value(estimate), interval(estimate.low, estimate.high)


def _value(estimate: "Estimate | None") -> str:
    return number(estimate.value if estimate else None)


def number(value: float | None) -> str:
    """A figure with three places."""
    return "–" if value is None else f"{value:.3f}"


def interval(low: float | None, high: float | None) -> str:
    """An interval, nothing where there is none."""
    return "" if low is None or high is None else f"{low:.3f} to {high:.3f}"


def _direction(before: float | None, after: float | None) -> str:
    if before is None or after is None:
        return "new" if before is None else "gone"
    return "up" if after > before else "down"


def _short(value: str) -> str:
    """Hashes by their beginning."""
    return value[:12] if len(value) == 64 else first_words(value, 60)


def _counts(counted: "dict[str, int]") -> str:
    return " ".join(f"{name} {number}" for name, number in counted.items())
