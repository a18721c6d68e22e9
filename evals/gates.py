"""A run held against the baseline: what is broken, which cases turned and why, and what may have caused it.

The gravest comes first: a dangerous case that was right and now goes wrong counts above any mean, and a bad
reply let through above a good one stopped. What was not judged does not pass: a case without a score, a case
that has vanished or says something else, and a metric that far fewer cases were judged on all break.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import Field

from assistant.domain import Noun
from assistant.errors import InvalidInput
from evals.baseline import Baseline
from evals.breakage import CHECKS, Breakage, Held, JudgedGate, gates
from evals.causes import CHOSEN_SUITES, suspects
from evals.runs import Run, RunFolder, writing
from evals.scores import CaseResult
from evals.suite import Suite

VERDICT = "verdict.json"


class GateReport(Noun):
    """The verdict on a run, what is broken sorted by gravity.

    ``suspects``: causes that differ from those of the baseline, both values, where something is broken.
    ``new_cases``: by suite, how many the baseline does not know. ``unwatched``: suites and dangerous scorers
    (``suite/scorer``) it does not know.
    """

    ok: bool
    run: str
    baseline: str
    gates: tuple[JudgedGate, ...] = ()
    broken: tuple[Breakage, ...] = ()
    suspects: dict[str, tuple[str, str]] = Field(default_factory=dict)
    new_cases: dict[str, int] = Field(default_factory=dict)
    unwatched: tuple[str, ...] = ()


def judge(folder: RunFolder, baseline: Baseline, suites: Mapping[str, Suite[Any, Any, Any]]) -> GateReport:
    """Hold a run against the baseline; only the suites that were chosen, where some were.

    Raises:
        InvalidInput: the run is not finished, or holds only a part of its suites' cases.
    """
    record = folder.record
    refuse_part(record)
    held = _held(record, folder, baseline, suites)
    broken = [breakage for check in CHECKS for breakage in check(held)]
    broken.sort(key=lambda one: (one.gravity, one.subject))
    return GateReport(
        ok=not broken,
        run=record.id,
        baseline=baseline.run,
        gates=tuple(gates(held)),
        broken=tuple(broken),
        suspects=suspects(baseline.causes, record.causes) if broken else {},
        new_cases=_new_cases(held),
        unwatched=tuple(_unwatched(held)),
    )


def refuse_part(record: Run) -> None:
    """Gates judge whole suites of finished runs.

    Raises:
        InvalidInput: the run is neither.
    """
    if record.state != "finished":
        raise InvalidInput(f"run {record.id} is {record.state}; gates judge finished runs")
    part = {name: value for name, value in record.causes.selection.items() if name != CHOSEN_SUITES}
    if part:
        named = ", ".join(f"{name} {value}" for name, value in part.items())
        raise InvalidInput(f"run {record.id} holds only a part of its cases ({named}); gates judge all")


def save(folder: RunFolder, report: GateReport) -> None:
    """Keep the verdict beside the run.

    Raises:
        StoreUnavailable: the folder cannot be written.
    """
    with writing(folder.path):
        (folder.path / VERDICT).write_text(report.model_dump_json(indent=1) + "\n", encoding="utf-8")


def saved(folder: RunFolder) -> GateReport | None:
    """The verdict given when the run ended, if there was one that can be read."""
    try:
        return GateReport.model_validate_json((folder.path / VERDICT).read_bytes())
    except (OSError, ValueError):
        return None


def _new_cases(held: Held) -> dict[str, int]:
    new = {
        name: sum(identity not in held.baseline.cases[name] for identity in results)
        for name, results in held.results.items()
    }
    return {name: number for name, number in new.items() if number}


def _unwatched(held: Held) -> Iterator[str]:
    yield from (name for name in held.record.suites if name not in held.baseline.cases)
    for name, results in held.results.items():
        judging = {scorer for result in results.values() for scorer in result.scores}
        suite = held.suites.get(name)
        for scorer in suite.scorers if suite else ():
            path = f"{name}/{scorer.name}"
            if scorer.danger and scorer.name in judging and path not in held.baseline.turned:
                yield path


def _held(
    record: Run, folder: RunFolder, baseline: Baseline, suites: Mapping[str, Suite[Any, Any, Any]]
) -> Held:
    chosen = CHOSEN_SUITES in record.causes.selection
    watched = tuple(name for name in baseline.cases if not chosen or name in record.suites)
    results: dict[str, dict[str, CaseResult]] = {name: {} for name in watched if name in record.suites}
    for result in folder.results():
        if result.suite in results:
            results[result.suite][result.id] = result
    return Held(record, baseline, suites, watched, results)
