"""In scope any counterpart is right, out of scope anything that no label stands for."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from assistant.vocabulary import Intent
from evals.external.adapter import Task
from evals.external.hint3 import measure, shops

HEADER = ("sentence", "label")


def test_both_kinds_of_messages_are_judged(
    make_task: Callable[..., Task], write_csv: Callable[..., Path], figures: Callable[[Any], Any]
) -> None:
    task = make_task()
    write_csv(
        "curekart_test.csv",
        HEADER,
        ("Please cancel my order.", "CANCEL_ORDER"),
        ("The sky is blue.", "CANCEL_ORDER"),
        ("Where is my order?", "ORDER_STATUS"),
        ("The sky is blue.", "NO_NODES_DETECTED"),
        ("Please cancel my order.", "NO_NODES_DETECTED"),
        ("The sky is blue.", "FRANCHISE"),
    )
    found = measure(task)
    assert figures(found) == {
        ("curekart", "in-scope accuracy"): (round(2 / 3, 6), 3),
        ("curekart", "out-of-scope recall"): (round(2 / 3, 6), 3),
        ("curekart", "out-of-scope recall, no label"): (0.5, 2),
        ("curekart", "out-of-scope recall, label without counterpart"): (1.0, 1),
    }
    assert found.left_out == {}


def test_a_shop_alone_is_enough_and_none_is_nothing(
    make_task: Callable[..., Task], write_csv: Callable[..., Path]
) -> None:
    task = make_task(limit=1)
    assert measure(task).figures == ()
    write_csv("sofmattress_test.csv", HEADER, ("What does it cost?", "MATTRESS_COST"), ("hm", "EMI"))
    assert {(one.part, one.estimate.n) for one in measure(task).figures} <= {
        ("sofmattress", 0),
        ("sofmattress", 1),
    }


def test_what_no_label_stands_for_is_never_in_scope() -> None:
    for shop in shops().values():
        assert shop.out_of_scope not in shop.labels
        assert Intent.OTHER not in shop.intents
        assert Intent.THANKS not in shop.intents
