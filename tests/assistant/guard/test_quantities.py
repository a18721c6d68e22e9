"""Equal values read equal over languages and formats; near misses do not."""

import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal, format_percent
from hypothesis import given
from hypothesis import strategies as st

from assistant.guard.quantities import LIMIT, READ, Quantity, parse_number, quantities
from assistant.guard.support import nearest, supported
from assistant.vocabulary import LANGUAGES, Language

_LOCALES: dict[Language, tuple[str, ...]] = {
    "en": ("en_GB", "en_US"),
    "de": ("de_DE",),
    "fr": ("fr_FR", "fr_BE"),
    "it": ("it_IT",),
    "es": ("es_ES",),
    "ja": ("ja_JP",),
    "zh": ("zh_CN",),
}


def _only(text: str, language: Language | None) -> Quantity:
    (found,) = quantities(text, language)
    return found


_EQUAL: dict[str, list[tuple[Language, str]]] = {
    name: [(language, form) for language in LANGUAGES for form in rows.get(language, ())]
    for name, rows in tomllib.loads(
        Path(__file__).with_name("equal_quantities.toml").read_text(encoding="utf-8")
    ).items()
}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(forms[0], form, id=f"{name}: {form[0]} {form[1]}")
        for name, forms in _EQUAL.items()
        for form in forms
    ],
)
def test_one_value_has_many_forms(one: tuple[Language, str], other: tuple[Language, str]) -> None:
    first, second = _only(one[1], one[0]), _only(other[1], other[0])
    assert supported(first, [second])
    assert supported(second, [first])


@pytest.mark.parametrize(
    ("claim", "evidence", "language"),
    [
        ("12 months", "24 months", "en"),
        ("30 days", "1 month", "en"),
        ("3 days", "3 business days", "en"),
        ("3 days", "3 to 5 days", "en"),
        ("3 to 6 days", "3 to 5 days", "en"),
        ("within 2 hours", "2 days", "en"),
        ("1,500 €", "1.500 €", "de"),
        ("15 kg", "1,5 kg", "de"),
        ("5 cm", "5 mm", "de"),
        ("39,99 €", "39,89 €", "de"),
        ("39.99 USD", "39.99 EUR", "en"),
        ("£20", "$20", "en"),
        ("20 %", "20 €", "de"),
        ("24.11.2026", "25.11.2026", "de"),
        ("24.11.2026", "24.11.2025", "de"),
        ("24.11.2026", "24.12.2026", "de"),
        ("11月24日", "11月25日", "ja"),
        ("6 am", "6 pm", "en"),
        ("10 °C", "-10 °C", "en"),
        ("40 °C", "40 °F", "en"),
        ("30天", "30小时", "zh"),
        ("4 pieces", "5 pieces", "en"),
        ("November 2026", "December 2026", "en"),
    ],
)
def test_near_misses_stay_apart(claim: str, evidence: str, language: Language) -> None:
    assert not supported(_only(claim, language), quantities(evidence, language))


@pytest.mark.parametrize(
    ("claim", "evidence", "language"),
    [
        ("within 5 days", "3 to 5 days", "en"),
        ("up to 40 °C", "0–40 °C", "en"),
        ("500 ml", "Capacity (ml) | 500", "en"),
        ("4 screws", "Screws: 4 pieces", "en"),
        ("140 cm", "55 inch", "en"),
        ("November 2026", "2026-11-24", "en"),
        ("in 2026", "24 November 2026", "en"),
        ("$20", "20 USD", "en"),
        ("¥99", "99元", "zh"),
        ("24日にお届け", "2026-11-24", "ja"),
    ],
)
def test_evidence_may_say_more(claim: str, evidence: str, language: Language) -> None:
    assert supported(_only(claim, language), quantities(evidence, language))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("One of our colleagues will reply first.", "en"),
        ("Someone wrote that it often is fine.", "en"),
        ("302-1234567-1234567", "en"),
        ("00340434161094000000", "en"),
        ("VN-AF55, F-12, USB3 and IP67", "en"),
        ("Eine Kollegin und ein Kollege achten darauf.", "de"),
        ("am 3. Tag", "de"),
        ("une collègue et un ami", "fr"),
        ("一下、一个人、统一、一定", "zh"),
        ("もう一度、一緒に、統一", "ja"),
        ("3D und 4K", "de"),
        ("", "en"),
    ],
)
def test_ordinary_words_are_no_quantities(text: str, language: Language) -> None:
    assert [item.text for item in quantities(text, language) if not item.weak] == []


def test_words_that_are_seldom_a_statement_are_weak() -> None:
    assert _only("one day", "en").weak
    assert not _only("1 day", "en").weak
    assert not _only("one year", "en").weak


def test_dimensions_share_their_unit() -> None:
    found = quantities("10 x 20 x 30 cm", "en")
    assert [item.values[0][0] for item in found] == [100, 200, 300]
    assert all(item.units == {"mm"} for item in found)


def test_a_range_below_zero_keeps_its_sign() -> None:
    assert _only("-10 bis 40 °C", "de").values == ((Decimal(-10), Decimal(40)),)
    assert _only("-20 to -10 °C", "en").values == ((Decimal(-20), Decimal(-10)),)


def test_money_takes_the_currency_on_its_own_side() -> None:
    found = quantities("39,99 € und 5,00 €", "de")
    assert [item.text for item in found] == ["39,99 €", "5,00 €"]
    assert _only("between €20 and €30", "en").values == ((Decimal(20), Decimal(30)),)


@pytest.mark.parametrize(
    ("literal", "language", "values"),
    [
        ("1.500", "de", [1500]),
        ("1.500", "en", [Decimal("1.5")]),
        ("1,500", "en", [1500]),
        ("1,500", "ja", [1500]),
        ("1,500", "fr", [Decimal("1.5")]),
        ("1.500", None, [Decimal("1.5"), 1500]),
        ("0.125", "de", [Decimal("0.125")]),
        ("1.234.567", "de", [1234567]),
        ("1.234,5", "en", [Decimal("1234.5")]),
        ("1,234.5", "de", [Decimal("1234.5")]),
        ("1.2.3", "en", []),
        ("1,2,3.4.5", "en", []),
        ("2½", "en", [Decimal("2.5")]),
        ("½", "de", [Decimal("0.5")]),
        ("12", "en", [12]),
        ("1 500,5", "fr", [Decimal("1500.5")]),
    ],
)
def test_separators_mean_what_the_language_says(
    literal: str, language: Language | None, values: list[Decimal]
) -> None:
    assert list(parse_number(literal, language)) == values


@pytest.mark.parametrize(
    ("month_first", "readings"), [(True, {(11, 12)}), (False, {(12, 11)}), (None, {(11, 12), (12, 11)})]
)
def test_slashed_dates_follow_the_region(month_first: bool | None, readings: set[tuple[int, int]]) -> None:
    (found,) = quantities("11/12/2026", "en", month_first=month_first)
    assert {(day.month, day.day) for day in found.days} == readings


def test_the_year_of_a_named_date_is_read_once() -> None:
    assert [item.text for item in quantities("on November 24, 2026 we", "en")] == ["November 24, 2026"]


def test_reading_is_bounded() -> None:
    assert len(quantities("1 " * READ, "en")) == LIMIT
    assert quantities(" " * READ + "5 days", "en") == ()


def test_the_nearest_value_is_offered() -> None:
    evidence = quantities("Warranty 24 months, battery 6 months, 3 kg, 1 May 2026, 20 May 2026", "en")
    found = nearest(_only("20 months", "en"), evidence)
    assert found is not None
    assert found.text == "24 months"
    day = nearest(_only("18 May 2026", "en"), evidence)
    assert day is not None
    assert day.text == "20 May 2026"
    assert nearest(_only("5 €", "de"), evidence) is None
    assert nearest(_only("May 2026", "en"), evidence) is not None


@given(
    value=st.decimals(min_value=0, max_value=999_999, places=2),
    language=st.sampled_from(LANGUAGES),
    data=st.data(),
)
def test_a_number_formatted_for_a_locale_reads_back(
    value: Decimal, language: Language, data: st.DataObject
) -> None:
    locale = data.draw(st.sampled_from(_LOCALES[language]))
    written = format_decimal(value, format="#,##0.00", locale=locale)
    assert _only(f"{written} kg", language).values[0][0] == value * 1000


@given(
    value=st.integers(min_value=0, max_value=9_999_999), language=st.sampled_from(LANGUAGES), data=st.data()
)
def test_an_amount_formatted_for_a_locale_reads_back(
    value: int, language: Language, data: st.DataObject
) -> None:
    locale = data.draw(st.sampled_from(_LOCALES[language]))
    amount = Decimal(value) / 100
    found = _only(format_currency(amount, "EUR", locale=locale), language)
    assert found.kind == "money"
    assert found.units == {"EUR"}
    assert found.values[0][0] == amount


@given(value=st.integers(min_value=0, max_value=100), language=st.sampled_from(LANGUAGES), data=st.data())
def test_a_percentage_formatted_for_a_locale_reads_back(
    value: int, language: Language, data: st.DataObject
) -> None:
    locale = data.draw(st.sampled_from(_LOCALES[language]))
    found = _only(format_percent(Decimal(value) / 100, locale=locale), language)
    assert found.kind == "percent"
    assert found.values[0][0] == value


@given(
    day=st.dates(min_value=date(2000, 1, 1), max_value=date(2099, 12, 31)),
    language=st.sampled_from(LANGUAGES),
    width=st.sampled_from(["short", "medium", "long"]),
    data=st.data(),
)
def test_a_date_formatted_for_a_locale_reads_back(
    day: date, language: Language, width: str, data: st.DataObject
) -> None:
    locale = data.draw(st.sampled_from(_LOCALES[language]))
    written = format_date(day, format=width, locale=locale)
    (found,) = quantities(written, language, month_first=locale == "en_US")
    assert any((one.year, one.month, one.day) == (day.year, day.month, day.day) for one in found.days), (
        written
    )


@given(st.text(max_size=80), st.sampled_from((*LANGUAGES, None)))
def test_spans_lie_inside_the_text_and_apart(text: str, language: Language | None) -> None:
    end = 0
    for found in quantities(text, language):
        assert end <= found.start < found.end <= len(text)
        assert text[found.start : found.end] == found.text
        end = found.end
