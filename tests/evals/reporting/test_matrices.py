"""Confusion matrices count what was labelled beside what was given."""

from collections.abc import Callable

from evals.reporting.matrices import LARGEST, OTHERS, SHADES, matrix_of
from evals.scores import CaseResult

Make = Callable[..., CaseResult]


def test_labels_down_given_across(make_result: Make) -> None:
    pairs = [("a", "a"), ("a", "a"), ("a", "b"), ("b", "b"), ("b", "c")]
    results = [make_result(f"x{n}", expected=one, got=other) for n, (one, other) in enumerate(pairs)]
    matrix = matrix_of("same", results)
    assert matrix is not None
    assert matrix.columns == ("a", "b", "c")
    assert [(row.expected, [cell.count for cell in row.cells], row.total) for row in matrix.rows] == [
        ("a", [2, 1, 0], 3),
        ("b", [0, 1, 1], 2),
    ]
    first = matrix.rows[0].cells
    assert [cell.right for cell in first] == [True, False, False]
    assert [cell.shade for cell in first] == [round(2 / 3 * SHADES), 3, 0]
    assert first[0].share == 2 / 3


def test_a_rare_cell_is_still_shaded(make_result: Make) -> None:
    results = [make_result(f"x{n}", expected="a", got="a" if n else "b") for n in range(100)]
    matrix = matrix_of("same", results)
    assert matrix is not None
    assert [cell.shade for cell in matrix.rows[0].cells] == [SHADES, 1]


def test_without_classes_there_is_none(make_result: Make) -> None:
    assert matrix_of("same", [make_result("a", value=1)]) is None
    assert matrix_of("other", [make_result("a", expected="x", got="y")]) is None


def test_too_many_classes_are_summed_up(make_result: Make) -> None:
    names = [f"c{n:02}" for n in range(LARGEST + 5)]
    results = [
        make_result(f"x{n}-{k}", expected=name, got=name)
        for n, name in enumerate(names)
        for k in range(2 if n < LARGEST else 1)
    ]
    matrix = matrix_of("same", results)
    assert matrix is not None
    assert len(matrix.columns) == LARGEST + 1
    assert matrix.columns[-1] == OTHERS
    rest = matrix.rows[-1]
    assert (rest.expected, rest.total, rest.cells[-1].count) == (OTHERS, 5, 5)
    assert not rest.cells[-1].right
