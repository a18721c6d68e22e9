"""What is asked for is what is run: cases, model, knowledge, causes; the same when a run goes on."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from assistant.errors import InvalidInput, StoreUnavailable
from assistant.settings import Settings
from evals.cases import fingerprint
from evals.causes import NOT_SEARCHED
from evals.data import DEMO_NOW
from evals.planning import (
    ADDED,
    REQUEST,
    RunRequest,
    chosen_work,
    data_folders,
    fitting,
    prepared,
    recall,
    remember,
)
from evals.runner import run
from evals.runs import RunFolder
from evals.suite import Suite
from evals.workplace import Workplace

Make = Callable[..., Any]
AnySuite = Suite[Any, Any, Any]


@pytest.fixture
def cases(make_shout: Make) -> list[Any]:
    return [
        make_shout(
            f"c{place}", f"text {place}", f"TEXT {place}", language="de" if place % 3 else "en",
            tags=("late", "short") if place % 2 else ("late",),
        )
        for place in range(12)
    ]  # fmt: skip


@pytest.fixture
def data(tmp_path: Path, cases: list[Any]) -> Path:
    folder = tmp_path / "data"
    (folder / "shout").mkdir(parents=True)
    lines = "".join(case.model_dump_json(exclude_none=True) + "\n" for case in cases)
    (folder / "shout" / "cases.jsonl").write_text(lines, encoding="utf-8")
    return folder


@pytest.fixture
def suites(shout: AnySuite) -> dict[str, AnySuite]:
    return {"shout": shout, "whisper": replace(shout, name="whisper")}


@pytest.mark.parametrize(
    ("asked", "chosen"),
    [
        ({}, range(12)),
        ({"languages": ("en",)}, [0, 3, 6, 9]),
        ({"languages": ("en", "de")}, range(12)),
        ({"tags": ("short",)}, [1, 3, 5, 7, 9, 11]),
        ({"languages": ("en",), "tags": ("short", "none")}, [3, 9]),
        ({"languages": ("fr",)}, []),
    ],
)
def test_cases_are_chosen_as_asked(cases: list[Any], asked: dict[str, Any], chosen: list[int]) -> None:
    assert [case.id for case in fitting(cases, RunRequest(**asked))] == [f"c{place}" for place in chosen]


def test_a_side_is_chosen(cases: list[Any]) -> None:
    sides = [fitting(cases, RunRequest(split=side)) for side in ("tune", "held")]
    assert {case.id for side in sides for case in side} == {case.id for case in cases}
    assert {case.split for case in sides[1]} == {"held"}


def test_a_limit_takes_the_same_cases_whatever_their_order(cases: list[Any]) -> None:
    some = fitting(cases, RunRequest(limit=5))
    assert len(some) == 5
    assert [case.id for case in some] == sorted((case.id for case in some), key=lambda name: int(name[1:]))
    assert set(fitting(cases[::-1], RunRequest(limit=5))) == set(some)
    assert set(some) <= set(fitting(cases, RunRequest(limit=8)))
    assert len(fitting(cases, RunRequest(limit=100))) == 12


def test_suites_without_data_are_left_out_unless_named(data: Path, suites: dict[str, AnySuite]) -> None:
    assert [suite.name for suite, _ in chosen_work(RunRequest(data=data), suites)] == ["shout"]
    with pytest.raises(InvalidInput, match=r"whisper holds no \.jsonl file"):
        chosen_work(RunRequest(data=data, suites=("whisper",)), suites)
    with pytest.raises(InvalidInput, match="no suite loud"):
        chosen_work(RunRequest(data=data, suites=("loud",)), suites)
    with pytest.raises(InvalidInput, match="holds no evaluation data"):
        chosen_work(RunRequest(data=data / "none"), suites)


@pytest.fixture
def home(tmp_path: Path, data: Path, make_shout: Make, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A home to which a case was added, where ``data`` is what is bundled."""
    monkeypatch.setattr("evals.planning.BUNDLED", data)
    folder = tmp_path / "home" / ADDED / "shout"
    folder.mkdir(parents=True)
    (folder / "added.jsonl").write_text(make_shout("sug-1", "new", "NEW").model_dump_json() + "\n", "utf-8")
    return Settings(home=tmp_path / "home")


def test_cases_added_in_the_home_are_run_too(home: Settings, suites: dict[str, AnySuite], data: Path) -> None:
    for request, number in (
        (RunRequest(), 13),
        (RunRequest(additions=False), 12),
        (RunRequest(data=data), 12),
    ):
        with prepared(request, home, suites) as ready:
            assert ready.plan.total == number
    assert data_folders(home) == (data, home.home / ADDED)
    assert data_folders(home, data / "x") == (data / "x",)
    assert data_folders(Settings(home=data / "none")) == (data,)


def test_a_case_may_not_stand_in_both(home: Settings, suites: dict[str, AnySuite], make_shout: Make) -> None:
    path = home.home / ADDED / "shout" / "added.jsonl"
    path.write_text(make_shout("c3", "other", "OTHER").model_dump_json() + "\n", "utf-8")
    with pytest.raises(InvalidInput, match="shout: the id c3 is already that of another case"):
        chosen_work(RunRequest(), suites, data_folders(home))


def test_a_choice_without_any_case_is_refused(data: Path, suites: dict[str, AnySuite]) -> None:
    with pytest.raises(InvalidInput, match="no case fits: split held, language fr, ja, tag late"):
        chosen_work(RunRequest(data=data, split="held", languages=("ja", "fr"), tags=("late",)), suites)


@pytest.mark.parametrize(
    ("asked", "usual"),
    [
        ({}, True),
        ({"suites": ("guard",)}, True),
        ({"limit": 3}, False),
        ({"languages": ("de",)}, False),
        ({"data": Path("x")}, False),
        ({"knowledge": "home"}, False),
        ({"model": "live"}, False),
        ({"judge": "recorded"}, False),
        ({"at": "2026-01-01"}, False),
    ],
)
def test_what_a_baseline_is_made_of(asked: dict[str, Any], usual: bool) -> None:
    assert RunRequest(**asked).usual is usual


@pytest.mark.parametrize(
    "asked", [{"limit": 0}, {"workers": 0}, {"split": "test"}, {"seed": -1}, {"max_usd": -1}]
)
def test_what_makes_no_sense_is_refused(asked: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        RunRequest(**asked)


def test_a_plan_has_cases_workers_and_causes(
    data: Path, cases: list[Any], suites: dict[str, AnySuite], tmp_path: Path
) -> None:
    request = RunRequest(suites=("shout",), data=data, languages=("en",), workers=3, seed=5)
    with prepared(request, Settings(home=tmp_path / "home"), suites) as ready:
        ((suite, chosen),) = ready.plan.work
        causes = ready.plan.causes
        assert (suite.name, len(chosen), ready.plan.workers, ready.plan.total) == ("shout", 4, 3, 4)
        assert (causes.model, causes.seed, causes.at) == ("composer", 5, DEMO_NOW)
        assert causes.data == {"shout": fingerprint([case for case in cases if case.language == "en"])}
        assert causes.selection == {"suites": "shout", "language": "en"}
        assert ready.workplace.model is None
        assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(("knowledge", "cause"), [(False, NOT_SEARCHED), (True, "demo@abc")])
def test_knowledge_is_opened_only_where_a_suite_searches(
    data: Path, shout: AnySuite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, knowledge: bool, cause: str
) -> None:
    monkeypatch.setattr(Workplace, "knowledge", property(lambda _: "demo@abc"))
    suites = {"shout": replace(shout, knowledge=knowledge)}
    with prepared(RunRequest(data=data), Settings(home=tmp_path), suites) as ready:
        assert ready.plan.causes.knowledge == cause


def test_a_run_goes_on_with_its_own_request(data: Path, suites: dict[str, AnySuite], tmp_path: Path) -> None:
    request = RunRequest(data=data, limit=6, languages=("de",), max_usd="1.50")
    folder = RunFolder(tmp_path / "run")
    remember(folder, request)
    assert recall(folder) == request
    settings = Settings(home=tmp_path / "home")
    with prepared(request.model_copy(update={"max_usd": None}), settings, suites) as ready:
        first = run(ready.plan, folder, ready.workplace)
    with prepared(recall(folder).model_copy(update={"max_usd": None}), settings, suites) as ready:
        again = run(ready.plan, folder, ready.workplace, resume=True)
    assert (again.state, again.outcome) == ("finished", first.outcome)


def test_a_request_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / "run")
    with pytest.raises(InvalidInput, match="No such file"):
        recall(folder)
    folder.path.mkdir()
    (folder.path / REQUEST).write_text('{"colour": "red"}', encoding="utf-8")
    with pytest.raises(InvalidInput, match="no request of this version"):
        recall(folder)
    with pytest.raises(StoreUnavailable, match="cannot be written"):
        remember(RunFolder(folder.path / REQUEST / "below"), RunRequest())
