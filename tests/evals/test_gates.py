"""A run held against the baseline: everything that can break does, the gravest first, with its cases."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.errors import InvalidInput
from evals import breakage
from evals.acceptance import accepted
from evals.baseline import Baseline
from evals.breakage import CHECKS, Gravity
from evals.gates import GateReport, judge, save, saved
from evals.runs import RunFolder
from evals.scores import CaseResult, Score, judged, unscored
from evals.suite import Scorer, Suite
from prompts.loader import released

Make = Callable[..., Any]
AnySuite = Suite[Any, Any, Any]
NAMES = [f"c{place}" for place in range(20)]
KNOWN = {"c3", "c7"}


@pytest.fixture
def results(make_result: Make) -> Callable[..., list[CaseResult]]:
    """Twenty cases, two of them known to be wrong; ``wrong`` are so besides."""

    def make(*wrong: str, without: tuple[str, ...] = (), names: list[str] = NAMES) -> list[CaseResult]:
        return [
            make_result(
                name,
                **judged(name not in KNOWN | set(wrong), f"{name} is quiet").model_dump(exclude_none=True),
            )
            for name in names
            if name not in without
        ]

    return make


@pytest.fixture
def baseline(make_run: Make, results: Make, shout: AnySuite) -> Baseline:
    return accepted(make_run("accepted", results()), {"shout": shout})


@pytest.fixture
def report(make_run: Make, baseline: Baseline, shout: AnySuite) -> Callable[..., GateReport]:
    def make(rows: list[CaseResult], against: Baseline | None = None, **more: Any) -> GateReport:
        suite = more.pop("suite", shout)
        return judge(make_run("B", rows, **more), against or baseline, {"shout": suite})

    return make


def kinds(found: GateReport) -> list[tuple[str, str]]:
    return [(one.gravity.name, one.subject) for one in found.broken]


def test_the_accepted_run_holds(report: Make, results: Make) -> None:
    found = report(results())
    assert (found.ok, found.broken, found.suspects, found.new_cases, found.unwatched) == (
        True,
        (),
        {},
        {},
        (),
    )
    assert all(gate.ok and gate.value is not None for gate in found.gates)


def test_a_dangerous_case_that_turned_breaks_before_any_mean(report: Make, results: Make) -> None:
    found = report(results("c5"))
    assert not found.ok
    assert kinds(found)[0] == ("DANGER_TURNED", "shout/same")
    assert ("DANGER_METRIC", "shout/right, all") in kinds(found)
    first, second = found.broken[:2]
    assert first.message == "1 case(s) went wrong that were right, 0 allowed"
    assert [(case.id, case.why) for case in first.cases] == [("c5", "c5 is quiet")]
    assert second.message == "0.8500 is below the floor of 0.9"
    assert [case.id for case in second.cases] == ["c5"]


def test_a_dangerous_case_that_turned_is_not_outweighed_by_one_cured(
    report: Make, results: Make, make_result: Make
) -> None:
    cured = [
        make_result(one.id, **judged(True).model_dump(exclude_none=True)) if one.id in KNOWN else one
        for one in results("c5")
    ]
    found = report(cured)
    assert kinds(found) == [("DANGER_TURNED", "shout/same")]


def test_allowances_are_kept(report: Make, results: Make, baseline: Baseline) -> None:
    loose = tuple(gate.model_copy(update={"tolerance": 0.5}) for gate in baseline.gates)
    allowed = baseline.model_copy(update={"turned": {"shout/same": 1}, "gates": loose})
    assert report(results("c5"), allowed).ok
    assert kinds(report(results("c5", "c6"), allowed)) == [("DANGER_TURNED", "shout/same")]


def test_what_is_not_dangerous_is_broken_only_as_a_mean(
    make_run: Make, results: Make, shout: AnySuite
) -> None:
    mild = replace(shout, scorers=(replace(shout.scorers[0], danger=False),))
    against = accepted(make_run("mild", results()), {"shout": mild})
    assert judge(make_run("one", results("c5")), against, {"shout": mild}).ok
    found = judge(make_run("two", results("c5", "c6")), against, {"shout": mild})
    assert found.broken[0].gravity is Gravity.METRIC
    assert found.broken[0].message == "0.8000 is below the floor of 0.9, tolerance 0.05"


def test_a_ceiling_is_broken_from_below(report: Make, results: Make, baseline: Baseline) -> None:
    gate = baseline.gates[0].model_copy(update={"floor": None, "ceiling": 0.5, "slice": "all"})
    found = report(results(), baseline.model_copy(update={"gates": (gate,)}))
    assert found.broken[0].message == "0.9000 is above the ceiling of 0.5"


def test_unscored_and_failed_cases_do_not_pass(report: Make, results: Make, baseline: Baseline) -> None:
    rows = results()
    rows[3] = rows[3].model_copy(update={"scores": {}, "error": "RuntimeError: crash"})
    rows[7] = rows[7].model_copy(update={"scores": {}, "unscored": "the budget is spent"})
    found = report(rows)
    assert kinds(found) == [("NOT_JUDGED", "shout")]
    assert [case.why for case in found.broken[0].cases] == ["RuntimeError: crash", "the budget is spent"]
    assert report(rows, baseline.model_copy(update={"unjudged": {"shout": 2}})).ok


def test_a_metric_on_far_fewer_cases_is_not_judged(report: Make, results: Make, make_result: Make) -> None:
    nobody = unscored("nobody knows").model_dump(exclude_none=True)
    rows = [make_result(one.id, **nobody) if one.id in KNOWN | {"c1"} else one for one in results()]
    found = report(rows)
    assert ("NOT_JUDGED", "shout/right, all") in kinds(found)
    assert "was judged on 17 case(s), 20 when it was accepted" in {one.message for one in found.broken}
    assert not next(gate for gate in found.gates if gate.slice == "all").ok
    nothing = report([make_result(name, **nobody) for name in NAMES])
    assert ("NOT_JUDGED", "shout/right, all") in kinds(nothing)
    assert "is not measured any more" in {one.message for one in nothing.broken}


def test_a_dangerous_scorer_that_was_taken_away_is_missed(
    report: Make, results: Make, shout: AnySuite
) -> None:
    mild = Scorer("mild", shout.scorers[0].judge)
    without = replace(shout, scorers=(mild,), metrics=())
    rows = [one.model_copy(update={"scores": {"mild": one.scores["same"]}}) for one in results()]
    found = report(rows, suite=without)
    assert ("NOT_JUDGED", "shout/same") in kinds(found)


def test_a_case_that_vanished_or_changed_is_named(report: Make, results: Make, make_result: Make) -> None:
    rows = [
        make_result("c1", case={"id": "c1", "input": "other"}, **judged(True).model_dump(exclude_none=True))
        if one.id == "c1"
        else one
        for one in results(without=("c3",))
    ]
    found = report(rows)
    assert [(one.subject, [case.id for case in one.cases]) for one in found.broken] == [
        ("shout", ["c3"]),
        ("shout", ["c1"]),
    ]
    assert {one.gravity for one in found.broken} == {Gravity.CASES}


def test_a_changed_or_new_case_that_fails_is_no_case_that_turned(
    report: Make, results: Make, make_result: Make, baseline: Baseline
) -> None:
    wrong = judged(False, "quiet").model_dump(exclude_none=True)
    rows = [
        make_result("c1", case={"id": "c1", "input": "other"}, **wrong) if one.id == "c1" else one
        for one in results()
    ]
    found = report([*rows, make_result("new", **wrong)])
    assert Gravity.DANGER_TURNED not in {one.gravity for one in found.broken}
    assert found.new_cases == {"shout": 1}
    metric = next(one for one in found.broken if one.subject == "shout/right, all")
    assert {case.id for case in metric.cases} == {"c1", "new"}


def test_a_suite_that_was_not_run_is_gone_unless_others_were_chosen(
    make_run: Make, make_causes: Make, results: Make, baseline: Baseline, shout: AnySuite
) -> None:
    whisper = [one.model_copy(update={"suite": "whisper"}) for one in results()]
    both = {"shout": shout, "whisper": replace(shout, name="whisper")}
    found = judge(make_run("all", whisper), baseline, both)
    assert kinds(found) == [("CASES", "shout")]
    assert "its 20 case(s) are gone" in found.broken[0].message
    assert found.unwatched == ("whisper",)
    assert not any(gate.ok for gate in found.gates)
    chosen = make_causes(selection={"suites": "whisper"})
    assert judge(make_run("some", whisper, chosen), baseline, both).ok


def test_a_dangerous_scorer_that_the_baseline_does_not_know_is_said(
    report: Make, results: Make, shout: AnySuite
) -> None:
    more = replace(shout, scorers=(*shout.scorers, Scorer("new", shout.scorers[0].judge, danger=True)))
    quiet = report(results(), suite=more)
    assert (quiet.ok, quiet.unwatched) == (True, ())
    rows = [one.model_copy(update={"scores": one.scores | {"new": judged(True)}}) for one in results()]
    assert report(rows, suite=more).unwatched == ("shout/new",)


@pytest.mark.parametrize("edited", [True, False])
def test_a_released_prompt_is_never_edited(
    report: Make, results: Make, monkeypatch: pytest.MonkeyPatch, edited: bool
) -> None:
    now = released()
    now.pop("reply/v1") if not edited else now.update({"reply/v1": "0" * 64})
    monkeypatch.setattr(breakage, "released", lambda: now | {"reply/v2": "1" * 64})
    found = report(results())
    assert kinds(found) == [("PROMPT", "reply/v1")]
    wanted = "edited in place; make it a new version" if edited else "is gone"
    assert wanted in found.broken[0].message


def test_suspects_are_named_only_where_something_is_broken(
    report: Make, results: Make, make_causes: Make
) -> None:
    other = make_causes(pack="base@2", selection={})
    assert report(results(), causes=other).suspects == {}
    assert report(results("c5"), causes=other).suspects == {"pack": ("base@1", "base@2")}


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"state": "running"}, "run B is running; gates judge finished runs"),
        ({"selection": {"split": "held", "suites": "shout"}}, r"a part of its cases \(split held\)"),
    ],
)
def test_half_a_run_is_not_judged(
    report: Make, results: Make, make_causes: Make, change: dict[str, Any], match: str
) -> None:
    selection = change.pop("selection", {})
    with pytest.raises(InvalidInput, match=match):
        report(results(), causes=make_causes(selection=selection), **change)


def test_a_verdict_is_kept_beside_its_run(report: Make, results: Make, tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    assert saved(folder) is None
    found = report(results("c5"))
    save(folder, found)
    assert saved(folder) == found
    (tmp_path / "verdict.json").write_text("{", encoding="utf-8")
    assert saved(folder) is None


def test_every_check_has_a_reason_and_every_gravity_a_check() -> None:
    assert all(check.__doc__ for check in CHECKS)
    assert [one.name for one in sorted(Gravity)][:2] == ["DANGER_TURNED", "DANGER_METRIC"]


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.sampled_from(["right", "wrong", "open", "unscored"]), min_size=1, max_size=25))
def test_whatever_was_accepted_holds(
    make_run: Make, make_result: Make, shout: AnySuite, words: list[str]
) -> None:
    """A run that has just been accepted breaks nothing."""
    scores = {"right": judged(True), "wrong": judged(False), "open": unscored("nobody knows")}
    rows = []
    for place, word in enumerate(words):
        one: CaseResult = make_result(f"c{place}", **_given(scores.get(word)))
        change = {"unscored": "no reply", "scores": {}} if word == "unscored" else {}
        rows.append(one.model_copy(update=change))
    folder: RunFolder = make_run("R", [])
    (folder.path / "results.jsonl").unlink(missing_ok=True)
    folder = make_run("R", rows)
    assert judge(folder, accepted(folder, {"shout": shout}), {"shout": shout}).ok


def _given(score: Score | None) -> dict[str, Any]:
    return (score or unscored("")).model_dump(exclude_none=True)
