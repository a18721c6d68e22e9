"""Which hits answer, and how well."""

from collections.abc import Callable
from typing import Any

import pytest

from evals.scorers.answering import Ranking, SearchCase, answerable, answering, grade, grades, slices

Question = Callable[..., SearchCase]
Hits = Callable[..., Ranking]


@pytest.mark.parametrize(
    ("target", "hit", "wanted"),
    [
        ({"relevant": ("a",)}, "a", 2),
        ({"relevant": ("a",)}, "b", 0),
        ({"relevant": ("b",), "relevant_other": ("a",)}, "a", 1),
        ({"relevant": ("a",), "relevant_other": ("a",)}, "a", 2),
        ({"relevant": ("a",), "contains_by_document": {"a": "45 dB"}}, "a:Es sind 45 DB.", 2),
        ({"relevant": ("a",), "contains_by_document": {"a": "45 dB im Betrieb"}}, "a:45 dB\n im  Betrieb", 2),
        ({"relevant": ("a",), "contains_by_document": {"a": "45 dB"}}, "a:Es ist leise.", 0),
        ({"relevant": ("a",), "contains_by_document": {"b": "45 dB"}}, "b:45 dB", 0),
        ({}, "a", 0),
    ],
)
def test_a_long_document_answers_only_with_the_right_passage(
    make_question: Question, ranking_of: Hits, target: dict[str, Any], hit: str, wanted: int
) -> None:
    asked, found = make_question(**target).target, ranking_of(hit)
    assert grade(asked, found.hits[0]) == wanted
    assert answering(asked, found.hits) == [wanted > 0]


@pytest.mark.parametrize(
    ("target", "can", "wanted"),
    [
        ({}, False, {}),
        ({"relevant": ("a",)}, True, {"a": 2}),
        ({"relevant_other": ("b",)}, True, {"b": 1}),
        ({"relevant": ("a",), "relevant_other": ("b", "a")}, True, {"a": 2, "b": 1}),
    ],
)
def test_a_question_without_any_right_document_has_no_answer(
    make_question: Question, target: dict[str, Any], can: bool, wanted: dict[str, int]
) -> None:
    asked = make_question(**target).target
    assert answerable(asked) is can
    assert grades(asked) == wanted


def test_a_question_counts_in_the_groups_of_its_label(make_question: Question) -> None:
    across = make_question(relevant=("a",), cross=True, tags=("cross", "sibling"))
    assert slices(across) == ("cross=yes", "tag=sibling")
    assert slices(make_question(relevant=("a",))) == ("cross=no",)
    assert slices(make_question(tags=("unanswerable", "superseded"))) == ("tag=superseded",)
