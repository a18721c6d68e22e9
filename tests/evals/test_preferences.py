"""Two runs' replies, side by side."""

from collections.abc import Callable
from typing import Any

import pytest

from assistant.domain import Usage
from assistant.drafting.chat_model import ChatReply, ChatRequest
from evals.preferences import preferences, sign_test
from evals.scorers.graded.judge import Judge
from evals.scores import CaseResult

Make = Callable[..., CaseResult]


class Longer:
    """Prefers the longer reply, wherever it stands."""

    name = "longer"
    calls = 0

    def complete(self, request: ChatRequest) -> ChatReply:
        first, second = (
            request.turns[1].content.split(f"<<<{name}\n")[1].split(f"\n{name}>>>")[0]
            for name in ("first", "second")
        )
        if "nonsense" in first + second:
            return ChatReply("I like both", Usage())
        better = "first" if len(first) > len(second) else "second"
        return ChatReply(f'{{"better": "{better}", "why": "longer"}}', Usage())

    def refusal(self) -> str | None:
        return None


@pytest.fixture
def drafted(make_triage: Callable[..., Any]) -> Make:
    def make(identity: str, text: str, **more: Any) -> CaseResult:
        at = "2026-11-22T08:00:00Z"
        output = {
            "triage": make_triage().model_dump(mode="json"),
            "passages": [{"document_id": "faq-a", "chunk_id": text, "text": f"fact behind {text}"}],
            "draft": {"text": text, "language": "de", "drafter": "composer", "outcome": "answerable"},
            "guard": {"verdict": "pass", "grounding": "checked", "pack": "p"},
            "clock": {"first_unanswered_at": at, "warn_at": at, "due_at": at, "overdue": False},
            "approval": {"required_roles": ["agent"]},
        }
        given = {"message": {"text": "Wo ist es?", "marketplace": "DE"}, "planted": []}
        fields = {"suite": "drafts", "id": identity, "language": "de", "split": "tune", "origin": "synthetic"}
        return CaseResult.model_validate({**fields, "case": {"input": given}, "output": output, **more})

    return make


def test_preferences_are_counted_and_tested(drafted: Make) -> None:
    before = [drafted(name, "short") for name in "abcdef"]
    after = [drafted("a", "rather long"), drafted("b", "s"), drafted("c", "short"), drafted("d", "nonsense")]
    after += [
        drafted("e", "rather long", case={"input": {"message": {"text": "?", "marketplace": "DE"}}}),
        drafted("f", "longer still", error="RuntimeError: x"),
        drafted("g", "new"),
    ]
    found = preferences(before, after, Judge(Longer()))
    assert {one.id: one.verdict for one in found.cases} == {
        "a": "after", "b": "before", "c": "tie", "d": "unjudged",
    }  # fmt: skip
    assert (found.before, found.after, found.tie, found.unjudged, found.p) == (1, 1, 1, 1, 1.0)
    assert found.cases[0].why == "longer"
    assert "nonsense" in found.cases[3].why


def test_what_is_no_draft_is_passed_over(drafted: Make) -> None:
    triage = drafted("a", "x", output={"tier": 1})
    unscored = drafted("b", "x", output=None, unscored="no reply is recorded")
    found = preferences([triage, unscored], [triage, unscored], Judge(Longer()))
    assert (found.cases, found.p) == ((), None)


def test_the_facts_of_both_writers_are_shown(drafted: Make) -> None:
    class Reading(Longer):
        seen = ""

        def complete(self, request: ChatRequest) -> ChatReply:
            self.seen = request.turns[1].content
            return super().complete(request)

    model = Reading()
    preferences([drafted("a", "one")], [drafted("a", "other")], Judge(model))
    assert "fact behind one" in model.seen
    assert "fact behind other" in model.seen


@pytest.mark.parametrize(
    ("one", "other", "p"), [(0, 0, None), (5, 5, 1.0), (0, 6, 0.03125), (6, 0, 0.03125), (1, 9, 0.021484)]
)
def test_sign_test(one: int, other: int, p: float | None) -> None:
    assert sign_test(one, other) == p
