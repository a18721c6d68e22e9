"""Marked spans are hidden only as a whole; what was found without being marked costs precision."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import InvalidInput
from evals.external.adapter import Task
from evals.external.presidio import EVERYTHING, FILE, asked_for, measure


def sentence(text: str, *marked: tuple[str, str]) -> dict[str, Any]:
    spans = [
        {
            "entity_type": kind,
            "entity_value": value,
            "start_position": text.index(value),
            "end_position": text.index(value) + len(value),
        }
        for kind, value in marked
    ]
    return {"full_text": text, "spans": spans}


def test_spans_are_held_against_what_is_found(
    make_task: Callable[..., Task], write_json: Callable[[str, Any], Path], figures: Callable[[Any], Any]
) -> None:
    told: list[tuple[str, int, int]] = []
    task = make_task(told)
    write_json(
        FILE,
        [
            sentence("My name is Petra Vossberg.", ("PERSON", "Petra Vossberg")),
            sentence("We met Anton Bellwether in Oslo", ("PERSON", "Anton Bellwether"), ("GPE", "Oslo")),
            sentence("write to petra@vossberg.org", ("EMAIL_ADDRESS", "petra@vossberg.org")),
            sentence("mail no@body.org is nobody"),
            sentence("IBAN DE89370400440532013000 and 12", ("IBAN_CODE", "DE89370400440532013000")),
            sentence("nothing at all"),
        ],
    )
    found = measure(task)
    values = figures(found)
    assert values["PERSON", "recall"] == (0.5, 2)
    assert values["PERSON", "hidden or pointed out"] == (1.0, 2)
    assert values["PERSON", "precision"] == (1.0, 1)
    assert values["EMAIL_ADDRESS", "recall"] == (1.0, 1)
    assert values["EMAIL_ADDRESS", "precision"] == (0.5, 2)
    assert values["IBAN_CODE", "recall"] == (1.0, 1)
    assert values[EVERYTHING, "recall"] == (0.75, 4)
    assert ("CREDIT_CARD", "recall") not in values
    assert [(name[:4], count) for name, count in found.left_out.items()] == [("GPE:", 1)]
    assert told == [(EVERYTHING, 6, 6)]


def test_half_a_span_is_not_hidden(
    make_task: Callable[..., Task], write_json: Callable[[str, Any], Path], figures: Callable[[Any], Any]
) -> None:
    task = make_task()
    write_json(FILE, [sentence("My name is Petra, of Xanadu", ("PERSON", "Petra, of Xanadu"))])
    assert figures(measure(task))["PERSON", "recall"] == (0.0, 1)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ([{"full_text": "a", "spans": [{"entity_type": "PERSON"}]}], "not in the format of the set"),
        ([{"spans": []}], "not in the format"),
        ([3], "not in the format"),
        ([sentence("a b", ("PET", "b"))], "sentence 0 has the kind PET, which no table knows"),
    ],
)
def test_another_format_is_refused(
    content: Any, message: str, make_task: Callable[..., Task], write_json: Callable[[str, Any], Path]
) -> None:
    task = make_task()
    write_json(FILE, content)
    with pytest.raises(InvalidInput, match=message):
        measure(task)


def test_a_limit_is_kept(make_task: Callable[..., Task], write_json: Callable[[str, Any], Path]) -> None:
    task = make_task(limit=2)
    write_json(FILE, [sentence("to a@b.org", ("EMAIL_ADDRESS", "a@b.org")) for _ in range(5)])
    assert {one.estimate.n for one in measure(task).figures} == {2}
    assert "PERSON" in asked_for()
