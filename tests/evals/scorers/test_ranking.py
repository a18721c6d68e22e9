"""Places, recall, reciprocal rank and nDCG, against figures worked out by hand."""

from collections.abc import Callable
from math import log2
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evals.scorers.answering import Ranking, SearchCase
from evals.scorers.ranking import ndcg, ranking

Question = Callable[..., SearchCase]
Hits = Callable[..., Ranking]


@pytest.mark.parametrize(
    ("found", "recalls", "reciprocal", "passed"),
    [
        (("a", "x"), (1, 1, 1), 1.0, True),
        (("x", "y", "a"), (0, 1, 1), 1 / 3, True),
        (("x", "y", "z", "a"), (0, 0, 1), 1 / 4, False),
        ((*"uvwxyz", "a"), (0, 0, 0), 1 / 7, False),
        (("x", "y"), (0, 0, 0), 0.0, False),
        ((), (0, 0, 0), 0.0, False),
        ((*"bcdefghijk", "a"), (0, 0, 0), 0.0, False),
    ],
)
def test_recall_and_reciprocal_rank_come_from_the_first_answer(
    make_question: Question,
    ranking_of: Hits,
    found: tuple[str, ...],
    recalls: tuple[int, int, int],
    reciprocal: float,
    passed: bool,
) -> None:
    score = ranking(make_question(relevant=("a",)), ranking_of(*found))
    assert tuple(score.parts[f"recall@{k}"] for k in (1, 3, 5)) == recalls
    assert score.parts["reciprocal rank"] == score.value == reciprocal
    assert score.passed is passed
    assert bool(score.why) is not passed


def test_what_came_instead_is_told(make_question: Question, ranking_of: Hits) -> None:
    asked = make_question(relevant=("a",))
    late = ranking(asked, ranking_of("x", "y", "z", "a"))
    assert late.why == "a stands only in place 4; first: x 0.90, y 0.89, z 0.88"
    assert ranking(asked, ranking_of()).why == "a stands not among the first 10; first: nothing"


def test_where_nothing_answers_no_rank_is_judged(make_question: Question, ranking_of: Hits) -> None:
    score = ranking(make_question(), ranking_of("a"))
    assert (score.value, score.passed, score.parts) == (None, None, {})


@pytest.mark.parametrize(
    ("target", "found", "wanted"),
    [
        ({"relevant": ("a",)}, ("a",), 1.0),
        ({"relevant": ("a",)}, ("x", "a"), 1 / log2(3)),
        ({"relevant": ("a",)}, ("x",), 0.0),
        ({"relevant": ("a", "b")}, ("a", "x", "b"), (2 + 2 / 2) / (2 + 2 / log2(3))),
        ({"relevant": ("a",), "relevant_other": ("o",)}, ("a", "o"), 1.0),
        ({"relevant": ("a",), "relevant_other": ("o",)}, ("o", "a"), (1 + 2 / log2(3)) / (2 + 1 / log2(3))),
        # Two passages of a document that answers count once and leave the second place to the next.
        ({"relevant": ("a", "b")}, ("a", "a", "b"), 1.0),
        # A passage of the right document that does not answer is as wrong as any other.
        ({"relevant": ("a",), "contains_by_document": {"a": "45"}}, ("a:leise", "a:45 dB"), 1 / log2(3)),
    ],
)
def test_ndcg(
    make_question: Question, ranking_of: Hits, target: dict[str, Any], found: tuple[str, ...], wanted: float
) -> None:
    assert ndcg(make_question(**target), ranking_of(*found)) == pytest.approx(wanted)


def test_more_right_documents_than_places_can_still_be_found_perfectly(
    make_question: Question, ranking_of: Hits
) -> None:
    documents = tuple(f"d{number}" for number in range(14))
    assert ndcg(make_question(relevant=documents), ranking_of(*documents)) == pytest.approx(1.0)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(found=st.lists(st.sampled_from("abcxyz"), max_size=14), place=st.integers(0, 12))
def test_bounds_order_and_improvement(
    make_question: Question, ranking_of: Hits, found: list[str], place: int
) -> None:
    asked = make_question(relevant=("a", "b"), relevant_other=("c",))
    parts = ranking(asked, ranking_of(*found)).parts
    assert 0 <= parts["ndcg"] <= 1 + 1e-9
    assert parts["recall@1"] <= parts["recall@3"] <= parts["recall@5"] <= 1
    assert parts["reciprocal rank"] <= 1
    if place + 1 < len(found) and found[place] in "xyz" and found[place + 1] in "abc":
        better = [*found]
        better[place], better[place + 1] = better[place + 1], better[place]
        assert ranking(asked, ranking_of(*better)).parts["ndcg"] >= parts["ndcg"] - 1e-9
