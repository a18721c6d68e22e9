import json
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from assistant.domain import Case, Draft, Finding, Passage, Triage, Usage
from assistant.drafting.chat_model import ChatReply, ChatRequest
from assistant.drafting.repair import Workbench, draft_and_repair, with_fixes
from assistant.errors import ModelUnavailable
from assistant.guard.context import GuardContext
from assistant.vocabulary import Intent, RiskFlag

MakeCase = Callable[..., Case]
MakeTriage = Callable[..., Triage]
CLEAN = (
    "Guten Tag, Ihr Paket ist leider verspätet, das tut uns leid. Wir melden den Fall am selben Tag beim "
    "Zusteller. Die Nachforschung dauert zwei Werktage, danach melden wir uns hier bei Ihnen."
)
BEGGING = CLEAN + " Über eine positive Bewertung mit 5 Sternen würden wir uns freuen."
SPENT = Usage(prompt_tokens=10, completion_tokens=5, cost_usd=Decimal("0.01"))


class Scripted:
    """A model that says one thing after the other; an exception in the script is raised."""

    name = "scripted"

    def __init__(self, *script: str | Exception) -> None:
        self.script = list(script)
        self.requests: list[ChatRequest] = []

    def complete(self, request: ChatRequest) -> ChatReply:
        self.requests.append(request)
        said = self.script.pop(0)
        if isinstance(said, Exception):
            raise said
        return ChatReply(json.dumps({"reply": said, "citations": [], "outcome": "answerable"}), SPENT, 7.0)


@pytest.fixture
def bench(
    make_case: MakeCase,
    make_triage: MakeTriage,
    shipped_order: dict[str, Any],
    passage: Passage,
    now: datetime,
) -> Callable[..., Workbench]:
    def make(**triage: Any) -> Workbench:
        case = make_case(order=shipped_order)
        context = GuardContext(
            marketplace="DE", buyer_language="de", order=case.order, passages=(passage,), at=now
        )
        return Workbench(case, make_triage(**triage), (passage,), context, now)

    return make


def run(bench: Workbench, model: Scripted | None, seconds: float = 20) -> Any:
    return draft_and_repair(bench, model, seconds=seconds, context_tokens=3_000)


def test_a_clean_model_draft_stands(bench: Callable[..., Workbench]) -> None:
    drafted = run(bench(), Scripted(CLEAN))
    assert (drafted.draft.text, drafted.draft.drafter, drafted.draft.degraded) == (CLEAN, "llm", False)
    assert drafted.guard.verdict == "pass"
    assert [attempt.guard.verdict for attempt in drafted.rounds] == ["pass"]
    assert json.loads(drafted.rounds[0].raw_reply)["reply"] == CLEAN
    assert "<<<message" in drafted.rounds[0].request


def test_a_breach_goes_back_with_its_reason_and_is_mended(bench: Callable[..., Workbench]) -> None:
    model = Scripted(BEGGING, CLEAN)
    drafted = run(bench(), model)
    assert drafted.draft.text == CLEAN
    assert [attempt.guard.verdict for attempt in drafted.rounds] == ["blocked", "pass"]
    assert "AMZ-01" in model.requests[1].turns[-1].content
    assert drafted.draft.usage.prompt_tokens == 2 * SPENT.prompt_tokens
    assert drafted.draft.usage.cost_usd == 2 * SPENT.cost_usd


def test_after_two_repairs_the_composer_writes_and_says_why(bench: Callable[..., Workbench]) -> None:
    model = Scripted(BEGGING, BEGGING + " Danke.", BEGGING + " Vielen Dank.", CLEAN)
    drafted = run(bench(), model)
    assert len(model.requests) == 3
    assert drafted.draft.drafter == "composer"
    assert drafted.draft.degraded
    assert "not mended" in drafted.draft.degraded_reason
    assert drafted.guard.verdict == "pass"
    assert [attempt.drafter for attempt in drafted.rounds] == ["llm", "llm", "llm", "composer"]
    assert drafted.draft.usage.completion_tokens == 3 * SPENT.completion_tokens


def test_a_model_that_says_the_same_again_is_not_asked_a_third_time(bench: Callable[..., Workbench]) -> None:
    model = Scripted(BEGGING, BEGGING, CLEAN)
    drafted = run(bench(), model)
    assert len(model.requests) == 2
    assert drafted.draft.drafter == "composer"


@pytest.mark.parametrize(
    "text",
    [
        CLEAN.replace(". ", ".\n\n\n\n"),
        CLEAN + " 😊",
        CLEAN + "\n\nMit freundlichen Grüßen\n[Your Name]",
    ],
)
def test_a_small_breach_is_fixed_without_asking_again(bench: Callable[..., Workbench], text: str) -> None:
    model = Scripted(text)
    drafted = run(bench(), model)
    assert len(model.requests) == 1
    assert drafted.draft.drafter == "llm"
    assert drafted.guard.verdict == "pass"
    assert "\n\n\n" not in drafted.draft.text
    assert "😊" not in drafted.draft.text
    assert "[" not in drafted.draft.text


@pytest.mark.parametrize("said", [ModelUnavailable("the model did not answer within 20 s"), ""])
def test_a_silent_model_leaves_the_draft_to_the_composer(
    bench: Callable[..., Workbench], said: str | Exception
) -> None:
    drafted = run(bench(), Scripted(said))
    assert drafted.draft.drafter == "composer"
    assert drafted.draft.degraded
    assert drafted.draft.degraded_reason == drafted.rounds[0].failure
    assert drafted.guard.verdict == "pass"


def test_a_model_that_answers_in_another_language_is_not_believed(bench: Callable[..., Workbench]) -> None:
    english = (
        "Hello, we are very sorry that your parcel is late. We ask the carrier today and come back to you."
    )
    drafted = run(bench(), Scripted(english, english, english))
    assert drafted.draft.drafter == "composer"
    assert {finding.rule for finding in drafted.rounds[0].guard.findings} >= {"AMZ-22"}


def test_no_time_left_means_no_further_round(bench: Callable[..., Workbench]) -> None:
    model = Scripted(BEGGING, CLEAN)
    drafted = run(bench(), model, seconds=0.9)
    assert len(model.requests) == 1
    assert drafted.draft.drafter == "composer"


@pytest.mark.parametrize("flag", [RiskFlag.SAFETY, RiskFlag.LEGAL, RiskFlag.INJECTION])
def test_no_model_writes_under_these_flags(bench: Callable[..., Workbench], flag: RiskFlag) -> None:
    model = Scripted(CLEAN)
    drafted = run(bench(risk_flags=(flag,), tier=3, intents=()), model)
    assert model.requests == []
    assert drafted.draft.drafter == "composer"
    assert not drafted.draft.degraded


def test_without_a_model_the_composer_is_not_degraded(bench: Callable[..., Workbench]) -> None:
    drafted = run(bench(intent=Intent.TRACKING), None)
    assert (drafted.draft.drafter, drafted.draft.degraded) == ("composer", False)
    assert drafted.guard.verdict == "pass"


def test_a_reply_that_says_nothing_goes_back_unless_thanks_are_due(
    bench: Callable[..., Workbench],
) -> None:
    empty = "Vielen Dank für Ihre Nachricht. Bei Fragen sind wir gern für Sie da."
    model = Scripted(empty, CLEAN)
    assert run(bench(), model).draft.text == CLEAN
    assert "AMZ-20" in model.requests[1].turns[-1].content
    assert run(bench(intent=Intent.THANKS), Scripted(empty, CLEAN)).draft.text == empty


def finding(start: int, end: int, fix: str | None, severity: Any = "edit") -> Finding:
    return Finding(rule="X-1", severity=severity, start=start, end=end, evidence="", message="", fix=fix)


@pytest.mark.parametrize(
    ("findings", "mended"),
    [
        ([finding(0, 1, "A"), finding(4, 5, "")], "Abcd"),
        ([finding(0, 3, "x"), finding(2, 4, "y")], "aby" + "e"),
        ([finding(0, 1, "A"), finding(1, 2, None)], None),
    ],
)
def test_fixes_are_applied_from_the_end_and_all_or_none(findings: list[Finding], mended: str | None) -> None:
    draft = Draft(text="abcde", language="en", drafter="llm", outcome="answerable")
    after = with_fixes(draft, findings)
    assert (after.text if after else None) == mended
