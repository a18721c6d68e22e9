"""What is wrong with the draft state as a whole: stale, outdated or contradicting documents."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import combinations

from knowledge_base.types import Document, Refusal


def check(documents: Sequence[Sequence[Document]], *, today: date) -> list[Refusal]:
    """One line per matter, in the order of the documents; an empty list is a clean bill."""
    parts = [part for document in documents for part in document]
    return [*(finding for part in parts for finding in _aged(part, today)), *_contradictions(parts)]


def _aged(part: Document, today: date) -> Iterator[Refusal]:
    if part.status != "active":
        return
    if part.review_by and part.review_by < today:
        yield Refusal(part.origin, f"{part.document_id}: should have been reviewed by {part.review_by}")
    if part.effective_to and part.effective_to < today:
        yield Refusal(
            part.origin, f"{part.document_id}: ended on {part.effective_to} and is not found any more"
        )


def _contradictions(parts: Sequence[Document]) -> Iterator[Refusal]:
    """Two active answers to one question, language and scope."""
    asked: dict[tuple[str, str], list[tuple[Document, str]]] = {}
    for part in parts:
        for question, answer in part.entries if part.status == "active" else ():
            key = (part.language, " ".join(question.casefold().split()))
            asked.setdefault(key, []).append((part, answer))
    for (_, question), answers in asked.items():
        for (first, one), (second, other) in combinations(answers, 2):
            if one != other and _overlap(first, second):
                where = f"{first.document_id} ({first.origin})"
                yield Refusal(
                    second.origin, f"{second.document_id}: answers {question!r} otherwise than {where}"
                )


def _overlap(first: Document, second: Document) -> bool:
    """Whether one case could be in the scope of both."""
    starts, ends = (first.effective_from, second.effective_from), (first.effective_to, second.effective_to)
    start, end = max(filter(None, starts), default=date.min), min(filter(None, ends), default=date.max)
    return (
        start <= end and _meet(first.marketplaces, second.marketplaces) and _meet(first.asins, second.asins)
    )


def _meet(one: frozenset[str], other: frozenset[str]) -> bool:
    """Empty means everything."""
    return not one or not other or not one.isdisjoint(other)
