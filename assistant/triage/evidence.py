"""What speaks for which matter in one message, with the reasons a person can check."""

from assistant.triage.rules import Match

_HIGHEST = 0.99


class Evidence:
    """Rows found, gathered by mark; a row speaks once, rows of one mark combine as independent evidence."""

    def __init__(self) -> None:
        self.reasons: list[str] = []
        self.counts: dict[str, int] = {}
        self._weights: dict[str, dict[str, float]] = {}

    def add(self, match: Match, *, factor: float = 1.0, place: str = "") -> None:
        """Take in a match; ``factor`` weakens it by where it stands."""
        row = match.row
        self.counts[row.mark] = self.counts.get(row.mark, 0) + 1
        source = f"{row.table}/{row.id}"
        weights = self._weights.setdefault(row.mark, {})
        if source not in weights:
            self.reasons.append(f"{place}{match}")
        weights[source] = max(weights.get(source, 0.0), row.weight * factor)

    def set(self, mark: str, score: float, reason: str) -> None:
        """Set a mark to a score by a rule of context."""
        self._weights[mark] = {"context": score}
        self.reasons.append(f"{mark}: {reason}")

    def drop(self, mark: str, reason: str) -> None:
        """Take a mark out of the account, saying why; nothing happens where it is not there."""
        if self._weights.pop(mark, None) is not None:
            self.reasons.append(f"not {mark}: {reason}")

    def score(self, mark: str) -> float:
        """Confidence 0..1 in a mark."""
        doubt = 1.0
        for weight in self._weights.get(mark, {}).values():
            doubt *= 1 - weight
        return round(min(_HIGHEST, 1 - doubt), 3)

    def marks(self) -> list[str]:
        """Marks with any evidence, in the order found."""
        return list(self._weights)

    def has(self, *marks: str) -> bool:
        """Whether any of the marks has evidence."""
        return any(mark in self._weights for mark in marks)
