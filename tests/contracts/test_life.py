"""Whatever people do, in whatever order: nothing goes out unless all who must agreed to that very text."""

from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from assistant.approval import TRANSITIONS, outstanding, text_hash
from assistant.domain import Actor, Case, Suggestion
from assistant.errors import ReplyDeskError
from assistant.service import Service
from assistant.store import audit
from assistant.vocabulary import Role, Status

ROLES = st.sampled_from(list(Role))
TEXTS = st.sampled_from(["All good.", "We will refund you 20.00 EUR.", "EDITME", "BLOCKME", " "])
ACTS = st.one_of(
    st.tuples(st.just("approve"), ROLES, st.none() | TEXTS, st.none() | st.just("because")),
    st.tuples(st.just("reject"), ROLES, st.sampled_from(["", "no"]), st.none()),
    st.tuples(st.just("escalate"), ROLES, ROLES, st.none()),
    st.tuples(st.just("regenerate"), ROLES, TEXTS, st.none()),
    st.tuples(st.just("message"), ROLES, st.sampled_from(["a", "b"]), st.none()),
)


def do(service: Service, desk: Any, case: Callable[[str], Case], identity: str, act: tuple[Any, ...]) -> None:
    name, role, what, reason = act
    actor = Actor(key_id=f"k-{role}", name=role.value, role=role)
    if name == "approve":
        service.approve(identity, actor, text=what, override_reason=reason)
    elif name == "reject":
        service.reject(identity, actor, what)
    elif name == "escalate":
        service.escalate(identity, actor, what, "please look")
    else:
        desk.text = what if what.strip() and name == "regenerate" else "All good."
        if name == "regenerate":
            service.regenerate(identity, actor)
        else:
            service.suggest(case(what), actor)


def check(before: Suggestion, after: Suggestion, judge: Callable[[str], Any]) -> None:
    if after.status is not before.status:
        assert after.status in TRANSITIONS[before.status]
    if after.status is not Status.APPROVED:
        return
    text = after.final_text
    assert text is not None
    assert outstanding(after.approval, text) == ()
    assert {given.text_hash for given in after.approval.given} == {text_hash(text)}
    verdict = judge(text).verdict
    assert verdict != "blocked"
    if verdict == "needs_edit":
        assert Role.SUPERVISOR in {given.role for given in after.approval.given}
        assert any(step.details.get("override_reason") for step in after.history)
    escalated = {step.details["to"] for step in after.history if step.action == "escalated"}
    assert escalated <= {given.role.value for given in after.approval.given}


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    acts=st.lists(ACTS, max_size=7),
    tier=st.sampled_from([1, 2, 3]),
    flags=st.sampled_from([(), ("safety",)]),
    number=st.integers(0, 10**9),
)
def test_every_life_keeps_the_rules(
    service: Service,
    desk: Any,
    make_case: Callable[..., Case],
    judge: Callable[[str], Any],
    engine: Engine,
    acts: list[tuple[Any, ...]],
    tier: int,
    flags: tuple[str, ...],
    number: int,
) -> None:
    def case(text: str) -> Case:
        return make_case(text, message={"thread_id": f"t{number}"})

    desk.text, desk.triage = "All good.", {"tier": tier, "risk_flags": flags}
    desk_actor = Actor(key_id="k", name="ann", role=Role.AGENT)
    made = service.suggest(case("a"), desk_actor)
    for act in acts:
        before = service.get(made.id)
        try:
            do(service, desk, case, made.id, act)
        except ReplyDeskError:
            after = service.get(made.id)
            assert after.model_copy(update={"history": before.history}) == before.model_copy(
                update={"clock": after.clock}
            )
        else:
            check(before, service.get(made.id), judge)
    assert audit.verify(engine) >= 1
