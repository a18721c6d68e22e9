"""Run suites: ask the product about every case, judge, keep each result at once, sum up at the end.

Cases run side by side in threads; nothing that is scored depends on their order. A run that was stopped goes
on where it stopped, if nothing that can change a score has changed.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from assistant.errors import InvalidInput
from evals.cases import EvalCase
from evals.causes import Causes, differences
from evals.metrics import by_slice
from evals.runs import Run, RunFolder, SuiteSummary, outcome_hash
from evals.scores import CaseResult
from evals.suite import Suite
from evals.workplace import CannotAsk, Workplace

Progress = Callable[[str, int, int], None]
"""Called with suite, cases done and cases in all."""
AnySuite = Suite[Any, Any, Any]
AnyCase = EvalCase[Any, Any]


@dataclass(frozen=True, slots=True)
class Plan:
    """What to run: each suite with its cases, and what the scores will depend on."""

    work: tuple[tuple[AnySuite, tuple[AnyCase, ...]], ...]
    causes: Causes
    workers: int = 2

    @property
    def total(self) -> int:
        """Number of cases."""
        return sum(len(cases) for _, cases in self.work)


def run(
    plan: Plan,
    folder: RunFolder,
    workplace: Workplace,
    *,
    resume: bool = False,
    progress: Progress | None = None,
) -> Run:
    """Run a plan into a folder and return its record.

    Raises:
        InvalidInput: ``resume``, and something that can change a score has changed since.
        StoreUnavailable: the folder cannot be written.
    """
    started = time.perf_counter()
    record = _resumed(folder, plan) if resume else _opened(plan, folder)
    folder.take_back_cancel()
    folder.write(record)
    known = {result.key: result for result in folder.results()} if resume else {}
    state, reason = "finished", None
    try:
        with folder.appending() as append:
            for suite, cases in plan.work:
                todo = [case for case in cases if not _is_done(known.get((suite.name, case.id)))]
                done = len(cases) - len(todo)
                for result in _results(suite, todo, workplace, plan.workers, lambda: folder.cancelled):
                    append(result)
                    done += 1
                    if progress:
                        progress(suite.name, done, len(cases))
        if folder.cancelled:
            state, reason = "interrupted", "cancelled"
    except KeyboardInterrupt:
        state, reason = "interrupted", "interrupted from the keyboard"
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"[:500]
        folder.write(record.model_copy(update={"state": "failed", "reason": reason}))
        raise
    record = summed_up(record, folder.results(), plan).model_copy(
        update={
            "state": state,
            "reason": reason,
            "finished_at": datetime.now(UTC),
            "calls": record.calls + workplace.calls,
            "seconds": round(record.seconds + time.perf_counter() - started, 3),
        }
    )
    folder.write(record)
    return record


def summed_up(record: Run, results: Sequence[CaseResult], plan: Plan) -> Run:
    """The record with metrics and counts of these results."""
    summary = {}
    for suite, cases in plan.work:
        asked = {case.id for case in cases}
        mine = [result for result in results if result.suite == suite.name and result.id in asked]
        summary[suite.name] = summary_of(suite, mine, record.causes.seed)
    kept = [result for result in results if result.suite in summary]
    return record.model_copy(update={"summary": summary, "done": len(kept), "outcome": outcome_hash(kept)})


def summary_of(suite: AnySuite, results: Sequence[CaseResult], seed: int) -> SuiteSummary:
    """Counts and metrics of one suite."""
    errors = sum(result.error is not None for result in results)
    unscored = sum(result.unscored is not None for result in results)
    return SuiteSummary(
        cases=len(results),
        scored=len(results) - errors - unscored,
        unscored=unscored,
        errors=errors,
        seconds=round(sum(result.seconds for result in results), 3),
        metrics={metric.name: by_slice(metric, results, seed=seed) for metric in suite.metrics},
    )


def attempt(suite: AnySuite, case: AnyCase, workplace: Workplace) -> CaseResult:
    """Ask and judge one case; what fails becomes part of the result."""
    started = time.perf_counter()
    fields: dict[str, Any] = {}
    try:
        with workplace.asking():
            output = suite.solve(case, workplace)
        fields["output"] = output.model_dump(mode="json")
        fields["scores"] = {scorer.name: scorer.judge(case, output) for scorer in suite.scorers}
    except CannotAsk as reason:
        fields |= {"unscored": str(reason), "scores": reason.scores}
    except Exception as error:
        fields |= {"error": f"{type(error).__name__}: {error}"[:2_000], "scores": {}}
    return CaseResult(
        suite=suite.name,
        id=case.id,
        language=case.language,
        split=case.split,
        origin=case.origin,
        tags=case.tags,
        case=case.said,
        seconds=round(time.perf_counter() - started, 4),
        **fields,
    )


def _results(
    suite: AnySuite,
    cases: Sequence[AnyCase],
    workplace: Workplace,
    workers: int,
    stopped: Callable[[], bool],
) -> Iterable[CaseResult]:
    """Results as they come; at most twice as many cases as workers are under way, so that a stop is quick."""
    waiting = iter(cases)
    with ThreadPoolExecutor(max_workers=workers, thread_name_prefix="eval") as pool:
        under_way: set[Future[CaseResult]] = set()
        try:
            while True:
                if not stopped():
                    room = 2 * workers - len(under_way)
                    under_way |= {
                        pool.submit(attempt, suite, case, workplace) for case in islice(waiting, room)
                    }
                if not under_way:
                    return
                finished, under_way = wait(under_way, return_when=FIRST_COMPLETED)
                for one in finished:
                    yield one.result()
        except BaseException:
            for one in under_way:
                one.cancel()
            raise


def _is_done(result: CaseResult | None) -> bool:
    """A case that could not be asked is asked again when the run goes on."""
    return result is not None and result.is_judged


def _opened(plan: Plan, folder: RunFolder) -> Run:
    return Run(
        id=folder.path.name,
        state="running",
        created_at=datetime.now(UTC),
        suites=tuple(suite.name for suite, _ in plan.work),
        causes=plan.causes,
        total=plan.total,
    )


def _resumed(folder: RunFolder, plan: Plan) -> Run:
    record = folder.record
    changed = differences(record.causes, plan.causes)
    if changed:
        raise InvalidInput(
            f"run {record.id} cannot go on: {', '.join(changed)} changed since; start a new run instead"
        )
    return record.model_copy(update={"state": "running", "reason": None})
