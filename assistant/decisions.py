"""What a person may decide about a suggestion: pure functions from a stored record to the next one.

The state machine and the rules of who must agree are those of ``assistant.approval``.
"""

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from assistant.approval import advance, can_satisfy, outstanding, required, text_hash
from assistant.domain import Actor, Approval, GivenApproval, GuardReport, Proposal, Triage
from assistant.errors import Conflict, GuardBlocked, InvalidInput, NotAllowed
from assistant.store.records import Record
from assistant.vocabulary import MAX_TEXT, Role, Status

ESCALATION_ROLES = (Role.SUPERVISOR, Role.FINANCE, Role.COMPLIANCE)
MAX_REASON = 2_000


@dataclass(frozen=True, slots=True)
class Decision:
    """The record after a decision, and what the audit trail says of it."""

    record: Record
    action: str
    details: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Yes:
    """A person's yes to ``text``; ``override_reason`` is a supervisor's for findings that ask for an edit."""

    text: str
    note: str | None = None
    override_reason: str | None = None


def checked_text(text: str) -> str:
    """Return a text that may be sent at all.

    Raises:
        InvalidInput: nothing in it can be seen, it is too long, or it holds control characters.
    """
    kinds = {unicodedata.category(char) for char in text if char not in "\n\r\t"}
    if all(kind[0] in "CZ" for kind in kinds):
        raise InvalidInput("the text to approve is empty")
    if kinds & {"Cc", "Cs"}:
        raise InvalidInput("the text to approve holds control characters; write it again without them")
    if len(text) > MAX_TEXT:
        raise InvalidInput(f"the text to approve is longer than {MAX_TEXT} characters")
    return text


def approve(record: Record, actor: Actor, yes: Yes, guard: GuardReport, *, now: datetime) -> Decision:
    """Take a yes to a text whose guard report is ``guard``; the last one needed approves the suggestion.

    Raises:
        Conflict: the state forbids it, or this role has said yes to this text before.
        GuardBlocked: the guard forbids the text, or asks for an edit that nobody overrode.
        NotAllowed: the role can give none of the answers still missing, or may not override.
    """
    suggestion, text = record.suggestion, yes.text
    advance(suggestion.status, Status.APPROVED)
    if guard.verdict == "blocked":
        raise GuardBlocked(guard)
    approval = demanded(record.escalated_to, suggestion.triage, text, guard)
    fingerprint = text_hash(text)
    given = tuple(answer for answer in suggestion.approval.given if answer.text_hash == fingerprint)
    approval = approval.model_copy(update={"given": given})
    _may_answer(actor, approval, text)
    override = _override(record, actor, yes, guard)
    answer = GivenApproval(role=actor.role, by=actor.name, at=now, text_hash=fingerprint)
    approval = approval.model_copy(update={"given": (*given, answer)})
    missing = outstanding(approval, text)
    changes: dict[str, Any] = {"approval": approval, "guard": guard}
    if text != record.text or not missing:
        changes["final_text"] = text
    if not missing:
        changes["status"] = Status.APPROVED
    details = {
        "text_sha256": fingerprint,
        "edited": text != suggestion.draft.text,
        "verdict": guard.verdict,
        "rules": rules(guard),
        "outstanding": [role.value for role in missing],
        "note": yes.note,
        "override_reason": yes.override_reason if override is not None else None,
    }
    changed = _changed(record, changes, override=override)
    return Decision(changed, "approval_given" if missing else "approved", _present(details))


def reject(record: Record, reason: str) -> Decision:
    """Drop the draft; raises Conflict where the state forbids it, InvalidInput without a reason."""
    reason = _reason(reason)
    status = advance(record.suggestion.status, Status.REJECTED)
    details = {"reason": reason, "text_sha256": text_hash(record.text)}
    return Decision(_changed(record, {"status": status}), "rejected", details)


def escalate(record: Record, to: Role, reason: str) -> Decision:
    """Hand the suggestion to ``to``, whose yes is needed from now on, whatever becomes of the draft.

    Raises:
        InvalidInput: no reason, or a role that approves nothing beyond an agent.
        Conflict: the state forbids it.
    """
    if to not in ESCALATION_ROLES:
        raise InvalidInput(f"escalate to one of {', '.join(ESCALATION_ROLES)}, not to {to}")
    reason = _reason(reason)
    suggestion = record.suggestion
    status = advance(suggestion.status, Status.ESCALATED)
    roles = tuple(dict.fromkeys((to, *record.escalated_to)))
    approval = demanded(roles, suggestion.triage, record.text, suggestion.guard)
    approval = approval.model_copy(update={"given": suggestion.approval.given})
    changes = {"status": status, "approval": approval, "assignee": to.value}
    return Decision(
        _changed(record, changes, escalated_to=roles), "escalated", {"to": to.value, "reason": reason}
    )


def redraft(record: Record, proposal: Proposal) -> Decision:
    """Put a new draft in place of the old one: every yes is void, the deadline and escalations stay.

    Raises:
        Conflict: the state forbids it.
    """
    advance_redraft(record)
    suggestion = record.suggestion
    changes = {
        "status": Status.PENDING_APPROVAL,
        "triage": proposal.triage,
        "passages": proposal.passages,
        "draft": proposal.draft,
        "guard": proposal.guard,
        "approval": demanded(record.escalated_to, proposal.triage, proposal.draft.text, proposal.guard),
        "final_text": None,
    }
    details = {
        "previous_text_sha256": text_hash(record.text),
        "text_sha256": text_hash(proposal.draft.text),
        "voided": [f"{answer.role.value}: {answer.by}" for answer in suggestion.approval.given],
    }
    return Decision(_changed(record, changes, override=None), "regenerated", details)


def advance_redraft(record: Record) -> None:
    """Raise Conflict where no new draft may be made; asked before the work and again after it."""
    advance(record.suggestion.status, Status.PENDING_APPROVAL)


def retire(record: Record, successor: str) -> Decision:
    """Mark a suggestion stale: the buyer has written again, and ``successor`` answers that message."""
    status = advance(record.suggestion.status, Status.STALE)
    return Decision(_changed(record, {"status": status}), "stale", {"successor": successor})


def demanded(escalated_to: tuple[Role, ...], triage: Triage, text: str, guard: GuardReport) -> Approval:
    """Roles whose yes a text needs: those of tier, findings and amounts, and those it was escalated to.

    An escalation takes the decision from the agent; where findings need an override, a supervisor stays.
    """
    approval = required(triage, text, guard)
    if not escalated_to:
        return approval
    others = (role for role in approval.required_roles if role is not Role.AGENT)
    roles = tuple(dict.fromkeys((*escalated_to, *others)))
    if guard.verdict == "needs_edit" and Role.SUPERVISOR not in roles:
        roles = (*roles, Role.SUPERVISOR)
    reasons = (*(f"escalated to {role.value}" for role in escalated_to), *approval.reasons)
    return Approval(required_roles=roles, reasons=reasons)


def _may_answer(actor: Actor, approval: Approval, text: str) -> None:
    wanted = outstanding(approval, text) or approval.required_roles
    if any(can_satisfy(actor.role, role) for role in wanted):
        return
    waiting = ", ".join(role.value for role in wanted)
    if any(answer.role is actor.role for answer in approval.given):
        raise Conflict(f"{actor.role.value} has approved this text already; still missing: {waiting}")
    raise NotAllowed(f"{actor.role.value} cannot give the approval that is missing: {waiting}")


def _override(record: Record, actor: Actor, yes: Yes, guard: GuardReport) -> str | None:
    """Fingerprint of text and findings that may pass although the guard asks for an edit."""
    if guard.verdict != "needs_edit":
        return None
    fingerprint = text_hash("\n".join((*rules(guard), yes.text)))
    if record.override == fingerprint:
        return fingerprint
    if not (yes.override_reason or "").strip():
        raise GuardBlocked(guard)
    if actor.role is not Role.SUPERVISOR:
        raise NotAllowed(f"only a supervisor may override findings, not {actor.role.value}")
    return fingerprint


def rules(guard: GuardReport) -> list[str]:
    """Ids of the rules that stand in the way of a text."""
    return sorted({finding.rule for finding in guard.findings if finding.severity != "warn"})


def _reason(reason: str) -> str:
    reason = reason.strip()
    if not 1 <= len(reason) <= MAX_REASON:
        raise InvalidInput(f"a reason of 1 to {MAX_REASON} characters is needed")
    return reason


def _changed(record: Record, changes: dict[str, Any], **beside: Any) -> Record:
    return record.model_copy(update={"suggestion": record.suggestion.model_copy(update=changes), **beside})


def _present(details: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in details.items() if value is not None}
