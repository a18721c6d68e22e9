"""The made-up run: real stages, whole traces, the same each time."""

import functools
import operator
from dataclasses import replace
from pathlib import Path

import pytest

from evals.cases import BUNDLED
from evals.reporting import synthetic
from evals.reporting.synthetic import NAMES, synthetic_run
from evals.runs import RunFolder
from evals.suites import SUITES

COUNT = 10


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    run = RunFolder(tmp_path_factory.mktemp("synthetic") / "run")
    synthetic_run(run, COUNT)
    return run


def test_it_is_a_finished_run_of_the_size_asked_for(folder: RunFolder) -> None:
    record = folder.record
    assert (record.state, record.done, record.suites) == ("finished", COUNT, NAMES)
    assert [one.cases for one in record.summary.values()] == [3, 3, 2, 2]
    assert all(one.errors == one.unscored == 0 for one in record.summary.values())


def test_traces_hold_prompts_and_repair_rounds(folder: RunFolder) -> None:
    drafts = [one.output or {} for one in folder.results() if one.suite in {"end_to_end", "drafts"}]
    by_model = [rounds for one in drafts if (rounds := one["rounds"])[0]["drafter"] == "llm"]
    assert by_model
    for rounds in by_model:
        assert len(rounds) > 1
        assert "<<<passages" in rounds[0]["request"]
        assert rounds[0]["guard"]["verdict"] == "blocked"
        assert rounds[0]["raw_reply"]
    assert all(one["passages"] for one in drafts)


def test_it_is_the_same_again(folder: RunFolder, tmp_path: Path) -> None:
    again = RunFolder(tmp_path / "run")
    synthetic_run(again, COUNT)
    assert again.record.outcome == folder.record.outcome


@pytest.mark.parametrize(("name", "text"), [("triage", ("text",)), ("drafts", ("message", "text"))])
def test_more_cases_than_there_are_become_variants(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, text: tuple[str, ...]
) -> None:
    few = [case.id for case in SUITES[name].cases(BUNDLED)[:3]]
    suites = {name: replace(SUITES[name], only=lambda one: one in few)}
    monkeypatch.setattr(synthetic, "NAMES", (name,))
    monkeypatch.setattr(synthetic, "SUITES", suites)
    run = RunFolder(tmp_path / "run")
    synthetic.synthetic_run(run, 7)
    results = run.results()
    assert sorted(one.id for one in results if ".v" not in one.id) == sorted(few)
    assert len({one.id for one in results}) == len({one.content for one in results}) == 7
    for one in results:
        words = functools.reduce(operator.getitem, text, one.case["input"])
        copy = one.id.rpartition(".v")[2] if ".v" in one.id else ""
        assert not copy or words.endswith(f" ({copy})")
