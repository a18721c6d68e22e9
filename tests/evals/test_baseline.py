"""The file of what was accepted: limits that can break, readable, replaced whole."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from assistant.errors import InvalidInput, StoreUnavailable
from evals.baseline import BASELINE, Baseline, Gate, read_baseline, write_baseline
from evals.causes import Causes
from evals.suites import SUITES
from prompts.loader import released


@pytest.fixture
def baseline(make_causes: Callable[..., Causes]) -> Baseline:
    gate = Gate(metric="shout/right", floor=0.5, n=8, why="It is louder.")
    return Baseline(
        run="A",
        accepted_at=datetime(2026, 11, 22, tzinfo=UTC),
        gates=(gate,),
        turned={"shout/same": 1},
        causes=make_causes(revision=None),
        known_failures={"shout": {"same": ("b",)}},
        cases={"shout": {"a": "0", "b": "1"}},
    )


@pytest.mark.parametrize(
    ("limit", "value", "holds"),
    [
        ({"floor": 0.62}, 0.62, True),
        ({"floor": 0.62}, 0.619, False),
        ({"floor": 0.62, "tolerance": 0.01}, 0.61, True),
        ({"floor": 0.62, "tolerance": 0.01}, 0.609, False),
        ({"ceiling": 0.2}, 0.2, True),
        ({"ceiling": 0.2}, 0.21, False),
        ({"ceiling": 0.2, "tolerance": 0.05}, 0.25, True),
    ],
)
def test_a_gate_holds_up_to_its_limit(limit: dict[str, float], value: float, holds: bool) -> None:
    assert Gate(metric="a/b", n=1, why="x", **limit).holds(value) is holds


@given(st.floats(0, 1), st.floats(0, 1), st.booleans())
def test_a_gate_that_can_break_breaks_at_the_worst_value(limit: float, tolerance: float, floor: bool) -> None:
    side = {"floor" if floor else "ceiling": limit}
    gate = Gate(metric="a/b", n=1, why="x", tolerance=tolerance, **side)
    assert gate.can_break == (not gate.holds(0.0 if floor else 1.0))
    assert gate.holds(1.0 if floor else 0.0)


@pytest.mark.parametrize("limits", [{}, {"floor": 0.1, "ceiling": 0.2}])
def test_a_gate_has_one_limit(limits: dict[str, float]) -> None:
    with pytest.raises(ValidationError, match="exactly one"):
        Gate(metric="a/b", n=1, why="x", **limits)


def test_what_is_written_is_read(tmp_path: Path, baseline: Baseline) -> None:
    path = tmp_path / "baseline.json"
    write_baseline(path, baseline)
    assert read_baseline(path) == baseline
    assert [one.name for one in tmp_path.iterdir()] == ["baseline.json"]


def test_known_failures_are_those_of_suite_and_scorer(baseline: Baseline) -> None:
    assert baseline.known("shout", "same") == {"b"}
    assert baseline.known("shout", "other") == baseline.known("other", "same") == frozenset()


@pytest.mark.parametrize(
    ("content", "match"),
    [
        (None, r"baseline .*x\.json: No such file .*eval accept RUN` writes one"),
        ("{}", r"baseline .*x\.json: run Field required"),
        ('{"run": "A", "gates": [{"metric": "a"}]}', "accepted_at Field required"),
        ("not json", "Invalid JSON"),
    ],
)
def test_a_file_that_is_no_baseline_is_refused(tmp_path: Path, content: str | None, match: str) -> None:
    path = tmp_path / "x.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(InvalidInput, match=match):
        read_baseline(path)


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path, baseline: Baseline) -> None:
    with pytest.raises(StoreUnavailable, match="cannot be written"):
        write_baseline(tmp_path / "none" / "baseline.json", baseline)


def test_the_baseline_of_the_product_limits_what_there_is() -> None:
    found = read_baseline(BASELINE)
    paths = {f"{suite.name}/{metric.name}" for suite in SUITES.values() for metric in suite.metrics}
    assert {gate.metric for gate in found.gates} <= paths
    assert all(gate.can_break for gate in found.gates)
    assert {path.split("/", 1)[0] for path in found.turned} <= SUITES.keys()


def test_no_released_prompt_was_edited_in_place() -> None:
    now = released()
    assert {name: now.get(name) for name in read_baseline(BASELINE).prompts} == read_baseline(
        BASELINE
    ).prompts
