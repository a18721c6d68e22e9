"""A suggestion that people have dealt with: what was drafted, what was sent, and why."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Engine

from assistant.domain import HistoryEntry, Proposal
from assistant.errors import InvalidInput
from assistant.store import audit, repository
from assistant.store.engine import read
from assistant.store.records import Record, StoredDraft
from assistant.vocabulary import Status
from evals.online.decided import Decided, of

REASONS = ("reason", "note", "override_reason")
"""Keys of the audit trail's details in which people say why."""


@dataclass(frozen=True, slots=True)
class Handled:
    """A stored suggestion with its trail and every run of the pipeline for it, oldest first."""

    record: Record
    history: tuple[HistoryEntry, ...]
    drafts: tuple[StoredDraft, ...]

    @property
    def proposal(self) -> Proposal:
        """The last run of the pipeline: the guard's report is on its draft, not on what was made of it."""
        return self.drafts[-1].proposal

    @property
    def decided(self) -> Decided:
        """What became of it."""
        return of(self.record, self.history)

    @property
    def sent(self) -> str | None:
        """The text that was approved; ``None`` where none was."""
        return self.record.text if self.record.suggestion.status is Status.APPROVED else None

    @property
    def edited(self) -> bool:
        """Something else was sent than was drafted."""
        return self.sent is not None and self.sent != self.proposal.draft.text

    @property
    def tags(self) -> tuple[str, ...]:
        """What people did, as tags of a case."""
        done = {
            "approved": self.sent is not None and not self.edited,
            "edited": self.edited,
            "rejected": self.record.suggestion.status is Status.REJECTED,
            "escalated": self.decided.escalated,
        }
        return tuple(name for name, true in done.items() if true)

    @property
    def reasons(self) -> tuple[str, ...]:
        """What people said about it, each with what they did."""
        return tuple(self._reasons())

    def _reasons(self) -> Iterator[str]:
        for draft in self.drafts:
            if draft.instructions:
                yield f"drafted again: {draft.instructions}"
        for entry in self.history:
            for name in REASONS:
                if entry.details.get(name):
                    yield f"{entry.action.replace('_', ' ')}: {entry.details[name]}"


def handled(engine: Engine, identity: str) -> Handled:
    """Load a suggestion that somebody has decided about.

    Raises:
        NotFound: no such suggestion.
        InvalidInput: nobody has decided about it, so nothing is known of what is right.
        StoreUnavailable: the database cannot be read.
        AuditBroken: a row of the trail cannot be read.
    """
    with read(engine) as connection:
        record = repository.load(connection, identity)
        found = Handled(
            record,
            audit.history(connection, record.suggestion.id),
            repository.drafts(connection, record.suggestion.id),
        )
    if record.suggestion.status is Status.PENDING_APPROVAL:
        raise InvalidInput(
            f"suggestion {identity} is still open; approve, reject or escalate it, then add it as a case"
        )
    if not found.tags:
        raise InvalidInput(f"nobody decided about suggestion {identity}: it is {record.suggestion.status}")
    return found
