"""From a draft to a decision: who may, what it takes, what is left behind."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import Engine

from assistant.approval import text_hash
from assistant.domain import Actor, Case, Suggestion
from assistant.errors import Conflict, GuardBlocked, InvalidInput, NotAllowed
from assistant.service import Service
from assistant.store import audit
from assistant.vocabulary import Role, Status

PROMISE = "We will refund you 20.00 EUR."


@pytest.fixture
def agent(actor: Callable[..., Actor]) -> Actor:
    return actor("agent")


@pytest.fixture
def supervisor(actor: Callable[..., Actor]) -> Actor:
    return actor("supervisor")


@pytest.fixture
def finance(actor: Callable[..., Actor]) -> Actor:
    return actor("finance")


@pytest.fixture
def compliance(actor: Callable[..., Actor]) -> Actor:
    return actor("compliance")


@pytest.fixture
def suggest(service: Service, desk: Any, make_case: Callable[..., Case], agent: Actor) -> Any:
    def make(text: str = "We are looking into it.", case: Case | None = None, **triage: Any) -> Suggestion:
        desk.text, desk.triage = text, triage
        return service.suggest(case or make_case(), agent)

    return make


def actions(suggestion: Suggestion) -> list[str]:
    return [step.action for step in suggestion.history]


def test_a_suggestion_is_stored_with_what_the_model_saw(service: Service, suggest: Any) -> None:
    made = suggest("We are looking into it.\x00")
    again = service.get(made.id)
    assert again == made
    assert (made.status, made.assignee, actions(made)) == (Status.PENDING_APPROVAL, "agent", ["suggested"])
    (draft,) = service.drafts(made.id)
    assert draft.number == 1
    assert draft.proposal.rounds[0].request == "the request"
    assert draft.proposal.rounds[0].raw_reply == "the raw reply"
    assert draft.proposal.draft.text == "We are looking into it.\x00"


def test_an_agent_approves_a_routine_reply(service: Service, suggest: Any, agent: Actor) -> None:
    made = suggest()
    done = service.approve(made.id, agent, note="fine")
    assert (done.status, done.final_text) == (Status.APPROVED, "We are looking into it.")
    (given,) = done.approval.given
    assert (given.role, given.by, given.text_hash) == (Role.AGENT, "agent", text_hash(made.draft.text))
    details = done.history[-1].details
    assert (details["edited"], details["note"], details["outstanding"]) == (False, "fine", [])


def test_an_edit_is_guarded_and_kept(service: Service, suggest: Any, agent: Actor) -> None:
    made = suggest()
    done = service.approve(made.id, agent, text="We have found it.")
    assert (done.final_text, done.draft.text) == ("We have found it.", made.draft.text)
    assert done.history[-1].details["edited"]


@pytest.mark.parametrize("role", list(Role))
def test_a_blocked_text_is_approved_by_nobody(
    service: Service, suggest: Any, actor: Callable[..., Actor], role: Role, engine: Engine
) -> None:
    made = suggest()
    with pytest.raises(GuardBlocked) as caught:
        service.approve(made.id, actor(role.value), text="BLOCKME", override_reason="I want it")
    assert caught.value.report.findings[0].rule == "T-BLOCKME"
    now = service.get(made.id)
    assert (now.status, now.final_text, now.approval.given) == (Status.PENDING_APPROVAL, None, ())
    assert actions(now) == ["suggested", "approval_refused"]
    assert "BLOCKME now" not in str(list(audit.export(engine)))


class TestOverride:
    def test_an_agent_is_told_the_findings(self, service: Service, suggest: Any, agent: Actor) -> None:
        with pytest.raises(GuardBlocked, match="needs_edit by T-EDITME"):
            service.approve(suggest("EDITME").id, agent)

    def test_an_agent_may_not_override(self, service: Service, suggest: Any, agent: Actor) -> None:
        with pytest.raises(NotAllowed, match="only a supervisor"):
            service.approve(suggest("EDITME").id, agent, override_reason="it is fine")

    @pytest.mark.parametrize("reason", [None, "", "  "])
    def test_a_supervisor_needs_a_reason(
        self, service: Service, suggest: Any, supervisor: Actor, reason: str | None
    ) -> None:
        with pytest.raises(GuardBlocked):
            service.approve(suggest("EDITME").id, supervisor, override_reason=reason)

    def test_a_supervisor_with_a_reason_may(self, service: Service, suggest: Any, supervisor: Actor) -> None:
        done = service.approve(suggest("EDITME").id, supervisor, override_reason="quoted from the buyer")
        assert done.status is Status.APPROVED
        assert done.history[-1].details["override_reason"] == "quoted from the buyer"

    def test_it_holds_for_the_next_yes_to_the_same_text_alone(
        self, service: Service, suggest: Any, supervisor: Actor, finance: Actor
    ) -> None:
        made = suggest(f"EDITME {PROMISE}")
        with pytest.raises(GuardBlocked):
            service.approve(made.id, finance)
        service.approve(made.id, supervisor, override_reason="agreed with the buyer")
        with pytest.raises(GuardBlocked):
            service.approve(made.id, finance, text=f"EDITME again. {PROMISE}")
        assert service.approve(made.id, finance).status is Status.APPROVED

    def test_an_edit_by_another_role_drops_it(
        self, service: Service, suggest: Any, supervisor: Actor, finance: Actor
    ) -> None:
        made = suggest(f"EDITME {PROMISE}")
        service.approve(made.id, supervisor, override_reason="agreed with the buyer")
        partly = service.approve(made.id, finance, text=PROMISE)
        assert partly.status is Status.PENDING_APPROVAL
        assert [given.role for given in partly.approval.given] == [Role.FINANCE]

    def test_after_an_escalation_a_supervisor_stays_in_it(
        self, service: Service, suggest: Any, agent: Actor, supervisor: Actor, compliance: Actor
    ) -> None:
        made = suggest("EDITME")
        roles = service.escalate(made.id, agent, Role.COMPLIANCE, "unsure").approval.required_roles
        assert roles == (Role.COMPLIANCE, Role.SUPERVISOR)
        service.approve(made.id, supervisor, override_reason="harmless here")
        assert service.approve(made.id, compliance).status is Status.APPROVED


class TestSeveralRoles:
    def test_the_last_yes_approves(
        self, service: Service, suggest: Any, agent: Actor, finance: Actor
    ) -> None:
        made = suggest(PROMISE)
        first = service.approve(made.id, finance)
        assert (first.status, first.history[-1].action) == (Status.PENDING_APPROVAL, "approval_given")
        assert first.approval.required_roles == (Role.AGENT, Role.FINANCE)
        assert service.approve(made.id, agent).status is Status.APPROVED

    def test_the_same_role_twice_is_no_second_yes(self, service: Service, suggest: Any, agent: Actor) -> None:
        made = suggest(PROMISE)
        service.approve(made.id, agent)
        with pytest.raises(Conflict, match="already; still missing: finance"):
            service.approve(made.id, agent)

    def test_another_text_needs_every_yes_again(
        self, service: Service, suggest: Any, agent: Actor, finance: Actor
    ) -> None:
        made = suggest(PROMISE)
        service.approve(made.id, finance)
        edited = service.approve(made.id, agent, text=f"{PROMISE} Sorry!")
        assert edited.status is Status.PENDING_APPROVAL
        assert edited.final_text == f"{PROMISE} Sorry!"
        done = service.approve(made.id, finance)
        assert (done.status, done.final_text) == (Status.APPROVED, f"{PROMISE} Sorry!")

    def test_an_edit_that_promises_money_brings_finance_in(
        self, service: Service, suggest: Any, agent: Actor
    ) -> None:
        done = service.approve(suggest().id, agent, text=PROMISE)
        assert done.status is Status.PENDING_APPROVAL
        assert Role.FINANCE in done.approval.required_roles

    def test_an_edit_that_promises_nothing_lets_finance_out(
        self, service: Service, suggest: Any, agent: Actor
    ) -> None:
        assert service.approve(suggest(PROMISE).id, agent, text="We look into it.").status is Status.APPROVED

    def test_a_danger_needs_compliance_and_supervisor(
        self, service: Service, suggest: Any, supervisor: Actor, compliance: Actor
    ) -> None:
        made = suggest(tier=3, risk_flags=("safety",))
        service.approve(made.id, compliance)
        assert service.approve(made.id, supervisor).status is Status.APPROVED


@pytest.mark.parametrize("role", ["finance", "compliance", "knowledge_manager", "qa", "admin"])
def test_a_role_that_is_not_asked_may_not(
    service: Service, suggest: Any, actor: Callable[..., Actor], role: str
) -> None:
    with pytest.raises(NotAllowed, match=f"{role} cannot give the approval that is missing: agent"):
        service.approve(suggest().id, actor(role))


def test_an_agent_may_not_approve_what_a_supervisor_decides(
    service: Service, suggest: Any, agent: Actor, supervisor: Actor
) -> None:
    made = suggest(tier=3)
    with pytest.raises(NotAllowed):
        service.approve(made.id, agent)
    assert service.approve(made.id, supervisor).status is Status.APPROVED


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n",
        "x" * 250_001,
        "\u200b\u2060\u3000",
        "Hello\x00 there",
        "Hello \x1b[31mthere",
        "Hello \ud800",
    ],
)
def test_a_text_nobody_could_send_is_refused(service: Service, suggest: Any, agent: Actor, text: str) -> None:
    with pytest.raises(InvalidInput):
        service.approve(suggest().id, agent, text=text)


@pytest.mark.parametrize("reason", ["", "  ", "x" * 2_001])
def test_no_and_handing_over_need_a_reason(service: Service, suggest: Any, agent: Actor, reason: str) -> None:
    made = suggest()
    with pytest.raises(InvalidInput, match="reason"):
        service.reject(made.id, agent, reason)
    with pytest.raises(InvalidInput, match="reason"):
        service.escalate(made.id, agent, Role.SUPERVISOR, reason)


def test_what_is_decided_stays_decided(service: Service, suggest: Any, agent: Actor) -> None:
    approved, rejected = suggest().id, suggest().id
    service.approve(approved, agent)
    assert actions(service.reject(rejected, agent, "spam")) == ["suggested", "rejected"]
    acts: tuple[Callable[[], Suggestion], ...] = (
        lambda: service.approve(approved, agent),
        lambda: service.reject(approved, agent, "late"),
        lambda: service.escalate(approved, agent, Role.SUPERVISOR, "late"),
        lambda: service.regenerate(approved, agent),
        lambda: service.approve(rejected, agent),
        lambda: service.escalate(rejected, agent, Role.SUPERVISOR, "late"),
    )
    for act in acts:
        with pytest.raises(Conflict):
            act()


class TestEscalation:
    def test_the_role_decides_instead_of_the_agent(
        self, service: Service, suggest: Any, agent: Actor, compliance: Actor
    ) -> None:
        made = service.escalate(suggest().id, agent, Role.COMPLIANCE, "sounds legal")
        assert (made.status, made.assignee) == (Status.ESCALATED, "compliance")
        assert made.approval.required_roles == (Role.COMPLIANCE,)
        assert made.history[-1].details == {"to": "compliance", "reason": "sounds legal"}
        with pytest.raises(NotAllowed):
            service.approve(made.id, agent)
        assert service.approve(made.id, compliance).status is Status.APPROVED

    def test_finance_stays(
        self, service: Service, suggest: Any, agent: Actor, supervisor: Actor, finance: Actor
    ) -> None:
        made = service.escalate(suggest(PROMISE).id, agent, Role.SUPERVISOR, "a lot of money")
        assert made.approval.required_roles == (Role.SUPERVISOR, Role.FINANCE)
        assert service.approve(made.id, supervisor).status is Status.ESCALATED
        assert service.approve(made.id, finance).status is Status.APPROVED

    def test_a_supervisor_hands_it_on(
        self, service: Service, suggest: Any, agent: Actor, supervisor: Actor, compliance: Actor
    ) -> None:
        made = service.escalate(suggest().id, agent, Role.SUPERVISOR, "not mine")
        made = service.escalate(made.id, supervisor, Role.COMPLIANCE, "not mine either")
        assert (made.status, made.assignee) == (Status.ESCALATED, "compliance")
        assert made.approval.required_roles == (Role.COMPLIANCE, Role.SUPERVISOR)
        assert service.approve(made.id, compliance).status is Status.ESCALATED
        assert service.approve(made.id, supervisor).status is Status.APPROVED

    @pytest.mark.parametrize("to", [Role.AGENT, Role.ADMIN, Role.QA, Role.KNOWLEDGE_MANAGER])
    def test_only_to_those_who_decide_more(
        self, service: Service, suggest: Any, agent: Actor, to: Role
    ) -> None:
        with pytest.raises(InvalidInput, match="supervisor, finance, compliance"):
            service.escalate(suggest().id, agent, to, "please")

    def test_neither_edit_nor_new_draft_gets_round_it(
        self, service: Service, suggest: Any, agent: Actor, compliance: Actor
    ) -> None:
        made = service.escalate(suggest().id, agent, Role.COMPLIANCE, "sounds legal")
        with pytest.raises(NotAllowed):
            service.approve(made.id, agent, text="Another text.")
        again = service.regenerate(made.id, agent)
        assert again.approval.required_roles == (Role.COMPLIANCE,)
        with pytest.raises(NotAllowed):
            service.approve(made.id, agent)
        assert service.approve(made.id, compliance).status is Status.APPROVED


class TestRegenerate:
    def test_the_new_draft_replaces_the_old_one_and_every_yes(
        self, service: Service, suggest: Any, desk: Any, finance: Actor, agent: Actor
    ) -> None:
        made = suggest(PROMISE)
        service.approve(made.id, finance)
        desk.text = "We will call the carrier."
        again = service.regenerate(made.id, agent, "no money\x00")
        assert (again.draft.text, again.approval.given, again.final_text) == (desk.text, (), None)
        assert (again.clock, again.created_at) == (made.clock, made.created_at)
        step = again.history[-1]
        assert step.details["previous_text_sha256"] == text_hash(PROMISE)
        assert (step.details["voided"], step.details["draft"]) == (["finance: finance"], 2)
        old, new = service.drafts(made.id)
        assert (old.proposal.draft.text, new.proposal.draft.text) == (PROMISE, desk.text)
        assert (old.instructions, new.instructions) == (None, "no money")
        assert desk.calls == [None, "no money\x00"]

    def test_a_rejected_one_comes_back(self, service: Service, suggest: Any, agent: Actor) -> None:
        made = suggest()
        service.reject(made.id, agent, "too cold")
        assert service.regenerate(made.id, agent).status is Status.PENDING_APPROVAL

    def test_not_when_the_buyer_wrote_again(
        self, service: Service, suggest: Any, agent: Actor, make_case: Callable[..., Case]
    ) -> None:
        made = suggest(case=make_case("one", message={"thread_id": "t"}))
        service.reject(made.id, agent, "too cold")
        suggest(case=make_case("two", message={"thread_id": "t"}))
        with pytest.raises(Conflict, match="written again"):
            service.regenerate(made.id, agent)

    def test_a_decision_in_the_meantime_wins(
        self, service: Service, suggest: Any, desk: Any, agent: Actor
    ) -> None:
        made = suggest()
        desk.on_call = lambda: service.approve(made.id, agent)
        with pytest.raises(Conflict, match="somebody else"):
            service.regenerate(made.id, agent)
        assert service.get(made.id).status is Status.APPROVED
        assert len(service.drafts(made.id)) == 1


class TestStale:
    def test_a_new_message_makes_open_answers_stale(
        self, service: Service, suggest: Any, make_case: Callable[..., Case], agent: Actor
    ) -> None:
        def case(text: str, **message: str) -> Case:
            return make_case(text, message={"thread_id": "t\x00", **message})

        pending, escalated, done = suggest(case=case("a")), suggest(case=case("a")), suggest(case=case("a"))
        service.escalate(escalated.id, agent, Role.SUPERVISOR, "hm")
        service.approve(done.id, agent)
        other_market = suggest(case=case("a", marketplace="FR"))
        other_thread = suggest(case=make_case("a", message={"thread_id": "u"}))
        no_thread = suggest(case=make_case("a"))
        newest = suggest(case=case("b"))
        assert service.get(pending.id).status is Status.STALE
        assert service.get(escalated.id).status is Status.STALE
        assert service.get(done.id).status is Status.APPROVED
        for untouched in (other_market, other_thread, no_thread, newest):
            assert service.get(untouched.id).status is Status.PENDING_APPROVAL
        assert service.get(pending.id).history[-1].details == {"successor": newest.id}
        with pytest.raises(Conflict):
            service.approve(pending.id, agent)

    @pytest.mark.parametrize(
        ("old", "new", "stale"),
        [
            ({"message_id": "1"}, {"message_id": "2"}, True),
            ({"message_id": "1"}, {"message_id": "1"}, False),
            ({"text": "a"}, {"text": "b"}, True),
            ({"text": "a"}, {"text": "a"}, False),
            ({"text": "a", "message_id": "1"}, {"text": "b"}, True),
            ({"message_id": "2", "received_at": "2026-11-22T09:00:00Z"}, {"message_id": "1"}, False),
        ],
    )
    def test_another_message_and_not_an_older_one(
        self,
        service: Service,
        suggest: Any,
        make_case: Callable[..., Case],
        old: dict[str, str],
        new: dict[str, str],
        stale: bool,
    ) -> None:
        first = suggest(case=make_case(message={"thread_id": "t", **old}))
        suggest(case=make_case(message={"thread_id": "t", **new}))
        assert (service.get(first.id).status is Status.STALE) is stale


def test_of_two_who_decide_at_once_one_wins(
    service: Service, suggest: Any, actor: Callable[..., Actor], engine: Engine
) -> None:
    """Both have read the same version when both guards run; only one change can follow from it."""
    made = suggest()
    both_read = threading.Barrier(2, timeout=20)
    plain = service._check

    def slow(text: str, context: Any) -> Any:
        both_read.wait()
        return plain(text, context)

    service._check = slow

    def approve(name: str) -> str:
        try:
            return service.approve(made.id, actor("agent", name)).status.value
        except Conflict:
            return "conflict"

    with ThreadPoolExecutor(2) as pool:
        results = sorted(pool.map(approve, ["ann", "bob"]))
    assert results == ["approved", "conflict"]
    done = service.get(made.id)
    assert len(done.approval.given) == 1
    assert actions(done) == ["suggested", "approved"]
    assert audit.verify(engine) == 2


def test_no_message_text_reaches_the_audit_trail(
    service: Service, suggest: Any, agent: Actor, engine: Engine, make_case: Callable[..., Case]
) -> None:
    made = suggest("DRAFTWORDS", case=make_case("BUYERWORDS"))
    with pytest.raises(GuardBlocked):
        service.approve(made.id, agent, text="BLOCKME EDITWORDS")
    service.regenerate(made.id, agent, "INSTRUCTIONWORDS")
    service.approve(made.id, agent, text="FINALWORDS")
    trail = str(list(audit.export(engine)))
    assert not [
        word for word in ("DRAFT", "BUYER", "EDIT", "INSTRUCTION", "FINAL") if f"{word}WORDS" in trail
    ]
