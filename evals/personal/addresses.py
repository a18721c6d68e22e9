"""Postal addresses: streets with their numbers, postcodes, towns, as far as ``addresses.toml`` knows them.

Stricter than the guard's rule on repeated addresses, which only compares: what is found here is replaced, and
"3 days on the way" has to stay what it is.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import re2

from evals.personal.found import Found, Kind, compact

_REACH = 80
"""Characters behind a street in which its town may stand."""
_KINDS: tuple[tuple[str, Kind], ...] = (("code", "postcode"), ("town", "town"))


@dataclass(frozen=True, slots=True)
class Invented:
    """What may stand for the parts of an address; ``code``: how a postcode begins that nobody has."""

    road: tuple[str, ...]
    town: tuple[str, ...]
    code: str


@dataclass(frozen=True, slots=True)
class _Form:
    like: str
    pattern: Any
    groups: Mapping[str, int]


def addresses(read: str) -> Iterator[Found]:
    """Addresses in a text that was made plain. ``identity`` begins with the country it looks like."""
    for form in _forms("street"):
        for match in form.pattern.finditer(read):
            yield from _street(match, form)
            yield from _places(match, form.like, form.groups)
            yield from _behind(read, match.end(form.groups["whole"]), form.like)
    for form in _forms("place"):
        for match in form.pattern.finditer(read):
            yield from _places(match, form.like, form.groups)


def parted(identity: str) -> tuple[str, str]:
    """The country an address looks like, and what it is there."""
    like, _, what = identity.partition(" ")
    return like, what


@cache
def invented() -> Mapping[str, Invented]:
    """What to take instead, by the country it looks like."""
    rows = _table()["invented"]
    return {row["like"]: Invented(tuple(row["road"]), tuple(row["town"]), row["code"]) for row in rows}


def _street(match: Any, form: _Form) -> Iterator[Found]:
    """The street with its number; its name alone is the part that may come again."""
    road, written = _group(match, form.groups, "road"), _group(match, form.groups, "whole")
    start, named = match.start(form.groups["whole"]), (road or written).casefold()
    if named not in _table()["none"]["says"]:
        yield Found("street", start, start + len(written), written, f"{form.like} {named}", road)


def _behind(read: str, end: int, like: str) -> Iterator[Found]:
    """The town of a street, and its postcode."""
    reach = read[end : end + _REACH]
    for one in _table()["behind"]["says"]:
        form = _form("", one)
        if place := form.pattern.search(reach):
            yield from _places(place, like, form.groups, end)
            return


def _places(match: Any, like: str, groups: Mapping[str, int], offset: int = 0) -> Iterator[Found]:
    for group, kind in _KINDS:
        written = _group(match, groups, group)
        if written:
            start = offset + match.start(groups[group])
            what = compact(written).upper() if kind == "postcode" else written.casefold()
            yield Found(kind, start, start + len(written), written, f"{like} {what}")


def _group(match: Any, groups: Mapping[str, int], name: str) -> str:
    return str(match.group(groups[name]) or "") if name in groups else ""


@cache
def _forms(part: str) -> tuple[_Form, ...]:
    return tuple(_form(row["like"], one) for row in _table()[part] for one in row["says"])


@cache
def _form(like: str, expression: str) -> _Form:
    options = re2.Options()
    options.max_mem = 64 << 20
    pattern = re2.compile(expression, options)
    return _Form(like, pattern, dict(pattern.groupindex))


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("addresses.toml").read_text(encoding="utf-8"))
