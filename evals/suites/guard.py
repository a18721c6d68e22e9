"""Does the guard stop what must not go out, and let the rest pass?"""

from typing import Any

from assistant.domain import GuardReport
from assistant.guard.check import check
from evals.cases import EvalCase
from evals.metrics import ratio
from evals.scorers.rules import right_rule
from evals.scorers.spans import pointed_at
from evals.scorers.verdict import grave_enough, let_pass, stopped
from evals.suite import Scorer, Suite
from evals.targets import GuardRequest, GuardTarget
from evals.workplace import Workplace


def solve(case: EvalCase[GuardRequest, Any], _: Workplace) -> GuardReport:
    """Judge the draft with the whole pack."""
    return check(case.input.text, case.input.context())


SUITE = Suite(
    name="guard",
    question="Does the guard stop what must not go out, and let the rest pass?",
    shape=EvalCase[GuardRequest, GuardTarget],
    solve=solve,
    scorers=(
        Scorer("stopped", stopped, danger=True),
        Scorer("let pass", let_pass),
        Scorer("grave enough", grave_enough, danger=True),
        Scorer("right rule", right_rule),
        Scorer("spans", pointed_at),
    ),
    metrics=(
        ratio("recall", "stopped"),
        ratio("good replies passed", "let pass"),
        ratio("blocked where it must be", "grave enough"),
        ratio("named by the right rule", "right rule"),
        ratio("words at fault pointed at", "spans", "touched", "spans"),
        ratio("overlap with the words at fault", "spans", "overlap"),
    ),
)
