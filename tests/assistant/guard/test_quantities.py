"""Equal values read equal over languages and formats; near misses do not."""

from datetime import date
from decimal import Decimal

import pytest
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal, format_percent
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain import LANGUAGES, Language
from assistant.guard.quantities import LIMIT, READ, Quantity, parse_number, quantities
from assistant.guard.support import nearest, supported

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


_EQUAL: list[tuple[str, list[tuple[Language, str]]]] = [
    (
        "three to five business days",
        [
            ("en", "three to five business days"), ("en", "3-5 working days"), ("en", "between 3 and 5 business days"),
            ("de", "3–5 Werktage"), ("de", "drei bis fünf Arbeitstage"), ("de", "zwischen drei und fünf Werktagen"),
            ("fr", "3 à 5 jours ouvrés"), ("fr", "entre trois et cinq jours ouvrables"),
            ("it", "da 3 a 5 giorni lavorativi"), ("it", "tre-cinque giorni lavorativi"),
            ("es", "de 3 a 5 días hábiles"), ("es", "entre tres y cinco días laborables"),
            ("ja", "3〜5営業日"), ("ja", "３～５営業日"), ("ja", "3から5営業日"), ("ja", "三〜五営業日"),
            ("zh", "3-5个工作日"), ("zh", "三到五个工作日"), ("zh", "3至5个工作日"),
        ],
    ),
    (
        "two years",
        [
            ("en", "2 years"), ("en", "two years"), ("en", "24 months"), ("en", "24-month"), ("en", "twenty-four months"),
            ("de", "zwei Jahre"), ("de", "zweijährige"), ("de", "24 Monaten"), ("de", "2-jährige"),
            ("fr", "deux ans"), ("fr", "24 mois"), ("fr", "vingt-quatre mois"), ("it", "due anni"), ("it", "24 mesi"),
            ("es", "dos años"), ("es", "veinticuatro meses"), ("ja", "2年間"), ("ja", "24か月"), ("ja", "二十四ヶ月"),
            ("zh", "两年"), ("zh", "24个月"), ("zh", "二十四个月"),
        ],
    ),
    (
        "one year",
        [
            ("en", "a year"), ("en", "12 months"), ("de", "ein Jahr"), ("de", "einem Jahr"), ("fr", "un an"),
            ("fr", "une année"), ("it", "un anno"), ("es", "un año"), ("ja", "1年"), ("ja", "一年"), ("zh", "一年"),
            ("zh", "十二个月"),
        ],
    ),
    (
        "one day",
        [
            ("en", "24 hours"), ("en", "24h"), ("en", "1 day"), ("de", "24 Stunden"), ("fr", "24 heures"),
            ("it", "24 ore"), ("es", "24 horas"), ("ja", "24時間"), ("zh", "24小时"), ("zh", "二十四小时"),
        ],
    ),
    (
        "two weeks",
        [
            ("en", "14 days"), ("en", "two weeks"), ("de", "14 Tage"), ("de", "vierzehn Tagen"), ("de", "14-tägige"),
            ("fr", "quatorze jours"), ("it", "quattordici giorni"), ("es", "catorce días"), ("ja", "2週間"),
            ("ja", "14日間"), ("zh", "14天"), ("zh", "两周"), ("zh", "十四天"),
        ],
    ),
    (
        "ninety days",
        [
            ("en", "ninety days"), ("de", "neunzig Tage"), ("fr", "quatre-vingt-dix jours"), ("fr", "nonante jours"),
            ("it", "novanta giorni"), ("es", "noventa días"), ("ja", "九十日間"), ("zh", "九十天"), ("en", "90 days"),
        ],
    ),
    (
        "an hour and a half",
        [("en", "90 minutes"), ("en", "one and a half hours"), ("en", "1.5 hours"), ("de", "anderthalb Stunden"),
         ("de", "1,5 Stunden"), ("ja", "1時間半"), ("en", "1½ hours")],
    ),
    ("half a year", [("zh", "半年"), ("ja", "半年"), ("en", "six months"), ("de", "sechs Monate")]),
    (
        "39.99 euros",
        [
            ("en", "€39.99"), ("en", "EUR 39.99"), ("en", "39.99 euros"), ("de", "39,99 €"), ("de", "EUR 39,99"),
            ("fr", "39,99 €"), ("fr", "39,99\u00a0€"), ("it", "€ 39,99"), ("es", "39,99 euros"), ("ja", "39.99ユーロ"),
            ("zh", "39.99欧元"), ("en", "€ 39.99"),
        ],
    ),
    (
        "1500 euros",
        [
            ("en", "€1,500"), ("en", "1,500.00 EUR"), ("de", "1.500 €"), ("de", "1.500,00 Euro"), ("fr", "1 500 €"),
            ("fr", "1\u202f500,00 €"), ("it", "1.500 €"), ("es", "1.500 euros"), ("de", "1'500 EUR"),
        ],
    ),
    ("980 yen", [("ja", "980円"), ("ja", "¥980"), ("ja", "９８０円"), ("en", "JPY 980"), ("zh", "980日元")]),
    ("30000 yen", [("ja", "3万円"), ("ja", "30,000円"), ("ja", "三万円")]),
    (
        "one and a half kilos",
        [("en", "1.5 kg"), ("de", "1,5 kg"), ("fr", "1,5 kg"), ("it", "1500 g"), ("es", "1,5 kilos"), ("ja", "1.5キロ"),
         ("zh", "1.5公斤"), ("zh", "3斤"), ("en", "1500g")],
    ),
    ("half a litre", [("en", "0.5 L"), ("de", "500 ml"), ("fr", "50 cl"), ("ja", "500ミリリットル"), ("zh", "500毫升")]),
    ("five centimetres", [("en", "5 cm"), ("de", "50 mm"), ("ja", "5センチ"), ("zh", "5厘米"), ("en", "0.05 m")]),
    ("minus ten degrees", [("en", "-10 °C"), ("de", "−10 °C"), ("ja", "-10℃"), ("fr", "-10°C")]),
    (
        "twenty per cent",
        [("en", "20 %"), ("en", "20 percent"), ("de", "20 Prozent"), ("de", "zwanzig Prozent"), ("fr", "20 pour cent"),
         ("it", "20 per cento"), ("es", "20 por ciento"), ("ja", "20％"), ("ja", "2割"), ("zh", "百分之二十"), ("zh", "20%")],
    ),
    (
        "24 November 2026",
        [
            ("en", "24 November 2026"), ("en", "November 24, 2026"), ("en", "Nov 24th, 2026"), ("en", "2026-11-24"),
            ("en", "11/24/2026"), ("en", "24/11/2026"), ("de", "24.11.2026"), ("de", "24. November 2026"),
            ("de", "24.11.26"), ("fr", "24 novembre 2026"), ("it", "24 novembre 2026"), ("es", "24 de noviembre de 2026"),
            ("ja", "2026年11月24日"), ("ja", "2026/11/24"), ("zh", "2026年11月24日"), ("zh", "2026年11月24号"),
            ("en", "24 November"), ("de", "24. Nov."), ("de", "24.11."), ("ja", "11月24日"), ("es", "24 de noviembre"),
        ],
    ),
    ("first of the month", [("fr", "1er décembre"), ("en", "1st December"), ("de", "1. Dezember"), ("it", "1º dicembre")]),
    ("six in the evening", [("en", "6 pm"), ("en", "18:00"), ("de", "18 Uhr"), ("de", "18:00 Uhr"), ("ja", "18時"),
                            ("fr", "18h00"), ("en", "6:00 p.m.")]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(forms[0], form, id=f"{name}: {form[0]} {form[1]}")
        for name, forms in _EQUAL
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
        ("1.500", "de", [1500]), ("1.500", "en", [Decimal("1.5")]), ("1,500", "en", [1500]), ("1,500", "ja", [1500]),
        ("1,500", "fr", [Decimal("1.5")]), ("1.500", None, [Decimal("1.5"), 1500]), ("0.125", "de", [Decimal("0.125")]),
        ("1.234.567", "de", [1234567]), ("1.234,5", "en", [Decimal("1234.5")]), ("1,234.5", "de", [Decimal("1234.5")]),
        ("1.2.3", "en", []), ("1,2,3.4.5", "en", []), ("2½", "en", [Decimal("2.5")]), ("½", "de", [Decimal("0.5")]),
        ("12", "en", [12]), ("1 500,5", "fr", [Decimal("1500.5")]),
    ],
)  # fmt: skip
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
