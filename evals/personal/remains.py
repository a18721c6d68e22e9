"""What may have been overlooked: places that a person should look at before a case is kept.

Only places are told, never what stands there: whoever looks has the case itself.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import re2

from assistant.domain import Noun
from evals.labels import INVENTED
from evals.personal.found import plain
from evals.personal.names import closing_ends, is_no_name

SUSPECT_DIGITS = 6
"""Digits in a row, blanks and marks apart, that may be a number of somebody. Prices and dates have fewer."""
NEAR = 60
"""Characters behind a closing in which a name would stand."""
_DIGITS = re.compile(r"(?<![0-9A-Za-z.,])\d(?:[ ./-]?\d){5,}(?![0-9A-Za-z])")
_DAY = re.compile(
    r"(?:19|20)\d\d[-./ ]\d{1,2}[-./ ]\d{1,2}|\d{1,2}[-./ ]\d{1,2}[-./ ](?:19|20)?\d\d"
    r"|(?:19|20)\d\d ?- ?(?:19|20)\d\d"
)
_TIME = re.compile(r"\d{4}-\d\d-\d\d(?:T[\d:.]+Z)?")
_AT = re.compile(r"\S{0,64}@\S{0,64}")
_LINK = re2.compile(r"(?i)\b(?:https?://|www\.)[^\s]+")
_PAIR = re2.compile(r"\p{Lu}[\p{Ll}'’-]+(?: \p{Lu}\.?)?(?: (?:de|von|van|di|da|del))? \p{Lu}[\p{Latin}'’-]+")


class Remain(Noun):
    """Something suspicious: what it looks like, in which field, at which character of it."""

    looks_like: str
    field: str
    at: int


def remains(
    value: Any,
    stand_ins: Sequence[str],
    names: Sequence[str] = (),
    familiar: frozenset[str] = frozenset(),
) -> Iterator[Remain]:
    """Every suspicious place in the texts of a JSON value.

    ``names``: those that were replaced. ``familiar``: case-folded words that are in no name, as of products.
    """
    for field, text in texts(value):
        if _TIME.fullmatch(text):
            continue
        covered = _without(text, stand_ins)
        for what, start in _suspicious(covered, names, familiar):
            yield Remain(looks_like=what, field=field, at=start)


def texts(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every text of a JSON value with its path."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from texts(inner, f"{path}.{name}" if path else str(name))
    elif isinstance(value, Sequence):
        for place, inner in enumerate(value):
            yield from texts(inner, f"{path}[{place}]")


def _without(text: str, stand_ins: Sequence[str]) -> str:
    """The text with what was put in blanked out; places stay."""
    for made in sorted(stand_ins, key=len, reverse=True):
        text = text.replace(made, "·" * len(made))
    return text


def _suspicious(text: str, names: Sequence[str], familiar: frozenset[str]) -> Iterator[tuple[str, int]]:
    read = plain(text)
    for found in _DIGITS.finditer(read):
        if sum(map(str.isdigit, found[0])) >= SUSPECT_DIGITS and not _DAY.match(found[0]):
            yield "a long number", found.start()
    for found in _AT.finditer(read):
        if not INVENTED.search(found[0].lower().rstrip(".,;:!?)")):
            yield "an address or handle with @", found.start()
    for found in _LINK.finditer(read):
        yield "a link", found.start()
    closed = tuple(closing_ends(text))
    for pair in _PAIR.finditer(text):
        words = pair.group().split()
        if not any(is_no_name(word) or word.casefold() in familiar for word in words):
            near = any(0 <= pair.start() - end < NEAR for end in closed)
            yield "a name behind a closing" if near else "perhaps a name", pair.start()
    for name in names:
        again = re.search(re.escape(name), text, re.IGNORECASE) if len(name) > 3 else None
        if again:
            yield "a replaced name in another spelling", again.start()
