"""A run of the tiny suite in which a case comes to each possible end."""

from collections.abc import Callable
from typing import Any

import pytest

from evals.reporting.outcomes import Suites
from evals.runner import Plan, run
from evals.runs import RunFolder
from evals.suite import Suite
from evals.workplace import Workplace

ENDS = (
    ("right", "hi", "HI"),
    ("wrong", "hi", "HEY"),
    ("odd", "hi", "?"),
    ("fault", "crash", "x"),
    ("never", "ask", "x"),
)


@pytest.fixture
def suites(shout: Suite[Any, Any, Any]) -> Suites:
    return {"shout": shout}


@pytest.fixture
def ended(
    make_shout: Callable[..., Any],
    make_plan: Callable[..., Plan],
    run_folder: RunFolder,
    workplace: Workplace,
) -> RunFolder:
    """A finished run: one case right, one dangerously wrong, one unscored, one fault, one never asked."""
    run(make_plan(*(make_shout(*end, tags=("tiny",)) for end in ENDS)), run_folder, workplace)
    return run_folder
