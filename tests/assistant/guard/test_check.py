"""The engine: order, verdict, failing closed, any text at all."""

import logging
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from assistant.domain import Passage
from assistant.guard.check import check, check_with
from assistant.guard.context import GuardContext, GuardRequest
from assistant.guard.normalise import View
from assistant.guard.registry import RULES, pack_id
from assistant.guard.rule import Example, Match, Rule

CONTEXT = GuardContext(marketplace="DE")


def _rule(matches: Iterable[Match] | Exception, severity: str = "edit", kind: str = "reply") -> Rule:
    def look(_view: View, _context: GuardContext) -> Iterable[Match]:
        if isinstance(matches, Exception):
            raise matches
        return matches

    example = (Example("en", "x"),)
    return Rule("AMZ-99", "Title", "why", "source", severity, look, example, example, frozenset({kind}))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("severities", "verdict"),
    [
        ((), "pass"),
        (("warn",), "pass"),
        (("warn", "edit"), "needs_edit"),
        (("edit", "block", "warn"), "blocked"),
    ],
)
def test_the_gravest_finding_decides(severities: tuple[str, ...], verdict: str) -> None:
    rules = [_rule([Match(place, place + 1)], severity) for place, severity in enumerate(severities)]
    assert check_with(rules, "some text", CONTEXT).verdict == verdict


def test_findings_come_in_the_order_of_the_text_and_once() -> None:
    rules = [_rule([Match(5, 6), Match(5, 6)]), _rule([Match(0, 2, "special", "fix", "warn")])]
    findings = check_with(rules, "abcdefgh", CONTEXT).findings
    assert [(found.start, found.evidence) for found in findings] == [(0, "ab"), (5, "f")]
    assert (findings[0].message, findings[0].fix, findings[0].severity) == ("special", "fix", "warn")
    assert findings[1].message == "Title: why"


def test_a_rule_that_raises_blocks_and_logs_no_text(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        report = check_with([_rule(ValueError("secret words"))], "secret words", CONTEXT)
    assert report.verdict == "blocked"
    (finding,) = report.findings
    assert finding.rule == "AMZ-99"
    assert "could not be evaluated" in finding.message
    assert "secret" not in caplog.text
    assert "AMZ-99" in caplog.text


def test_a_rule_of_the_other_kind_is_not_asked() -> None:
    assert check_with([_rule(ValueError(), kind="proactive")], "text", CONTEXT).verdict == "pass"


def test_grounding_says_whether_knowledge_was_given() -> None:
    assert check_with([], "text", CONTEXT).grounding == "not_checked"
    with_passages = GuardContext(marketplace="DE", passages=(Passage(document_id="faq", text="x"),))
    assert check_with([], "text", with_passages).grounding == "checked"
    assert check_with([], "text", CONTEXT).pack == pack_id()


def test_a_request_gives_its_context() -> None:
    request = GuardRequest(text="x", marketplace="DE", kind="proactive", subject="Hello")
    assert request.context() == GuardContext(marketplace="DE", kind="proactive", subject="Hello")


@given(
    st.text(
        alphabet=st.one_of(st.characters(), st.sampled_from("レビュー星5 review @.😊\n*<>[]{}XX0123456789")),
        max_size=200,
    )
)
@settings(max_examples=60, deadline=None)
def test_any_text_is_judged_and_spans_point_into_it(text: str) -> None:
    for finding in check(text, CONTEXT).findings:
        assert 0 <= finding.start <= finding.end <= len(text)
        assert text[finding.start : finding.end] == finding.evidence
        assert "could not be evaluated" not in finding.message


@pytest.mark.parametrize("text", ["", " ", "\n", "\u200b"])
def test_no_text_is_no_fault(text: str) -> None:
    assert all("could not be evaluated" not in finding.message for finding in check(text, CONTEXT).findings)


def test_emoji_alone_are_found() -> None:
    assert {finding.rule for finding in check("😊😊❤️", CONTEXT).findings} >= {"AMZ-27"}


@pytest.mark.parametrize(
    "text",
    [
        "a" * 200_000,
        "please review " * 14_000,
        "レビュー" * 50_000,
        "1 " * 100_000,
        "a@" * 100_000,
        "www.a." * 33_000,
        "[your " * 33_000,
        "<b " * 66_000,
        "." * 200_000,
    ],
    ids=["letters", "phrases", "kana", "digits", "at", "dots", "brackets", "tags", "full stops"],
)
def test_a_huge_text_is_judged_by_every_rule(text: str) -> None:
    report = check(text, CONTEXT)
    assert report.verdict == "blocked"
    assert all("could not be evaluated" not in finding.message for finding in report.findings)


def test_every_rule_can_be_evaluated_on_a_proactive_message() -> None:
    report = check("The lamp is ready.", GuardContext(marketplace="JP", kind="proactive"))
    assert all("could not be evaluated" not in finding.message for finding in report.findings)
    assert len(RULES) > 25


def test_half_a_surrogate_pair_is_no_way_around_the_guard() -> None:
    report = check("\ud800 Write to service@shop.de \udfff", CONTEXT)
    assert {"AMZ-12"} <= {finding.rule for finding in report.findings}
    assert all("could not be evaluated" not in finding.message for finding in report.findings)
    assert report.model_dump_json()


@pytest.mark.parametrize("field", ["subject", "agent_facts"])
def test_half_a_surrogate_pair_beside_the_draft_is_refused_at_the_door(field: str) -> None:
    with pytest.raises(ValidationError):
        GuardContext.model_validate({"marketplace": "DE", field: "\ud800"})


def test_a_buyer_who_asked_to_cancel_may_be_told_how() -> None:
    text = "Please cancel the order in Your Orders."
    asked = {"marketplace": "DE", "thread": ({"from": "buyer", "text": "How do I cancel this?"},)}
    assert "AMZ-18" in {finding.rule for finding in check(text, CONTEXT).findings}
    told = check(text, GuardContext.model_validate(asked))
    assert "AMZ-18" not in {finding.rule for finding in told.findings}
