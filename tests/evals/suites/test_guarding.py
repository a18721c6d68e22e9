"""Guard and grounding on the real pack, and their labels in the texts they speak of."""

from collections.abc import Callable
from typing import Any

import pytest

from evals.cases import BUNDLED, EvalCase
from evals.runner import attempt, summary_of
from evals.scorers.places import located
from evals.suites import SUITES, grounding, guard
from evals.workplace import Workplace

Labelled = Callable[..., EvalCase[Any, Any]]
PASSAGE = {"document_id": "faq-noise-de", "text": "Das Gerät erzeugt 45 dB und wiegt 3 kg."}


def test_figures_of_the_guard(make_labelled: Labelled, workplace: Workplace) -> None:
    texts = {
        "Guten Tag, schreiben Sie uns an hilfe@velanoor-shop.de, dort geht es schneller.": {
            "verdict": "blocked", "rules": ("AMZ-12",), "spans": ("hilfe@velanoor-shop.de",),
        },
        "Guten Tag, wir prüfen das gern und melden uns hier.": {
            "verdict": "blocked", "rules": ("AMZ-08",),
        },
        "Guten Tag, vielen Dank für Ihre Nachricht.": {"verdict": "pass"},
    }  # fmt: skip
    cases = [
        make_labelled(guard.SUITE.shape, {"text": text, "marketplace": "DE"}, target)
        for text, target in texts.items()
    ]
    results = [attempt(guard.SUITE, case, workplace) for case in cases]
    assert [result.error for result in results] == [None] * 3
    metrics = summary_of(guard.SUITE, results, seed=7).metrics
    figures = {name: slices["all"].value for name, slices in metrics.items()}
    assert figures["recall"] == 0.5
    assert figures["good replies passed"] == 1.0
    assert figures["blocked where it must be"] == figures["named by the right rule"] == 1.0
    assert figures["words at fault pointed at"] == 1.0
    assert metrics["recall"]["rule=AMZ-08"].value == 0.0


def test_figures_of_grounding(make_labelled: Labelled, workplace: Workplace) -> None:
    given = {
        "text": "Guten Tag, das Gerät erzeugt 45 dB und wiegt 7 kg. Es läuft mit 230 V.",
        "marketplace": "DE",
        "buyer_language": "de",
        "passages": [PASSAGE],
    }
    target = {"unsupported": ("7 kg",), "supported": ("45 dB",)}
    result = attempt(grounding.SUITE, make_labelled(grounding.SUITE.shape, given, target), workplace)
    assert result.error is None
    assert result.scores["claims"].why == 'alarms without cause: "230 V"'
    metrics = summary_of(grounding.SUITE, [result], seed=7).metrics
    figures = {name: slices["all"].value for name, slices in metrics.items()}
    assert figures == {
        "claim recall": 1.0,
        "claim precision": 0.5,
        "claim F1": pytest.approx(2 / 3, abs=1e-6),
        "supported claims left alone": 1.0,
        "drafts with no claim let through": 1.0,
    }


def test_a_label_that_is_not_in_the_text_is_an_error_of_the_case(
    make_labelled: Labelled, workplace: Workplace
) -> None:
    given = {"text": "Guten Tag.", "marketplace": "DE"}
    result = attempt(
        grounding.SUITE, make_labelled(grounding.SUITE.shape, given, {"supported": ("7 kg",)}), workplace
    )
    assert result.scores == {}
    assert "must stand in the text once" in (result.error or "")


@pytest.mark.parametrize(
    ("name", "labels"), [("guard", ("spans",)), ("grounding", ("unsupported", "supported"))]
)
def test_every_bundled_label_stands_once_in_its_text(name: str, labels: tuple[str, ...]) -> None:
    cases = SUITES[name].cases(BUNDLED)
    assert any(getattr(case.target, label) for case in cases for label in labels)
    for case in cases:
        for label in labels:
            located(case.input.text, getattr(case.target, label))
