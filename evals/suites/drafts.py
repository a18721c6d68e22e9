"""Does the draft say what it has to, only that, and the way a caring person would?"""

from typing import Any

from assistant.domain import Case, Proposal
from assistant.pipeline import propose
from evals.cases import EvalCase
from evals.metrics import Metric, ratio
from evals.scorers.citations import right_documents
from evals.scorers.effort import cost, latency
from evals.scorers.facts import forbidden_facts, required_facts
from evals.scorers.final_verdict import final_verdict
from evals.scorers.graded.empathy import empathy
from evals.scorers.graded.faithfulness import faithfulness
from evals.scorers.learn import PARTS, learn
from evals.scorers.length import length
from evals.scorers.outcome import right_outcome
from evals.scorers.reply_language import reply_language
from evals.suite import Grader, Scorer, Suite
from evals.targets import DraftTarget
from evals.workplace import Workplace

OF_THE_DRAFT: tuple[Scorer[Any, Any, Proposal], ...] = (
    Scorer("nothing forbidden", forbidden_facts, danger=True),
    Scorer("required facts", required_facts),
    Scorer("outcome", right_outcome),
    Scorer("reply language", reply_language),
    Scorer("guard verdict", final_verdict),
    Scorer("LEARN", learn),
    Scorer("citations", right_documents),
    Scorer("length", length),
    Scorer("cost", cost),
    Scorer("latency", latency),
)

FIGURES: tuple[Metric, ...] = (
    ratio("required facts said", "required facts", "said", "wanted"),
    ratio("all required facts said", "required facts"),
    ratio("nothing forbidden said", "nothing forbidden"),
    ratio("outcome accuracy", "outcome"),
    ratio("in the buyer's language", "reply language"),
    ratio("passes the guard", "guard verdict"),
    ratio("LEARN parts found", "LEARN", "found", "parts"),
    ratio("all LEARN parts found", "LEARN", "all"),
    *(ratio(f"LEARN: {part}", "LEARN", part) for part in PARTS),
    ratio("citation precision", "citations", "tp", ("tp", "fp")),
    ratio("of readable length", "length"),
    ratio("characters a reply", "length", "characters", worse=True, gated=False),
    ratio("USD a reply", "cost", "usd", worse=True, gated=False),
    ratio("tokens a reply", "cost", "tokens", worse=True, gated=False),
    ratio("model milliseconds a reply", "latency", "ms", worse=True, gated=False),
)

GRADERS: tuple[Grader[Any, Any, Proposal], ...] = (
    Grader(
        "judge: faithfulness",
        faithfulness,
        (ratio("judge: claims supported", "judge: faithfulness", "supported", "claims"),),
    ),
    Grader(
        "judge: empathy",
        empathy,
        (
            ratio("judge: points of 5", "judge: empathy", "mean", gated=False),
            *(ratio(f"judge: {part}, points of 5", "judge: empathy", part, gated=False) for part in PARTS),
        ),
    ),
)


def solve(case: EvalCase[Case, Any], workplace: Workplace) -> Proposal:
    """Propose a reply, with the evaluation's model if there is one."""
    return propose(case.input, workplace.desk)


SUITE = Suite(
    name="drafts",
    question="Does the draft say what it has to, only that, and the way a caring person would?",
    shape=EvalCase[Case, DraftTarget],
    solve=solve,
    scorers=OF_THE_DRAFT,
    metrics=FIGURES,
    knowledge=True,
    graders=GRADERS,
)
