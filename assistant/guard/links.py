"""Links: where they lead decides (AMZ-08 to AMZ-11)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from typing import Any
from urllib.parse import urlsplit

import re2
from linkify_it import LinkifyIt
from linkify_it.tlds import TLDS

from assistant.guard.allow import is_file_or_name, is_missing_blank
from assistant.guard.context import GuardContext
from assistant.guard.family import rule_of
from assistant.guard.normalise import View
from assistant.guard.phrases import phrase_check, table
from assistant.guard.rule import Match, Rule

_LONGEST = 2_048
"""Characters of one candidate that are looked at; a longer run without a blank is no link anybody typed."""
_MOST = 50
# A run that could hold a link; ideographs and kana end it, as Japanese and Chinese write without blanks.
_CANDIDATE = re2.compile(r"(?:https?://|www\.|[\p{Latin}\pN]\.\p{Latin}{2})")
_RUN = re2.compile(r"[^\s\p{Han}\p{Hiragana}\p{Katakana}。、「」『』【】（）()<>\"']+")
_HAN_DOMAIN = re2.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}]{1,20}\.(?:com|cn|net|jp|co\.jp|tw|hk|shop)\b")


@dataclass(frozen=True, slots=True)
class Link:
    """A link in the normal form: span, host without ``www.``, path, and whether it says ``http:``."""

    start: int
    end: int
    host: str
    path: str
    insecure: bool


@cache
def _domains() -> Mapping[str, Any]:
    return table("domains")


@cache
def _linkify() -> LinkifyIt:
    return LinkifyIt(options={"fuzzy_email": False}).tlds(
        [*map(str.lower, TLDS), *_domains()["reserved_endings"]]
    )


@lru_cache(maxsize=4)
def _links(view: View) -> tuple[Link, ...]:
    """Every link of a text; shared by the four rules of one check."""
    return tuple(link for _, link in zip(range(_MOST), _found(view), strict=False))


def _found(view: View) -> Iterator[Link]:
    if not _CANDIDATE.search(view.folded):
        return
    for run in _RUN.finditer(view.folded):
        text = run.group()[:_LONGEST]
        if _CANDIDATE.search(text) and "@" not in text.split("/")[0]:
            yield from _in_run(view, text, run.start())
    for hit in _HAN_DOMAIN.finditer(view.folded):
        yield Link(hit.start(), hit.end(), hit.group(), "", insecure=False)


def _in_run(view: View, text: str, offset: int) -> Iterator[Link]:
    for match in _linkify().match(text) or ():
        start, end = offset + match.index, offset + match.last_index
        original = view.original[slice(*view.span(start, end))]
        around = text[max(0, match.index - 1) : match.last_index + 2]
        if match.schema == "" and (
            is_file_or_name(match.raw, around, _domains()) or is_missing_blank(original)
        ):
            continue
        parts = urlsplit(match.url)
        host = (parts.hostname or "").removeprefix("www.")
        yield Link(start, end, host, parts.path, insecure=match.raw.startswith("http:"))


def _belongs(host: str, domains: frozenset[str]) -> bool:
    labels = host.split(".")
    return any(".".join(labels[place:]) in domains for place in range(len(labels)))


def _kind(link: Link) -> str:
    domains = _domains()
    if _belongs(link.host, frozenset(domains["amazon"])):
        helps = not link.path.strip("/") or link.path.startswith(tuple(domains["amazon_help_paths"]))
        return "help" if helps else "amazon"
    if _belongs(link.host, frozenset(domains["amazon_short"])):
        return "amazon"
    return "carrier" if _belongs(link.host, frozenset(domains["carriers"])) else "foreign"


def _of_kind(view: View, kind: str) -> Iterator[Match]:
    for link in _links(view):
        if _kind(link) == kind:
            yield Match(*view.span(link.start, link.end))


_own_site = phrase_check("AMZ-08")


def _foreign(view: View, context: GuardContext) -> Iterator[Match]:
    yield from _of_kind(view, "foreign")
    yield from _own_site(view, context)


def _carrier(view: View, _context: GuardContext) -> Iterator[Match]:
    return _of_kind(view, "carrier")


def _amazon(view: View, _context: GuardContext) -> Iterator[Match]:
    return _of_kind(view, "amazon")


def _insecure(view: View, _context: GuardContext) -> Iterator[Match]:
    for link in _links(view):
        if link.insecure:
            yield Match(*view.span(link.start, link.start + len("http://")), fix="https://")


_rule = partial(rule_of, "links")

RULES: tuple[Rule, ...] = (
    _rule(
        "AMZ-08",
        title="Links away from Amazon",
        why="no site but Amazon's and the carrier's belongs in a message; give the information itself",
        source="amazon.de G1701 and messaging API, 'only links related to order completion'; read 2026-11",
        severity="block",
        check=_foreign,
    ),
    _rule(
        "AMZ-09",
        title="Links to a carrier",
        why="allowed by policy but often refused by the filter: give carrier and tracking number as text",
        source="amazon.de G1701 against a seller team's notes on the mail filter; read 2026-11",
        severity="warn",
        check=_carrier,
    ),
    _rule(
        "AMZ-10",
        title="Links to a product or shop page on Amazon",
        why="only help, contact, return and order pages are uncontested; name the product instead",
        source="sonemos.be against ecomengine.com and edesk.com; read 2026-11",
        severity="edit",
        check=_amazon,
    ),
    _rule(
        "AMZ-11",
        title="Link without encryption",
        why="links must be https",
        source="Amazon communication guidelines, styling: unsecure images and links; read 2026-11",
        severity="edit",
        check=_insecure,
    ),
)
