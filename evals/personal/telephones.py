"""Telephone numbers: where they stand, and numbers that name nobody to stand in their place."""

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import phonenumbers
import re2
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType

from evals.personal.found import Found

FEWEST = 7
"""Fewer digits in a whole text are no telephone number; the matcher is slow."""
_MOBILE = frozenset({PhoneNumberType.MOBILE})
_GAP = r"[^\p{N}\n]{0,8}?"
_DIGITS = r"(\+?\(?\d[\d ()/-]{4,18}\d)(?:[^\p{Latin}\p{N}]|$)"
_DAY = re2.compile(r"^(?:19|20)\d\d[-/ ]\d{1,2}[-/ ]\d{1,2}|^\d{1,2}[/ -]\d{1,2}[/ -](?:19|20)\d\d$")


@dataclass(frozen=True, slots=True)
class Range:
    """Numbers set aside: beginnings of national numbers, each with the length of the whole one."""

    beginnings: tuple[tuple[str, int], ...]
    mobile: bool | None


def telephones(text: str, region: str | None) -> Iterator[Found]:
    """Numbers that are valid in the region or anywhere, and those that a word announces."""
    if sum(map(str.isdigit, text)) < FEWEST - 1:
        return
    for match in phonenumbers.PhoneNumberMatcher(text, region):
        yield Found("telephone number", match.start, match.end, match.raw_string, _identity(match.number))
    for cued in _announced().finditer(text):
        start, end = cued.span(1)
        if _DAY.search(cued.group(1)):
            continue
        yield Found("telephone number", start, end, text[start:end], _number(text[start:end], region))


def invent(identity: str, region: str | None, draw: Callable[[int], int]) -> str:
    """The identity of a number that names nobody, for one of this identity.

    ``draw(n)`` gives a number below ``n``. What no numbering plan knows becomes zeros and four digits.
    """
    number = _parsed(identity, region)
    if number is None:
        return "".join(str(draw(10)) for _ in range(4)).rjust(len(identity), "0")[-len(identity) :]
    return _identity(_invented(number, draw))


def written_like(made: str, written: str, region: str | None) -> str:
    """A number made by ``invent``, with a country code where the one that is ``written`` has one."""
    if not made.startswith("+"):
        digits = iter(made)
        return "".join(next(digits) if character.isdigit() else character for character in written)
    number = phonenumbers.parse(made, region)
    form = PhoneNumberFormat.INTERNATIONAL if _is_international(written) else PhoneNumberFormat.NATIONAL
    return str(phonenumbers.format_number(number, form))


def is_invented(number: PhoneNumber) -> bool:
    """Whether a number is one of those that stand in for others."""
    region = _region(number)
    national = phonenumbers.national_significant_number(number)
    beginnings = [beginning for row in ranges().get(region, ()) for beginning, _ in row.beginnings]
    return national.startswith((*beginnings, *_examples(region)))


@cache
def ranges() -> Mapping[str, Sequence[Range]]:
    """The rows of ``telephones.toml`` by region."""
    found: dict[str, list[Range]] = {}
    for row in _table()["range"]:
        beginnings = tuple(zip(row["national"], row["digits"], strict=True))
        found.setdefault(row["region"], []).append(Range(beginnings, row.get("mobile")))
    return found


def _invented(number: PhoneNumber, draw: Callable[[int], int]) -> PhoneNumber:
    region = _region(number)
    mobile = phonenumbers.number_type(number) in _MOBILE
    rows = [row for row in ranges().get(region, ()) if row.mobile in (None, mobile)]
    if rows:
        beginning, digits = rows[0].beginnings[draw(len(rows[0].beginnings))]
        national = beginning + "".join(str(draw(10)) for _ in range(digits - len(beginning)))
    else:
        beginning = _examples(region)[-1 if mobile else 0]
        national = beginning + str(draw(10))
    zero = national.startswith("0") or None
    return PhoneNumber(number.country_code, int(national), italian_leading_zero=zero)


@cache
def _examples(region: str) -> tuple[str, ...]:
    """The example numbers of a region without their last digits, fixed line first."""
    kinds = (PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE)
    known = [phonenumbers.example_number_for_type(region, kind) for kind in kinds]
    return tuple(phonenumbers.national_significant_number(one)[:-1] for one in known if one)


def _region(number: PhoneNumber) -> str:
    return str(phonenumbers.region_code_for_country_code(number.country_code or 0))


def _number(written: str, region: str | None) -> str:
    number = _parsed(written, region)
    return _identity(number) if number else "".join(filter(str.isdigit, written))


def _parsed(written: str, region: str | None) -> PhoneNumber | None:
    try:
        number = phonenumbers.parse(written, region)
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_valid_number(number) else None


def _identity(number: PhoneNumber) -> str:
    return str(phonenumbers.format_number(number, PhoneNumberFormat.E164))


def _is_international(written: str) -> bool:
    return written.lstrip(" (").startswith(("+", "00"))


@cache
def _announced() -> Any:
    says = "|".join(re2.escape(word) for word in _table()["cue"]["says"])
    return re2.compile(rf"(?i)(?:^|\P{{Latin}})(?:{says}){_GAP}{_DIGITS}")


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("telephones.toml").read_text(encoding="utf-8"))
