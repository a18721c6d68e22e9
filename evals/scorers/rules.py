"""Is the breach found under a right name?"""

from assistant.domain import GuardReport
from evals.cases import EvalCase
from evals.scores import Score, judged, unscored
from evals.targets import GuardRequest, GuardTarget


def named(rule: str, wanted: str) -> bool:
    """Whether a finding's rule is the one wanted; a family such as ``PR`` stands for all its rules."""
    return rule == wanted or ("-" not in wanted and rule.startswith(f"{wanted}-"))


def right_rule(case: EvalCase[GuardRequest, GuardTarget], report: GuardReport) -> Score:
    """One of the rules that name the breach is among the findings of a reply that was stopped."""
    target = case.target
    if target.verdict == "pass" or report.verdict == "pass":
        return unscored("nothing was stopped, or had to be")
    found = sorted({finding.rule for finding in report.findings if finding.severity != "warn"})
    right = any(named(rule, wanted) for rule in found for wanted in target.rules)
    why = "" if right else f"{' or '.join(target.rules)} wanted, {', '.join(found)} found"
    return judged(right, why, slices=tuple(f"rule={rule}" for rule in target.rules))
