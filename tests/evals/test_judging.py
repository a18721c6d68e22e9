"""A run with a judge: which model judges, and that the run says so."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import InvalidInput
from assistant.settings import Settings
from evals import choice
from evals.metrics import ratio
from evals.models import ReplayModel
from evals.planning import RunRequest, prepared
from evals.scorers.graded.judge import Judge
from evals.scores import Score, judged
from evals.suite import Grader, Suite
from evals.tapes import HOME, Recorded, Tape

Make = Callable[..., Any]


def pleased(judge: Judge, case: Any, output: Any) -> Score:
    return judged(judge.model.name == "small-1")


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A home with two tapes."""
    monkeypatch.setattr(choice, "BUNDLED", tmp_path / "bundled")
    for name in ("small-1", "big-2"):
        Tape(tmp_path / HOME, name).keep(Recorded(request="0" * 64, model=name, reply="yes"))
    return Settings(home=tmp_path, llm_model="small-1")


@pytest.fixture
def suites(shout: Suite[Any, Any, Any]) -> dict[str, Suite[Any, Any, Any]]:
    grader = Grader("pleased", pleased, (ratio("pleased", "pleased"),))
    return {"shout": replace(shout, graders=(grader,))}


@pytest.fixture
def data(tmp_path: Path, make_shout: Make) -> Path:
    folder = tmp_path / "data"
    (folder / "shout").mkdir(parents=True)
    (folder / "shout" / "cases.jsonl").write_text(make_shout("a", "x", "X").model_dump_json() + "\n")
    return folder


@pytest.mark.parametrize(
    ("model", "judge", "same"),
    [
        ("recorded:small-1", "recorded:small-1", True),
        ("recorded:big-2", "recorded:small-1", False),
        ("composer", "recorded:small-1", False),
    ],
)
def test_the_judge_is_a_cause_of_the_run(
    settings: Settings, suites: Any, data: Path, model: str, judge: str, same: bool
) -> None:
    with prepared(RunRequest(data=data, model=model, judge=judge), settings, suites) as ready:
        (suite, cases), *_ = ready.plan.work
        assert [one.name for one in suite.scorers if one.graded] == ["pleased"]
        grader = next(one for one in suite.scorers if one.graded)
        assert grader.judge(cases[0], cases[0].input).passed
        assert str(ready.plan.causes.judge).startswith("small-1@")
        assert (ready.plan.causes.judge == ready.plan.causes.model) is same
        assert ready.workplace.calls == 0
        assert (model == "composer") is not isinstance(ready.workplace.model, ReplayModel)


def test_no_judge_unless_one_is_asked_for(settings: Settings, suites: Any, data: Path) -> None:
    with prepared(RunRequest(data=data, model="recorded"), settings, suites) as ready:
        assert ready.plan.causes.judge is None
        assert not any(one.graded for suite, _ in ready.plan.work for one in suite.scorers)


@pytest.mark.parametrize("model", ["composer", "recorded"])
def test_the_composer_cannot_judge(settings: Settings, suites: Any, data: Path, model: str) -> None:
    request = RunRequest(data=data, model=model, judge="composer")
    with pytest.raises(InvalidInput, match="cannot judge"), prepared(request, settings, suites):
        pass
