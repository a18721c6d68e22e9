"""What becomes of the demo messages: the draft's language and verdict, and triage beside a person's label."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.domain import Proposal
from assistant.pipeline import Desk, propose
from assistant.triage.language import identify
from evals.data import DemoMessage


@dataclass(frozen=True, slots=True)
class Drafted:
    """A demo message and what the pipeline proposed for it."""

    message: DemoMessage
    proposal: Proposal

    @property
    def in_buyers_language(self) -> bool:
        """The draft's own words are in the language that the label names."""
        return identify(self.proposal.draft.text).language == self.message.label.language

    @property
    def passes(self) -> bool:
        """The guard has nothing against the final draft."""
        return self.proposal.guard.verdict == "pass"

    @property
    def tier_is_right(self) -> bool:
        """Triage and label agree on the tier."""
        return self.proposal.triage.tier == self.message.label.tier

    @property
    def flags_are_right(self) -> bool:
        """Triage and label agree on the risk flags."""
        return set(self.proposal.triage.risk_flags) == set(self.message.label.flags)

    @property
    def intent_is_right(self) -> bool:
        """The main intent is the label's or one that would be right too."""
        return self.proposal.triage.main_intent in (self.message.label.intent, *self.message.label.also)


def draft_all(desk: Desk, messages: Sequence[DemoMessage]) -> Iterator[Drafted]:
    """Draft one after the other, as they come."""
    for message in messages:
        yield Drafted(message, propose(message.case, desk))
