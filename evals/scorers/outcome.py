"""Does the draft know whether it answers?"""

from assistant.domain import Proposal
from evals.scorers.facts import DraftCase
from evals.scores import Score, judged


def right_outcome(case: DraftCase, proposal: Proposal) -> Score:
    """The outcome is the labelled one or one that is right too."""
    wanted, got = case.target.outcome, proposal.draft.outcome
    right = got in (wanted, *case.target.also_outcome)
    why = "" if right else f"{wanted} wanted, {got} given"
    return judged(right, why, expected=got if right else wanted, got=got)
