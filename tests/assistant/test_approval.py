"""Who must say yes, whose yes counts, and which state may follow which."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.approval import TRANSITIONS, advance, can_satisfy, outstanding, required, text_hash
from assistant.domain import Approval, GivenApproval, GuardReport, Triage
from assistant.errors import Conflict
from assistant.vocabulary import Role, Status

CALM = "Your parcel is on its way and should be with you on Tuesday."
PASSED = GuardReport(verdict="pass", grounding="checked", pack="base")


def triage(tier: int = 1, flags: tuple[str, ...] = ()) -> Triage:
    fields = {"tier": tier, "intents": (), "risk_flags": flags, "language": "en", "route": "agent"}
    return Triage.model_validate(fields)


def guard(verdict: str, **finding: Any) -> GuardReport:
    base = {"rule": "X-1", "severity": "edit", "start": 0, "end": 1, "evidence": "x", "message": "m"}
    fields = {"verdict": verdict, "grounding": "checked", "pack": "base", "findings": [{**base, **finding}]}
    return GuardReport.model_validate(fields)


@pytest.mark.parametrize(
    ("tier", "flags", "text", "roles"),
    [
        (1, (), CALM, {"agent"}),
        (2, (), CALM, {"agent"}),
        (2, (), "We will refund you in full.", {"agent", "finance"}),
        (1, (), "We will refund you in full.", {"agent", "finance"}),
        (3, (), CALM, {"supervisor"}),
        (3, ("a_to_z",), CALM, {"supervisor"}),
        (3, ("safety",), CALM, {"supervisor", "compliance"}),
        (3, ("legal", "privacy"), "We will refund you in full.", {"supervisor", "compliance", "finance"}),
    ],
)
def test_required_roles(tier: int, flags: tuple[str, ...], text: str, roles: set[str]) -> None:
    approval = required(triage(tier, flags), text, PASSED)
    assert set(approval.required_roles) == roles
    assert len(approval.reasons) >= len(roles)


COMMITMENTS = [
    "You will receive a full refund once the item is back.",
    "We have refunded your order.",
    "We can refund 20 % through Amazon and you keep the item.",
    "I'll issue a refund of €20 today.",
    "Wir erstatten Ihnen den vollen Kaufpreis.",
    "Alternativ erstatten wir über Amazon 20 %, und Sie behalten den Artikel.",
    "Wir haben die Rückerstattung veranlasst.",
    "Nous vous rembourserons intégralement.",
    "Nous pouvons vous proposer un remboursement de 20 %.",
    "La rimborseremo completamente.",
    "Possiamo rimborsarle 10 €.",
    "Le reembolsaremos el importe completo.",
    "Podemos devolverle el 20 %.",
    "Amazon経由で20%を返金いたします。",
    "全額返金させていただきます。",
    "我们会给您全额退款。",
    "我们可通过亚马逊退款20%，您保留商品。",
]
EXPLANATIONS = [
    "Refunds usually take 3-5 business days once the return has arrived.",
    "Amazon refunds to your original payment method; your bank may need 3–5 days.",
    "The refund of 19.99 EUR was issued on 3 May.",
    "Would you prefer a replacement or a refund?",
    "Nach Eingang der Rücksendung wird die Erstattung über Amazon ausgelöst.",
    "Le remboursement est effectué par Amazon après réception du retour.",
    "Il rimborso avviene tramite Amazon dopo la ricezione del reso.",
    "El reembolso se realiza a través de Amazon cuando llega la devolución.",
    "銀行への反映に数日かかる場合がございます。",
    "退款将原路返回您的银行卡。",
    "退款通常在收到退货后3-5天到账。",
]


@pytest.mark.parametrize("text", COMMITMENTS)
def test_a_commitment_needs_finance(text: str) -> None:
    approval = required(triage(2), text, PASSED)
    assert Role.FINANCE in approval.required_roles
    assert any(reason.startswith("finance: ") for reason in approval.reasons)


@pytest.mark.parametrize("text", EXPLANATIONS)
def test_an_explanation_of_refunds_does_not(text: str) -> None:
    assert required(triage(2), text, PASSED).required_roles == (Role.AGENT,)


@pytest.mark.parametrize(
    ("rule", "evidence", "finance"),
    [
        ("PR-01", "refund tomorrow", True),
        ("AMZ-34", "Erstattung", True),
        ("AMZ-35", "返金", True),
        ("AMZ-35", "has been shipped", False),
        ("AMZ-08", "refund", False),
    ],
)
def test_findings_about_money_need_finance(rule: str, evidence: str, finance: bool) -> None:
    approval = required(triage(2), CALM, guard("needs_edit", rule=rule, evidence=evidence))
    assert (Role.FINANCE in approval.required_roles) is finance
    assert any("needs_edit" in reason and rule in reason for reason in approval.reasons)


def test_a_blocked_text_is_said_to_be_so() -> None:
    assert any("blocked" in reason for reason in required(triage(), CALM, guard("blocked")).reasons)


def given_by(role: Role, text: str) -> GivenApproval:
    return GivenApproval(role=role, by="k", at=datetime(2026, 11, 22, tzinfo=UTC), text_hash=text_hash(text))


def test_a_yes_counts_for_its_very_text() -> None:
    approval = Approval(required_roles=(Role.AGENT, Role.FINANCE), given=(given_by(Role.AGENT, CALM),))
    assert outstanding(approval, CALM) == (Role.FINANCE,)
    assert outstanding(approval, CALM + "!") == (Role.AGENT, Role.FINANCE)
    complete = approval.model_copy(update={"given": (*approval.given, given_by(Role.FINANCE, CALM))})
    assert outstanding(complete, CALM) == ()


def test_a_supervisor_stands_in_for_an_agent_only() -> None:
    approval = Approval(
        required_roles=(Role.AGENT, Role.FINANCE, Role.COMPLIANCE, Role.SUPERVISOR),
        given=(given_by(Role.SUPERVISOR, CALM),),
    )
    assert outstanding(approval, CALM) == (Role.FINANCE, Role.COMPLIANCE)


@given(st.sampled_from(Role), st.sampled_from(Role))
def test_whose_yes_counts(role: Role, needed: Role) -> None:
    approvers = {Role.AGENT, Role.SUPERVISOR, Role.FINANCE, Role.COMPLIANCE}
    same = role == needed and role in approvers
    assert can_satisfy(role, needed) == (same or (role, needed) == (Role.SUPERVISOR, Role.AGENT))


@given(st.lists(st.sampled_from(Status), max_size=12))
def test_state_machine(steps: list[Status]) -> None:
    status = Status.PENDING_APPROVAL
    for step in steps:
        if step in TRANSITIONS[status]:
            assert status not in {Status.APPROVED, Status.STALE}
            status = advance(status, step)
            assert status is step
        else:
            with pytest.raises(Conflict, match="cannot become"):
                advance(status, step)


def test_every_state_has_its_row_and_approval_is_reachable_only_from_open_states() -> None:
    assert set(TRANSITIONS) == set(Status)
    sources = {source for source, targets in TRANSITIONS.items() if Status.APPROVED in targets}
    assert sources == {Status.PENDING_APPROVAL, Status.ESCALATED}
    assert TRANSITIONS[Status.REJECTED] == {Status.PENDING_APPROVAL}
    assert advance(Status.ESCALATED, Status.ESCALATED) is Status.ESCALATED  # handed on once more


@given(st.text(max_size=50), st.text(max_size=50))
def test_hashes_tell_texts_apart(one: str, other: str) -> None:
    assert (text_hash(one) == text_hash(other)) == (one == other)
