"""Could the agent send what comes out as it is?"""

from typing import Any

from assistant.domain import Case, Proposal
from evals.cases import EvalCase
from evals.metrics import macro_f1, ratio
from evals.scorers.flags import flags, none_missed
from evals.scorers.intents import main_intent, matters
from evals.scorers.route import right_route
from evals.scorers.sentiment import right_sentiment
from evals.scorers.tier import not_too_low, right_tier
from evals.scorers.whole import approvers, of_triage, ready
from evals.suite import Scorer, Suite
from evals.suites.drafts import FIGURES, GRADERS, OF_THE_DRAFT, solve
from evals.targets import EndToEndTarget

OF_THE_TRIAGE: tuple[Scorer[Any, Any, Proposal], ...] = (
    Scorer("tier not too low", of_triage(not_too_low), danger=True),
    Scorer("no flag missed", of_triage(none_missed), danger=True),
    Scorer("tier", of_triage(right_tier)),
    Scorer("flags", of_triage(flags)),
    Scorer("main intent", of_triage(main_intent)),
    Scorer("matters", of_triage(matters)),
    Scorer("route", of_triage(right_route)),
    Scorer("sentiment", of_triage(right_sentiment)),
)
ASKED: Scorer[Any, Any, Proposal] = Scorer("approvers", approvers, danger=True)
EVERYTHING = (*OF_THE_TRIAGE, ASKED, *OF_THE_DRAFT)
NEEDED = frozenset(
    {
        "tier not too low", "no flag missed", "tier", "route", "approvers", "nothing forbidden",
        "required facts", "outcome", "reply language", "guard verdict",
    }
)  # fmt: skip
"""What has to be right before a draft may go out as it is. How it reads, what it cites and how the buyer's
mood was taken are judged on their own."""
READY: Scorer[Any, Any, Proposal] = Scorer(
    "ready", ready([scorer for scorer in EVERYTHING if scorer.name in NEEDED])
)


SUITE = Suite(
    name="end_to_end",
    question="Could the agent send what comes out as it is?",
    shape=EvalCase[Case, EndToEndTarget],
    solve=solve,
    scorers=(*EVERYTHING, READY),
    metrics=(
        ratio("ready to send", "ready"),
        ratio("approvers asked", "approvers"),
        ratio("tier accuracy", "tier"),
        ratio("tier not too low", "tier not too low"),
        ratio("flag recall", "flags", "tp", ("tp", "fn")),
        ratio("flag precision", "flags", "tp", ("tp", "fp")),
        macro_f1("intent macro-F1", "main intent"),
        ratio("matters found", "matters", "tp", ("tp", "fn")),
        ratio("route accuracy", "route"),
        ratio("sentiment accuracy", "sentiment"),
        *FIGURES,
    ),
    knowledge=True,
    graders=GRADERS,
)
