from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.online.distance import distance, tokens

WORDS: Final = st.text(st.sampled_from("ab ,.1だ漢é"), max_size=30)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It costs 12.50, doesn't it?", ["It", "costs", "12.50", ",", "doesn't", "it", "?"]),
        ("l’article VN-AF55 à 8:00", ["l’article", "VN-AF55", "à", "8:00"]),
        ("火曜日に届きます。", list("火曜日に届きます。")),
        ("モデルVN12です", ["モ", "デ", "ル", "VN12", "で", "す"]),
        (" \n", []),
        ("--", ["-", "-"]),
        ("🙂 ok", ["🙂", "ok"]),
    ],
)
def test_tokens_fit_the_script(text: str, expected: list[str]) -> None:
    assert tokens(text) == expected


@pytest.mark.parametrize(
    ("drafted", "sent", "expected"),
    [
        ("Dear Ana, it ships today.", "Dear  Ana,\nit ships today.", 0.0),
        ("one two three four", "one two 3 four", 0.25),
        ("", "", 0.0),
        ("a", "", 1.0),
        ("明日届きます", "今日届きます", 1 / 6),
        ("caf\u00e9", "cafe\u0301", 0.0),
    ],
)
def test_distance(drafted: str, sent: str, expected: float) -> None:
    assert distance(drafted, sent) == pytest.approx(expected)


@given(WORDS, WORDS)
def test_a_distance_is_one(one: str, other: str) -> None:
    found = distance(one, other)
    assert 0 <= found <= 1
    assert found == distance(other, one)
    assert (found == 0) == (tokens(one) == tokens(other))


def test_a_long_text_takes_no_long_time() -> None:
    assert distance("x " * 20_000, "y " * 20_000) == 1.0
