"""Abstaining is right where nothing answers, and only there."""

from collections.abc import Callable

import pytest

from evals.scorers.abstention import abstains, answers, confidence
from evals.scorers.answering import Ranking, SearchCase

Question = Callable[..., SearchCase]
Hits = Callable[..., Ranking]
Found = tuple[tuple[str, float], ...]


@pytest.mark.parametrize(
    ("found", "right", "why"),
    [
        ((), True, ""),
        ((("x", 0.49), ("y", 0.2)), True, ""),
        ((("x", 0.5),), False, "taken for an answer: x 0.50"),
        ((("x", 0.9), ("y", 0.8)), False, "taken for an answer: x 0.90"),
    ],
)
def test_abstaining(make_question: Question, ranking_of: Hits, found: Found, right: bool, why: str) -> None:
    score = abstains(make_question(tags=("superseded",)), ranking_of(*found))
    assert (score.passed, score.why, score.slices) == (right, why, ("tag=superseded",))
    assert answers(make_question(), ranking_of(*found)).value is None


@pytest.mark.parametrize(
    ("found", "right", "why"),
    [
        ((), False, "no hit answers"),
        ((("x", 0.9),), False, "no hit answers"),
        ((("x", 0.9), ("a", 0.49)), False, "the best hit that answers scores 0.49"),
        ((("x", 0.9), ("a", 0.5)), True, ""),
    ],
)
def test_abstaining_from_everything_is_no_success(
    make_question: Question, ranking_of: Hits, found: Found, right: bool, why: str
) -> None:
    asked = make_question(relevant=("a",), cross=True)
    score = answers(asked, ranking_of(*found))
    assert (score.passed, score.why, score.slices) == (right, why, ("cross=yes",))
    assert abstains(asked, ranking_of(*found)).value is None


def test_the_first_score_is_held_against_what_the_first_hit_says(
    make_question: Question, ranking_of: Hits
) -> None:
    asked = make_question(relevant=("a",))
    right, wrong = confidence(asked, ranking_of(("a", 0.75))), confidence(asked, ranking_of(("x", 0.75), "a"))
    assert right.parts == {"n:7": 1.0, "sure:7": 0.75, "right:7": 1.0}
    assert wrong.parts["right:7"] == 0.0
    assert (right.value, wrong.value) == (1 - 0.25**2, 1 - 0.75**2)
    assert right.passed is wrong.passed is None
    assert confidence(asked, ranking_of()).value is None
