"""Numbers and addresses that lead to one person or parcel are found, and look-alikes are left alone."""

import pytest

from evals.personal.found import Found, Kind, apart, plain
from evals.personal.identifiers import iban_rest, identifiers, luhn

KNOWN: tuple[tuple[Kind, str], ...] = (
    ("order id", "302-1234567-7654321"),
    ("tracking number", "JJD 0003-40434161"),
)


def found(text: str, region: str = "DE") -> list[Found]:
    return list(apart(identifiers(plain(text), region, KNOWN)))


@pytest.mark.parametrize(
    ("text", "kind", "written"),
    [
        ("Bestellung 028-5555555-1111111.", "order id", "028-5555555-1111111"),
        ("注文番号028-5555555-1111111です", "order id", "028-5555555-1111111"),
        ("注文０２８－５５５５５５５－１１１１１１１です", "order id", "028-5555555-1111111"),
        ("digital D01-5555555-1111111", "order id", "D01-5555555-1111111"),
        ("order 30212345677654321", "order id", "30212345677654321"),
        ("Paket jjd000340434161 fehlt", "tracking number", "jjd000340434161"),
        ("Paket JJD 0003 4043 4161 fehlt", "tracking number", "JJD 0003 4043 4161"),
        ("Straßenrand, ß: JJD000340434161", "tracking number", "JJD000340434161"),
        ("Schreib an Tom.B+x@Web.de!", "e-mail address", "Tom.B+x@Web.de"),
        ("an jürgen.weiß@web.de, danke", "e-mail address", "jürgen.weiß@web.de"),
        ("メールはtom@web.jpです", "e-mail address", "tom@web.jp"),
        ("IBAN DE89 3704 0044 0532 0130 00 bitte", "IBAN", "DE89 3704 0044 0532 0130 00"),
        ("iban gb82west12345698765432.", "IBAN", "gb82west12345698765432"),
        ("card 4111 1111 1111 1111", "card number", "4111 1111 1111 1111"),
        ("Amex 378282246310005!", "card number", "378282246310005"),
        ("parcel 1Z999AA10123456784", "other number", "1Z999AA10123456784"),
        ("Konto 123456789", "other number", "123456789"),
        ("customs 1234 5678 9012 3", "other number", "1234 5678 9012"),
        ("身份证110101199003071234", "other number", "110101199003071234"),
        ("ruf 0170/1234567 an", "telephone number", "0170/1234567"),
    ],
)
def test_what_leads_to_somebody_is_found(text: str, kind: str, written: str) -> None:
    assert [(one.kind, one.written) for one in found(text)] == [(kind, written)]


@pytest.mark.parametrize(
    "text",
    [
        "am 24.11.2026 um 12:30 Uhr, zwischen 2026-11-20 und 2026-11-24",
        "Artikel B0VNAF5501 und B012345678, Modell VN-AF55, 12345678",
        "1.234.567,89 EUR und 1 234 567.89",
        "in den Größen 100 200 300",
        "DE12345 heißt nichts",
        "ask @velanoor",
        "",
    ],
)
def test_what_leads_to_nobody_is_left_alone(text: str) -> None:
    assert found(text) == []


def test_the_same_number_in_other_writing_is_the_same() -> None:
    identities = {one.identity for one in found("0170/1234567, +49 170 1234567, 00491701234567")}
    assert identities == {"+491701234567"}
    assert {one.identity for one in found("302-1234567-7654321 302 1234567 7654321")} == {"30212345677654321"}


def test_a_known_number_inside_a_longer_one_is_not_it() -> None:
    assert all(one.kind != "order id" for one in found("9302123456776543210"))


@pytest.mark.parametrize(("digits", "rest"), [("4111111111111111", 0), ("4111111111111112", 1)])
def test_luhn(digits: str, rest: int) -> None:
    assert luhn(digits) == rest


def test_iban_rest() -> None:
    assert iban_rest("DE89370400440532013000") == 1
    assert iban_rest("DE88370400440532013000") != 1
