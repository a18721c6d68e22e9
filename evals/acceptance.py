"""Accepting a run: what it came to is what later runs are held against.

Gates are made where they mean something: for ``all`` cases; for ``split=held``, on which nothing was tuned;
and under scorers marked as dangerous also for every rule, flag, tier and language, so that none of them pays
for a better mean. A slice of fewer than ``FEWEST`` cases has no gate, as one case would move it too far;
under dangerous scorers its cases are watched one by one anyway. There is none either for a limit that nothing
could break, and none for what a chat model judged.

The floor is the value measured, rounded down. A new gate of a dangerous scorer has no tolerance; any other
may miss by one case, because one case says little of the product.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from assistant.domain import Noun
from assistant.errors import InvalidInput
from evals.baseline import Baseline, Gate
from evals.metrics import Metric
from evals.runs import Run, RunFolder
from evals.scores import CaseResult
from evals.suite import Scorer, Suite
from prompts.loader import released

FEWEST = 5
"""Cases that a slice needs for a gate of its own."""
UNDER_DANGEROUS_SCORERS = ("rule=", "flag=", "tier=", "language=")
_DIGITS = 1_000
FINGERPRINT = 12
"""Digits kept of the hash of a case's content: enough to see that it is not the same any more."""

AnySuite = Suite[Any, Any, Any]
AnyScorer = Scorer[Any, Any, Any]


class Moved(Noun):
    """A limit that accepting a run moved, made or took away."""

    metric: str
    slice: str
    before: float | None = None
    after: float | None = None


def accepted(folder: RunFolder, suites: Mapping[str, AnySuite], old: Baseline | None = None) -> Baseline:
    """The baseline that a run makes; what a person set in the ``old`` one is kept.

    Raises:
        InvalidInput: the run is not finished, has errors or is only a part.
    """
    record, results = folder.record, folder.results()
    _refuse_less_than_all(record, suites, old)
    chosen = [suites[name] for name in record.suites]
    mine = {suite.name: [one for one in results if one.suite == suite.name] for suite in chosen}
    kept = {(gate.metric, gate.slice): gate for gate in old.gates} if old else {}
    allowed = old.turned if old else {}
    return Baseline(
        run=record.id,
        accepted_at=datetime.now(UTC),
        gates=tuple(gate for suite in chosen for gate in _gates(suite, record, kept)),
        turned={path: allowed.get(path, 0) for suite in chosen for path in _watched(suite, mine[suite.name])},
        unjudged={suite.name: record.summary[suite.name].unscored for suite in chosen},
        causes=record.causes,
        prompts=released(),
        known_failures={suite.name: _failures(suite, mine[suite.name]) for suite in chosen},
        cases={name: {one.id: fingerprint(one) for one in of} for name, of in mine.items()},
    )


def fingerprint(result: CaseResult) -> str:
    """The beginning of the hash of a case's content."""
    return result.content[:FINGERPRINT]


def moved(old: Baseline | None, new: Baseline) -> tuple[Moved, ...]:
    """The limits that differ, so that a person sees what was accepted."""
    before = {(gate.metric, gate.slice): gate.limit for gate in old.gates} if old else {}
    after = {(gate.metric, gate.slice): gate.limit for gate in new.gates}
    return tuple(
        Moved(metric=key[0], slice=key[1], before=before.get(key), after=after.get(key))
        for key in sorted(before.keys() | after.keys())
        if before.get(key) != after.get(key)
    )


def _refuse_less_than_all(record: Run, suites: Mapping[str, AnySuite], old: Baseline | None) -> None:
    if record.state != "finished":
        raise InvalidInput(f"run {record.id} is {record.state}; only a finished run can be accepted")
    if record.causes.selection:
        part = ", ".join(f"{name} {value}" for name, value in record.causes.selection.items())
        raise InvalidInput(f"run {record.id} is a part only ({part}); accept one of everything")
    gone = [name for name in record.suites if name not in suites]
    if gone:
        raise InvalidInput(f"run {record.id} has suites that are no more: {', '.join(gone)}")
    failed = sum(summary.errors for summary in record.summary.values())
    if failed:
        raise InvalidInput(f"run {record.id} has {failed} case(s) that ended in an error; mend them first")
    missing = sorted(set(old.cases) - set(record.suites)) if old else []
    if missing:
        raise InvalidInput(f"run {record.id} lacks {', '.join(missing)}, which the baseline knows")


def _watched(suite: AnySuite, results: Sequence[CaseResult]) -> Iterator[str]:
    """The dangerous scorers that judged anything."""
    for scorer in suite.scorers:
        if scorer.danger and any(scorer.name in result.scores for result in results):
            yield f"{suite.name}/{scorer.name}"


def _failures(suite: AnySuite, results: Sequence[CaseResult]) -> dict[str, tuple[str, ...]]:
    """Cases that fail, by scorer; what a chat model judged is left out.

    A case that fails in one dangerous respect often cannot be judged in another, such as how gravely a reply
    was stopped that was let through. It counts as failing there too, or half a cure would look like a new
    fault.
    """
    dangerous = {scorer.name for scorer in suite.scorers if scorer.danger}
    found: dict[str, list[str]] = {scorer.name: [] for scorer in suite.scorers if not scorer.graded}
    for result in results:
        failed = {name for name, score in result.scores.items() if score.passed is False}
        if failed & dangerous:
            failed |= {name for name in dangerous if not _judged(result, name)}
        for name in failed & found.keys():
            found[name].append(result.id)
    return {name: tuple(ids) for name, ids in found.items() if ids}


def _judged(result: CaseResult, scorer: str) -> bool:
    return scorer in result.scores and result.scores[scorer].passed is not None


def _gates(suite: AnySuite, record: Run, kept: Mapping[tuple[str, str], Gate]) -> Iterator[Gate]:
    scorers = {scorer.name: scorer for scorer in suite.scorers if not scorer.graded}
    for metric in suite.metrics:
        scorer = scorers.get(metric.scorer)
        if scorer is None or not metric.gated:
            continue
        path = f"{suite.name}/{metric.name}"
        why = (scorer.judge.__doc__ or suite.question).strip().splitlines()[0]
        for name, estimate in record.summary[suite.name].metrics[metric.name].items():
            if estimate.value is None or not _matters(name, scorer, estimate.n):
                continue
            old = kept.get((path, name))
            gate = Gate(
                metric=path,
                slice=name,
                tolerance=old.tolerance if old else _tolerance(scorer, estimate.n),
                n=estimate.n,
                why=old.why if old else why,
                **_limit(metric, estimate.value),
            )
            if gate.can_break:
                yield gate


def _matters(name: str, scorer: AnyScorer, cases: int) -> bool:
    if name == "all":
        return True
    fine = scorer.danger and name.startswith(UNDER_DANGEROUS_SCORERS)
    return cases >= FEWEST and (fine or name == "split=held")


def _tolerance(scorer: AnyScorer, cases: int) -> float:
    """One case, as a share, for what is not dangerous."""
    return 0.0 if scorer.danger else math.ceil(_DIGITS / cases) / _DIGITS


def _limit(metric: Metric, value: float) -> dict[str, float]:
    thousandths = round(value * _DIGITS, 6)  # else 0.29 would be a little less than 290 of them
    if metric.worse_when_higher:
        return {"ceiling": math.ceil(thousandths) / _DIGITS}
    return {"floor": math.floor(thousandths) / _DIGITS}
