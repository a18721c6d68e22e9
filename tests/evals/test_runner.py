"""A run keeps every result at once, goes on where it stopped, and comes out the same twice."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from assistant.errors import InvalidInput, NotFound, StoreUnavailable
from evals import runner
from evals.causes import Causes, differences, gather
from evals.runner import Plan, run
from evals.runs import RESULTS, RunFolder, Runs
from evals.suite import Suite, chosen
from evals.workplace import Workplace

Make = Callable[..., Any]


@pytest.fixture
def plan(make_plan: Callable[..., Plan], make_shout: Make) -> Plan:
    return make_plan(
        make_shout("a", "yes", "YES"),
        make_shout("b", "no", "yes"),
        make_shout("c", "crash", "CRASH"),
        make_shout("d", "what", "?"),
        make_shout("e", "ask", "ASK"),
    )


def test_every_case_becomes_a_result(plan: Plan, run_folder: RunFolder, workplace: Workplace) -> None:
    seen: list[tuple[str, int, int]] = []
    record = run(plan, run_folder, workplace, progress=lambda *step: seen.append(step))
    assert seen == [("shout", number, 5) for number in range(1, 6)]
    assert record == run_folder.record
    assert (record.state, record.total, record.done, record.reason) == ("finished", 5, 5, None)
    summary = record.summary["shout"]
    assert (summary.cases, summary.scored, summary.unscored, summary.errors) == (5, 3, 1, 1)
    assert summary.metrics["right"]["all"].value == 0.5
    assert summary.metrics["right"]["length=3"].n == 1
    results = {result.id: result for result in run_folder.results()}
    assert results["b"].scores["same"].why == "yes wanted"
    assert results["b"].case["input"] == {"text": "no"}
    assert results["b"].output == {"text": "NO"}
    assert results["c"].error == "RuntimeError: the product failed"
    assert results["d"].scores["same"].value is None
    assert results["e"].unscored == "the budget of 0 calls is spent"


def test_the_same_inputs_give_the_same_outcome(
    plan: Plan, make_plan: Callable[..., Plan], run_folder: RunFolder, workplace: Workplace
) -> None:
    first = run(plan, run_folder, workplace)
    cases = plan.work[0][1]
    second = run(make_plan(*reversed(cases)), RunFolder(run_folder.path / "again"), workplace)
    assert first.outcome == second.outcome
    assert first.summary["shout"].metrics == second.summary["shout"].metrics
    fewer = run(make_plan(*cases[1:]), RunFolder(run_folder.path / "fewer"), workplace)
    assert fewer.outcome != first.outcome


def test_a_killed_run_goes_on(plan: Plan, run_folder: RunFolder, workplace: Workplace) -> None:
    whole = run(plan, run_folder, workplace)
    path = run_folder.path / RESULTS
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:2]) + lines[2][:20])
    kept = {json.loads(line)["id"] for line in lines[:2]}
    run_folder.write(whole.model_copy(update={"state": "running", "done": 0}))
    seen: list[int] = []
    again = run(plan, run_folder, workplace, resume=True, progress=lambda _, done, __: seen.append(done))
    asked_again = kept & {"c", "e"}
    assert len(seen) == 3 + len(asked_again)
    assert again.outcome == whole.outcome
    assert again.created_at == whole.created_at


def test_a_run_does_not_go_on_under_other_causes(
    plan: Plan, make_plan: Callable[..., Plan], run_folder: RunFolder, workplace: Workplace
) -> None:
    run(plan, run_folder, workplace)
    changed = make_plan(*plan.work[0][1], pack="base@2")
    with pytest.raises(InvalidInput, match="cannot go on: pack changed since"):
        run(changed, run_folder, workplace, resume=True)


def test_a_run_can_be_cancelled(plan: Plan, run_folder: RunFolder, workplace: Workplace) -> None:
    record = run(plan, run_folder, workplace, progress=lambda *_: run_folder.cancel())
    assert (record.state, record.reason) == ("interrupted", "cancelled")
    assert 0 < record.done <= 5
    again = run(plan, run_folder, workplace, resume=True)
    assert (again.state, again.done) == ("finished", 5)


def test_an_interrupt_keeps_what_is_done(plan: Plan, run_folder: RunFolder, workplace: Workplace) -> None:
    def interrupt(suite: str, done: int, total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    record = run(plan, run_folder, workplace, progress=interrupt)
    assert (record.state, record.done) == ("interrupted", 2)


def test_a_full_disk_is_said_and_the_run_marked(
    plan: Plan, run_folder: RunFolder, workplace: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise StoreUnavailable("evaluation run x cannot be written: No space left on device")

    with pytest.raises(StoreUnavailable, match="No space"):
        run(plan, run_folder, workplace, progress=fail)
    assert run_folder.record.state == "failed"
    assert "No space left" in str(run_folder.record.reason)


def test_runs_are_found_by_name(tmp_path: Any, plan: Plan, workplace: Workplace) -> None:
    runs = Runs(tmp_path)
    assert runs.listing() == []
    with pytest.raises(NotFound, match="no evaluation run latest"):
        runs.find("latest")
    first = run(plan, runs.new(), workplace)
    second = run(plan, runs.new(), workplace)
    assert [record.id for record in runs.listing()] == [second.id, first.id]
    assert runs.find("latest").record == second
    assert runs.find(first.id.lower()).record == first
    assert runs.find(str(runs.folder / first.id)).record == first
    with pytest.raises(NotFound, match=r"it fits 0"):
        runs.find(first.id[0])
    with pytest.raises(NotFound, match=r"no evaluation run \.\./x"):
        runs.find("../x")
    (runs.folder / first.id / "run.json").write_text("{}")
    with pytest.raises(InvalidInput, match="no record of a run: id Field required"):
        _ = runs.find(first.id).record
    assert [record.id for record in runs.listing()] == [second.id]


def test_a_broken_result_line_is_named(plan: Plan, run_folder: RunFolder, workplace: Workplace) -> None:
    run(plan, run_folder, workplace)
    path = run_folder.path / RESULTS
    path.write_bytes(b"{}\n" + path.read_bytes())
    with pytest.raises(InvalidInput, match=r"results.jsonl, line 1: no result"):
        run_folder.results()


def test_a_folder_that_is_no_run_or_cannot_be_written(
    tmp_path: Any, plan: Plan, workplace: Workplace
) -> None:
    with pytest.raises(InvalidInput, match="holds no evaluation run"):
        _ = RunFolder(tmp_path / "nothing").record
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreUnavailable, match="cannot be written: Not a directory"):
        run(plan, RunFolder(tmp_path / "file" / "run"), workplace)


def test_causes_name_what_differs(make_causes: Callable[..., Causes]) -> None:
    ours = make_causes()
    theirs = make_causes(seed=8, prompts={"reply": "reply/v2@0", "case": "case/v1@1"})
    assert differences(ours, ours) == {}
    assert differences(ours, theirs) == {
        "seed": ("7", "8"),
        "prompts.reply": ("reply/v1@12345678", "reply/v2@0"),
        "prompts.case": ("none", "case/v1@1"),
    }


def test_the_causes_of_this_checkout(make_causes: Callable[..., Causes]) -> None:
    at = make_causes().at
    found = gather(model="m", knowledge="k", data={"shout": "d"}, seed=1, at=at, selection={"split": "held"})
    assert len(found.source) == len(found.packages) == 64
    assert found.prompts["reply"].startswith("reply/v")
    assert found == gather(
        model="m", knowledge="k", data={"shout": "d"}, seed=1, at=at, selection={"split": "held"}
    )


def test_suites_are_chosen_by_name(shout: Suite[Any, Any, Any]) -> None:
    registry = {"shout": shout}
    assert chosen(registry, ["shout"]) == chosen(registry, []) == [shout]
    with pytest.raises(InvalidInput, match="no suite whisper; there are shout"):
        chosen(registry, ["whisper"])


def test_a_stop_leaves_no_more_than_a_few_cases_to_wait_for(
    make_plan: Callable[..., Plan], make_shout: Make, run_folder: RunFolder, workplace: Workplace
) -> None:
    plan = make_plan(*(make_shout(f"c{number}", "x", "X") for number in range(100)))
    record = run(plan, run_folder, workplace, progress=lambda *_: run_folder.cancel())
    assert record.done <= 2 * plan.workers + 1
    assert runner.summary_of(plan.work[0][0], run_folder.results(), 7).scored == record.done
