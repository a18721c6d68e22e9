"""Recorded replies through the pipeline: the same again, and honest where something is not recorded."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from assistant.domain import Usage
from assistant.drafting.chat_model import ChatReply, ChatRequest
from assistant.errors import InvalidInput, ModelUnavailable
from assistant.pipeline import Desk
from assistant.settings import Settings
from evals.cases import BUNDLED as DATA
from evals.cases import EvalCase
from evals.datacheck import check_data
from evals.models import Budget, RecordingModel
from evals.runner import attempt, summary_of
from evals.scores import CaseResult
from evals.suites import end_to_end, replay
from evals.suites.replay import CHOICE, Recordings, suite_of
from evals.tapes import Tape
from evals.workplace import EvalModel, Workplace
from knowledge_base.types import Hit, Query

Labelled = Callable[..., EvalCase[Any, Any]]
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
GOOD = (
    "Guten Tag, Sie fragen nach Ihrem Paket. Es tut uns leid, dass es sich verspätet. Laut "
    "Sendungsverfolgung ist es mit DHL unterwegs. Wir prüfen das und melden uns hier."
)
BAD = "Guten Tag, schreiben Sie uns an hilfe@velanoor.example."


class Desktop(Workplace):
    @property
    def desk(self) -> Desk:
        return Desk(search=nothing, model=self.model, now=lambda: NOW)


def nothing(query: Query) -> Sequence[Hit]:
    return []


class Speaker:
    """A real model as far as a recording can tell: says one text after the other."""

    name = "m"

    def __init__(self, *texts: str | None) -> None:
        self.texts = list(texts)

    def complete(self, request: ChatRequest) -> ChatReply:
        text = self.texts.pop(0)
        if text is None:
            raise ModelUnavailable("the model did not answer within 20 s")
        return ChatReply(text, Usage(prompt_tokens=10, completion_tokens=5), 1500.0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / CHOICE).write_text('model = "m"\ncases = ["a"]\n')
    return tmp_path


@pytest.fixture
def case(make_labelled: Labelled, shipped_order: dict[str, Any]) -> EvalCase[Any, Any]:
    text = "Guten Tag, wo bleibt mein Paket? Es sollte am 18. November da sein."
    given = {"message": {"text": text, "marketplace": "DE"}, "order": shipped_order}
    target = {"tier": 1, "intents": ("delivery_delay",), "language": "de", "outcome": "answerable"}
    return make_labelled(replay.SUITE.shape, given, target)


@pytest.fixture
def put(folder: Path, tmp_path: Path) -> Callable[..., CaseResult]:
    """Put a case to the suite, with a model of the run or with the bundled tape."""

    def put_one(case: EvalCase[Any, Any], model: EvalModel | None = None) -> CaseResult:
        return attempt(suite_of(Recordings(folder)), case, Desktop(Settings(home=tmp_path), model=model))

    return put_one


def figures(*results: CaseResult) -> dict[str, float | None]:
    metrics = summary_of(replay.SUITE, results, seed=7).metrics
    return {name: slices["all"].value for name, slices in metrics.items()}


def scores(result: CaseResult) -> dict[str, Any]:
    assert (result.error, result.unscored) == (None, None)
    return {name: score.model_dump() for name, score in result.scores.items()}


@pytest.mark.parametrize(
    ("texts", "first", "rounds", "writer"),
    [
        ((GOOD,), "pass", 1, "llm"),
        ((BAD, GOOD), "blocked", 2, "llm"),
        ((BAD, BAD), "blocked", 2, "composer"),
        ((None,), "fault", 1, "composer"),
        (("{broken",), "fault", 1, "composer"),
    ],
)
def test_a_replay_gives_what_the_recording_gave(
    folder: Path,
    case: EvalCase[Any, Any],
    put: Callable[..., CaseResult],
    texts: tuple[str | None, ...],
    first: str,
    rounds: int,
    writer: str,
) -> None:
    recording = put(case, RecordingModel(Speaker(*texts), Tape(folder, "m")))
    replayed = put(case)
    assert scores(recording) == scores(replayed)
    assert replayed.scores["first reply"].got == first
    assert replayed.scores["written by the model"].got == writer
    found = figures(replayed)
    assert (found["recorded"], found["calls a reply"]) == (1.0, rounds)
    assert found["passes the guard"] == found["in the buyer's language"] == 1.0


def test_what_is_not_recorded_is_unscored_and_counted(
    folder: Path, case: EvalCase[Any, Any], put: Callable[..., CaseResult]
) -> None:
    put(case, RecordingModel(Speaker(BAD), Tape(folder, "m"), Budget(max_calls=1)))
    half = put(case)  # the first reply is on the tape, that to the findings is not
    assert half.unscored is not None
    assert half.unscored.startswith("no reply of m is recorded for request ")
    assert "the prompts are still case/v1@" in half.unscored
    assert half.scores["recorded"].passed is None
    found = figures(half)
    assert {name for name, value in found.items() if value is not None} == {"recorded"}
    assert found["recorded"] == 0.0


def test_a_case_in_which_no_model_may_write_is_not_counted(
    case: EvalCase[Any, Any], put: Callable[..., CaseResult]
) -> None:
    message = case.input.message.model_copy(update={"text": "Der Akku hat gebrannt, ich bin verletzt!"})
    held = case.model_copy(update={"input": case.input.model_copy(update={"message": message})})
    result = put(held)
    found = figures(result)
    assert result.unscored is None
    names = ("recorded", "first reply passes the guard", "calls a reply", "final draft is the model's")
    assert [found[name] for name in names] == [None] * 4
    assert found["passes the guard"] == 1.0


def test_only_the_chosen_cases_are_replayed(folder: Path) -> None:
    bundled = [case.id for case in end_to_end.SUITE.cases(DATA)]
    (folder / CHOICE).write_text(f'model = "m"\ncases = ["{bundled[0]}", "gone"]\n')
    suite = suite_of(Recordings(folder))
    assert [case.id for case in suite.cases(DATA)] == bundled[:1]
    assert (suite.place, suite.borrows, end_to_end.SUITE.borrows) == ("end_to_end", True, False)


@pytest.mark.parametrize("text", ["", "model = 1", 'model = "m"\ncases = 3', "no toml", None])
def test_a_choice_that_cannot_be_read_is_named(folder: Path, text: str | None) -> None:
    (folder / CHOICE).unlink() if text is None else (folder / CHOICE).write_text(text)
    with pytest.raises(InvalidInput, match=rf"{CHOICE}: `model` and a list of `cases` are needed"):
        suite_of(Recordings(folder)).cases(DATA)


def test_the_bundled_choice_names_cases_that_are_there() -> None:
    known = {case.id for case in end_to_end.SUITE.cases(DATA)}
    chosen = {case.id for case in replay.SUITE.cases(DATA)}
    assert chosen == {name for name in known if replay.SUITE.only and replay.SUITE.only(name)}
    assert len(chosen) >= 14


def test_borrowed_cases_are_checked_once(tmp_path: Path, case: EvalCase[Any, Any]) -> None:
    (tmp_path / "end_to_end").mkdir()
    (tmp_path / "end_to_end" / "cases.jsonl").write_text(case.model_dump_json(by_alias=True) + "\n")
    report = check_data(tmp_path, {one.name: one for one in (end_to_end.SUITE, replay.SUITE)})
    assert (report.ok, list(report.suites)) == (True, ["end_to_end"])
