"""What may have been overlooked is told by place, never by value."""

import pytest

from evals.personal.remains import Remain, remains, texts


def looks(text: str, *stand_ins: str, names: tuple[str, ...] = ()) -> list[tuple[str, int]]:
    return [(one.looks_like, one.at) for one in remains({"text": text}, stand_ins, names)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kundennummer 123456 gilt", [("a long number", 13)]),
        ("番号１２３４５６", [("a long number", 2)]),
        ("find me @wendy_77 or tom (at) web", [("an address or handle with @", 8)]),
        ("see https://example.org/me", [("a link", 4)]),
        ("Thanks, it broke. Wendy Smith-Jones said so", [("a name behind a closing", 18)]),
        ("I gave it to Anna B. Keller yesterday", [("perhaps a name", 13)]),
        ("Guten Tag, Royal Mail hat Deutsche Post gesagt", []),
        ("am 24.11.2026, 2026-11-24 oder 24/11/26, 2025 - 2026", []),
        ("1234,56 EUR und 89.99", []),
        ("Viele Grüße\nIhr Kundenservice", []),
    ],
)
def test_suspicious_places(text: str, expected: list[tuple[str, int]]) -> None:
    assert looks(text) == expected


def test_words_of_products_are_no_names() -> None:
    value, known = {"text": "My Velanoor Lamp and Berry Grove"}, frozenset({"velanoor"})
    assert [one.at for one in remains(value, (), (), known)] == [21]


def test_what_was_put_in_is_not_suspicious() -> None:
    text = "Sendung 24762676492865697032 an buyer-683e65@example.com\nThanks\nPelle Castellund"
    assert looks(text, "24762676492865697032", "Pelle Castellund") == []


def test_a_replaced_name_in_small_letters_is() -> None:
    assert looks("brandstetter hier", names=("Brandstetter",)) == [("a replaced name in another spelling", 0)]
    assert looks("und ich", names=("Und",)) == []


def test_places_are_named_by_field() -> None:
    value = {"message": {"text": "x"}, "thread": [{"text": "id 1234567"}], "n": 3}
    assert list(texts(value)) == [("message.text", "x"), ("thread[0].text", "id 1234567")]
    assert list(remains(value, ())) == [Remain(looks_like="a long number", field="thread[0].text", at=3)]
