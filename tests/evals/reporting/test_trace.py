"""The trace of a case, in the order in which things came about."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from evals.reporting.trace import EXCERPT, excerpt, main_text, said, sections
from evals.scores import CaseResult

FINDING = {
    "rule": "AMZ-07",
    "severity": "block",
    "start": 5,
    "end": 9,
    "evidence": "+49",
    "message": "a number",
    "fix": None,
}
REPORT = {"verdict": "blocked", "grounding": "checked", "pack": "p", "findings": [FINDING]}
PASSAGE = {"document_id": "faq-1", "title": "Late", "text": "We trace it.", "score": 0.876}
CASE = {
    "id": "a",
    "input": {
        "message": {"text": "Wo ist es?", "marketplace": "DE"},
        "order": {"order_id": "1", "items": [{"asin": "B0"}]},
        "thread": [{"from": "buyer", "text": "hello"}, {"from": "seller", "text": "hi", "at": "2026"}],
        "planted": [{"title": "t", "text": "obey"}],
        "model_reply": "I obey",
        "agent_facts": "none",
    },
    "target": {"tier": 1, "required": [["a", "b"], ["c"]], "also": []},
    "note": "why it is right",
}
PROPOSAL = {
    "triage": {"tier": 1, "intents": [{"name": "tracking", "confidence": 0.9}], "risk_flags": []},
    "passages": [PASSAGE],
    "draft": {"text": "Final", "language": "de", "outcome": "answerable"},
    "guard": REPORT,
    "approval": {"required_roles": ["agent"]},
    "rounds": [
        {
            "drafter": "llm",
            "request": json.dumps([["system", "be kind"], ["user", "the case"]]),
            "raw_reply": '{"reply": "…"}',
            "draft": {"text": "Call +49"},
            "guard": REPORT,
        },
        {"drafter": "llm", "request": "no JSON", "failure": "slow"},
        {"drafter": "composer", "request": None, "draft": {"text": "Composed"}, "guard": None},
    ],
}


@pytest.fixture
def result(make_result: Callable[..., CaseResult]) -> Callable[[dict[str, Any], Any], CaseResult]:
    def make(case: dict[str, Any], output: Any) -> CaseResult:
        return make_result("a", case=case).model_copy(update={"output": output})

    return make


def titles(result: CaseResult, *, whole: bool) -> list[str]:
    return [one["title"] for one in sections(result, whole=whole)]


def test_the_whole_way_in_order(result: Callable[..., CaseResult]) -> None:
    assert titles(result(CASE, PROPOSAL), whole=True) == [
        "Buyer's message",
        "Message",
        "Thread before",
        "Planted",
        "Reply put into the model's mouth",
        "Order",
        "Further input",
        "Target",
        "Note on the label",
        "Triage",
        "Passages",
        "Round 1 (llm): prompt, system",
        "Round 1 (llm): prompt, user",
        "Round 1 (llm): raw reply",
        "Round 1 (llm): draft, blocked",
        "Round 1 (llm): findings",
        "Round 2 (llm): prompt, as stored",
        "Round 2 (llm): failure",
        "Round 3 (composer): draft, not judged",
        "Findings",
        "Guard",
        "Final draft",
        "About the draft",
        "Output",
    ]


def test_what_passed_is_told_without_prompts_and_passages(result: Callable[..., CaseResult]) -> None:
    found = sections(result(CASE, PROPOSAL), whole=False)
    assert not any("Round" in one["title"] for one in found)
    (passages,) = (one for one in found if one["title"] == "Passages")
    assert passages["head"] == ["document", "score", "title"]
    assert passages["rows"] == [["faq-1", "0.88", "Late"]]


def test_texts_pairs_and_rows(result: Callable[..., CaseResult]) -> None:
    found = {one["title"]: one for one in sections(result(CASE, PROPOSAL), whole=True)}
    assert found["Buyer's message"]["text"] == "Wo ist es?"
    assert found["Thread before"] == {
        "title": "Thread before",
        "head": ["from", "text", "at"],
        "rows": [["buyer", "hello", ""], ["seller", "hi", "2026"]],
    }
    assert found["Target"]["pairs"] == [["tier", "1"], ["required", "a or b; c"]]
    assert found["Triage"]["pairs"] == [["tier", "1"], ["intents", "tracking 0.90"]]
    assert found["Passages"]["rows"] == [["faq-1", "0.88", "Late", "We trace it."]]
    assert found["Round 1 (llm): draft, blocked"]["marks"] == [[5, 9, "AMZ-07"]]
    assert found["Findings"]["rows"] == [["AMZ-07", "block", "+49", "a number", ""]]
    assert found["Output"]["pairs"] == [["approval", '{"required_roles": ["agent"]}']]


def test_telling_changes_nothing(result: Callable[..., CaseResult]) -> None:
    one = result(CASE, PROPOSAL)
    assert sections(one, whole=True) == sections(one, whole=True)


def test_findings_on_the_input_are_marked_in_it(result: Callable[..., CaseResult]) -> None:
    nowhere = {**FINDING, "start": 3, "end": 3}
    case = {
        "id": "a",
        "input": {"text": "Call +49 now", "passages": [PASSAGE]},
        "target": {"verdict": "pass"},
    }
    found = sections(result(case, {**REPORT, "findings": [FINDING, nowhere]}), whole=True)
    assert [one["title"] for one in found] == ["Input", "Passages given", "Target", "Findings", "Output"]
    assert found[0]["marks"] == [[5, 9, "AMZ-07"]]


def test_a_question_and_its_hits(result: Callable[..., CaseResult]) -> None:
    case = {
        "id": "a",
        "input": {"query": "how?", "language": "en", "thread": []},
        "target": {"relevant": ["faq-1"]},
    }
    found = titles(result(case, {"hits": [PASSAGE]}), whole=True)
    assert found == ["Question", "Further input", "Target", "Passages"]


@pytest.mark.parametrize(
    ("output", "title"),
    [
        (None, None),
        ({}, None),
        ({"text": "LOUD"}, "Output"),
        ({"hits": []}, None),
        ({"draft": "a text"}, "Output"),
        ({"guard": None, "n": 3}, "Output"),
        ({"guard": {"findings": []}, "triage": {}}, None),
    ],
)
def test_an_output_of_another_shape_is_shown_all_the_same(
    result: Callable[..., CaseResult], output: Any, title: str | None
) -> None:
    found = titles(result({"id": "a", "input": {}, "target": {}}, output), whole=True)
    assert found == ([title] if title else [])


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"message": {"text": "one"}, "text": "two"}, "one"),
        ({"text": "two"}, "two"),
        ({"query": "three"}, "three"),
        ({"message": "odd"}, ""),
        ({}, ""),
    ],
)
def test_the_words_a_case_is_about(
    result: Callable[..., CaseResult], given: dict[str, Any], words: str
) -> None:
    assert main_text(result({"id": "a", "input": given}, None)) == words


def test_an_excerpt_is_short_and_on_one_line(result: Callable[..., CaseResult]) -> None:
    case = {"id": "a", "input": {"text": "one\n\n two\t" + "x" * 100_000}}
    assert excerpt(result(case, None)) == ("one two " + "x" * 1_000)[:EXCERPT]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, ""),
        ("a", "a"),
        (["a", "b"], "a, b"),
        ([["a", "b"], "c"], "a or b; c"),
        (True, "true"),
        (1.5, "1.5"),
        ({"name": "x", "confidence": 0.5}, "x 0.50"),
        ({"a": "é"}, '{"a": "é"}'),
    ],
)
def test_values_in_words(value: Any, words: str) -> None:
    assert said(value) == words
