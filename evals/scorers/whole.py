"""Everything the agent gets, judged as one: triage, draft, approvers, and whether it could go out."""

from collections.abc import Callable, Sequence
from typing import Any

from assistant.domain import Proposal, Triage
from evals.scores import Score, judged, unscored
from evals.suite import Scorer
from evals.targets import EndToEndTarget

Judge = Callable[[Any, Proposal], Score]


def of_triage(judge: Callable[[Any, Triage], Score]) -> Judge:
    """A scorer of triage, asked about the triage of a proposal; it may look at the case's target alone."""

    def judge_proposal(case: Any, proposal: Proposal) -> Score:
        return judge(case, proposal.triage)

    return judge_proposal


def approvers(case: Any, proposal: Proposal) -> Score:
    """Everybody who has to say yes is asked; more may be."""
    target: EndToEndTarget = case.target
    if not target.approvers:
        return unscored("no approver is labelled")
    asked = proposal.approval.required_roles
    absent = [role.value for role in target.approvers if role not in asked]
    got = ", ".join(sorted(role.value for role in asked))
    why = f"not asked: {', '.join(absent)}" if absent else ""
    wanted = ", ".join(sorted(role.value for role in target.approvers))
    return judged(not absent, why, expected=got if not absent else wanted, got=got)


def ready(others: Sequence[Scorer[Any, Any, Proposal]]) -> Judge:
    """Nothing is wrong in any of these respects: an agent could send the draft as it is."""

    def judge(case: Any, proposal: Proposal) -> Score:
        verdicts = {scorer.name: scorer.judge(case, proposal).passed for scorer in others}
        wrong = [name for name, passed in verdicts.items() if passed is False]
        why = f"not right: {', '.join(wrong)}" if wrong else ""
        return judged(not wrong, why, slices=(f"tier={case.target.tier}",))

    return judge
