"""AMZ-17: a reply does not repeat the buyer's telephone number, e-mail or street address."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache, partial
from typing import Any

import re2

from assistant.guard.context import GuardContext
from assistant.guard.family import rule_of
from assistant.guard.normalise import View
from assistant.guard.phrases import table
from assistant.guard.rule import Match, Rule

_READ = 20_000
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")


@cache
def _finders() -> tuple[Any, Any]:
    """Patterns of telephone numbers and of streets."""
    data = table("privacy")
    rows = data["phone"], data["street"].values()
    phone, street = (re2.compile("(?i)" + "|".join(f"(?:{one})" for one in row)) for row in rows)
    return phone, street


def _digits(text: str) -> str:
    return re.sub(r"[^0-9]", "", text)


def _tail(number: str) -> str:
    """The part of a telephone number that stays the same with and without country code."""
    return _digits(number)[-8:]


def _street(text: str) -> str:
    """One spelling of a street; of a Chinese or Japanese one only the end, where it begins is not marked."""
    plain = re.sub(r"[\W_]+", "", text).lower()
    return plain[-6:] if plain[:1] >= "\u3000" else plain


@lru_cache(maxsize=256)
def _personal(text: str) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """E-mail addresses, tails of telephone numbers and streets in one of the buyer's messages."""
    text = text[:_READ]
    phone, street = _finders()
    return (
        frozenset(found.group().lower() for found in _MAIL.finditer(text)),
        frozenset(
            _tail(found.group()) for found in phone.finditer(text) if len(_digits(found.group())) <= 15
        ),
        frozenset(_street(found.group()) for found in street.finditer(text)),
    )


def _echoed(view: View, context: GuardContext) -> Iterator[Match]:
    known = [_personal(entry.text) for entry in context.thread if entry.sender == "buyer"]
    mails = frozenset[str]().union(*(row[0] for row in known))
    phones = frozenset[str]().union(*(row[1] for row in known))
    streets = frozenset[str]().union(*(row[2] for row in known))
    text = view.original[:_READ]
    phone, street = _finders()
    if mails:
        yield from (_match(found, "the buyer's e-mail address") for found in _MAIL.finditer(text)
                    if found.group().lower() in mails)  # fmt: skip
    if phones:
        yield from (_match(found, "the buyer's telephone number") for found in phone.finditer(text)
                    if _tail(found.group()) in phones)  # fmt: skip
    if streets:
        yield from (_match(found, "the buyer's address") for found in street.finditer(text)
                    if _street(found.group()) in streets)  # fmt: skip


def _match(found: Any, what: str) -> Match:
    return Match(found.start(), found.end(), f"repeats {what}; point to the account instead")


_rule = partial(rule_of, "privacy")

RULES: tuple[Rule, ...] = (
    _rule(
        "AMZ-17",
        title="repeats personal data",
        why="a message may be read by others; the buyer's own data stay in the account",
        source="Amazon data protection policy; read 2026-11",
        severity="edit",
        check=_echoed,
    ),
)
