"""Is a claim without evidence marked, and one with evidence left alone?"""

from evals.cases import EvalCase
from evals.metrics import f1, ratio
from evals.scorers.claims import claims, left_alone, none_slips
from evals.suite import Scorer, Suite
from evals.suites.guard import solve
from evals.targets import GroundingTarget, GuardRequest

SUITE = Suite(
    name="grounding",
    question="Is a claim without evidence marked, and one with evidence left alone?",
    shape=EvalCase[GuardRequest, GroundingTarget],
    solve=solve,
    scorers=(
        Scorer("no claim slips through", none_slips, danger=True),
        Scorer("claims", claims),
        Scorer("supported left alone", left_alone),
    ),
    metrics=(
        ratio("claim recall", "claims", "tp", ("tp", "fn")),
        ratio("claim precision", "claims", "tp", ("tp", "fp")),
        f1("claim F1", "claims"),
        ratio("supported claims left alone", "supported left alone"),
        ratio("drafts with no claim let through", "no claim slips through"),
    ),
)
