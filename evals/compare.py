"""Two runs, case by case: what changed, whether that can be told from noise, and what may have caused it.

Only the same case judged by the same scorer in both runs is compared. A case whose content changed is another
case; one that a run could not judge says nothing. Whatever is left out is listed.

A figure is *better* or *worse* only where interval and test both say that it is no accident
(``evals/paired.py``); anything else is no evidence of change, however large it looks.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal

from pydantic import Field

from assistant.domain import Noun
from assistant.vocabulary import Language
from evals.causes import suspects
from evals.metrics import Metric
from evals.paired import LEVEL, Contrast, Pair, Test, contrast
from evals.runs import RunFolder
from evals.scores import CaseResult
from evals.suite import Grader, Scorer, Suite

Finding = Literal["better", "worse", "no evidence of change"]
Suites = Mapping[str, Suite[Any, Any, Any]]
Both = tuple[CaseResult, CaseResult]
AnyScorer = Scorer[Any, Any, Any] | Grader[Any, Any, Any]


class Change(Noun):
    """A figure of the cases that both runs judged, before and after.

    ``difference``: after less before, ``low`` to ``high`` its 95 % interval; ``p`` by ``test``. ``n`` cases,
    of which ``differ`` would each move the figure alone. ``graded``: a chat model judged.
    ``gated``: what it is matters; else, as with the length of a reply, it is to look at.
    """

    suite: str
    metric: str
    slice: str
    verdict: Finding
    n: int
    differ: int
    before: float | None = None
    after: float | None = None
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    p: float
    test: Test
    danger: bool = False
    graded: bool = False
    gated: bool = True
    worse_when_higher: bool = False


class Turned(Noun):
    """A case that passed in one run and failed in the other; ``why`` is what the failing run said."""

    suite: str
    id: str
    scorer: str
    to: Literal["failed", "passed"]
    danger: bool = False
    graded: bool = False
    language: Language
    why: str = ""


class Pairing(Noun):
    """Which cases of a suite were compared. ``unjudged``: put in both, but not answered or scored in one."""

    compared: int
    only_before: tuple[str, ...] = ()
    only_after: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unjudged_before: tuple[str, ...] = ()
    unjudged_after: tuple[str, ...] = ()


class Comparison(Noun):
    """Run ``after`` beside run ``before``.

    ``causes``: what differs between the runs, both values; the suspects. ``by_chance``: how many of the
    figures that moved would be called better or worse if nothing but chance had moved them.
    """

    before: str
    after: str
    causes: dict[str, tuple[str, str]] = Field(default_factory=dict)
    suites: dict[str, Pairing] = Field(default_factory=dict)
    changes: tuple[Change, ...] = ()
    turned: tuple[Turned, ...] = ()
    by_chance: float = 0.0

    @property
    def worse(self) -> tuple[Change, ...]:
        """The figures over all cases that got worse, of those that gates may rest on."""
        whole = (one for one in self.changes if one.slice == "all" and one.gated and not one.graded)
        return tuple(one for one in whole if one.verdict == "worse")


def compare(before: RunFolder, after: RunFolder, suites: Suites) -> Comparison:
    """Pair two runs and judge every figure of the suites they share.

    Raises:
        InvalidInput: a folder holds no run, or its results cannot be read.
    """
    one, other = before.record, after.record
    first, second = _by_suite(before.results()), _by_suite(after.results())
    pairings, changes, turned = {}, list[Change](), list[Turned]()
    for name in sorted(first.keys() | second.keys()):
        ours, theirs = first.get(name, {}), second.get(name, {})
        pairings[name], both = _paired(ours, theirs)
        if name in suites:
            changes += _changes(suites[name], both, seed=other.causes.seed)
        turned += _turned(suites.get(name), both)
    moved = sum(one.slice == "all" and one.differ > 0 for one in changes)
    return Comparison(
        before=one.id,
        after=other.id,
        causes=suspects(one.causes, other.causes),
        suites=pairings,
        changes=tuple(changes),
        turned=tuple(sorted(turned, key=_gravity)),
        by_chance=round(moved * LEVEL, 2),
    )


def _by_suite(results: Iterable[CaseResult]) -> dict[str, dict[str, CaseResult]]:
    found: dict[str, dict[str, CaseResult]] = {}
    for result in results:
        found.setdefault(result.suite, {})[result.id] = result
    return found


def _paired(
    ours: Mapping[str, CaseResult], theirs: Mapping[str, CaseResult]
) -> tuple[Pairing, Sequence[Both]]:
    shared = sorted(ours.keys() & theirs.keys())
    changed = [name for name in shared if ours[name].content != theirs[name].content]
    same = [name for name in shared if ours[name].content == theirs[name].content]
    both = [(ours[name], theirs[name]) for name in same if ours[name].is_judged and theirs[name].is_judged]
    pairing = Pairing(
        compared=len(both),
        only_before=tuple(sorted(ours.keys() - theirs.keys())),
        only_after=tuple(sorted(theirs.keys() - ours.keys())),
        changed=tuple(changed),
        unjudged_before=tuple(name for name in same if not ours[name].is_judged),
        unjudged_after=tuple(name for name in same if not theirs[name].is_judged),
    )
    return pairing, both


def _changes(suite: Suite[Any, Any, Any], both: Sequence[Both], *, seed: int) -> Iterator[Change]:
    scorers = {scorer.name: scorer for scorer in suite.every_scorer}
    for metric in suite.every_metric:
        scorer = scorers[metric.scorer]
        for name, pairs in _slices(metric, both).items():
            found = contrast(metric, pairs, seed=seed)
            if found:
                yield _change(suite.name, metric, scorer, name, found)


def _slices(metric: Metric, both: Sequence[Both]) -> dict[str, list[Pair]]:
    """The pairs of ``all``, each split and each language; finer slices are too small to tell from noise."""
    groups: dict[str, list[Pair]] = {"all": []}
    for before, after in both:
        if metric.scorer in before.scores and metric.scorer in after.scores:
            pair = before.scores[metric.scorer], after.scores[metric.scorer]
            for name in ("all", f"split={after.split}", f"language={after.language}"):
                groups.setdefault(name, []).append(pair)
    return dict(sorted(groups.items()))


def _change(suite: str, metric: Metric, scorer: AnyScorer, name: str, found: Contrast) -> Change:
    return Change(
        suite=suite,
        metric=metric.name,
        slice=name,
        verdict=_verdict(metric, found),
        n=found.n,
        differ=found.differ,
        before=found.before,
        after=found.after,
        difference=found.difference,
        low=found.low,
        high=found.high,
        p=found.p,
        test=found.test,
        danger=scorer.danger,
        graded=scorer.graded,
        gated=metric.gated,
        worse_when_higher=metric.worse_when_higher,
    )


def _verdict(metric: Metric, found: Contrast) -> Finding:
    if not found.evident or not found.difference:
        return "no evidence of change"
    return "worse" if (found.difference > 0) == metric.worse_when_higher else "better"


def _turned(suite: Suite[Any, Any, Any] | None, both: Sequence[Both]) -> Iterator[Turned]:
    scorers = {scorer.name: scorer for scorer in suite.every_scorer} if suite else {}
    for before, after in both:
        for name in before.scores.keys() & after.scores.keys():
            passed = before.scores[name].passed, after.scores[name].passed
            if passed not in ((True, False), (False, True)):
                continue
            scorer = scorers.get(name)
            yield Turned(
                suite=after.suite,
                id=after.id,
                scorer=name,
                to="failed" if passed[0] else "passed",
                danger=scorer.danger if scorer else False,
                graded=scorer.graded if scorer else False,
                language=after.language,
                why=(after if passed[0] else before).scores[name].why,
            )


def _gravity(turned: Turned) -> tuple[bool, bool, bool, str, str, str]:
    """What failed before what passed, dangers before the rest, what only a model judged last."""
    return (
        turned.to == "passed",
        not turned.danger,
        turned.graded,
        turned.suite,
        turned.scorer,
        turned.id,
    )
