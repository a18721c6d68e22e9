"""Accepting a run: which gates it makes, what a person set is kept, half a run is refused."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from assistant.errors import InvalidInput
from evals.acceptance import Moved, accepted, moved
from evals.baseline import Baseline, Gate
from evals.metrics import ratio
from evals.runner import summary_of
from evals.runs import RunFolder
from evals.scores import CaseResult, Score, judged, unscored
from evals.suite import Scorer, Suite

Make = Callable[..., Any]
AnySuite = Suite[Any, Any, Any]


@pytest.fixture
def results(make_result: Make) -> list[CaseResult]:
    """Ten cases, two wrong; six of one rule, four of another."""
    return [
        make_result(
            f"c{place}",
            **judged(
                place not in (3, 7), f"c{place} is wrong", slices=("rule=LOUD" if place < 6 else "rule=LATE",)
            ).model_dump(exclude_none=True),
        )
        for place in range(10)
    ]


def limits(baseline: Baseline) -> dict[str, float | None]:
    return {gate.slice: gate.floor if gate.ceiling is None else gate.ceiling for gate in baseline.gates}


def test_gates_are_made_where_they_mean_something(
    make_run: Make, results: list[CaseResult], shout: AnySuite
) -> None:
    found = accepted(make_run("A", results), {"shout": shout})
    made = limits(found)
    held = sum(result.split == "held" for result in results)
    assert made.keys() - {"split=held"} == {"all", "language=en", "rule=LOUD"}
    assert ("split=held" in made) == (held >= 5)
    assert (made["all"], made["rule=LOUD"]) == (0.8, 0.833)
    assert {gate.tolerance for gate in found.gates} == {0.0}
    assert found.turned == {"shout/same": 0}
    assert found.known_failures == {"shout": {"same": ("c3", "c7")}}
    assert set(found.cases["shout"]) == {f"c{place}" for place in range(10)}
    assert found.prompts.keys() >= {"reply/v1"}


def test_what_is_not_dangerous_may_miss_by_one_case_and_has_no_finer_gates(
    make_run: Make, results: list[CaseResult], shout: AnySuite
) -> None:
    mild = replace(shout, scorers=(replace(shout.scorers[0], danger=False),))
    found = accepted(make_run("A", results), {"shout": mild})
    assert set(limits(found)) <= {"all", "split=held"}
    assert found.gates[0].tolerance == 0.1
    assert found.turned == {}
    assert found.known_failures == {"shout": {"same": ("c3", "c7")}}


def test_what_a_chat_model_judged_has_no_gate(
    make_run: Make, results: list[CaseResult], shout: AnySuite
) -> None:
    graded = replace(shout, scorers=(replace(shout.scorers[0], danger=False, graded=True),))
    found = accepted(make_run("A", results), {"shout": graded})
    assert (found.gates, found.known_failures) == ((), {"shout": {}})


def test_a_limit_that_nothing_could_break_is_none(make_run: Make, make_result: Make, shout: AnySuite) -> None:
    wrong = [make_result(f"c{place}", **judged(False).model_dump(exclude_none=True)) for place in range(6)]
    assert accepted(make_run("A", wrong), {"shout": shout}).gates == ()


def test_a_metric_that_should_be_low_gets_a_ceiling(
    make_run: Make, results: list[CaseResult], shout: AnySuite
) -> None:
    effort = replace(shout, metrics=(ratio("effort", "same", worse=True),))
    folder = make_run("A", results)
    summary = {"shout": summary_of(effort, results, 7)}
    folder.write(folder.record.model_copy(update={"summary": summary}))
    found = accepted(folder, {"shout": effort})
    gate = next(gate for gate in found.gates if gate.slice == "rule=LOUD")
    assert (gate.floor, gate.ceiling) == (None, 0.834)


def test_what_a_person_set_is_kept(make_run: Make, results: list[CaseResult], shout: AnySuite) -> None:
    folder = make_run("A", results)
    first = accepted(folder, {"shout": shout})
    edited = tuple(
        gate.model_copy(update={"tolerance": 0.25, "why": "because I say so"})
        if gate.slice == "all"
        else gate
        for gate in first.gates
    )
    old = first.model_copy(update={"gates": edited, "turned": {"shout/same": 3, "shout/other": 2}})
    again = accepted(folder, {"shout": shout}, old)
    kept = next(gate for gate in again.gates if gate.slice == "all")
    assert (kept.tolerance, kept.why, kept.floor) == (0.25, "because I say so", 0.8)
    assert again.turned == {"shout/same": 3}
    assert moved(old, again) == ()


def test_half_a_cure_is_no_new_fault(make_run: Make, make_result: Make, shout: AnySuite) -> None:
    """What was let through cannot be judged by how gravely it was stopped."""
    grave = Scorer("grave", shout.scorers[0].judge, danger=True)
    mild = Scorer("mild", shout.scorers[0].judge)
    suite = replace(shout, scorers=(*shout.scorers, grave, mild))

    def result(name: str, same: Score, other: Score) -> CaseResult:
        found: CaseResult = make_result(name)
        return found.model_copy(update={"scores": {"same": same, "grave": other, "mild": other}})

    open_one = unscored("nothing was stopped")
    rows = [
        result("let-through", judged(False), open_one),
        result("good", judged(True), open_one),
        result("bad", judged(True), judged(False)),
    ]
    known = accepted(make_run("A", rows), {"shout": suite}).known_failures["shout"]
    assert known == {"same": ("let-through",), "grave": ("bad", "let-through"), "mild": ("bad",)}


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"state": "interrupted"}, "run A is interrupted; only a finished run"),
        ({"suites": ("shout", "gone")}, "suites that are no more: gone"),
    ],
)
def test_a_run_that_is_not_whole_is_refused(
    make_run: Make, results: list[CaseResult], shout: AnySuite, change: dict[str, Any], match: str
) -> None:
    with pytest.raises(InvalidInput, match=match):
        accepted(make_run("A", results, **change), {"shout": shout})


def test_a_selection_or_an_error_is_refused(
    make_run: Make, make_causes: Make, make_result: Make, results: Sequence[CaseResult], shout: AnySuite
) -> None:
    part = make_run("A", results, make_causes(selection={"language": "de"}))
    with pytest.raises(InvalidInput, match=r"a part only \(language de\)"):
        accepted(part, {"shout": shout})
    failed: RunFolder = make_run("B", [*results, make_result("x", error="crash")])
    with pytest.raises(InvalidInput, match=r"1 case\(s\) that ended in an error"):
        accepted(failed, {"shout": shout})


def test_a_run_without_a_suite_that_the_baseline_knows_is_refused(
    make_run: Make, results: list[CaseResult], shout: AnySuite
) -> None:
    folder = make_run("A", results)
    old = accepted(folder, {"shout": shout})
    wider = old.model_copy(update={"cases": {**old.cases, "whisper": {"a": "0"}}})
    with pytest.raises(InvalidInput, match="lacks whisper"):
        accepted(folder, {"shout": shout}, wider)


def test_the_limits_that_moved_are_listed(make_run: Make, results: list[CaseResult], shout: AnySuite) -> None:
    new = accepted(make_run("A", results), {"shout": shout})
    gone = Gate(metric="shout/gone", floor=0.5, n=5, why="x")
    lower = tuple(
        gate.model_copy(update={"floor": 0.7}) if gate.slice == "all" else gate for gate in new.gates
    )
    old = new.model_copy(update={"gates": (*lower, gone)})
    assert moved(old, new) == (
        Moved(metric="shout/gone", slice="all", before=0.5),
        Moved(metric="shout/right", slice="all", before=0.7, after=0.8),
    )
    assert {one.before for one in moved(None, new)} == {None}
