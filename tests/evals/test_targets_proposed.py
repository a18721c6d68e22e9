"""What is right, read from what a person did with a draft."""

from collections.abc import Callable
from typing import Any

import pytest

from assistant.domain import Finding, GuardReport, Passage, ScoredIntent, Triage
from assistant.vocabulary import Intent, RiskFlag
from evals.targets_proposed import Learnt, proposed

DRAFT = "Guten Tag, Ihr Paket kommt in 5 Tagen, wir erstatten 12,00 €."
SENT = "Guten Tag, Ihr Paket kommt bis 24.11.2026. Die Nachforschung dauert zwei Werktage."


def report(verdict: str = "pass", *found: tuple[str, str, str]) -> GuardReport:
    findings = tuple(
        Finding.model_validate(
            {"rule": rule, "severity": severity, "start": 0, "end": 1, "evidence": words, "message": "m"}
        )
        for rule, severity, words in found
    )
    return GuardReport.model_validate(
        {"verdict": verdict, "grounding": "checked", "pack": "p", "findings": findings}
    )


@pytest.fixture
def learnt(make_triage: Callable[..., Triage], passage: Passage) -> Callable[..., Learnt]:
    def make(**changes: Any) -> Learnt:
        fields: dict[str, Any] = {
            "triage": make_triage(),
            "outcome": "answerable",
            "escalated": False,
            "draft": DRAFT,
            "sent": SENT,
            "earlier": (),
            "passages": (passage,),
            "guard": report(),
        }
        return Learnt(**(fields | changes))

    return make


def test_a_text_that_was_edited_says_what_is_right_and_wrong(learnt: Callable[..., Learnt]) -> None:
    target = proposed("drafts", learnt())
    assert target["required"] == [["24.11.2026"], ["zwei Werktage"]]
    assert target["forbidden"] == ["5 Tagen", "12,00 €"]
    assert (target["language"], target["outcome"]) == ("de", "answerable")


def test_other_ways_to_say_a_figure_come_from_drafts_and_passages(
    learnt: Callable[..., Learnt], passage: Passage
) -> None:
    abroad = passage.model_copy(update={"language": "en", "text": "It takes 2 business days."})
    home = passage.model_copy(update={"text": "Es dauert 2 Werktage, 3 Werktage im Ausland."})
    target = proposed("drafts", learnt(earlier=("Am 24. November 2026.",), passages=(abroad, home)))
    assert target["required"] == [["24.11.2026", "24. November 2026"], ["zwei Werktage", "2 Werktage"]]


def test_what_was_sent_as_drafted_forbids_nothing(learnt: Callable[..., Learnt]) -> None:
    target = proposed("drafts", learnt(sent=DRAFT))
    assert target["required"] == [["5 Tagen"], ["12,00 €"]]
    assert target["forbidden"] == []


def test_a_figure_that_stays_in_other_words_is_not_forbidden(learnt: Callable[..., Learnt]) -> None:
    sent = "In fünf Tagen kommt es; 12 € erstatten wir."
    assert proposed("drafts", learnt(sent=sent))["forbidden"] == []


@pytest.mark.parametrize("suite", ["drafts", "guard"])
def test_a_rejected_draft_alone_says_nothing(suite: str, learnt: Callable[..., Learnt]) -> None:
    assert proposed(suite, learnt(sent=None)) == {}
    assert proposed("drafts", learnt(sent="Guten Tag, wir melden uns.", draft="Hallo.")) == {}


def test_who_escalates_wants_a_person(learnt: Callable[..., Learnt]) -> None:
    assert proposed("drafts", learnt(sent=None, escalated=True))["outcome"] == "escalate"


def test_the_triage_is_taken_as_it_is(
    learnt: Callable[..., Learnt], make_triage: Callable[..., Triage]
) -> None:
    triage = make_triage(
        tier=3,
        intents=(
            ScoredIntent(name=Intent.CHARGEBACK, confidence=0.9),
            ScoredIntent(name=Intent.DAMAGED, confidence=0.6),
        ),
        risk_flags=(RiskFlag.CHARGEBACK,),
    )
    target = {"tier": 3, "intents": ["chargeback", "damaged"], "flags": ["chargeback"]}
    assert proposed("triage", learnt(triage=triage)) == target
    whole = proposed("end_to_end", learnt(triage=triage))
    assert whole.items() >= target.items()
    assert whole.keys() == {*target, "language", "outcome", "required", "forbidden"}


STOPPED = report(
    "blocked", ("AMZ-12", "block", "12,00 €"), ("AMZ-02", "edit", "e"), ("AMZ-40", "warn", "Ihr")
)


def test_a_stopped_draft_has_the_verdict_and_rules_of_its_findings(learnt: Callable[..., Learnt]) -> None:
    wanted = {"verdict": "blocked", "rules": ["AMZ-02", "AMZ-12"], "spans": ["12,00 €"]}
    for one in (learnt(sent=None, guard=STOPPED), learnt(guard=STOPPED)):
        assert proposed("guard", one) == wanted
        assert one.judged == DRAFT


def test_what_was_sent_passes_even_if_the_guard_had_wanted_an_edit(learnt: Callable[..., Learnt]) -> None:
    for one in (learnt(), learnt(sent=DRAFT, guard=STOPPED)):
        assert proposed("guard", one) == {"verdict": "pass"}
        assert one.judged == one.sent
