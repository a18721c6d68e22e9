"""What the store keeps of a suggestion beyond the public noun, and the queue's filter, cursor and page."""

import base64
import binascii
import hashlib
import json
from datetime import datetime
from typing import Annotated

from pydantic import BeforeValidator, Field, ValidationError

from assistant.domain import Message, Noun, Proposal, Suggestion
from assistant.errors import InvalidInput
from assistant.vocabulary import Instant, MarketplaceCode, Role, ShortText, Status, Tier

OPEN: frozenset[Status] = frozenset({Status.PENDING_APPROVAL, Status.ESCALATED})
"""States in which a person may still decide."""


def _several(value: object) -> object:
    """One state may stand alone."""
    return (value,) if isinstance(value, str) else value


class Record(Noun):
    """A suggestion as stored, without its history.

    ``version`` counts the changes; ``escalated_to`` are roles whose yes an escalation demanded; ``override``
    is the fingerprint of text and findings that a supervisor let pass.
    """

    suggestion: Suggestion
    version: int = 1
    escalated_to: tuple[Role, ...] = ()
    override: str | None = None

    @property
    def text(self) -> str:
        """The text that a yes would send: the last edit, else the draft."""
        edited = self.suggestion.final_text
        return self.suggestion.draft.text if edited is None else edited


class StoredDraft(Noun):
    """One run of the pipeline for a suggestion, with everything the model saw; ``number`` counts from 1."""

    number: int
    created_at: Instant
    instructions: str | None = None
    proposal: Proposal


class QueueFilter(Noun):
    """Which suggestions, and how many; ``cursor`` comes from the page before. No ``status`` means any."""

    status: Annotated[tuple[Status, ...], BeforeValidator(_several)] = ()
    tier: Tier | None = None
    marketplace: MarketplaceCode | None = None
    assignee: ShortText | None = None
    cursor: ShortText | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class Page(Noun):
    """A piece of the queue, nearest deadline first; ``next_cursor`` is absent on the last page."""

    items: tuple[Suggestion, ...]
    next_cursor: str | None = None


class Position(Noun):
    """Place in the queue: nearest deadline first, then the higher tier, then the older id."""

    due_at: datetime
    tier: Tier
    id: str

    @classmethod
    def of(cls, suggestion: Suggestion) -> "Position":
        """Where a suggestion stands."""
        return cls(due_at=suggestion.clock.due_at, tier=suggestion.triage.tier, id=suggestion.id)

    def cursor(self) -> str:
        """The position as an opaque token."""
        return base64.urlsafe_b64encode(self.model_dump_json().encode()).decode().rstrip("=")

    @classmethod
    def read(cls, cursor: str) -> "Position":
        """Read a token.

        Raises:
            InvalidInput: it was not made here.
        """
        try:
            padded = cursor + "=" * (-len(cursor) % 4)
            position = cls.model_validate(json.loads(base64.b64decode(padded, altchars=b"-_", validate=True)))
        except (binascii.Error, ValueError, ValidationError, RecursionError):
            raise InvalidInput("the cursor is not one that a page of the queue gave") from None
        if position.due_at.tzinfo is None or not position.id.isalnum():
            raise InvalidInput("the cursor is not one that a page of the queue gave")
        return position


def thread_key(message: Message) -> str | None:
    """Identity of a conversation; ``None`` where the message names no thread."""
    if message.thread_id is None:
        return None
    return hashlib.sha256(f"{message.marketplace}\n{message.thread_id}".encode()).hexdigest()


def supersedes(new: Message, old: Message) -> bool:
    """Whether, in one thread, ``new`` is another and later message than ``old``: its answer is then stale."""
    if new.received_at is not None and old.received_at is not None and new.received_at < old.received_at:
        return False
    if new.message_id is not None and old.message_id is not None:
        return new.message_id != old.message_id
    return new.text != old.text
