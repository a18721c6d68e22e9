"""AMZ-17: a reply does not repeat the buyer's telephone number, e-mail or street address."""

import re
from collections.abc import Iterator
from functools import lru_cache

import re2

from assistant.guard.context import GuardContext
from assistant.guard.examples import Examples
from assistant.guard.normalise import View
from assistant.guard.rule import Match, Rule

_READ = 20_000
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
_PHONE = re.compile(
    r"(?<![\w-])(?:\+|00|\(?0|\([1-9])[0-9() ./-]{7,20}[0-9](?![\w-])|(?<![\w-])[0-9]{3}[ .-][0-9]{3}[ .-][0-9]{4}(?![\w-])"
)
_STREET = re2.compile(
    r"(?i)(?:[a-zà-ÿ][a-zà-ÿ.'-]{0,40}(?:straße|strasse|str\.|weg|gasse|allee|platz|ufer|damm|ring) ?\d{1,4} ?[a-z]?\b)"
    r"|(?:\d{1,5}(?: ?bis| ?ter)?,? (?:rue|avenue|boulevard|place|chemin|allée|impasse|quai|cours)(?: [a-zà-ÿ'’-]+){1,5})"
    r"|(?:(?:via|viale|piazza|corso|vicolo|calle|avenida|avda\.|plaza|paseo|carrer|c/)(?: [a-zà-ÿ'’.-]+){1,5},? (?:n\.? ?|nº ?)?\d{1,4})"
    r"|(?:\d{1,5} (?:[a-zà-ÿ'’.-]+ ){1,4}(?:street|st|road|rd|avenue|ave|lane|ln|drive|dr|close|court|ct|way|boulevard|blvd|terrace|crescent)\b)"
    r"|(?:(?:東京都|北海道|京都府|大阪府|\p{Han}{2,3}県)[^\s、。]{2,30}?\d{1,4}(?:[-ー−]\d{1,4}){0,3}(?:番地?|号)?)"
    r"|(?:\p{Han}{2,8}(?:路|街|大道|巷|弄)\d{1,5}(?:号|弄)(?:[\p{Han}\d-]{0,20}(?:室|号楼|单元))?)"
)  # fmt: skip


def _digits(text: str) -> str:
    return re.sub(r"[^0-9]", "", text)


def _tail(number: str) -> str:
    """The part of a telephone number that stays the same with and without country code."""
    return _digits(number)[-8:]


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).lower()


@lru_cache(maxsize=256)
def _personal(text: str) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """E-mail addresses, tails of telephone numbers and streets in one of the buyer's messages."""
    text = text[:_READ]
    return (
        frozenset(found.group().lower() for found in _MAIL.finditer(text)),
        frozenset(
            _tail(found.group()) for found in _PHONE.finditer(text) if len(_digits(found.group())) <= 15
        ),
        frozenset(_plain(found.group()) for found in _STREET.finditer(text)),
    )


def _echoed(view: View, context: GuardContext) -> Iterator[Match]:
    known = [_personal(entry.text) for entry in context.thread if entry.sender == "buyer"]
    mails = frozenset[str]().union(*(row[0] for row in known))
    phones = frozenset[str]().union(*(row[1] for row in known))
    streets = frozenset[str]().union(*(row[2] for row in known))
    text = view.original[:_READ]
    if mails:
        yield from (_match(found, "the buyer's e-mail address") for found in _MAIL.finditer(text)
                    if found.group().lower() in mails)  # fmt: skip
    if phones:
        yield from (_match(found, "the buyer's telephone number") for found in _PHONE.finditer(text)
                    if _tail(found.group()) in phones)  # fmt: skip
    if streets:
        yield from (_match(found, "the buyer's address") for found in _STREET.finditer(text)
                    if _plain(found.group()) in streets)  # fmt: skip


def _match(found: "re.Match[str] | re2._Match[str]", what: str) -> Match:
    return Match(found.start(), found.end(), f"repeats {what}; point to the account instead")


RULES: tuple[Rule, ...] = (
    Rule(
        id="AMZ-17", title="repeats personal data",
        why="a message may be read by others; the buyer's own data stay in the account",
        source="amazon-policy.md AMZ-17, DPP; B32", severity="edit", check=_echoed,
        bad=Examples("privacy", "AMZ-17", "bad"), good=Examples("privacy", "AMZ-17", "good"),
    ),
)  # fmt: skip
