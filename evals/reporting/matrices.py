"""Confusion matrices: what was right beside what the product said."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from evals.scores import CaseResult

SHADES = 9
"""Steps of the heat shading; each is a class of the style sheet."""
LARGEST = 31
"""Rows or columns; as many as there are intents. The rest is summed up as ``OTHERS``."""
OTHERS = "all others"


@dataclass(frozen=True, slots=True)
class Cell:
    """How often; ``share`` of its row; ``shade`` 0 (never) to ``SHADES``; ``right``: on the diagonal."""

    count: int
    share: float
    shade: int
    right: bool


@dataclass(frozen=True, slots=True)
class Row:
    """What was said of the cases labelled ``expected``."""

    expected: str
    cells: tuple[Cell, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Matrix:
    """Labelled classes down, given ones across."""

    scorer: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def matrix_of(scorer: str, results: Iterable[CaseResult]) -> Matrix | None:
    """The matrix of one scorer; ``None`` where it names no classes."""
    scores = [score for result in results if (score := result.scores.get(scorer))]
    pairs = Counter(
        (one.expected, one.got) for one in scores if one.expected is not None and one.got is not None
    )
    weights: Counter[str] = Counter()
    for (expected, got), n in pairs.items():
        weights.update({str(expected): n})
        weights.update({str(got): n})
    kept = {name for name, _ in weights.most_common(LARGEST)}
    cells: Counter[tuple[str, str]] = Counter()
    for (expected, got), n in pairs.items():
        cells[_kept(str(expected), kept), _kept(str(got), kept)] += n
    if not cells:
        return None
    columns = _ordered({got for _, got in cells} | {expected for expected, _ in cells})
    rows = tuple(
        _row(expected, columns, cells)
        for expected in columns
        if any((expected, got) in cells for got in columns)
    )
    return Matrix(scorer, columns, rows)


def _row(expected: str, columns: tuple[str, ...], cells: Counter[tuple[str, str]]) -> Row:
    total = sum(cells[expected, got] for got in columns)
    found = []
    for got in columns:
        count = cells[expected, got]
        share = count / total
        shade = max(1, round(share * SHADES)) if count else 0
        found.append(Cell(count, share, shade, right=expected == got and expected != OTHERS))
    return Row(expected, tuple(found), total)


def _kept(name: str, kept: set[str]) -> str:
    return name if name in kept else OTHERS


def _ordered(names: set[str]) -> tuple[str, ...]:
    return tuple(sorted(names, key=lambda name: (name == OTHERS, name)))
