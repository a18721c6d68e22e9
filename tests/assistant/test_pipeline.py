from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from assistant.domain import Case
from assistant.drafting.chat_model import ChatReply, ChatRequest
from assistant.errors import ModelUnavailable
from assistant.pipeline import Desk, guard_context, propose, triage_request
from assistant.vocabulary import Role
from knowledge_base.errors import KnowledgeUnavailable
from knowledge_base.types import Chunk, Hit, Query

MakeCase = Callable[..., Case]
LATE = Chunk(
    "c1",
    "faq-parcel-late-de",
    "Paket verspätet",
    "de",
    "qa",
    "Was geschieht bei Verspätung?\nWir fragen noch am selben Tag beim Paketdienst nach.",
    question="Was geschieht bei Verspätung?",
    answer="Wir fragen noch am selben Tag beim Paketdienst nach.",
)


class Broken:
    """A model server that is down."""

    name = "broken"

    def complete(self, request: ChatRequest) -> ChatReply:
        raise ModelUnavailable("the model server failed: APIConnectionError")


def search(query: Query) -> list[Hit]:
    return [Hit(LATE, 0.9, "r7")]


def locked(query: Query) -> list[Hit]:
    raise KnowledgeUnavailable("the folder is in use by another process")


@pytest.fixture
def desk(now: datetime) -> Desk:
    return Desk(search=search, model=None, now=lambda: now)


def test_a_late_parcel_from_message_to_proposal(
    desk: Desk, make_case: MakeCase, shipped_order: dict[str, Any], now: datetime
) -> None:
    case = make_case("Wo bleibt mein Paket? Es sollte am 18. November da sein.", order=shipped_order)
    proposal = propose(case, desk)
    assert (proposal.triage.tier, proposal.triage.language) == (1, "de")
    assert LATE.answer is not None
    assert LATE.answer in proposal.draft.text
    assert [(c.document_id, c.release) for c in proposal.draft.citations] == [("faq-parcel-late-de", "r7")]
    assert proposal.guard.verdict == "pass"
    assert proposal.guard.grounding == "checked"
    assert proposal.approval.required_roles == (Role.AGENT,)
    assert proposal.clock.due_at == case.message.received_at + timedelta(hours=24)  # type: ignore[operator]
    assert not proposal.draft.degraded
    assert proposal.draft.latency_ms > 0
    assert [attempt.drafter for attempt in proposal.rounds] == ["composer"]


def test_the_same_case_gives_the_same_proposal(
    desk: Desk, make_case: MakeCase, shipped_order: dict[str, Any]
) -> None:
    case = make_case(order=shipped_order)
    first, second = propose(case, desk), propose(case, desk)
    assert first.draft.text == second.draft.text
    assert (first.triage, first.guard, first.approval) == (second.triage, second.guard, second.approval)


def test_knowledge_that_cannot_be_searched_is_said(
    desk: Desk, make_case: MakeCase, shipped_order: dict[str, Any], now: datetime
) -> None:
    proposal = propose(make_case(order=shipped_order), Desk(search=locked, model=None, now=lambda: now))
    assert proposal.draft.degraded
    assert proposal.draft.degraded_reason == "knowledge not searched: the folder is in use by another process"
    assert proposal.passages == ()
    assert proposal.guard.verdict == "pass"


def test_both_faults_are_named(make_case: MakeCase, shipped_order: dict[str, Any], now: datetime) -> None:
    desk = Desk(search=locked, model=Broken(), now=lambda: now)
    reason = propose(make_case(order=shipped_order), desk).draft.degraded_reason
    assert reason is not None
    assert "knowledge not searched" in reason
    assert "APIConnectionError" in reason


@pytest.mark.parametrize("text", ["", "😀😀😀", "\u202eabc\u202c", "\x00", "a" * 200_000, "?" * 5_000])
def test_no_message_brings_the_pipeline_down(desk: Desk, make_case: MakeCase, text: str) -> None:
    proposal = propose(make_case(text), desk)
    assert proposal.draft.text.strip()
    assert proposal.guard.verdict != "blocked"


def test_the_message_is_the_last_of_the_thread_for_the_guard(
    make_case: MakeCase, make_triage: Callable[..., Any], now: datetime
) -> None:
    case = make_case("Neu", thread=[{"from": "seller", "text": "Alt"}], agent_facts="Notiz")
    context = guard_context(case, make_triage(), (), now)
    assert [(entry.sender, entry.text) for entry in context.thread] == [("seller", "Alt"), ("buyer", "Neu")]
    assert context.passages == ()
    assert context.agent_facts == "Notiz"
    assert context.buyer_language == "de"


def test_triage_reads_the_message_at_its_own_time(make_case: MakeCase, now: datetime) -> None:
    received = triage_request(make_case(), now)
    assert received.at == make_case().message.received_at
    assert triage_request(make_case(message={"received_at": None}), now).at == now
