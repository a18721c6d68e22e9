"""The search is asked as a buyer's message would ask it, and its hits are kept whole."""

from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from evals.cases import BUNDLED, EvalCase
from evals.runner import attempt, summary_of
from evals.suites.retrieval import SUITE, solve
from knowledge_base.types import Chunk, Hit, Query


class Knowledge:
    """Finds the same two passages whatever is asked, and remembers what was."""

    def __init__(self) -> None:
        self.asked: list[Query] = []

    def search(self, query: Query) -> list[Hit]:
        self.asked.append(query)
        loud = Chunk("c1", "faq-noise-de", "Lautstärke", "de", "qa", "Es sind 45 dB.")
        return [Hit(loud, 0.8, "r1"), Hit(Chunk("c2", "manual", "Manual", "en", "prose", "45 dB"), 0.4, "r1")]


@pytest.fixture
def place() -> Any:
    """A workplace whose knowledge is small and which has no model to frame."""
    at = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    return SimpleNamespace(app=SimpleNamespace(knowledge=Knowledge()), at=at, asking=nullcontext)


@pytest.fixture
def ask(make_labelled: Callable[..., EvalCase[Any, Any]]) -> Callable[..., EvalCase[Any, Any]]:
    def make(given: dict[str, Any], **target: Any) -> EvalCase[Any, Any]:
        question = {"query": "Wie laut?", "language": "de", "marketplace": "DE", **given}
        return make_labelled(SUITE.shape, question, target)

    return make


@pytest.mark.parametrize(("asin", "asins"), [("B0VNAF5501", ("B0VNAF5501",)), (None, ())])
def test_the_scope_is_the_buyers(
    ask: Callable[..., EvalCase[Any, Any]], place: Any, asin: str | None, asins: tuple[str, ...]
) -> None:
    found = solve(ask({"asin": asin}, relevant=("faq-noise-de",)), place)
    assert place.app.knowledge.asked == [Query("Wie laut?", "de", "DE", asins, 10, date(2026, 11, 22))]
    assert [(hit.document_id, hit.chunk_id, hit.score) for hit in found.hits] == [
        ("faq-noise-de", "c1", 0.8),
        ("manual", "c2", 0.4),
    ]
    assert (found.hits[0].title, found.hits[0].language, found.hits[0].text) == (
        "Lautstärke", "de", "Es sind 45 dB.",
    )  # fmt: skip


def test_figures_of_two_questions(ask: Callable[..., EvalCase[Any, Any]], place: Any) -> None:
    cases = [ask({}, relevant=("manual",)), ask({})]
    results = [attempt(SUITE, case, place) for case in cases]
    assert [result.error for result in results] == [None, None]
    summary = summary_of(SUITE, results, seed=7)
    figures = {name: slices["all"].value for name, slices in summary.metrics.items()}
    assert figures["recall@1"] == 0.0
    assert figures["recall@3"] == figures["recall@5"] == 1.0
    assert figures["MRR@10"] == 0.5
    assert figures["nDCG@10"] == pytest.approx(0.63093, abs=1e-5)
    assert figures["abstains where nothing answers"] == 0.0
    assert figures["answers where something does"] == 0.0
    assert figures["calibration error"] == pytest.approx(0.8)
    assert set(summary.metrics["recall@1"]) >= {"all", "language=de", "cross=no"}


def test_bundled_questions_are_scoped_and_labelled() -> None:
    cases = SUITE.cases(BUNDLED)
    assert {case.split for case in cases} == {"tune", "held"}
    for case in cases:
        labelled = {*case.target.relevant, *case.target.relevant_other}
        assert set(case.target.contains_by_document) <= labelled, case.id
        assert labelled or not case.target.cross, case.id
