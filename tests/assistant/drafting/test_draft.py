import contextlib
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain import Case, Finding, Passage, Triage, Usage
from assistant.drafting.chat_model import ChatReply, ChatRequest
from assistant.drafting.draft import Assignment, citations, draft_with_model, read_answer
from assistant.errors import ModelUnavailable

MakeCase = Callable[..., Case]
MakeTriage = Callable[..., Triage]
GOOD = {
    "reply": "Guten Tag",
    "citations": [{"passage": 1, "quote": "zwei Werktage"}],
    "outcome": "answerable",
}


class Says:
    """A model that always says the same."""

    name = "says"

    def __init__(self, text: str) -> None:
        self.text = text

    def complete(self, request: ChatRequest) -> ChatReply:
        return ChatReply(self.text, Usage(prompt_tokens=1, completion_tokens=2), 3.0)


@pytest.mark.parametrize(
    ("raw", "reply"),
    [
        (json.dumps(GOOD), "Guten Tag"),
        (f"```json\n{json.dumps(GOOD)}\n```", "Guten Tag"),
        (f"Sure! Here it is: {json.dumps(GOOD)} Hope this helps.", "Guten Tag"),
        ('{"thought": 1} {"reply": "Hi"}', "Hi"),
        ('{"reply": "two\nlines", "extra": true}', "two\nlines"),
        ("Guten Tag, Ihr Paket ist unterwegs.", "Guten Tag, Ihr Paket ist unterwegs."),
        ("お荷物は配送中です。", "お荷物は配送中です。"),
        ('{"reply": "Hel\\u0000lo \\ud800\\u001b[31mthere\\u2028"}', "Hello [31mthere\u2028"),
    ],
)
def test_an_answer_is_found_in_what_models_write(raw: str, reply: str) -> None:
    assert read_answer(raw).reply == reply


def test_what_no_store_can_keep_is_left_out(
    make_case: MakeCase, make_triage: MakeTriage, now: datetime
) -> None:
    assignment = Assignment.of(make_case(), make_triage(), (), now=now, context_tokens=3000)
    attempt = draft_with_model(assignment, Says("Good\x00 day \udfff to you"), assignment.opening(5))
    assert attempt.draft.text == attempt.raw_reply == "Good day  to you"


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "   ",
        "{",
        '{"reply": ""}',
        '{"reply": 7}',
        '{"reply": "x", "outcome": "maybe"}',
        '{"answer": "x"}',
        "!!! 123 ???",
        "<!DOCTYPE html><html><body>502</body></html>",
        "<html>oops</html>",
        "{" * 50_000,
        '{"reply": "cut off in the mid',
    ],
)
def test_nonsense_is_a_fault(raw: str) -> None:
    with pytest.raises(ModelUnavailable):
        read_answer(raw)


@given(st.text(max_size=300))
def test_reading_never_fails_in_another_way(raw: str) -> None:
    with contextlib.suppress(ModelUnavailable):
        assert read_answer(raw).reply.strip()


@pytest.mark.parametrize(
    ("number", "quote", "kept"),
    [
        (1, "zwei Werktage", True),
        (1, "ZWEI  werktage", True),
        (1, "drei Werktage", False),
        (1, "", False),
        (0, "zwei Werktage", False),
        (2, "zwei Werktage", False),
        (-1, "zwei Werktage", False),
    ],
)
def test_only_true_citations_stay(passage: Passage, number: int, quote: str, kept: bool) -> None:
    answer = read_answer(json.dumps(GOOD | {"citations": [{"passage": number, "quote": quote}] * 2}))
    found = citations(answer.citations, [passage])
    assert len(found) == kept
    if kept:
        assert (found[0].document_id, found[0].release, found[0].chunk_id) == (
            "faq-parcel-late-de",
            "r1",
            "c1",
        )


@pytest.fixture
def assignment(
    make_case: MakeCase,
    make_triage: MakeTriage,
    shipped_order: dict[str, Any],
    passage: Passage,
    now: datetime,
) -> Assignment:
    case = make_case("Wo ist 302-1234567-7654321?", order=shipped_order)
    return Assignment.of(case, make_triage(), [passage], now=now, context_tokens=3_000)


def test_a_draft_carries_what_made_it(assignment: Assignment) -> None:
    model = Says(json.dumps(GOOD | {"reply": " Ihre Bestellung {{ORDER_1}} ist unterwegs. "}))
    attempt = draft_with_model(assignment, model, assignment.opening(5))
    draft = attempt.draft
    assert draft.text == "Ihre Bestellung 302-1234567-7654321 ist unterwegs."
    assert (draft.drafter, draft.model, draft.language, draft.outcome) == ("llm", "says", "de", "answerable")
    assert draft.prompt == assignment.briefing.reference
    assert draft.usage.completion_tokens == 2
    assert [c.quote for c in draft.citations] == ["zwei Werktage"]
    assert attempt.raw_reply == model.text


def test_tier_three_is_always_escalated(make_case: MakeCase, make_triage: MakeTriage, now: datetime) -> None:
    assignment = Assignment.of(make_case(), make_triage(tier=3), [], now=now, context_tokens=3_000)
    attempt = draft_with_model(assignment, Says(json.dumps(GOOD)), assignment.opening(5))
    assert attempt.draft.outcome == "escalate"


def test_a_repair_says_what_was_wrong_without_personal_data(assignment: Assignment) -> None:
    attempt = draft_with_model(assignment, Says(json.dumps(GOOD)), assignment.opening(5))
    finding = Finding(
        rule="GR-02",
        severity="edit",
        start=0,
        end=3,
        evidence="302-1234567-7654321",
        message="not in the facts",
    )
    request = assignment.repair(attempt, [finding], 4)
    assert [turn.role for turn in request.turns] == ["system", "user", "assistant", "user"]
    assert request.turns[2].content == attempt.raw_reply
    assert "GR-02: “{{ORDER_1}}” — not in the facts" in request.turns[3].content
    assert "302-1234567-7654321" not in request.text
    assert request.seconds == 4
