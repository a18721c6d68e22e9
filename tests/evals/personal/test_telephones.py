"""Telephone numbers are found, and numbers of nobody stand in for them."""

import itertools

import phonenumbers
import pytest

from evals.personal.telephones import invent, is_invented, ranges, telephones, written_like

REGIONS = ("DE", "GB", "US", "CA", "FR", "AU", "SE", "IE", "ES", "IT", "JP", "CN", "NL")


def counting() -> "itertools.count[int]":
    return itertools.count(7)


@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize(
    "kind", [phonenumbers.PhoneNumberType.FIXED_LINE, phonenumbers.PhoneNumberType.MOBILE]
)
def test_a_stand_in_is_of_nobody_and_of_the_same_country(region: str, kind: int) -> None:
    number = phonenumbers.example_number_for_type(region, kind)
    assert number is not None
    numbers = counting()
    made = invent(
        phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164),
        region,
        lambda below: next(numbers) % below,
    )
    parsed = phonenumbers.parse(made, None)
    assert is_invented(parsed)
    assert parsed.country_code == number.country_code
    assert phonenumbers.is_possible_number(parsed)


def test_a_number_of_somebody_is_not_invented() -> None:
    assert not is_invented(phonenumbers.parse("+491701234567", None))
    assert not is_invented(phonenumbers.parse("+390669812345", None))


@pytest.mark.parametrize(
    ("made", "written", "shown"),
    [
        ("+493023125000", "+49 170 1234567", "+49 30 23125000"),
        ("+493023125000", "(0049) 170 1234567", "+49 30 23125000"),
        ("+493023125000", "0170/1234567", "030 23125000"),
        ("0001234", "467 3395", "000 1234"),
    ],
)
def test_a_number_is_written_as_the_other_was(made: str, written: str, shown: str) -> None:
    assert written_like(made, written, "DE") == shown


def test_a_number_that_no_plan_knows_becomes_zeros() -> None:
    assert invent("4673395", "US", lambda below: 3) == "0003333"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("please call me at 467 3395 today", "467 3395"),
        ("手机号码 138-123", "138-123"),
        ("Tel.: 12 34 56", "12 34 56"),
        ("WhatsApp +49 170 1234567", "+49 170 1234567"),
        ("電話は090-1234-5678です", "090-1234-5678"),
    ],
)
def test_a_word_announces_a_number(text: str, written: str) -> None:
    assert written in {one.written for one in telephones(text, "JP")}


@pytest.mark.parametrize(
    "text", ["mobile 2026-11-24", "call 24/11/2026", "Telefon 12345", "hotel 123456", "no digits"]
)
def test_days_and_short_numbers_are_none(text: str) -> None:
    assert list(telephones(text, "DE")) == []


def test_every_range_says_how_long_its_numbers_are() -> None:
    for rows in ranges().values():
        for row in rows:
            assert all(len(beginning) <= digits <= 12 for beginning, digits in row.beginnings)
