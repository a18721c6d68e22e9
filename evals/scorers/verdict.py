"""Did the guard stop what must not go out, and let the rest pass?

Two scores, because they do not weigh the same: a bad reply let through can cost the account, a good one
stopped costs a minute.
"""

from assistant.domain import GuardReport
from evals.cases import EvalCase
from evals.scores import Score, judged, unscored
from evals.targets import GuardRequest, GuardTarget


def stopped(case: EvalCase[GuardRequest, GuardTarget], report: GuardReport) -> Score:
    """A bad reply does not pass."""
    target = case.target
    if target.verdict == "pass":
        return unscored("a good reply")
    right = report.verdict != "pass"
    slices = tuple(f"rule={rule}" for rule in target.rules)
    why = "" if right else f"let through: {' or '.join(target.rules)}"
    return judged(right, why, slices=slices, expected=target.verdict, got=report.verdict)


def let_pass(case: EvalCase[GuardRequest, GuardTarget], report: GuardReport) -> Score:
    """A good reply passes."""
    if case.target.verdict != "pass":
        return unscored("a bad reply")
    stops = sorted({found.rule for found in report.findings if found.severity != "warn"})
    slices = tuple(f"rule={rule}" for rule in stops)
    right = report.verdict == "pass"
    why = "" if right else f"stopped by {', '.join(stops)}"
    return judged(right, why, slices=slices, expected="pass", got=report.verdict)


def grave_enough(case: EvalCase[GuardRequest, GuardTarget], report: GuardReport) -> Score:
    """What must be blocked and was stopped is blocked, not merely marked for an edit."""
    wanted = case.target.verdict
    if wanted != "blocked" or report.verdict == "pass":
        return unscored("nothing was stopped, or an edit is enough")
    right = report.verdict == "blocked"
    why = "" if right else f"{wanted} wanted, {report.verdict} given"
    slices = tuple(f"rule={rule}" for rule in case.target.rules)
    return judged(right, why, slices=slices, expected=wanted, got=report.verdict)
