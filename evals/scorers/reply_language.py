"""Is the reply in the buyer's language?"""

from typing import Protocol

from assistant.domain import Proposal
from assistant.triage.language import identify
from assistant.vocabulary import Language
from evals.scores import Score, judged


class LanguageTarget(Protocol):
    """A target that names the language of the reply."""

    @property
    def language(self) -> Language:
        """Language in which the buyer is to be answered."""
        ...


class LanguageCase(Protocol):
    """A case that does."""

    @property
    def target(self) -> LanguageTarget:
        """What is right."""
        ...


def reply_language(case: LanguageCase, proposal: Proposal) -> Score:
    """Most of the draft's own words are in the language wanted.

    Single sentences are not judged: a name or a short phrase is too often taken for another language.
    """
    wanted, got = case.target.language, identify(proposal.draft.text).language
    why = "" if got == wanted else f"{wanted} wanted, {got} found"
    return judged(got == wanted, why, expected=wanted, got=got)
