"""A tiny suite: the product shouts a text back; the target says what is right."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from assistant.domain import Noun
from assistant.settings import Settings
from evals.cases import EvalCase, fingerprint, split_of
from evals.causes import Causes
from evals.metrics import ratio
from evals.runner import Plan, summary_of
from evals.runs import Run, RunFolder
from evals.scores import CaseResult, Score, judged, unscored
from evals.suite import Scorer, Suite
from evals.workplace import CannotAsk, Workplace


class Said(Noun):
    """A text."""

    text: str


Shout = EvalCase[Said, Said]


def solve(case: Shout, _: Workplace) -> Said:
    if case.input.text == "crash":
        raise RuntimeError("the product failed")
    if case.input.text == "ask":
        raise CannotAsk("the budget of 0 calls is spent")
    return Said(text=case.input.text.upper())


def same(case: Shout, output: Said) -> Score:
    if case.target.text == "?":
        return unscored("nobody knows")
    right = case.target.text == output.text
    return judged(
        right, "" if right else f"{case.target.text} wanted", slices=(f"length={len(output.text)}",)
    )


SHOUT = Suite(
    name="shout",
    question="Is it louder?",
    shape=Shout,
    solve=solve,
    scorers=(Scorer("same", same, danger=True),),
    metrics=(ratio("right", "same"),),
)


@pytest.fixture
def shout() -> Suite[Said, Said, Said]:
    return SHOUT


@pytest.fixture
def make_shout() -> Callable[..., Shout]:
    def make(identity: str, text: str, target: str, **more: Any) -> Shout:
        fields = {"language": "en", "split": split_of(identity), **more}
        return Shout(id=identity, input=Said(text=text), target=Said(text=target), **fields)

    return make


@pytest.fixture
def make_causes() -> Callable[..., Causes]:
    def make(**changes: Any) -> Causes:
        fields = {
            "revision": "abc",
            "source": "s",
            "python": "3.11",
            "packages": "p",
            "model": "composer",
            "prompts": {"reply": "reply/v1@12345678"},
            "pack": "base@1",
            "knowledge": "demo@1",
            "data": {"shout": "d"},
            "seed": 7,
            "at": datetime(2026, 11, 22, 12, tzinfo=UTC),
        }
        return Causes.model_validate(fields | changes)

    return make


@pytest.fixture
def make_plan(make_causes: Callable[..., Causes]) -> Callable[..., Plan]:
    def make(*cases: Shout, **changes: Any) -> Plan:
        causes = make_causes(data={"shout": fingerprint(cases)}, **changes)
        return Plan(((SHOUT, cases),), causes, workers=2)

    return make


@pytest.fixture
def run_folder(tmp_path: Path) -> RunFolder:
    return RunFolder(tmp_path / "run")


@pytest.fixture
def make_run(tmp_path: Path, make_causes: Callable[..., Causes]) -> Callable[..., RunFolder]:
    """A run on disk with these results, as if the tiny suite had been run; ``record`` changes its record."""

    def make(
        name: str, results: Sequence[CaseResult], causes: Causes | None = None, **record: Any
    ) -> RunFolder:
        folder = RunFolder(tmp_path / "evaluations" / name)
        suites = tuple(sorted({one.suite for one in results}))
        summary = {
            suite: summary_of(SHOUT, [one for one in results if one.suite == suite], 7) for suite in suites
        }
        fields = {
            "id": name,
            "state": "finished",
            "created_at": datetime(2026, 11, 22, 12, tzinfo=UTC),
            "suites": suites,
            "causes": causes or make_causes(),
            "total": len(results),
            "done": len(results),
            "summary": summary,
        }
        folder.write(Run.model_validate(fields | record))
        with folder.appending() as append:
            for one in results:
                append(one)
        return folder

    return make


@pytest.fixture
def workplace(tmp_path: Path) -> Workplace:
    """Never opened: the tiny suite needs no knowledge."""
    return Workplace(Settings(home=tmp_path / "home"))


@pytest.fixture
def make_result() -> Callable[..., CaseResult]:
    def make(identity: str = "a", /, scorer: str = "same", **score: Any) -> CaseResult:
        case = score.pop("case", {"id": identity})
        fields = {"language": "en", "split": split_of(identity), "origin": "synthetic"}
        fields |= {name: score.pop(name) for name in ("language", "suite", "error") if name in score}
        return CaseResult.model_validate(
            {"suite": "shout", "id": identity, "case": case, "scores": {scorer: score}, **fields}
        )

    return make


@pytest.fixture
def make_labelled() -> Callable[..., EvalCase[Any, Any]]:
    """A case of a suite from the parts that matter; ``language`` and ``tags`` as in its file."""

    def make(
        shape: type[EvalCase[Any, Any]], given: Mapping[str, Any], target: Mapping[str, Any], **more: Any
    ) -> EvalCase[Any, Any]:
        fields = {"id": "a", "language": "de", "split": split_of("a"), **more}
        return shape.model_validate({"input": given, "target": target, **fields})

    return make
