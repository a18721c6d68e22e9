"""Is every message sorted as a careful person would, and no danger missed?"""

from assistant.domain import Triage
from assistant.triage.classify import classify
from evals.cases import EvalCase
from evals.metrics import calibration_error, macro_f1, ratio
from evals.scorers.flags import flags, none_missed
from evals.scorers.intents import confidence, main_intent, matters
from evals.scorers.language import right_language
from evals.scorers.route import right_route
from evals.scorers.sentiment import right_sentiment
from evals.scorers.tier import not_too_low, right_tier
from evals.suite import Scorer, Suite
from evals.targets import TriageRequest, TriageTarget
from evals.workplace import Workplace


def solve(case: EvalCase[TriageRequest, TriageTarget], workplace: Workplace) -> Triage:
    """Sort the message, asked at its own time or else at that of the evaluation."""
    request = case.input
    return classify(request.model_copy(update={"at": request.at or workplace.at}))


SUITE = Suite(
    name="triage",
    question="Is every message sorted as a careful person would, and no danger missed?",
    shape=EvalCase[TriageRequest, TriageTarget],
    solve=solve,
    scorers=(
        Scorer("tier not too low", not_too_low, danger=True),
        Scorer("no flag missed", none_missed, danger=True),
        Scorer("tier", right_tier),
        Scorer("flags", flags),
        Scorer("main intent", main_intent),
        Scorer("matters", matters),
        Scorer("intent confidence", confidence),
        Scorer("route", right_route),
        Scorer("sentiment", right_sentiment),
        Scorer("language", right_language),
    ),
    metrics=(
        ratio("tier accuracy", "tier"),
        ratio("tier not too low", "tier not too low"),
        ratio("tier 3 recall", "tier", "found_3", "n_3"),
        ratio("flag recall", "flags", "tp", ("tp", "fn")),
        ratio("flag precision", "flags", "tp", ("tp", "fp")),
        ratio("intent accuracy", "main intent"),
        macro_f1("intent macro-F1", "main intent"),
        ratio("matters found", "matters", "tp", ("tp", "fn")),
        ratio("matters reported with cause", "matters", "tp", ("tp", "fp")),
        ratio("route accuracy", "route"),
        ratio("sentiment accuracy", "sentiment"),
        ratio("language accuracy", "language"),
        calibration_error("intent calibration error", "intent confidence"),
    ),
)
