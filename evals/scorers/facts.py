"""Does the reply say what it has to say, and nothing that would be wrong?"""

from typing import Protocol

from assistant.domain import Proposal
from assistant.vocabulary import Language
from evals.scorers.wordings import missing, said
from evals.scores import Score, judged, unscored
from evals.targets import DraftTarget


class DraftCase(Protocol):
    """A case whose target says what is right about a reply."""

    @property
    def language(self) -> Language:
        """The buyer's language."""
        ...

    @property
    def target(self) -> DraftTarget:
        """What is right."""
        ...


def required_facts(case: DraftCase, proposal: Proposal) -> Score:
    """Every wording that is required stands in the draft; parts ``said`` of ``wanted`` count them.

    A draft of another kind that is right too, such as an honest "we check", need not hold them.
    """
    wanted = case.target.required
    if not wanted:
        return unscored("nothing is required")
    if proposal.draft.outcome != case.target.outcome and proposal.draft.outcome in case.target.also_outcome:
        return unscored(f"{proposal.draft.outcome} is right too and need not say it")
    absent = missing(proposal.draft.text, wanted)
    found = len(wanted) - len(absent)
    return Score(
        value=found / len(wanted),
        passed=not absent,
        why=f"not said: {'; '.join(absent)}" if absent else "",
        parts={"right": float(not absent), "n": 1.0, "said": float(found), "wanted": float(len(wanted))},
        slices=outcome_slice(case),
    )


def forbidden_facts(case: DraftCase, proposal: Proposal) -> Score:
    """Nothing that is forbidden stands in the draft."""
    if not case.target.forbidden:
        return unscored("nothing is forbidden")
    wrong = [one for one in case.target.forbidden if said(proposal.draft.text, [one])]
    return judged(not wrong, f"said: {'; '.join(wrong)}" if wrong else "", slices=outcome_slice(case))


def outcome_slice(case: DraftCase) -> tuple[str, ...]:
    """The group of a case by what should come out."""
    return (f"outcome={case.target.outcome}",)
