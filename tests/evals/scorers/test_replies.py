"""What a reply says, its outcome, language, verdict, citations, length, cost and time."""

from collections.abc import Callable
from typing import Any

import pytest

from assistant.domain import Proposal
from assistant.vocabulary import LANGUAGES
from evals.scorers.citations import right_documents
from evals.scorers.effort import cost, latency
from evals.scorers.facts import forbidden_facts, required_facts
from evals.scorers.final_verdict import final_verdict
from evals.scorers.length import _limits, length
from evals.scorers.outcome import right_outcome
from evals.scorers.reply_language import reply_language

Make = Callable[..., Any]
FINDING = {"rule": "AMZ-12", "severity": "block", "start": 0, "end": 3, "evidence": "x", "message": "m"}


def test_required_facts_are_counted_one_by_one(make_reply_case: Make, proposed: Make) -> None:
    case = make_reply_case(required=[["DHL"], ["60 °C", "60 Grad"], ["Wuppertal"]])
    score = required_facts(case, proposed("DHL wäscht bei 60 Grad."))
    assert score.value == pytest.approx(2 / 3)
    assert (score.passed, score.why) == (False, "not said: Wuppertal")
    assert score.parts == {"right": 0, "n": 1, "said": 2, "wanted": 3}
    assert score.slices == ("outcome=answerable",)
    assert required_facts(case, proposed("DHL, 60 °C, Wuppertal")).passed


def test_an_honest_we_check_need_not_hold_the_facts(make_reply_case: Make, proposed: Make) -> None:
    waiting = proposed("Wir prüfen das.", outcome="needs_information")
    lenient = make_reply_case(required=[["DHL"]], also_outcome=["needs_information"])
    assert required_facts(lenient, waiting).why == "needs_information is right too and need not say it"
    assert required_facts(lenient, proposed("Wir prüfen das.")).passed is False
    assert required_facts(make_reply_case(required=[["DHL"]]), waiting).passed is False
    assert required_facts(make_reply_case(), waiting).value is None


def test_forbidden_facts(make_reply_case: Make, proposed: Make) -> None:
    case = make_reply_case(forbidden=["Keramik", "80 °C"])
    assert forbidden_facts(case, proposed("Mit Keramikbeschichtung.")).why == "said: Keramik"
    assert forbidden_facts(case, proposed("Bei 180 °C.")).passed
    assert forbidden_facts(make_reply_case(), proposed()).value is None


@pytest.mark.parametrize(
    ("outcome", "right"), [("answerable", True), ("needs_information", True), ("escalate", False)]
)
def test_outcome(make_reply_case: Make, proposed: Make, outcome: str, right: bool) -> None:
    score = right_outcome(make_reply_case(also_outcome=["needs_information"]), proposed(outcome=outcome))
    assert (score.passed, score.got) == (right, outcome)
    assert (score.expected == outcome) is right


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("Guten Tag, Ihr Paket ist unterwegs und kommt in den nächsten Tagen an.", True),
        ("Hello, your parcel is on its way and will arrive within the next few days.", False),
        ("您的包裹正在运输途中，请您耐心等待。", False),
    ],
)
def test_language(make_reply_case: Make, proposed: Make, text: str, right: bool) -> None:
    score = reply_language(make_reply_case(), proposed(text))
    assert score.passed is right
    assert score.expected == "de"
    assert bool(score.why) is not right


def test_final_verdict(make_reply_case: Make, proposed: Make) -> None:
    guard = {"verdict": "blocked", "grounding": "checked", "pack": "p", "findings": [FINDING]}
    score = final_verdict(make_reply_case(), proposed(guard=guard))
    assert (score.passed, score.why) == (False, "blocked by AMZ-12")
    assert score.slices == ("drafter=composer", "rule=AMZ-12")
    assert final_verdict(make_reply_case(), proposed()).passed


def test_citations(make_reply_case: Make, proposed: Make) -> None:
    def citing(*documents: str) -> Proposal:
        fields = ({"document_id": one, "release": "r1", "chunk_id": "c", "quote": "q"} for one in documents)
        made: Proposal = proposed(citations=tuple(fields))
        return made

    case = make_reply_case(documents=["faq-a", "faq-b"])
    score = right_documents(case, citing("faq-a", "faq-x", "faq-a"))
    assert (score.value, score.passed, score.why) == (0.5, False, "cited beside the point: faq-x")
    assert score.parts == {"tp": 1, "fp": 1}
    assert right_documents(case, citing("faq-b")).passed
    assert right_documents(case, citing()).value is None
    assert right_documents(make_reply_case(), citing("faq-a")).value is None


def test_every_language_has_a_length(make_reply_case: Make, proposed: Make) -> None:
    assert set(_limits()) == set(LANGUAGES)
    for language, (least, most) in _limits().items():
        case = make_reply_case(language=language)
        verdicts = [length(case, proposed("x" * n)).passed for n in (least - 1, least, most, most + 1)]
        assert verdicts == [False, True, True, False]
    assert length(make_reply_case(), proposed("zu kurz")).why == "7 characters; 160 to 1750 are read"


def test_cost_and_time_are_shown_and_never_wrong(make_reply_case: Make, proposed: Make) -> None:
    usage = {"prompt_tokens": 900, "completion_tokens": 100, "cost_usd": "0.0025"}
    llm = {"drafter": "llm", "draft": proposed().draft, "latency_ms": 1200.5}
    made = proposed(
        usage=usage,
        rounds=(
            llm,
            {**llm, "latency_ms": 800.0},
            {"drafter": "llm", "failure": "slow", "latency_ms": 20_000.0},
        ),
    )
    spent, took = cost(make_reply_case(), made), latency(make_reply_case(), made)
    assert (spent.parts, spent.passed) == ({"usd": 0.0025, "tokens": 1000, "n": 1}, None)
    assert (took.parts, took.passed) == ({"ms": 2000.5, "n": 1}, None)
    assert latency(make_reply_case(), proposed(rounds=({"drafter": "composer"},))).value is None
