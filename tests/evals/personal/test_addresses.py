"""Addresses of seven languages are taken apart; sentences with numbers stay sentences."""

import pytest

from evals.personal.addresses import addresses, invented, parted
from evals.personal.found import apart, plain


def found(text: str) -> list[tuple[str, str]]:
    return [(one.kind, one.written) for one in apart(list(addresses(plain(text))))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Bitte an Lindenallee 12a, 20095 Hamburg schicken.",
            [("street", "Lindenallee 12a"), ("postcode", "20095"), ("town", "Hamburg")],
        ),
        (
            "Kölner Straße 3\n50667 Köln",
            [("street", "Kölner Straße 3"), ("postcode", "50667"), ("town", "Köln")],
        ),
        (
            "Am Rosengarten 5, 10115 Berlin",
            [("street", "Am Rosengarten 5"), ("postcode", "10115"), ("town", "Berlin")],
        ),
        ("1010 Wien", [("postcode", "1010"), ("town", "Wien")]),
        ("ich wohne in 20095 Hamburg. Im Haus", [("postcode", "20095"), ("town", "Hamburg")]),
        (
            "Flat 4, 12 Elm Grove Road, Leeds, LS1 4AP",
            [("street", "Flat 4, 12 Elm Grove Road"), ("town", "Leeds"), ("postcode", "LS1 4AP")],
        ),
        (
            "221 Baker Street, Springfield, IL 62704-1234",
            [("street", "221 Baker Street"), ("town", "Springfield"), ("postcode", "62704-1234")],
        ),
        ("its 12 park road", [("street", "12 park road")]),
        ("my zip code is 35350", [("postcode", "35350")]),
        ("K1A 0B1", [("postcode", "K1A 0B1")]),
        ("PO Box 4521", [("street", "PO Box 4521")]),
        (
            "12 bis rue de la Paix, 75002 Paris",
            [("street", "12 bis rue de la Paix"), ("postcode", "75002"), ("town", "Paris")],
        ),
        (
            "Via Garibaldi 12, 20121 Milano",
            [("street", "Via Garibaldi 12"), ("postcode", "20121"), ("town", "Milano")],
        ),
        (
            "Calle Mayor 12, 3º B, 28013 Madrid",
            [("street", "Calle Mayor 12, 3º B"), ("postcode", "28013"), ("town", "Madrid")],
        ),
        (
            "〒１５０－０００１ 東京都渋谷区神宮前1丁目2番3号 ハイツ201号室",
            [
                ("postcode", "150-0001"),
                ("town", "東京都渋谷区"),
                ("street", "神宮前1丁目2番3号 ハイツ201号室"),
            ],
        ),
        (
            "请寄到北京市朝阳区建国路12号3号楼201室，邮编100022",
            [("town", "北京市朝阳区"), ("street", "建国路12号3号楼201室"), ("postcode", "100022")],
        ),
    ],
)
def test_an_address_is_taken_apart(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "It has been 3 days on the way",
        "Im November 24 Stück, 2000 Watt, 5 Sterne",
        "Rückweg 2 Tage, Dichtungsring 2",
        "spedito via DHL 24 ore fa",
        "12 place settings",
        "I paid 12345 yen",
        "Modell VN-AF55",
        "",
    ],
)
def test_a_sentence_with_numbers_is_no_address(text: str) -> None:
    assert found(text) == []


def test_a_street_knows_its_name_and_country() -> None:
    street = next(one for one in addresses("Lindenallee 12a") if one.kind == "street")
    assert street.part == "Lindenallee"
    assert parted(street.identity) == ("de", "lindenallee")


def test_there_is_something_to_take_instead_for_every_country() -> None:
    texts = ("Lindenallee 1", "12 Elm Road", "1 rue du Lac", "Via Roma 1.", "Calle Mayor 1", "K1A 0B1")
    likes = {parted(one.identity)[0] for text in texts for one in addresses(text)}
    assert likes <= invented().keys()
    assert all(len(row.road) > 2 and len(row.town) > 2 and row.code for row in invented().values())
