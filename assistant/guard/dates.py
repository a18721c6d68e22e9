"""Dates and times of day as people write them in seven languages; an unclear one keeps every reading."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from babel import Locale

_NAMED = ("en", "de", "fr", "it", "es")
_MORE_NAMES = {
    "sept": 9, "sep": 9, "märz": 3, "mrz": 3, "maerz": 3, "jänner": 1, "aout": 8, "fevrier": 2,
    "decembre": 12, "dec": 12, "setiembre": 9, "okt": 10,
}  # fmt: skip
_YEAR_FIRST = (("y", "ym", "yd"), ("cy", "cm", "cd"), ("none", "gm", "gd"))
"""Groups of ``fixed_forms`` that hold year, month and day; the last one is always there."""
_MONTH_BEFORE = re.compile(r"(?<![a-zà-ÿ])([a-zà-ÿ]{3,12})\.?(?:,| de| del| the)? ?\Z")


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A day of the calendar as far as it was said: any part may be missing."""

    year: int | None = None
    month: int | None = None
    day: int | None = None

    def agrees(self, other: "CalendarDay") -> bool:
        """Nothing said by both differs, and the narrower part (day, else month) is said by both."""
        pairs = ((self.year, other.year), (self.month, other.month), (self.day, other.day))
        if any(mine is not None and theirs is not None and mine != theirs for mine, theirs in pairs):
            return False
        return all(theirs is not None for mine, theirs in pairs[1:] if mine is not None) and (
            self.month is not None or self.day is not None or other.year is not None
        )


@cache
def month_names() -> dict[str, int]:
    """Month names and their usual abbreviations, lower case without a full stop, of every Latin language."""
    names = dict(_MORE_NAMES)
    for code in _NAMED:
        months = Locale(code).months
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                names |= {name.lower().rstrip("."): number for number, name in months[context][width].items()}
    return names


_START = re.compile(r"(?<![0-9a-z])(?<![0-9][.,])[0-9]")
_FORMS = re.compile(
    r"(?P<order>[0-9]{3}-[0-9]{7}-[0-9]{7})(?![0-9])"
    r"|(?P<y>(?:19|20)[0-9]{2})(?P<ysep>[-/.])(?P<ym>[0-9]{1,2})(?P=ysep)(?P<yd>[0-9]{1,2})(?![0-9])(?:t[0-9:.]+z?)?"
    r"|(?:(?P<cy>[0-9]{4}|[0-9]{2})年)?(?P<cm>[0-9]{1,2})月(?:(?P<cd>[0-9]{1,2})(?P<cdto>[-~至到][0-9]{1,2})?[日号號])"
    r"|(?P<cyo>[0-9]{4})年(?:(?P<cmo>[0-9]{1,2})月)?"
    r"|(?P<a>[0-9]{1,2})(?P<sep>[./-])(?P<b>[0-9]{1,2})(?P=sep)(?P<c>(?:19|20)?[0-9]{2})(?![0-9])"
    r"|(?P<gd>[0-9]{1,2})\.(?P<gm>[0-9]{1,2})\.(?![0-9])"
    r"|(?P<hour>[0-9]{1,2})[:h](?P<minute>[0-9]{2})(?![0-9])(?::[0-9]{2})?"
    r"(?: ?(?P<half>[ap])\.?m\b)?(?: ?uhr)?"
    r"|(?P<hour2>[0-9]{1,2}) ?(?:(?P<half2>[ap])\.?m(?![a-z])\.?|uhr|o'clock|点钟|時(?!間))"
    r"|(?P<sa>[0-9]{1,2})/(?P<sb>[0-9]{1,2})(?![0-9/])"
    r"|(?P<nd>[0-9]{1,2})(?:\.|st|nd|rd|th|er|º|°)? ?(?:(?:de|of) )?(?P<nm>[a-zà-ÿ]{3,12})(?![a-zà-ÿ])\.?"
    r"(?:(?:,| de| del| of)? ?(?P<ny>(?:19|20)[0-9]{2})(?![0-9]))?"
)


def fixed_forms(folded: str) -> Iterator[re.Match[str]]:
    """Order numbers, dates and times that start with a digit, in order and apart."""
    end = 0
    for start in _START.finditer(folded):
        if start.start() < end:
            continue
        found = _FORMS.match(folded, start.start())
        if found and not (found["nm"] and found["nm"] not in month_names()):
            end = found.end()
            yield found


def _day(year: int | None, month: int | None, day: int | None) -> tuple[CalendarDay, ...]:
    if (month is None or 1 <= month <= 12) and (day is None or 1 <= day <= 31):
        return (CalendarDay(year if year is None or year > 99 else 2000 + year, month, day),)
    return ()


def days_of(found: re.Match[str], *, month_first: bool | None) -> tuple[CalendarDay, ...]:
    """Readings of a date that ``fixed_forms`` found; none where it is no date.

    ``month_first`` settles 11/12/2026: true for the United States, false elsewhere, ``None`` keeps both.
    """
    part = {name: int(text) for name, text in found.groupdict().items() if text and text.isdigit()}
    year_first = next((names for names in _YEAR_FIRST if names[-1] in part), None)
    if year_first:
        year, month, day = (part.get(name) for name in year_first)
        return _day(year, month, day)
    if "cyo" in part:
        return _day(part["cyo"], part.get("cmo"), None)
    if "nd" in part:
        return _day(part.get("ny"), month_names()[found["nm"]], part["nd"])
    if "sa" in part or found["sep"] == "/":
        first, second = (part["sa"], part["sb"]) if "sa" in part else (part["a"], part["b"])
        return _either(first, second, part.get("c"), month_first)
    return _day(part["c"], part["b"], part["a"])


def _either(first: int, second: int, year: int | None, month_first: bool | None) -> tuple[CalendarDay, ...]:
    day_first, month_led = _day(year, second, first), _day(year, first, second)
    if month_first is None:
        return tuple(dict.fromkeys(day_first + month_led))
    return month_led if month_first else day_first


def minutes_of(found: re.Match[str]) -> int | None:
    """Minute of the day of a time that ``fixed_forms`` found."""
    hour, minute = int(found["hour"] or found["hour2"]), int(found["minute"] or 0)
    half = found["half"] or found["half2"]
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    return hour * 60 + minute if hour <= 24 and minute < 60 else None


def month_before(folded: str, place: int) -> tuple[int, int] | None:
    """The month named right before a number ("November 24"), and where its name starts."""
    found = _MONTH_BEFORE.search(folded, max(0, place - 18), place)
    month = month_names().get(found.group(1)) if found else None
    return (month, found.start(1)) if found and month else None
