"""`replydesk eval prefer`: two runs' replies before a judge."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from evals.models import RecordingModel, ScriptedModel
from evals.preferences import preferences
from evals.runs import Run, Runs
from evals.scorers.graded.judge import Judge
from evals.scores import CaseResult
from evals.tapes import HOME, Tape

Replydesk = Callable[..., Any]
AT = "2026-11-22T08:00:00Z"
CAUSES = {
    "source": "s", "python": "3.11", "packages": "p", "model": "composer", "prompts": {}, "pack": "p",
    "knowledge": "k", "data": {}, "seed": 7, "at": AT,
}  # fmt: skip


@pytest.fixture
def two_runs(make_triage: Callable[..., Any], home: Path) -> list[str]:
    """Two finished runs of one case; a recorded judge always prefers the first of two replies."""
    runs, results = Runs(home), []
    for text in ("the reply before", "the reply after"):
        output = {
            "triage": make_triage().model_dump(mode="json"),
            "passages": [],
            "draft": {"text": text, "language": "de", "drafter": "composer", "outcome": "answerable"},
            "guard": {"verdict": "pass", "grounding": "checked", "pack": "p"},
            "clock": {"first_unanswered_at": AT, "warn_at": AT, "due_at": AT, "overdue": False},
            "approval": {"required_roles": ["agent"]},
        }
        case = {"input": {"message": {"text": "Wo ist es?", "marketplace": "DE"}}}
        fields = {"suite": "drafts", "id": "a", "language": "de", "split": "tune", "origin": "synthetic"}
        results.append(CaseResult.model_validate({**fields, "case": case, "output": output}))
        folder = runs.new()
        record = {"id": folder.path.name, "state": "finished", "created_at": AT, "suites": ["drafts"]}
        folder.write(Run.model_validate({**record, "causes": CAUSES, "total": 1}))
        with folder.appending() as append:
            append(results[-1])
    judge = ScriptedModel('{"better": "first", "why": "it is\\u001b[2J kinder"}')
    recording = RecordingModel(judge, Tape(home / HOME, judge.name))
    preferences(results[:1], results[1:], Judge(recording))
    return [record.id for record in reversed(runs.listing())]


def test_a_recorded_judge_compares_two_runs(replydesk: Replydesk, two_runs: list[str]) -> None:
    ran = replydesk("eval", "prefer", *two_runs, "--json")
    assert ran.code == 0, ran.err
    told = json.loads(ran.out)
    assert {name: told[name] for name in ("before", "after", "tie", "unjudged", "p")} == {
        "before": 0, "after": 0, "tie": 1, "unjudged": 0, "p": None,
    }  # fmt: skip
    assert told["cases"][0]["why"] == "the first one in either order"
    assert told["judge"].startswith("scripted@")
    shown = replydesk("eval", "prefer", *two_runs)
    assert shown.code == 0
    assert "drafts/a" in shown.out
    assert "0 times the run after, 0 times the run before, 1 ties, 0 unjudged" in shown.out


def test_what_cannot_judge_or_be_compared_is_said(replydesk: Replydesk, two_runs: list[str]) -> None:
    composer = replydesk("eval", "prefer", *two_runs, "--judge", "composer")
    assert (composer.code, composer.err.strip()) == (
        2, "replydesk: the composer cannot judge; name a recorded model, or live",
    )  # fmt: skip
    assert replydesk("eval", "prefer", two_runs[0], "nothing").code == 2
    assert replydesk("eval", "prefer", *two_runs, "--max-usd", "much").code == 2
