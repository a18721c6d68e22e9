"""Does the reply rest on documents that answer?"""

from assistant.domain import Proposal
from evals.scorers.facts import DraftCase
from evals.scores import Score, unscored


def right_documents(case: DraftCase, proposal: Proposal) -> Score:
    """Cited documents beside those that answer; ``value`` is the share of the cited that do."""
    wanted = set(case.target.documents)
    cited = {citation.document_id for citation in proposal.draft.citations}
    if not wanted or not cited:
        return unscored("no document is cited, or none is labelled")
    stray = sorted(cited - wanted)
    right = len(cited) - len(stray)
    return Score(
        value=right / len(cited),
        passed=not stray,
        why=f"cited beside the point: {', '.join(stray)}" if stray else "",
        parts={"tp": float(right), "fp": float(len(stray))},
    )
