"""Every marketplace has its facts, and only known ones have a row."""

import tomllib
from datetime import UTC, date, datetime

import pytest
from babel import Locale
from babel.localedata import locale_identifiers

from assistant.marketplaces import market, table
from assistant.vocabulary import MARKETPLACES, Marketplace

EVENING = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)


def test_every_marketplace_has_a_row_and_no_other() -> None:
    assert set(tomllib.loads(table().decode())) == set(MARKETPLACES)


@pytest.mark.parametrize(
    ("code", "day"),
    [
        ("US", date(2026, 11, 22)),
        ("DE", date(2026, 11, 23)),
        ("UK", date(2026, 11, 22)),
        ("JP", date(2026, 11, 23)),
    ],
)
def test_a_day_is_the_buyers(code: Marketplace, day: date) -> None:
    assert market(code).day(EVENING) == day


def test_british_law_is_not_that_of_the_union() -> None:
    union = {code for code in MARKETPLACES if market(code).law == "eu"}
    assert union == {"IE", "ES", "FR", "BE", "NL", "DE", "IT", "SE", "PL"}
    assert {code for code in MARKETPLACES if market(code).law == "uk"} == {"UK"}


@pytest.mark.parametrize("code", [code for code in MARKETPLACES if market(code).region])
def test_a_region_is_one_that_some_locale_knows(code: Marketplace) -> None:
    regions = {Locale.parse(name).territory for name in locale_identifiers() if len(name) == 5}
    assert market(code).region in regions
