"""Numbers and addresses that lead to one person or parcel: order, parcel, account, card, e-mail, telephone.

Searched in the form of ``found.plain``, so that full-width digits are digits. Where two kinds overlap, the
one named first in ``finders`` stands.
"""

import re
from collections.abc import Iterator, Sequence
from functools import partial

from evals.personal.found import Found, Kind, compact, is_sign, stands_alone
from evals.personal.telephones import telephones

_DOMAIN = re.compile(r"@[0-9A-Za-zÀ-ÿ-]{1,63}(?:\.[0-9A-Za-zÀ-ÿ-]{1,63}){1,8}")
_ORDER = re.compile(r"(?<![0-9A-Za-z])[0-9A-Z]{3} ?- ?\d{7} ?- ?\d{7}(?![0-9A-Za-z])")
_IBAN = re.compile(r"(?<![0-9A-Za-z])([A-Za-z]{2})\d{2}(?= ?[0-9A-Za-z])")
_CARD = re.compile(r"(?<![0-9A-Za-z])(?:[2-6]|1800|2131)(?:[ -]?\d){11,18}(?![0-9A-Za-z])")
_CODE = re.compile(r"(?<![0-9A-Za-z])[0-9A-Za-z]{9,40}(?![0-9A-Za-z])")
_GROUPS = re.compile(r"(?<![0-9A-Za-z,.])\d{3,}(?:[ -]\d{3,}){1,8}(?![0-9A-Za-z]|[.,]\d)")
_ASIN = re.compile(r"B0[0-9A-Z]{8}")
CARD_DIGITS = range(14, 20)
"""Shorter ones are looked for among the other numbers: too many article numbers pass the check by chance."""
CODE_DIGITS = 8
"""A code with fewer digits may be a model."""
SOLID, GROUPED = 9, 11
"""Digits from which a number without or with blanks in it is taken for one that leads to somebody."""

IBAN_LENGTHS = {
    "AD": 24, "AE": 23, "AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18,
    "EE": 20, "EG": 29, "ES": 24, "FI": 18, "FR": 27, "GB": 22, "GR": 27, "HR": 21, "HU": 28, "IE": 22,
    "IS": 26, "IT": 27, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "MC": 27, "MT": 31, "NL": 18, "NO": 15,
    "PL": 28, "PT": 25, "RO": 24, "SA": 24, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "TR": 26,
}  # fmt: skip
"""Characters by country: SWIFT IBAN registry; Europe and Amazon's other countries that have any."""


def identifiers(read: str, region: str | None, known: Sequence[tuple[Kind, str]]) -> list[Found]:
    """Everything of these kinds, the surest first; ``known``: numbers that the order's record names."""
    finders = (
        partial(_known, known=known),
        _orders,
        _mails,
        _ibans,
        _cards,
        partial(telephones, region=region),
        _codes,
    )
    return [found for finder in finders for found in finder(read)]


def luhn(digits: str) -> int:
    """Sum of ISO/IEC 7812-1, annex B, modulo 10; 0 for a valid number."""
    doubled = (int(one) * (2 if place % 2 else 1) for place, one in enumerate(reversed(digits)))
    return sum(one - 9 if one > 9 else one for one in doubled) % 10


def iban_rest(iban: str) -> int:
    """Remainder of ISO 13616 (MOD 97-10); 1 for a valid one, which is given without blanks."""
    turned = iban[4:] + iban[:4]
    return int("".join(str(int(one, 36)) for one in turned)) % 97


def _known(read: str, known: Sequence[tuple[Kind, str]]) -> Iterator[Found]:
    """Numbers of the record, however they are grouped in the text."""
    places = [place for place, one in enumerate(read) if one.isalnum()]
    letters = "".join(read[place].upper()[:1] for place in places)  # the capital of ß would be two
    for kind, value in known:
        wanted = compact(value).upper()
        start = letters.find(wanted) if wanted else -1
        while start >= 0:
            first, end = places[start], places[start + len(wanted) - 1] + 1
            if stands_alone(read, first, end) and end - first <= 2 * len(wanted):
                yield Found(kind, first, end, read[first:end], wanted)
            start = letters.find(wanted, start + 1)


def _orders(read: str) -> Iterator[Found]:
    for match in _ORDER.finditer(read):
        yield Found("order id", *match.span(), match.group(), compact(match.group()))


def _mails(read: str) -> Iterator[Found]:
    for match in _DOMAIN.finditer(read):
        start, end = match.span()
        while start and _is_of_mailbox(read[start - 1]):
            start -= 1
        if start < match.start():
            yield Found("e-mail address", start, end, read[start:end], read[start:end].lower())


def _ibans(read: str) -> Iterator[Found]:
    for match in _IBAN.finditer(read):
        length = IBAN_LENGTHS.get(match[1].upper(), 0)
        end, seen = match.start(), 0
        while end < len(read) and seen < length and (_is_code(read[end]) or read[end] == " "):
            seen += read[end] != " "
            end += 1
        written = read[match.start() : end]
        identity = compact(written).upper()
        if seen == length > 0 and iban_rest(identity) == 1 and stands_alone(read, match.start(), end):
            yield Found("IBAN", match.start(), end, written, identity)


def _cards(read: str) -> Iterator[Found]:
    for match in _CARD.finditer(read):
        digits = compact(match.group())
        if len(digits) in CARD_DIGITS and luhn(digits) == 0:
            yield Found("card number", *match.span(), match.group(), digits)


def _codes(read: str) -> Iterator[Found]:
    """Long numbers and codes of any other kind: of a parcel, an account, a passport."""
    for match in _CODE.finditer(read):
        written = match.group()
        enough = SOLID if written.isdigit() else CODE_DIGITS
        if sum(map(str.isdigit, written)) >= enough and not _ASIN.fullmatch(written):
            yield Found("other number", *match.span(), written, written.upper())
    for match in _GROUPS.finditer(read):
        digits = compact(match.group())
        if len(digits) >= GROUPED:
            yield Found("other number", *match.span(), match.group(), digits)


def _is_of_mailbox(character: str) -> bool:
    return character in "._%+-" or (character.isalnum() and not is_sign(character))


def _is_code(character: str) -> bool:
    return character.isascii() and character.isalnum()
