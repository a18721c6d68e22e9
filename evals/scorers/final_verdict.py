"""Would the guard let the final draft pass?"""

from assistant.domain import Proposal
from evals.scores import Score, judged


def final_verdict(_: object, proposal: Proposal) -> Score:
    """The guard has nothing against the draft that the agent sees."""
    stops = sorted({found.rule for found in proposal.guard.findings if found.severity != "warn"})
    right = proposal.guard.verdict == "pass"
    why = "" if right else f"{proposal.guard.verdict} by {', '.join(stops)}"
    slices = (f"drafter={proposal.draft.drafter}", *(f"rule={rule}" for rule in stops))
    return judged(right, why, slices=slices, expected="pass", got=proposal.guard.verdict)
