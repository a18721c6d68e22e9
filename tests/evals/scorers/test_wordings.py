"""A wording is found whatever its letters look like, and never as a part of something else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.scorers.wordings import fold, missing, said


@pytest.mark.parametrize(
    ("text", "wording"),
    [
        ("bei 60\u00a0°C waschen", "60 °C"),
        ("BIS ZU DREI TAGE", "drei Tage"),
        ("in der\n  Straße", "in der STRASSE"),
        ("all’aperto", "all'aperto"),
        ("１４８００円です", "14800"),
        ("am 18.11.2026 erstattet", "18.11"),
        ("am 18.11.2026", "18.11."),
        ("Version 2.1.5", "1.5"),
        ("27 novembre", "27 nov"),
        ("Die 50 m weit", "50 m"),
        ("nehmen Sie XL.", "XL"),
        ("Mit Produktfoto", "Foto"),
        ("11月19日に", "19日"),
        ("3–5 days", "3–5"),
        ("160 and 60", "60"),
        ("is 60.", "60"),
    ],
)
def test_it_is_said(text: str, wording: str) -> None:
    assert said(text, ["nothing of this", wording]) == wording


@pytest.mark.parametrize(
    ("text", "wording"),
    [
        ("bei 160 °C", "60"),
        ("bei 601 °C", "60"),
        ("60,5 cm", "60"),
        ("1,019.99 USD", "19.99"),
        ("14,800円", "800"),
        ("auf 50 Minuten", "50 m"),
        ("Größe XXL", "XL"),
        ("eine XLR-Buchse", "XL"),
        ("119日", "19日"),
        ("13–5", "3–5"),
        ("", "x"),
        ("anything", ""),
    ],
)
def test_it_is_not_said(text: str, wording: str) -> None:
    assert said(text, [wording]) is None


def test_what_is_missing_is_named_by_its_first_alternative() -> None:
    wordings = [["60 °C", "60°C"], ["foto", "Bild"], ["Wuppertal"]]
    assert missing("Ein Bild nach Wuppertal.", wordings) == ["60 °C"]


@given(st.text("aBß’'°é 0１９.,\n\u00a0ﬁ日本語２", max_size=40))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert said(text, []) is None


@given(st.integers(0, 10**9), st.integers(0, 9))
def test_a_number_is_never_found_in_a_longer_one(number: int, digit: int) -> None:
    assert said(f"about {number} pieces", [str(number)]) == str(number)
    assert said(f"about {number}{digit} pieces", [str(number)]) is None
    assert said(f"about {digit + 1 if digit < 9 else 9}{number} pieces", [str(number)]) is None
