"""The figures of a run as tables for the terminal."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from rich.table import Table

from assistant.vocabulary import LANGUAGES
from evals.drafting import Drafted
from evals.retrieval import K, Looked, recall


def _mark(right: bool) -> str:
    return "✓" if right else "[red]✗[/red]"


def drafts_table(drafted: Sequence[Drafted]) -> Table:
    """One demo message a row."""
    table = Table(
        "message", "tier", "flags", "intent", "outcome", "language", "guard", "ms", title="Demo messages"
    )
    for one in drafted:
        triage, draft = one.proposal.triage, one.proposal.draft
        table.add_row(
            one.message.id,
            f"{triage.tier} {_mark(one.tier_is_right)}",
            f"{' '.join(triage.risk_flags)} {_mark(one.flags_are_right)}",
            f"{triage.main_intent} {_mark(one.intent_is_right)}",
            draft.outcome,
            _mark(one.in_buyers_language),
            f"{one.proposal.guard.verdict} {' '.join(sorted({f.rule for f in one.proposal.guard.findings}))}",
            f"{draft.latency_ms:.0f}",
        )
    return table


def languages_table(looked: Sequence[Looked], title: str) -> Table:
    """recall@k by the question's language, same language and across."""
    table = Table("language", "same", f"recall@{K}", "across", f"recall@{K}", title=title)
    for language in (*LANGUAGES, None):
        of = [one for one in looked if language in (None, one.question.language) and one.question.relevant]
        same = [one for one in of if not one.question.cross]
        across = [one for one in of if one.question.cross]
        table.add_row(
            language or "all",
            str(len(same)),
            f"{recall(same):.2f}",
            str(len(across)),
            f"{recall(across):.2f}",
        )
    return table


def misses_table(looked: Sequence[Looked]) -> Table:
    """The questions whose answer was not among the first hits, with what came instead."""
    table = Table("question", "query", "wanted", "found", title="Not found")
    for one in looked:
        if one.question.relevant and not one.rank:
            found = ", ".join(f"{hit.chunk.document_id} {hit.score:.2f}" for hit in one.hits)
            table.add_row(one.question.id, one.question.query[:60], one.question.relevant[0], found)
    return table


def model_table(drafted: Sequence[Drafted]) -> Table:
    """How a chat model fared: the guard before and after repair, who wrote in the end, how long it took."""
    table = Table("measure", "count", title=f"{len(drafted)} demo messages through the chat model")
    tried = [one for one in drafted if one.proposal.rounds[0].drafter == "llm"]
    first = Counter(
        attempt.guard.verdict if attempt.guard else "fault"
        for attempt in (one.proposal.rounds[0] for one in tried)
    )
    final = Counter(one.proposal.guard.verdict for one in drafted)
    drafters = Counter(one.proposal.draft.drafter for one in tried)
    rules = Counter(
        finding.rule
        for one in tried
        for attempt in one.proposal.rounds
        if attempt.drafter == "llm" and attempt.guard
        for finding in attempt.guard.findings
    )
    seconds = sorted(one.proposal.draft.latency_ms / 1000 for one in tried) or [0.0]
    table.add_row("written by the model at all (others: holding reply only)", str(len(tried)))
    table.add_row("verdict of the first model reply", _counts(first))
    table.add_row("verdict of the final draft", _counts(final))
    table.add_row("final drafter where the model was asked", _counts(drafters))
    table.add_row("in the buyer's language", str(sum(one.in_buyers_language for one in drafted)))
    table.add_row("rules that found something in model replies", _counts(rules))
    table.add_row(
        "seconds a draft, median / longest", f"{seconds[len(seconds) // 2]:.1f} / {seconds[-1]:.1f}"
    )
    return table


def _counts(counted: Counter[Any]) -> str:
    return ", ".join(f"{name} {number}" for name, number in counted.most_common())
