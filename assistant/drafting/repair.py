"""From a first draft to one that may be shown: findings go back, small fixes, the composer, a holding reply.

The order is fixed: the model, at most two repair rounds with the findings, the guard's own small fixes, the
composer on all passages, the composer on none, and then whatever is left goes to a person with its findings.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from assistant.domain import Case, Draft, Finding, GuardReport, Passage, Round, Triage, Usage
from assistant.drafting.chat_model import ChatModel
from assistant.drafting.composer import compose
from assistant.drafting.draft import Assignment, Attempt, draft_with_model
from assistant.errors import ModelUnavailable
from assistant.guard.check import check
from assistant.guard.context import GuardContext
from assistant.vocabulary import Intent, RiskFlag

REPAIR_ROUNDS = 2
HOLDING_ONLY = frozenset({RiskFlag.SAFETY, RiskFlag.LEGAL, RiskFlag.INJECTION})
"""Flags under which no model writes: a neutral holding reply and a person, no word that could admit."""


EMPTY = "AMZ-20"
"""A warning to an agent; from a model a reply of mere thanks is no answer, unless thanks are due."""


@dataclass(frozen=True, slots=True)
class Drafted:
    """The draft to show, what the guard says of it, and every attempt on the way."""

    draft: Draft
    guard: GuardReport
    rounds: tuple[Round, ...]


@dataclass(frozen=True, slots=True)
class Workbench:
    """What every attempt at one case shares."""

    case: Case
    triage: Triage
    passages: Sequence[Passage]
    context: GuardContext
    now: datetime
    rounds: list[Round] = field(default_factory=list)

    def judge(self, draft: Draft) -> GuardReport:
        """The guard's report on the whole text."""
        return check(draft.text, self.context)

    def to_mend(self, report: GuardReport) -> list[Finding]:
        """The findings with which a draft may not be shown yet."""
        thanks_are_due = self.triage.main_intent is Intent.THANKS
        return [
            finding
            for finding in report.findings
            if finding.severity != "warn" or (finding.rule == EMPTY and not thanks_are_due)
        ]


def draft_and_repair(
    bench: Workbench,
    model: ChatModel | None,
    *,
    seconds: float,
    context_tokens: int,
    instructions: str | None = None,
) -> Drafted:
    """Draft with the model if there is one and it may write, otherwise or failing that with the composer."""
    fault = None
    if model and not HOLDING_ONLY & set(bench.triage.risk_flags):
        assignment = Assignment.of(
            bench.case,
            bench.triage,
            bench.passages,
            now=bench.now,
            context_tokens=context_tokens,
            instructions=instructions,
        )
        drafted = _by_model(bench, model, assignment, seconds)
        if drafted:
            return drafted
        fault = bench.rounds[-1].failure or "the guard's findings were not mended in the repair rounds"
    return _by_composer(bench, fault)


def _by_model(bench: Workbench, model: ChatModel, assignment: Assignment, seconds: float) -> Drafted | None:
    """Up to three attempts within one deadline; ``None`` when no text came of it that passes."""
    deadline = time.monotonic() + seconds
    request, said = assignment.opening(seconds), ""
    for _ in range(1 + REPAIR_ROUNDS):
        started = time.perf_counter()
        try:
            attempt = draft_with_model(assignment, model, request)
        except ModelUnavailable as error:
            bench.rounds.append(
                Round(
                    drafter="llm",
                    model=model.name,
                    prompt=assignment.briefing.reference,
                    request=request.text,
                    failure=str(error),
                    latency_ms=_since(started),
                )
            )
            return None
        report = bench.judge(attempt.draft)
        bench.rounds.append(_round(attempt, report))
        findings = bench.to_mend(report)
        if not findings:
            return _finished(bench, attempt.draft, report)
        mended = with_fixes(attempt.draft, findings)
        if mended and not bench.to_mend(after := bench.judge(mended)):
            return _finished(bench, mended, after)
        left = deadline - time.monotonic()
        if left < 1 or attempt.draft.text == said:
            return None  # no time, or a model that says the same again whatever it is told
        said = attempt.draft.text
        request = assignment.repair(attempt, findings, left)
    return None


def _by_composer(bench: Workbench, fault: str | None) -> Drafted:
    """Compose on the passages, then on none; the last one stands even with findings: a person decides."""
    for passages in (bench.passages, ()):
        started = time.perf_counter()
        draft = compose(bench.case, bench.triage, passages, now=bench.now)
        if fault:
            draft = draft.model_copy(update={"degraded": True, "degraded_reason": fault})
        report = bench.judge(draft)
        if report.verdict != "pass" and (mended := with_fixes(draft, bench.to_mend(report))):
            draft, report = mended, bench.judge(mended)
        bench.rounds.append(
            Round(
                drafter="composer", prompt=draft.prompt, draft=draft, guard=report, latency_ms=_since(started)
            )
        )
        if report.verdict == "pass":
            break
    return _finished(bench, draft, report)


def with_fixes(draft: Draft, findings: Sequence[Finding]) -> Draft | None:
    """Apply the guard's own fixes from the end to the start; ``None`` where a finding has none."""
    if any(finding.fix is None for finding in findings):
        return None
    text, limit = draft.text, len(draft.text)
    for finding in sorted(findings, key=lambda found: -found.start):
        if finding.end <= limit and finding.fix is not None:
            text, limit = text[: finding.start] + finding.fix + text[finding.end :], finding.start
    return draft.model_copy(update={"text": text.strip()})


def _round(attempt: Attempt, report: GuardReport) -> Round:
    return Round(
        drafter="llm",
        model=attempt.draft.model,
        prompt=attempt.draft.prompt,
        request=attempt.request.text,
        raw_reply=attempt.raw_reply,
        draft=attempt.draft,
        guard=report,
        latency_ms=attempt.draft.latency_ms,
    )


def _finished(bench: Workbench, draft: Draft, report: GuardReport) -> Drafted:
    """Count all attempts into the draft: what was spent on rejected ones was spent too."""
    spent = [attempt.draft.usage for attempt in bench.rounds if attempt.draft]
    usage = Usage(
        prompt_tokens=sum(one.prompt_tokens for one in spent),
        completion_tokens=sum(one.completion_tokens for one in spent),
        cost_usd=sum((one.cost_usd for one in spent), start=Usage().cost_usd),
    )
    latency = round(sum(attempt.latency_ms for attempt in bench.rounds), 1)
    return Drafted(
        draft.model_copy(update={"usage": usage, "latency_ms": latency}), report, tuple(bench.rounds)
    )


def _since(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 1)
