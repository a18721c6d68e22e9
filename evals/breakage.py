"""What can be wrong with a run beside the baseline; each check is one function, and ``CHECKS`` lists them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from assistant.domain import Noun
from evals.acceptance import fingerprint
from evals.baseline import Baseline, Gate
from evals.metrics import Estimate
from evals.runs import Run
from evals.scores import CaseResult
from evals.suite import Scorer, Suite
from prompts.loader import released

FEWER = 0.1
"""Share of the accepted cases, one at least, that a metric may be judged on less.

Which replies can be judged may depend on what the product did, so a few less are no fault; beyond a tenth the
figure is about something else.
"""


class Gravity(IntEnum):
    """Kinds of breakage, the gravest first."""

    DANGER_TURNED = 0
    DANGER_METRIC = 1
    NOT_JUDGED = 2
    CASES = 3
    PROMPT = 4
    METRIC = 5


class Culprit(Noun):
    """A case that broke something, and why."""

    id: str
    why: str = ""


class Breakage(Noun):
    """One thing that is broken. ``subject``: suite with metric or scorer, suite, or prompt."""

    gravity: Gravity
    subject: str
    message: str
    cases: tuple[Culprit, ...] = ()


class JudgedGate(Gate):
    """A gate with the value that the run came to on ``judged`` cases."""

    value: float | None = None
    judged: int = 0
    ok: bool


@dataclass(frozen=True, slots=True)
class Held:
    """A run and the baseline it is held against; ``results`` by suite and id, ``watched`` suites only."""

    record: Run
    baseline: Baseline
    suites: Mapping[str, Suite[Any, Any, Any]]
    watched: tuple[str, ...]
    results: Mapping[str, Mapping[str, CaseResult]]

    def is_known(self, result: CaseResult) -> bool:
        """The baseline has this very case."""
        return self.baseline.cases[result.suite].get(result.id) == fingerprint(result)

    def newly_failing(self, suite: str, scorer: str) -> list[CaseResult]:
        """The cases that fail and are not known to."""
        known = self.baseline.known(suite, scorer)
        return [
            one
            for one in self.results[suite].values()
            if one.id not in known and scorer in one.scores and one.scores[scorer].passed is False
        ]

    def scorer_of(self, metric: str) -> Scorer[Any, Any, Any] | None:
        """The scorer that a metric (``suite/metric``) sums up, where there still is one."""
        suite_name, name = metric.split("/", 1)
        suite = self.suites.get(suite_name)
        wanted = next((one.scorer for one in suite.metrics if one.name == name), None) if suite else None
        return next((one for one in suite.scorers if one.name == wanted), None) if suite else None


def danger_turned(held: Held) -> Iterator[Breakage]:
    """Too many cases that were right in a dangerous respect went wrong; or nothing looks at it any more."""
    for path, allowed in held.baseline.turned.items():
        suite, scorer = path.split("/", 1)
        if suite not in held.results:
            continue
        if not any(scorer in one.scores for one in held.results[suite].values()):
            yield Breakage(gravity=Gravity.NOT_JUDGED, subject=path, message="nothing was judged any more")
        failing = [one for one in held.newly_failing(suite, scorer) if held.is_known(one)]
        if len(failing) > allowed:
            message = f"{len(failing)} case(s) went wrong that were right, {allowed} allowed"
            yield Breakage(
                gravity=Gravity.DANGER_TURNED, subject=path, message=message, cases=culprits(failing, scorer)
            )


def gates(held: Held) -> Iterator[JudgedGate]:
    """Every gate of the watched suites with the value that the run came to."""
    for gate in held.baseline.gates:
        suite, metric = gate.metric.split("/", 1)
        if suite not in held.watched:
            continue
        summary = held.record.summary.get(suite)
        found = summary.metrics.get(metric, {}).get(gate.slice) if summary else None
        measured = found or Estimate()
        enough = measured.n >= _fewest(gate, held.baseline.unjudged.get(suite, 0))
        ok = measured.value is not None and gate.holds(measured.value) and enough
        yield JudgedGate(**dict(gate), value=measured.value, judged=measured.n, ok=ok)


def metrics(held: Held) -> Iterator[Breakage]:
    """A metric on the wrong side of its limit, or no longer measured on enough cases."""
    for gate in gates(held):
        suite = gate.metric.split("/", 1)[0]
        if gate.ok or suite not in held.results:
            continue
        subject = f"{gate.metric}, {gate.slice}"
        scorer = held.scorer_of(gate.metric)
        if gate.value is None or scorer is None:
            yield Breakage(gravity=Gravity.NOT_JUDGED, subject=subject, message="is not measured any more")
        elif gate.holds(gate.value):
            message = f"was judged on {gate.judged} case(s), {gate.n} when it was accepted"
            yield Breakage(gravity=Gravity.NOT_JUDGED, subject=subject, message=message)
        else:
            failing = held.newly_failing(suite, scorer.name)
            inside = [one for one in failing if gate.slice in one.slices(scorer.name)]
            yield Breakage(
                gravity=Gravity.DANGER_METRIC if scorer.danger else Gravity.METRIC,
                subject=subject,
                message=_missed(gate, gate.value),
                cases=culprits(inside, scorer.name),
            )


def unjudged(held: Held) -> Iterator[Breakage]:
    """More cases failed or stayed unscored than allowed."""
    for suite, results in held.results.items():
        allowed = held.baseline.unjudged.get(suite, 0)
        open_ones = [one for one in results.values() if not one.is_judged]
        if len(open_ones) > allowed:
            found = tuple(Culprit(id=one.id, why=one.error or one.unscored or "") for one in open_ones)
            message = f"{len(found)} case(s) could not be judged, {allowed} allowed"
            yield Breakage(gravity=Gravity.NOT_JUDGED, subject=suite, message=message, cases=found)


def cases(held: Held) -> Iterator[Breakage]:
    """Cases that the baseline knows are gone or say something else."""
    for suite in held.watched:
        known = held.baseline.cases[suite]
        if suite not in held.results:
            message = f"the suite was not run: its {len(known)} case(s) are gone"
            yield Breakage(gravity=Gravity.CASES, subject=suite, message=message)
            continue
        here = held.results[suite]
        gone = [name for name in known if name not in here]
        other = [name for name in known if name in here and not held.is_known(here[name])]
        for what, names in (("gone", gone), ("not what was accepted any more", other)):
            if names:
                found = tuple(Culprit(id=name, why=f"is {what}") for name in names)
                message = f"{len(names)} case(s) of the baseline are {what}"
                yield Breakage(gravity=Gravity.CASES, subject=suite, message=message, cases=found)


def prompts(held: Held) -> Iterator[Breakage]:
    """A released prompt was edited or taken away: what it once wrote can no longer be replayed."""
    now = released()
    for name, known in held.baseline.prompts.items():
        if now.get(name) != known:
            what = "was edited in place; make it a new version" if name in now else "is gone"
            yield Breakage(gravity=Gravity.PROMPT, subject=name, message=f"this released prompt {what}")


CHECKS: tuple[Callable[[Held], Iterator[Breakage]], ...] = (danger_turned, metrics, unjudged, cases, prompts)


def culprits(results: Iterable[CaseResult], scorer: str) -> tuple[Culprit, ...]:
    """The cases with what the scorer said."""
    return tuple(Culprit(id=one.id, why=one.scores[scorer].why) for one in results)


def _fewest(gate: Gate, unjudged: int) -> float:
    """Cases that a gate has to be judged on; those of its suite that may stay open come off."""
    return gate.n - max(1.0, FEWER * gate.n) - unjudged


def _missed(gate: Gate, value: float) -> str:
    side = "below the floor" if gate.floor is not None else "above the ceiling"
    limit = gate.floor if gate.floor is not None else gate.ceiling
    tolerance = f", tolerance {gate.tolerance:g}" if gate.tolerance else ""
    return f"{value:.4f} is {side} of {limit:g}{tolerance}"
