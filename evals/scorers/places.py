"""Where labelled words stand in a text, and which characters spans cover."""

from collections.abc import Iterable, Sequence

from assistant.domain import GuardReport
from assistant.errors import InvalidInput

Span = tuple[int, int]
"""Start and end, in code points of the text; the end is the first one outside."""


def located(text: str, pieces: Sequence[str]) -> list[Span]:
    """Where each piece stands.

    Raises:
        InvalidInput: a piece does not stand exactly once in the text, so the label says nothing of a place.
    """
    spans = []
    for piece in pieces:
        start = text.find(piece)
        if not piece or start < 0 or text.find(piece, start + 1) >= 0:
            raise InvalidInput(f"the label {piece[:80]!r} must stand in the text once, word for word")
        spans.append((start, start + len(piece)))
    return spans


def marked(report: GuardReport, rules: frozenset[str] | None = None) -> list[Span]:
    """What findings that stop a reply point at; of some rules only where ``rules`` names them."""
    return [
        (found.start, found.end)
        for found in report.findings
        if found.severity != "warn" and (rules is None or found.rule in rules)
    ]


def touches(one: Span, other: Span) -> bool:
    """Whether two spans share a character."""
    return max(one[0], other[0]) < min(one[1], other[1])


def covered(spans: Iterable[Span]) -> set[int]:
    """The characters inside any of the spans."""
    return {place for start, end in spans for place in range(start, end)}
