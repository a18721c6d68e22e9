"""Forgivers: pure functions that say why something found is allowed after all."""

from collections.abc import Iterable, Iterator

Span = tuple[int, int]


def outside(found: Iterable[Span], forgiven: Iterable[Span]) -> Iterator[Span]:
    """Spans that touch no forgiven span; both come sorted by start, forgiven ones do not overlap."""
    rest = iter(forgiven)
    current = next(rest, None)
    for span in found:
        while current and current[1] <= span[0]:
            current = next(rest, None)
        if not current or span[1] <= current[0]:
            yield span
