"""The main matter, all matters, and how sure triage was."""

from collections.abc import Callable
from typing import Any

import pytest

from assistant.domain import Triage
from evals.scorers.intents import confidence, main_intent, matters
from evals.scorers.tier import TriageCase

Message = Callable[..., TriageCase]
Triaged = Callable[..., Triage]
LABEL = {"intents": ("tracking", "invoice_request"), "also": ("order_status",)}


@pytest.mark.parametrize(
    ("got", "right", "counts", "cell"),
    [
        ("tracking", True, {"tp:tracking": 1.0}, ("tracking", "tracking")),
        ("order_status", True, {"tp:tracking": 1.0}, ("order_status", "order_status")),
        ("invoice_request", False, {"fn:tracking": 1.0, "fp:invoice_request": 1.0},
         ("tracking", "invoice_request")),
        ("thanks", False, {"fn:tracking": 1.0, "fp:thanks": 1.0}, ("tracking", "thanks")),
    ],
)  # fmt: skip
def test_the_main_matter(
    make_message: Message,
    triaged: Triaged,
    got: str,
    right: bool,
    counts: dict[str, float],
    cell: tuple[str, str],
) -> None:
    score = main_intent(make_message(**LABEL), triaged({got: 0.8}))
    assert score.passed is right
    assert score.parts == {"right": float(right), "n": 1.0, **counts}
    assert (score.expected, score.got) == cell
    assert score.why == ("" if right else f"tracking wanted, {got} given")
    assert score.slices == ("tier=1",)


@pytest.mark.parametrize(
    ("got", "counts", "why"),
    [
        (("tracking", "invoice_request"), (2, 0, 0), ""),
        (("tracking",), (1, 0, 1), "not found: invoice_request"),
        (("order_status", "invoice_request"), (2, 0, 0), ""),
        (("tracking", "order_status", "invoice_request"), (2, 0, 0), ""),
        (("thanks",), (0, 1, 2), "not found: tracking, invoice_request; reported without cause: thanks"),
        (("invoice_request", "thanks", "warranty"), (1, 2, 1),
         "not found: tracking; reported without cause: thanks, warranty"),
        ((), (0, 0, 2), "not found: tracking, invoice_request"),
    ],
)  # fmt: skip
def test_all_matters(
    make_message: Message, triaged: Triaged, got: tuple[str, ...], counts: tuple[int, int, int], why: str
) -> None:
    score = matters(make_message(**LABEL), triaged(dict.fromkeys(got, 0.8)))
    assert tuple(score.parts[name] for name in ("tp", "fp", "fn")) == counts
    assert score.value == counts[0] / 2
    assert score.passed is (counts[2] == 0)
    assert score.why == why


@pytest.mark.parametrize(
    ("intents", "parts"),
    [
        ({"order_status": 0.8, "thanks": 0.5}, {"n:8": 1.0, "sure:8": 0.8, "right:8": 1.0}),
        ({"thanks": 1.0}, {"n:9": 1.0, "sure:9": 1.0, "right:9": 0.0}),
        ({}, {}),
    ],
)
def test_confidence_is_that_of_the_main_matter(
    make_message: Message, triaged: Triaged, intents: dict[str, float], parts: dict[str, Any]
) -> None:
    assert confidence(make_message(**LABEL), triaged(intents)).parts == parts
