"""Messages whose intent has a counterpart are judged; the others are counted with the reason."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from evals.external.adapter import Task
from evals.external.bitext import FILE, mapped, measure, unmapped

HEADER = ("instruction", "intent", "category", "tags", "response")


def row(text: str, intent: str) -> tuple[str, ...]:
    return (text, intent, "C", "T", "a reply")


def test_messages_are_judged_by_the_table(
    make_task: Callable[..., Task], write_csv: Callable[..., Path], figures: Callable[[Any], Any]
) -> None:
    told: list[tuple[str, int, int]] = []
    task = make_task(told)
    write_csv(
        FILE,
        HEADER,
        row("Please cancel my order, I do not want it any more.", "cancel_order"),
        row("The weather is lovely in Leeds.", "cancel_order"),
        row("I need an invoice for my order.", "get_invoice"),
        row("Where is my order?", "track_order"),
        row("open an account for me", "create_account"),
        row("sign me up", "newsletter_subscription"),
        row("sing", "karaoke"),
    )
    found = measure(task)
    values = figures(found)
    assert values["mapped intents", "intent accuracy"] == (0.75, 4)
    assert values["cancel_order as cancel_order", "intent accuracy"] == (0.5, 2)
    assert values["mapped intents", "intent macro-F1"][0] == round((2 / 3 + 1 + 1) / 3, 6)
    assert ("track_refund as refund_status", "intent accuracy") not in values
    assert set(found.left_out.values()) == {1}
    assert "an intent the table does not know: karaoke" in found.left_out
    assert told == [("mapped intents", 4, 4)]


def test_a_limit_is_kept(
    make_task: Callable[..., Task], write_csv: Callable[..., Path], figures: Callable[[Any], Any]
) -> None:
    task = make_task(limit=3)
    write_csv(FILE, HEADER, *(row(f"cancel order {n}", "cancel_order") for n in range(9)))
    assert figures(measure(task))["mapped intents", "intent accuracy"][1] == 3


def test_the_table_speaks_of_each_of_their_intents_once() -> None:
    assert not mapped().keys() & unmapped().keys()
    assert len(mapped()) + len(unmapped()) == 27
