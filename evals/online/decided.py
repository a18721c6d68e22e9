"""What people decided about each suggestion, read from the store and its audit trail."""

from collections.abc import Iterator
from datetime import datetime
from typing import Literal, get_args

from sqlalchemy import Engine

from assistant.domain import HistoryEntry, Noun
from assistant.store import audit, repository
from assistant.store.engine import read
from assistant.store.records import Record
from assistant.vocabulary import Drafter, Instant, Intent, Language, Marketplace, Role, Status, Tier
from evals.online.distance import distance

LIGHT = 0.15
"""Distance up to which an edit is light: about one sentence in seven, a name, a date, a closing."""

Fate = Literal["unedited", "lightly_edited", "rewritten", "rejected", "stale", "open"]
FATES: tuple[Fate, ...] = get_args(Fate)
SENT: tuple[Fate, ...] = ("unedited", "lightly_edited", "rewritten")
DECIDED: tuple[Fate, ...] = (*SENT, "rejected")
"""What a person decided; the others say nothing about the draft."""


class Decided(Noun):
    """One suggestion and what became of it.

    ``distance`` 0..1 between the last draft and the text sent. ``seconds`` from the first draft to the
    decision. ``drafts``: runs of the pipeline; more than one means that somebody asked for another.
    ``reasons``: those given for rejecting, escalating and overriding.
    """

    id: str
    created_at: Instant
    fate: Fate
    distance: float | None = None
    seconds: float | None = None
    drafts: int = 1
    escalated: bool = False
    overridden: bool = False
    reasons: tuple[str, ...] = ()
    tier: Tier
    intent: Intent
    language: Language
    marketplace: Marketplace
    drafter: Drafter
    model: str
    prompt: str
    agent: str | None = None
    role: Role | None = None


def decided(
    engine: Engine, since: datetime | None = None, until: datetime | None = None
) -> Iterator[Decided]:
    """Every suggestion made in ``since <= created_at < until``, oldest first.

    Raises:
        StoreUnavailable: the database cannot be read.
        AuditBroken: a row of the trail cannot be read.
    """
    with read(engine) as connection:
        for record in repository.created(connection, since, until):
            yield of(record, audit.history(connection, record.suggestion.id))


def of(record: Record, history: tuple[HistoryEntry, ...]) -> Decided:
    """What became of one suggestion."""
    suggestion, triage, draft = record.suggestion, record.suggestion.triage, record.suggestion.draft
    last = next((one for one in reversed(history) if one.action in {"approved", "rejected"}), None)
    apart = distance(draft.text, record.text) if suggestion.status is Status.APPROVED else None
    reasons = (one.details.get(name) for one in history for name in ("reason", "override_reason"))
    return Decided(
        id=suggestion.id,
        created_at=suggestion.created_at,
        fate=_fate(suggestion.status, apart),
        distance=None if apart is None else round(apart, 4),
        seconds=(last.at - suggestion.created_at).total_seconds() if last else None,
        drafts=1 + sum(one.action == "regenerated" for one in history),
        escalated=any(one.action == "escalated" for one in history),
        overridden=any(one.details.get("override_reason") for one in history),
        reasons=tuple(str(reason) for reason in reasons if reason),
        tier=triage.tier,
        intent=triage.main_intent,
        language=triage.language,
        marketplace=suggestion.case.message.marketplace,
        drafter=draft.drafter,
        model=draft.model or "composer",
        prompt=draft.prompt or "none",
        agent=last.actor if last else None,
        role=Role(last.role) if last else None,
    )


def _fate(status: Status, apart: float | None) -> Fate:
    if apart is None:
        return {Status.REJECTED: "rejected", Status.STALE: "stale"}.get(status, "open")  # type: ignore[return-value]
    return "unedited" if apart == 0 else "lightly_edited" if apart <= LIGHT else "rewritten"
