"""Read every number with meaning from a text, normalised over languages, formats and units.

``quantities("3–5 Werktage", "de")`` and ``quantities("three to five business days", "en")`` hold equal
values, so ``support.supported`` can say whether a statement stands in the evidence. Linear.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from itertools import islice

from assistant.guard.dates import CalendarDay, days_of, fixed_forms, minutes_of, month_before
from assistant.guard.units import (
    QuantityKind,
    Unit,
    currency_before,
    fold,
    han_number,
    number_in_words,
    number_words,
    unit_after,
)
from assistant.vocabulary import Language

LIMIT = 1_000
"""More quantities than this are not read from one text; no reply holds as many."""

READ = 20_000
"""Characters read from one text: five times what a message may hold."""

Range = tuple[Decimal, Decimal]

_PLAIN = Unit("number", frozenset({""}), Decimal(1))
_PERCENT = Unit("percent", frozenset({"%"}), Decimal(1))
_MYRIAD = {"万": Decimal(10_000), "千": Decimal(1_000), None: Decimal(1)}
_FRACTION = {"½": Decimal("0.5"), "¼": Decimal("0.25"), "¾": Decimal("0.75")}
_NUMBER = re.compile(
    r"百分之(?P<share>[0-9.]+|[〇零一二三四五六七八九十百]+)"
    r"|(?<![0-9a-z_])(?<![0-9][.,])"
    r"(?P<digits>(?:[0-9]{1,3}(?:[ '][0-9]{3}){1,3}(?![0-9])|[0-9]+)(?:[.,][0-9]+)*[½¼¾]?|[½¼¾])"
    r"(?P<man>万|千(?!克|米|瓦))?"
    r"|(?P<han>[〇零一二三四五六七八九十百千万两兩半]+)"
)
_TO = re.compile(r" ?(?:-|~|to|bis|à|a|ad|al|up to|or|oder|ou|o|から|到|至|或)(?: the)? ?-?")
_AND = re.compile(r" ?(?:and|und|et|e|y|と) ?")
_BETWEEN = re.compile(
    r"(?:between|from|zwischen|von|entre|tra|fra|de|da)(?: the)? (?:eur |usd |gbp |[€$£¥] ?)?\Z"
)
_CONNECTED = re.compile(rf"{_TO.pattern}|{_AND.pattern}")
_TIMES = re.compile(r" ?[x×*] ?")
_WORD_EDGE = re.compile(r"[a-zà-öø-ÿœ]")
_YEAR = re.compile(r"(?:st|nd|rd|th)?,? ?((?:19|20)[0-9]{2})(?![0-9])")
_GLUED_PLAIN = re.compile(r"x(?![a-z])|(?:st|nd|rd|th|er)(?![a-z])")
_GERMAN_ORDINAL = re.compile(r"[0-9]{1,2}\. [a-zà-ÿ]")
_HAN_TO = re.compile(r"[-~到至或から]{1,2}[〇零一二三四五六七八九十百千万两兩半]")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with meaning at ``text[start:end]``.

    ``values`` are its readings as (low, high) in the base unit (``units``: one base, or the currencies that
    a sign may stand for); ``written`` the same before conversion. ``days`` are the readings of a date; a bare
    "5日" has both.
    ``weak`` marks words that are seldom a statement ("one day", an article before a period).
    """

    start: int
    end: int
    text: str
    kind: QuantityKind
    units: frozenset[str]
    values: tuple[Range, ...]
    written: tuple[Range, ...]
    days: tuple[CalendarDay, ...] = ()
    imperial: bool = False
    weak: bool = False


@dataclass(slots=True)
class _Atom:
    start: int
    end: int
    ranges: tuple[Range, ...]
    spelled: bool
    unit: Unit | None = None
    minus: bool = False


def parse_number(literal: str, language: Language | None) -> tuple[Decimal, ...]:
    """Value of digits with separators; both readings of "1.500" where the language is not known.

    German, French, Italian and Spanish write 1.500,5; the others 1,500.5. A version such as 1.2.3 has none.
    """
    extra = _FRACTION.get(literal[-1:], Decimal(0))
    digits = (literal[:-1] if extra else literal).replace(" ", "").replace("'", "") or "0"
    dots, commas = digits.count("."), digits.count(",")
    if dots and commas:
        mark = max(".,", key=digits.rfind)
        other = "," if mark == "." else "."
        readings = [digits.replace(other, "").replace(mark, ".")] if digits.count(mark) == 1 else []
    elif dots + commas > 1:
        parts = re.split("[.,]", digits)
        readings = ["".join(parts)] if all(len(part) == 3 for part in parts[1:]) else []
    elif dots + commas == 1:
        mark = "." if dots else ","
        decimal, grouped = digits.replace(mark, "."), digits.replace(mark, "")
        if len(digits) - digits.index(mark) - 1 != 3 or digits[0] == "0":
            readings = [decimal]
        elif language is None:
            readings = [decimal, grouped]
        else:
            readings = [grouped if (mark == ".") == (language in {"de", "fr", "it", "es"}) else decimal]
    else:
        readings = [digits]
    return tuple(Decimal(reading) + extra for reading in readings)


def _spelled(folded: str, original: str) -> Iterator[_Atom]:
    for found in number_words().finditer(folded):
        start, end = found.span(1) if found.group(1) else found.span()
        glued = _WORD_EDGE.match(folded, end)
        if start and _WORD_EDGE.match(folded, start - 1):
            continue
        unit = unit_after(folded, original, end)
        if (glued and (unit is None or unit[1] - end < 3)) or (
            unit is None and not _CONNECTED.match(folded, end)
        ):
            continue
        value = number_in_words(folded[start:end])
        yield _Atom(start, end, ((value, value),), spelled=True)


def _written(folded: str, original: str, language: Language | None, found: re.Match[str]) -> _Atom | None:
    start, end = found.span()
    if word := found["share"]:
        low_high = (Decimal(word),) * 2 if word.replace(".", "", 1).isdigit() else han_number(word)
        return _Atom(start, end, (low_high,), spelled=True, unit=_PERCENT) if low_high else None
    if found["han"]:
        low_high = han_number(found.group())
        known = low_high and (unit_after(folded, original, end) or _HAN_TO.match(folded, end))
        return _Atom(start, end, (low_high,), spelled=True) if low_high and known else None
    literal = found["digits"]
    before = folded[start - 1 : start]
    if before == "-" and start > 1 and _WORD_EDGE.match(folded, start - 2):
        return None
    if end - start > 24 or (end - start >= 10 and literal.isdigit()):
        return None
    values = [value * _MYRIAD[found["man"]] for value in parse_number(literal, language)]
    minus = before == "-" and (start == 1 or folded[start - 2] in " (:\n")
    return (
        _Atom(start, end, tuple((value, value) for value in values), spelled=False, minus=minus)
        if values
        else None
    )


def _atoms(
    folded: str, original: str, language: Language | None, taken: Sequence[tuple[int, int]]
) -> list[_Atom]:
    atoms: list[_Atom] = list(islice(_spelled(folded, original), LIMIT))
    busy = iter((*taken, (len(folded) + 1, len(folded) + 1)))
    block = next(busy)
    for found in _NUMBER.finditer(folded):
        while block[1] <= found.start():
            block = next(busy)
        if found.end() <= block[0] and (atom := _written(folded, original, language, found)):
            atoms.append(atom)
            if len(atoms) >= 2 * LIMIT:
                break
    return sorted(atoms, key=lambda atom: atom.start)


def _give_units(atoms: list[_Atom], folded: str, original: str, language: Language | None) -> Iterator[_Atom]:
    last = 0
    for atom in atoms:
        if atom.start < last:
            continue
        before = None if atom.spelled else currency_before(folded, original, atom.start)
        after = unit_after(folded, original, atom.end) if atom.unit is None else None
        if before and before[1] >= last and not (after and after[0].kind == "money"):
            atom.unit, atom.start = before
        elif after:
            atom.unit, atom.end = after
            _add_half(atom, folded)
        elif (
            not atom.spelled
            and _WORD_EDGE.match(folded, atom.end)
            and not _GLUED_PLAIN.match(folded, atom.end)
        ) or (language in {"de", None} and _GERMAN_ORDINAL.match(folded, atom.start)):
            continue
        last = atom.end
        yield atom


def _add_half(atom: _Atom, folded: str) -> None:
    if folded[atom.end : atom.end + 1] == "半":
        atom.ranges = tuple((low + Decimal("0.5"), high + Decimal("0.5")) for low, high in atom.ranges)
        atom.end += 1


def _joined(atoms: list[_Atom], folded: str) -> Iterator[_Atom]:
    """Let "10 x 20 cm" share its unit and turn "3 to 5 days" into one range."""
    for left, right in zip(reversed(atoms[:-1]), reversed(atoms[1:]), strict=True):
        if left.unit is None and right.unit is not None and (
            _TIMES.fullmatch(folded, left.end, right.start) or _is_range(left, right, folded)
        ):  # fmt: skip
            left.unit = right.unit
    held: _Atom | None = None
    for atom in atoms:
        if atom.minus and atom.unit and atom.unit.bases & {"°C", "°F"}:
            atom.ranges = tuple((-high, -low) for low, high in atom.ranges)
        if held is not None and _is_range(held, atom, folded):
            pairs = zip(held.ranges, atom.ranges, strict=False)
            ranges = tuple((low[0], high[1]) for low, high in pairs if low[0] <= high[1])
            if ranges:
                unit = atom.unit or held.unit
                held = _Atom(held.start, atom.end, ranges, held.spelled and atom.spelled, unit)
                continue
        if held is not None:
            yield held
        held = atom
    if held is not None:
        yield held


def _is_range(left: _Atom, right: _Atom, folded: str) -> bool:
    if left.unit and right.unit and left.unit is not right.unit:
        return False
    if _TO.fullmatch(folded, left.end, right.start):
        return True
    return bool(
        _AND.fullmatch(folded, left.end, right.start)
        and _BETWEEN.search(folded, max(0, left.start - 16), left.start)
    )


def _quantity(atom: _Atom, folded: str, text: str) -> Quantity | None:
    month = None if atom.unit or atom.spelled else month_before(folded, atom.start)
    low, high = atom.ranges[0]
    if month and low == high == int(low) and (1 <= low <= 31 or 1990 <= low <= 2100):
        day = CalendarDay(None, month[0], int(low)) if low <= 31 else CalendarDay(int(low), month[0])
        year = _YEAR.match(folded, atom.end)
        if year and low <= 31:
            day, atom.end = replace(day, year=int(year[1])), year.end()
        return Quantity(month[1], atom.end, text[month[1] : atom.end], "date", frozenset(), (), (), (day,))
    if atom.unit is None and low == high and 1990 <= low <= 2100 and folded[atom.start : atom.end].isdigit():
        shown, alone = text[atom.start : atom.end], CalendarDay(int(low))
        return Quantity(atom.start, atom.end, shown, "date", frozenset(), (), atom.ranges, (alone,))
    if atom.unit is None and atom.spelled:
        return None
    unit = atom.unit or _PLAIN
    weak = atom.spelled and atom.ranges[0][1] <= 1 and unit.bases != {"month"}
    values = tuple((low * unit.factor, high * unit.factor) for low, high in atom.ranges)
    of_month = unit.day_of_month and low == high == int(low) and 1 <= low <= 31
    days = (CalendarDay(day=int(low)),) if of_month else ()
    return Quantity(
        atom.start, atom.end, text[atom.start : atom.end], unit.kind, unit.bases, values, atom.ranges, days,
        imperial=unit.system == "imperial", weak=weak,
    )  # fmt: skip


def _fixed(folded: str, text: str, month_first: bool | None) -> Iterator[Quantity]:
    for found in fixed_forms(folded):
        start, end = found.span()
        if found["order"]:
            yield Quantity(start, end, text[start:end], "number", frozenset({"order"}), (), ())
        elif found["hour"] or found["hour2"]:
            minutes = minutes_of(found)
            if minutes is not None:
                at = Decimal(minutes)
                yield Quantity(
                    start, end, text[start:end], "time", frozenset({"min"}), ((at, at),), ((at, at),)
                )
        elif not (
            found["sa"] and (found.group() == "24/7" or end - start < 4 or unit_after(folded, text, end))
        ):
            days = days_of(found, month_first=month_first)
            end -= text[end - 1] in ".," and not found["gd"]
            if days:
                yield Quantity(start, end, text[start:end], "date", frozenset(), (), (), days)


@lru_cache(maxsize=4096)
def quantities(
    text: str, language: Language | None = None, *, month_first: bool | None = None
) -> tuple[Quantity, ...]:
    """Every number with meaning in the first ``READ`` characters of ``text``, in order, at most ``LIMIT``.

    ``language`` settles what the dot in "1.500" means; without one both readings are kept. ``month_first``
    does so for 11/12. Order numbers, long digit strings and digits inside names ("VN-AF55") are none.
    Cached: evidence is read once.
    """
    text = text[:READ]
    folded = fold(text)
    fixed: list[Quantity] = []
    for quantity in _fixed(folded, text, month_first):
        fixed.append(quantity)
        if len(fixed) >= LIMIT:
            break
    atoms = _atoms(folded, text, language, [(item.start, item.end) for item in fixed])
    joined = _joined(list(_give_units(atoms, folded, text, language)), folded)
    read = [item for atom in joined if (item := _quantity(atom, folded, text))]
    found = [item for item in fixed if "order" not in item.units] + read
    return tuple(_apart(sorted(found, key=lambda item: item.start)))[:LIMIT]


def _apart(found: Iterable[Quantity]) -> Iterator[Quantity]:
    """Leave out what lies inside the quantity before it: the year of "November 24, 2026"."""
    end = 0
    for item in found:
        if item.start >= end:
            yield item
            end = item.end
