"""Cases of the suites and outputs of the product, each from the parts that matter."""

from collections.abc import Callable
from typing import Any

import pytest

from assistant.domain import Case, Finding, GuardReport, Proposal, Triage
from evals.cases import EvalCase
from evals.scorers.answering import FoundPassage, Ranking, SearchCase
from evals.scorers.claims import ClaimCase
from evals.scorers.tier import TriageCase
from evals.targets import EndToEndTarget, GuardRequest, GuardTarget

Make = Callable[..., EvalCase[Any, Any]]


@pytest.fixture
def make_question(make_labelled: Make) -> Callable[..., SearchCase]:
    def make(tags: tuple[str, ...] = (), **target: Any) -> SearchCase:
        given = {"query": "Wie laut ist das?", "language": "de", "marketplace": "DE"}
        return make_labelled(SearchCase, given, target, tags=tags)

    return make


@pytest.fixture
def make_message(make_labelled: Make) -> Callable[..., TriageCase]:
    def make(given: dict[str, Any] | None = None, **target: Any) -> TriageCase:
        fields = {"tier": 1, "intents": ("tracking",), **target}
        return make_labelled(TriageCase, {"text": "Wo ist mein Paket?", **(given or {})}, fields)

    return make


@pytest.fixture
def make_draft(make_labelled: Make) -> Callable[..., EvalCase[GuardRequest, GuardTarget]]:
    def make(text: str = "Guten Tag.", **target: Any) -> EvalCase[GuardRequest, GuardTarget]:
        fields = {"verdict": "blocked", "rules": ("AMZ-08",), **target}
        shape = EvalCase[GuardRequest, GuardTarget]
        return make_labelled(shape, {"text": text, "marketplace": "DE"}, fields)

    return make


@pytest.fixture
def make_claims(make_labelled: Make) -> Callable[..., ClaimCase]:
    def make(text: str, tags: tuple[str, ...] = (), **target: Any) -> ClaimCase:
        return make_labelled(ClaimCase, {"text": text, "marketplace": "DE"}, target, tags=tags)

    return make


@pytest.fixture
def ranking_of() -> Callable[..., Ranking]:
    """Hits from ``document``, ``document:text`` or ``(document, score)``, best first."""

    def make(*found: str | tuple[str, float]) -> Ranking:
        hits = []
        for place, one in enumerate(found):
            name, score = (one, 0.9 - place / 100) if isinstance(one, str) else one
            document, _, text = name.partition(":")
            fields = {"document_id": document, "chunk_id": f"c{place}", "title": document, "language": "de"}
            hits.append(FoundPassage.model_validate({**fields, "score": score, "text": text}))
        return Ranking(hits=tuple(hits))

    return make


@pytest.fixture
def report_of() -> Callable[..., GuardReport]:
    """A report whose findings mark pieces of the text, written ``(rule, piece)`` or with a severity."""

    def make(text: str, *found: tuple[str, ...]) -> GuardReport:
        findings = []
        for rule, piece, *severity in found:
            start = text.index(piece)
            fields = {"rule": rule, "severity": (severity or ["edit"])[0], "message": "", "evidence": piece}
            findings.append(Finding.model_validate({**fields, "start": start, "end": start + len(piece)}))
        gravest = {one.severity for one in findings}
        verdict = "blocked" if "block" in gravest else "needs_edit" if "edit" in gravest else "pass"
        return GuardReport(verdict=verdict, grounding="checked", pack="p@1", findings=tuple(findings))

    return make


@pytest.fixture
def triaged(make_triage: Callable[..., Triage]) -> Callable[..., Triage]:
    """What triage says: intents as ``name=confidence``, everything else as in the noun."""

    def make(intents: dict[str, float] | None = None, **parts: Any) -> Triage:
        scored = [{"name": name, "confidence": sure} for name, sure in (intents or {}).items()]
        return make_triage(**({"intents": scored} if intents is not None else {}), **parts)

    return make


@pytest.fixture
def make_reply_case(make_labelled: Make) -> Callable[..., EvalCase[Case, EndToEndTarget]]:
    """A message with everything that may be labelled about the reply."""

    def make(**target: Any) -> EvalCase[Case, EndToEndTarget]:
        fields = {"tier": 1, "intents": ("tracking",), "language": "de", "outcome": "answerable", **target}
        given = {"message": {"text": "Wo ist mein Paket?", "marketplace": "DE"}}
        return make_labelled(EvalCase[Case, EndToEndTarget], given, fields)

    return make


@pytest.fixture
def proposed(make_triage: Callable[..., Triage]) -> Callable[..., Proposal]:
    """What the pipeline hands over; keywords are fields of the draft, or ``guard``, ``roles``, ``rounds``."""

    def make(text: str = "Guten Tag, Ihr Paket ist unterwegs.", **parts: Any) -> Proposal:
        guard = parts.pop("guard", None) or {"verdict": "pass", "grounding": "checked", "pack": "p@1"}
        rounds, roles = parts.pop("rounds", ()), parts.pop("roles", ("agent",))
        triage = parts.pop("triage", None) or make_triage()
        draft = {"text": text, "language": "de", "drafter": "composer", "outcome": "answerable", **parts}
        at = "2026-11-22T08:00:00Z"
        clock = {"first_unanswered_at": at, "warn_at": at, "due_at": at, "overdue": False}
        return Proposal.model_validate(
            {
                "triage": triage,
                "passages": (),
                "draft": draft,
                "guard": guard,
                "clock": clock,
                "approval": {"required_roles": roles},
                "rounds": rounds,
            }
        )

    return make
