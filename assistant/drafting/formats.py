"""Days and money as a buyer of that language and marketplace writes them."""

import re
from datetime import date, datetime, time
from decimal import Decimal

from babel import Locale
from babel.dates import format_date
from babel.localedata import exists
from babel.numbers import format_currency

from assistant.marketplaces import market
from assistant.vocabulary import Language, Marketplace

_HOME: dict[Language, str] = {
    "en": "US", "de": "DE", "fr": "FR", "it": "IT", "es": "ES", "ja": "JP", "zh": "CN",
}  # fmt: skip
_EUROPEAN_ENGLISH = "GB"
"""English on a continental marketplace writes the day before the month, as its buyers do."""

_ODD_SPACE = re.compile(r"[\u00a0\u202f\u2009]")


def locale_for(language: Language, marketplace: Marketplace) -> Locale:
    """The buyer's language as written in the marketplace's country, where it is written there."""
    region = market(marketplace).region
    if language == "en" and market(marketplace).law == "eu" and region != "IE":
        region = _EUROPEAN_ENGLISH
    known = Locale.parse(f"{language}_{region}") if region and exists(f"{language}_{region}") else None
    return known or Locale.parse(f"{language}_{_HOME[language]}")


def local_day(at: datetime, marketplace: Marketplace) -> date:
    """The day of an instant on the marketplace's calendar; midnight UTC is a plain day and kept."""
    return at.date() if is_plain_day(at) else market(marketplace).day(at)


def is_plain_day(at: datetime) -> bool:
    """Plain days are read as midnight UTC (``assistant.domain``)."""
    return at.timetz().replace(tzinfo=None) == time()


def day(value: date, locale: Locale) -> str:
    """A day in full: 24. November 2026, November 24, 2026, 2026年11月24日, 1er novembre 2026."""
    text = _plain(format_date(value, format="long", locale=locale))
    return f"1er{text[1:]}" if locale.language == "fr" and value.day == 1 else text


def with_article(day_text: str, language: Language) -> str:
    """A day as it stands in a sentence: Italian needs the article, elided before eight and eleven."""
    if language != "it":
        return day_text
    return f"l'{day_text}" if day_text.split(maxsplit=1)[0] in {"8", "11"} else f"il {day_text}"


def money(amount: Decimal, currency: str, locale: Locale) -> str:
    """An amount in its own currency: 39,90 €, £39.90, ￥3,980."""
    return _plain(format_currency(amount, currency, locale=locale))


def _plain(text: str) -> str:
    """Ordinary spaces: messages travel as plain text, and search finds them."""
    return _ODD_SPACE.sub(" ", text)
