"""Every rule of the pack keeps the promises a rule makes."""

from collections import Counter

import pytest

from assistant.guard.check import check
from assistant.guard.context import GuardContext
from assistant.guard.registry import RULES, pack_id
from assistant.guard.rule import Example, Rule
from assistant.vocabulary import LANGUAGES

_GRAVITY = {"warn": 0, "edit": 1, "block": 2}
_FAMILIES = ("AMZ-", "PR-", "GR-", "SF-", "LG-", "TN-", "OPS-")


def _context(rule: Rule, example: Example) -> GuardContext:
    fields = {
        "marketplace": "DE",
        "buyer_language": example.language,
        "kind": "reply" if "reply" in rule.kinds else "proactive",
        **example.context,
    }
    return GuardContext.model_validate(fields)


def _cases(side: str) -> list[object]:
    return [
        pytest.param(rule, example, id=f"{rule.id}-{example.language}-{number}")
        for rule in RULES
        for number, example in enumerate(getattr(rule, side))
    ]


def test_ids_are_unique_and_of_a_known_family() -> None:
    assert [rule_id for rule_id, times in Counter(rule.id for rule in RULES).items() if times > 1] == []
    assert all(rule.id.startswith(_FAMILIES) for rule in RULES)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_explains_itself(rule: Rule) -> None:
    assert rule.title
    assert rule.why
    assert rule.source
    assert rule.kinds
    assert set(rule.languages) <= set(LANGUAGES)
    for side in (rule.bad, rule.good):
        assert {example.language for example in side} >= set(rule.languages)


@pytest.mark.parametrize(("rule", "example"), _cases("bad"))
def test_a_bad_example_is_found_by_its_rule(rule: Rule, example: Example) -> None:
    report = check(example.text, _context(rule, example))
    found = [finding for finding in report.findings if finding.rule == rule.id]
    assert found, report.findings
    assert max(_GRAVITY[finding.severity] for finding in found) >= _GRAVITY[rule.severity]
    for finding in found:
        assert example.text[finding.start : finding.end] == finding.evidence


@pytest.mark.parametrize(("rule", "example"), _cases("good"))
def test_a_good_example_passes_the_whole_pack(rule: Rule, example: Example) -> None:
    report = check(example.text, _context(rule, example))
    assert report.verdict == "pass", report.findings


def test_the_pack_has_a_name_with_a_fingerprint() -> None:
    edition, _, fingerprint = pack_id().partition("@")
    assert edition == "base-2026.11"
    assert len(fingerprint) == 8
    assert int(fingerprint, 16) >= 0
