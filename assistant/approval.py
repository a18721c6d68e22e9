"""Who must say yes to a text before it goes out, and which state of a suggestion may follow which.

Sources: the rules of the desk: three tiers, a compliance owner for danger and law, finance for every refund.
"""

from collections.abc import Iterable
from hashlib import sha256
from typing import Final

from assistant.domain import Approval, Finding, GuardReport, Triage
from assistant.errors import Conflict
from assistant.triage import rules
from assistant.vocabulary import RiskFlag, Role, Status, Tier

TRANSITIONS: Final[dict[Status, frozenset[Status]]] = {
    Status.PENDING_APPROVAL: frozenset(Status),
    Status.ESCALATED: frozenset(
        {Status.APPROVED, Status.REJECTED, Status.STALE, Status.PENDING_APPROVAL, Status.ESCALATED},
    ),
    Status.REJECTED: frozenset({Status.PENDING_APPROVAL}),
    Status.APPROVED: frozenset(),
    Status.STALE: frozenset(),
}
"""Which state may follow which. Regenerating leads to pending approval; approved and stale are final.

An escalated case may be escalated again: a supervisor passes on to compliance what is not theirs to decide.
"""

_TIER_ROLE: Final[dict[Tier, tuple[Role, str]]] = {
    1: (Role.AGENT, "tier 1: routine, one agent approves"),
    2: (Role.AGENT, "tier 2: standard procedure, an agent approves"),
    3: (Role.SUPERVISOR, "tier 3: a supervisor decides"),
}
_COMPLIANCE_FLAGS: Final = frozenset({RiskFlag.SAFETY, RiskFlag.LEGAL, RiskFlag.PRIVACY})
_MONEY_FINDINGS: Final = ("PR-", "AMZ-34", "AMZ-35")
_MONEY_WORD: Final = "money word"
_APPROVERS: Final = frozenset({Role.AGENT, Role.SUPERVISOR, Role.FINANCE, Role.COMPLIANCE})


def required(triage: Triage, text: str, guard: GuardReport) -> Approval:
    """Decide the roles whose yes this very ``text`` needs, each with its reason."""
    role, reason = _TIER_ROLE[triage.tier]
    roles, reasons = [role], [reason]
    commitments = [*_commitments(text), *_money_findings(guard.findings)]
    if commitments:
        roles.append(Role.FINANCE)
        reasons.extend(f"finance: {commitment}" for commitment in commitments)
    flags = [flag.value for flag in triage.risk_flags if flag in _COMPLIANCE_FLAGS]
    if flags:
        roles.append(Role.COMPLIANCE)
        reasons.append(f"compliance: the message is flagged {', '.join(flags)}")
    if guard.verdict != "pass":
        rules_hit = sorted({finding.rule for finding in guard.findings if finding.severity != "warn"})
        cure = (
            "a supervisor must give a reason to override"
            if guard.verdict == "needs_edit"
            else "must be edited"
        )
        reasons.append(f"guard: {guard.verdict} by {', '.join(rules_hit)}; {cure}")
    return Approval(required_roles=tuple(roles), reasons=tuple(reasons))


def advance(status: Status, to: Status) -> Status:
    """Return ``to`` where it may follow ``status``; raises Conflict where it may not."""
    if to not in TRANSITIONS[status]:
        raise Conflict(f"a suggestion that is {status.value} cannot become {to.value}")
    return to


def can_satisfy(role: Role, required: Role) -> bool:
    """Whether a yes of ``role`` counts as the yes of ``required``: a supervisor may stand in for an agent."""
    if role not in _APPROVERS:
        return False
    return role is required or (role is Role.SUPERVISOR and required is Role.AGENT)


def text_hash(text: str) -> str:
    """Fingerprint that binds a yes to the text it was given for: SHA-256 of its UTF-8 bytes, in hex."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def outstanding(approval: Approval, text: str) -> tuple[Role, ...]:
    """Roles whose yes is still missing for this very text; a yes to another text does not count."""
    fingerprint = text_hash(text)
    given = [answer.role for answer in approval.given if answer.text_hash == fingerprint]
    return tuple(
        missing
        for missing in approval.required_roles
        if not any(can_satisfy(role, missing) for role in given)
    )


def _commitments(text: str) -> list[str]:
    """Sentences of the text that bind the seller to pay, not those that explain how refunds work."""
    binding = [row for row in rules.table("commitments") if row.mark != _MONEY_WORD]
    return [str(match) for match in rules.find(binding, rules.Folded.of(text))]


def _money_findings(findings: Iterable[Finding]) -> list[str]:
    money = [row for row in rules.table("commitments") if row.mark == _MONEY_WORD]
    return [
        f"{finding.rule} found '{finding.evidence}'"
        for finding in findings
        if finding.rule.startswith(_MONEY_FINDINGS) and rules.find(money, rules.Folded.of(finding.evidence))
    ]
