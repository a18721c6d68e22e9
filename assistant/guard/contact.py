"""Contact past Amazon and personal data: AMZ-12 to AMZ-14 and AMZ-16."""

from collections.abc import Iterator
from functools import cache, partial
from itertools import islice

import phonenumbers
import re2
from linkify_it.tlds import TLDS

from assistant.guard.allow import is_reference_number
from assistant.guard.context import GuardContext
from assistant.guard.family import rule_of
from assistant.guard.normalise import View
from assistant.guard.phrases import matches, table
from assistant.guard.rule import Match, Rule
from assistant.marketplaces import market
from assistant.vocabulary import Marketplace

_MOST = 20
_EMAIL = re2.compile(r"[\p{Latin}\pN._%+-]+@(?:[\p{Latin}\pN-]+\.)+(\p{Latin}{2,})")
_NUMBER = re2.compile(r"(?:^|[^\p{Latin}\pN/#.,-])(\(?\+?\d[\d\s()./-]{5,22}\d)(?:[^\p{Latin}\pN]|$)")
_PHONE_CUE = re2.compile(
    r"(?:call|phone|tel|dial|ring|hotline|whats ?app|mobile|cell|fax|sms|ruf|handy|nummer|appel|t(?:é|e)l"
    r"|num(?:é|e)ro|ll[aá]m|m(?:ó|o)vil|chiam|電話|でんわ|携帯|フリーダイヤル"
    r"|致电|电话|電話|手机|热线|熱線|拨打|撥打)[^.!?。！？]{0,40}$"
)
_STRONG = re2.compile(
    r"^(?:\(?\+|00|\(?0\d|\(\d{3}\)|1-\d{3}-\d{3}-|\d{3}[-. ]\d{3}[-. ]\d{4}$|400-?\d{3}|800-?\d{3})"
)
_NEIGHBOURS: dict[Marketplace, tuple[str, ...]] = {"DE": ("AT", "CH"), "US": ("CA",)}
"""Countries whose buyers order there too."""


def _addresses(view: View, _context: GuardContext) -> Iterator[Match]:
    """E-mail addresses, written out or hidden, with an ending that exists."""
    if "@" not in view.folded:
        return
    found = (hit for hit in _EMAIL.finditer(view.folded) if hit.group(1) in _endings())
    yield from matches(view, (hit.span() for hit in islice(found, _MOST)))


@cache
def _endings() -> frozenset[str]:
    """Top-level domains that exist, and those reserved for examples, which drafts of models love."""
    return frozenset(ending.lower() for ending in TLDS) | frozenset(table("domains")["reserved_endings"])


def _phones(view: View, context: GuardContext) -> Iterator[Match]:
    """Phone numbers valid where the buyer lives, or anywhere when written with a country code."""
    for hit in islice(_NUMBER.finditer(view.folded), 4 * _MOST):
        start, end = hit.span(1)
        digits = hit.group(1)
        if is_reference_number(view.folded, start, end, context.order):
            continue
        cued = bool(_PHONE_CUE.search(view.folded[max(0, start - 60) : start]))
        if (cued or _STRONG.search(digits)) and _is_phone(digits, context.marketplace, view.folded, cued):
            yield Match(*view.span(start, end))


def _is_phone(digits: str, marketplace: Marketplace, folded: str, cued: bool) -> bool:
    regions = [market(marketplace).region or marketplace, *_NEIGHBOURS.get(marketplace, ())]
    if _has_han(folded):
        regions += ["CN", "JP", "TW", "HK"]
    for region in regions:
        try:
            number = phonenumbers.parse(digits, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number) or (cued and phonenumbers.is_possible_number(number)):
            return True
    return False


def _has_han(folded: str) -> bool:
    return any("\u4e00" <= character <= "\u9fff" for character in folded[:2_000])


_rule = partial(rule_of, "contact")

RULES: tuple[Rule, ...] = (
    _rule(
        "AMZ-12",
        title="Contains an e-mail address",
        why="no e-mail address may stand in a message, however written; the buyer answers in the thread",
        source="Amazon messaging API, 'no HTML or email addresses'; communication guidelines; read 2026-11",
        severity="block",
        check=_addresses,
    ),
    _rule(
        "AMZ-13",
        title="Contains a phone number",
        why="sources conflict on carriers' numbers, so a person decides; the seller's own never goes out",
        source="Amazon communication guidelines, quoted in conflict by two secondary sources; read 2026-11",
        severity="edit",
        check=_phones,
    ),
    _rule(
        "AMZ-14",
        title="Leads the buyer away from Amazon",
        why="contact and sales stay on Amazon: no messenger, phone, mail or shop of one's own",
        source="Amazon selling policies, attempts to divert, 200386250; read 2026-11",
        severity="block",
    ),
    _rule(
        "AMZ-16",
        title="Asks for data a seller must not have",
        why="card, bank, password or identity data is never needed; Amazon holds what an order needs",
        source="Amazon data protection policy, least privilege; kept as block on purpose; 2026-11",
        severity="block",
    ),
)
