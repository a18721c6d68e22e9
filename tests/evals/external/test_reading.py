"""Files of public sets are read row by row, and an even choice of them is always the same."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import InvalidInput
from evals.external import reading
from evals.external.adapter import Task
from evals.external.reading import chosen, rows, whole


def test_rows_come_one_at_a_time_with_their_line(
    make_task: Callable[..., Task], write_csv: Callable[..., Path]
) -> None:
    make_task()
    path = write_csv(
        "a.csv", ("text", "label", "more"), ("one\ntwo", "x", ""), ("three", "y", "z"), ("four",)
    )
    found = rows(path, ("text", "label"))
    assert next(found) == (3, {"text": "one\ntwo", "label": "x"})
    assert list(found) == [(4, {"text": "three", "label": "y"}), (5, {"text": "four", "label": ""})]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"text,other\na,b\n", "the header lacks label"),
        (b"", "the header lacks text, label"),
        (b'text,label\n"a', r"line \d: unexpected end of data"),
        (b"text,label\n\xff,b\n", "not UTF-8 near byte"),
        (None, "No such file"),
    ],
)
def test_what_cannot_be_read_is_said(content: bytes | None, message: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InvalidInput, match=message):
        list(rows(path, ("text", "label")))


def test_json_is_read_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.json"
    with pytest.raises(InvalidInput, match="No such file"):
        whole(path)
    path.write_text('\ufeff{"a": [1]}', "utf-8")
    assert whole(path) == {"a": [1]}
    for wrong in ("{", "[" * 100_000):
        path.write_text(wrong, "utf-8")
        with pytest.raises(InvalidInput, match="not JSON in UTF-8"):
            whole(path)
    monkeypatch.setattr(reading, "MAX_JSON", 10)
    with pytest.raises(InvalidInput, match="larger than 0 MB; split it"):
        whole(path)


def test_a_choice_is_the_same_whatever_the_order() -> None:
    items = [f"i{place}" for place in range(50)]

    def pick(limit: int | None, seed: int = 1, of: Any = items) -> list[str]:
        return chosen(iter(of), lambda one: one, limit, seed)

    assert pick(None) == items
    assert pick(99) == items
    assert len(pick(10)) == 10
    assert pick(10) == sorted(pick(10), key=items.index)
    assert set(pick(10)) == set(pick(10, of=items[::-1])) < set(pick(20))
    assert pick(10) != pick(10, seed=2)
