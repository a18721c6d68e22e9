"""The use cases: load in one short transaction, run, save in a second one together with the audit row.

No model call and no guard run holds a transaction open. Safe to share between threads.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection, Engine

from assistant import decisions
from assistant.approval import text_hash
from assistant.decisions import Decision, Yes
from assistant.domain import Actor, Case, GuardReport, Proposal, Suggestion, Triage
from assistant.errors import Conflict, GuardBlocked, StoreUnavailable
from assistant.guard.check import check as guard_check
from assistant.guard.context import GuardContext, GuardRequest
from assistant.pipeline import guard_context
from assistant.readiness import Part, Readiness, database, no_model, served
from assistant.store import audit, idempotency, repository
from assistant.store.engine import read, write
from assistant.store.idempotency import Claim, Runs
from assistant.store.records import OPEN, Page, QueueFilter, Record, StoredDraft
from assistant.triage.classify import TriageRequest, classify
from assistant.vocabulary import Role, Status
from knowledge_base.types import Hit, Query, ReleaseInfo

WAIT_SECONDS = 5.0
"""How long a second request with the same idempotency key waits for the first one's draft."""

_POLL_SECONDS = 0.1


class Propose(Protocol):
    """The pipeline with its desk."""

    def __call__(self, case: Case, *, instructions: str | None = None) -> Proposal:
        """Make a proposal."""
        ...


class Knowledge(Protocol):
    """The part of the knowledge base that the use cases need."""

    def search(self, query: Query) -> list[Hit]:
        """Find passages."""
        ...

    def active_release(self) -> ReleaseInfo | None:
        """The release that is served."""
        ...


class Service:
    """Everything that people and programs may do with suggestions."""

    def __init__(
        self,
        engine: Engine,
        *,
        propose: Propose,
        knowledge: Knowledge,
        now: Callable[[], datetime],
        runs: Runs,
        check: Callable[[str, GuardContext], GuardReport] = guard_check,
        probe_model: Callable[[], Part] = no_model,
        wait_seconds: float = WAIT_SECONDS,
    ) -> None:
        self._engine = engine
        self._propose = propose
        self._knowledge = knowledge
        self._now = now
        self._runs = runs
        self._check = check
        self._probe_model = probe_model
        self._wait_seconds = wait_seconds

    # --- asking for a reply ---------------------------------------------------------------------------------

    def suggest(self, case: Case, actor: Actor, idempotency_key: str | None = None) -> Suggestion:
        """Draft a reply and store it; older open suggestions of the same thread become stale.

        Raises:
            Conflict: the idempotency key was used for another request, or its first request is under way.
        """
        return self.suggest_once(case, actor, idempotency_key)[0]

    def suggest_once(self, case: Case, actor: Actor, idempotency_key: str | None) -> tuple[Suggestion, bool]:
        """Like :meth:`suggest`; also whether it is the suggestion of an earlier request with this key."""
        if idempotency_key is None:
            return self._draft(case, actor, None), False
        outcome = self._reserve(case, actor, idempotency_key)
        if outcome.suggestion_id is not None:
            return self.get(outcome.suggestion_id), True
        claim = outcome.claim
        if claim is None:
            raise Conflict("the first request with this idempotency key is still in progress: ask again soon")
        try:
            return self._draft(case, actor, claim), False
        except BaseException:
            with suppress(StoreUnavailable), write(self._engine) as connection:
                idempotency.release(connection, claim)
            raise
        finally:
            self._runs.end(claim.token)

    def regenerate(self, identity: str, actor: Actor, instructions: str | None = None) -> Suggestion:
        """Draft again for the same case; every yes to the old draft is void.

        Raises:
            NotFound: no such suggestion.
            Conflict: its state forbids it, it was changed meanwhile, or the buyer has written again.
        """
        record = self._load(identity)
        decisions.advance_redraft(record)
        proposal = self._propose(record.suggestion.case, instructions=instructions)
        now, decision = self._now(), decisions.redraft(record, proposal)
        with write(self._engine) as connection:
            if repository.has_successor(connection, record):
                raise Conflict("the buyer has written again in this thread: answer the newer message")
            number = repository.add_draft(connection, identity, proposal, instructions=instructions, at=now)
            return self._keep(connection, decision, actor, now, draft=number)

    # --- reading --------------------------------------------------------------------------------------------

    def get(self, identity: str) -> Suggestion:
        """Return one suggestion with its history; raises NotFound."""
        with read(self._engine) as connection:
            return self._shown(connection, repository.load(connection, identity))

    def listing(self, filters: QueueFilter | None = None) -> Page:
        """Return a page of the queue, nearest deadline first, without histories; raises InvalidInput."""
        with read(self._engine) as connection:
            page = repository.queue(connection, filters or QueueFilter())
        return page.model_copy(update={"items": tuple(map(self._ticked, page.items))})

    def counts(self) -> dict[Status, int]:
        """Return the number of suggestions in each state."""
        with read(self._engine) as connection:
            found = repository.counts(connection)
        return {status: found.get(status, 0) for status in Status}

    def drafts(self, identity: str) -> tuple[StoredDraft, ...]:
        """Return every draft of a suggestion with what the model saw, oldest first; raises NotFound."""
        with read(self._engine) as connection:
            repository.load(connection, identity)
            return repository.drafts(connection, identity)

    # --- deciding -------------------------------------------------------------------------------------------

    def approve(
        self,
        identity: str,
        actor: Actor,
        *,
        text: str | None = None,
        note: str | None = None,
        override_reason: str | None = None,
    ) -> Suggestion:
        """Say yes to the text as it stands or as edited here; the guard reads it again first.

        Raises:
            NotFound: no such suggestion.
            InvalidInput: the text is empty or too long.
            GuardBlocked: the guard forbids the text; nothing is approved.
            NotAllowed: this role's yes is not what is missing, or it may not override.
            Conflict: the state forbids it, or somebody else changed it meanwhile.
        """
        record = self._load(identity)
        final = decisions.checked_text(record.text if text is None else text)
        case, now = record.suggestion, self._now()
        report = self._check(final, guard_context(case.case, case.triage, case.passages, now))
        try:
            decision = decisions.approve(record, actor, Yes(final, note, override_reason), report, now=now)
        except GuardBlocked:
            details = {
                "text_sha256": text_hash(final),
                "verdict": report.verdict,
                "rules": decisions.rules(report),
            }
            with write(self._engine) as connection:
                audit.append(connection, actor, "approval_refused", identity, details, at=now)
            raise
        return self._save(decision, actor)

    def reject(self, identity: str, actor: Actor, reason: str) -> Suggestion:
        """Drop the draft; raises NotFound, InvalidInput without a reason, Conflict."""
        return self._save(decisions.reject(self._load(identity), reason), actor)

    def escalate(self, identity: str, actor: Actor, to: Role, reason: str) -> Suggestion:
        """Hand it to a role; raises NotFound, InvalidInput for a wrong role or without a reason, Conflict."""
        return self._save(decisions.escalate(self._load(identity), to, reason), actor)

    # --- tools without state --------------------------------------------------------------------------------

    def guard(self, request: GuardRequest) -> GuardReport:
        """Check a text; the time of sending is now where none is given."""
        context = request.context()
        return self._check(request.text, context.model_copy(update={"at": context.at or self._now()}))

    def triage(self, request: TriageRequest) -> Triage:
        """Say what a message is about and whose it is."""
        return classify(request.model_copy(update={"at": request.at or self._now()}))

    def search(self, query: Query) -> list[Hit]:
        """Search the served knowledge as of today where no day is given; raises KnowledgeError."""
        return self._knowledge.search(replace(query, at=query.at or self._now().date()))

    def ready(self) -> Readiness:
        """Say of each part whether it can be reached."""
        return Readiness(database(self._engine), served(self._knowledge.active_release), self._probe_model())

    # --- inside ---------------------------------------------------------------------------------------------

    def _draft(self, case: Case, actor: Actor, claim: Claim | None) -> Suggestion:
        proposal, now = self._propose(case), self._now()
        identity = repository.new_id(now)
        suggestion = Suggestion(
            id=identity,
            status=Status.PENDING_APPROVAL,
            created_at=now,
            case=case,
            triage=proposal.triage,
            passages=proposal.passages,
            draft=proposal.draft,
            guard=proposal.guard,
            clock=proposal.clock,
            approval=proposal.approval,
            assignee=actor.name,
        )
        record = Record(suggestion=suggestion)
        details = {"text_sha256": text_hash(record.text), "tier": suggestion.triage.tier}
        with write(self._engine) as connection:
            for old in repository.superseded(connection, case.message):
                self._keep(connection, decisions.retire(old, identity), actor, now)
            repository.add(connection, record)
            repository.add_draft(connection, identity, proposal, instructions=None, at=now)
            if claim is not None:
                idempotency.bind(connection, claim, identity)
            audit.append(connection, actor, "suggested", identity, details, at=now)
            return self._shown(connection, record)

    def _reserve(self, case: Case, actor: Actor, key: str) -> idempotency.Outcome:
        request = case.model_dump_json(exclude_none=True, by_alias=True)
        deadline = time.monotonic() + self._wait_seconds
        while True:
            with write(self._engine) as connection:
                outcome = idempotency.reserve(
                    connection, self._runs, actor.key_id, key, request, now=self._now()
                )
            if outcome != idempotency.WAIT or time.monotonic() >= deadline:
                return outcome
            time.sleep(_POLL_SECONDS)

    def _load(self, identity: str) -> Record:
        with read(self._engine) as connection:
            return repository.load(connection, identity)

    def _save(self, decision: Decision, actor: Actor) -> Suggestion:
        with write(self._engine) as connection:
            return self._keep(connection, decision, actor, self._now())

    def _keep(
        self, connection: Connection, decision: Decision, actor: Actor, now: datetime, **more: object
    ) -> Suggestion:
        saved = repository.save(connection, decision.record)
        identity = saved.suggestion.id
        audit.append(connection, actor, decision.action, identity, {**decision.details, **more}, at=now)
        return self._shown(connection, saved)

    def _shown(self, connection: Connection, record: Record) -> Suggestion:
        steps = audit.history(connection, record.suggestion.id)
        return self._ticked(record.suggestion.model_copy(update={"history": steps}))

    def _ticked(self, suggestion: Suggestion) -> Suggestion:
        """The deadline of an open suggestion goes on after it was stored."""
        if suggestion.status not in OPEN:
            return suggestion
        clock = suggestion.clock.model_copy(update={"overdue": self._now() > suggestion.clock.due_at})
        return suggestion.model_copy(update={"clock": clock})
