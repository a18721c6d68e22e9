"""Stand-ins: values of the same shape that lead to nobody, the same for the same value, by a secret key.

Who knows the key and a value can tell its stand-in, nobody can go back. A stand-in is nothing that the texts
themselves hold, and no two values get the same one as long as there are enough.
"""

import hashlib
import hmac
import re
import string
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from evals.personal import addresses, names, telephones
from evals.personal.found import Found, Kind
from evals.personal.identifiers import iban_rest, luhn

ATTEMPTS = 60
FEW_DIGITS = 6
"""A number with fewer digits gets other letters too: the digits alone would not hide it."""
INVENTED_DOMAIN = "example.com"
"""Set aside by RFC 2606."""
RELAY = "@marketplace.amazon."
ISSUER = "9999"
"""Card numbers that begin with 9 are for national use, 999 is no country (ISO/IEC 7812-1, ISO 3166-1)."""
BANK = "0" * 8
"""No bank has a code of zeros."""

_WORDS = re.compile(r"\S+")

Draw = Callable[[int], int]
"""Draws a number below the one given."""


@dataclass
class Inventor:
    """Makes stand-ins for one case. ``texts``: everything said in it; ``values``: what is to be replaced."""

    key: bytes
    texts: str
    region: str | None
    values: frozenset[str] = frozenset()
    _made: dict[tuple[str, str], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._said = self.texts.casefold()
        self.japanese = any("\u3040" <= one <= "\u30ff" for one in self.texts)

    def stand_in(self, found: Found) -> str:
        """What to write in its place."""
        return _MAKERS[found.kind](found, self)

    def made(self, kind: str, identity: str, make: Callable[[Draw], str]) -> str:
        """What was made for this value before, else something new."""
        if (kind, identity) not in self._made:
            self._made[kind, identity] = self._new(kind, identity, make)
        return self._made[kind, identity]

    def _new(self, kind: str, identity: str, make: Callable[[Draw], str]) -> str:
        taken = set(self._made.values())
        usable = ""
        for attempt in range(ATTEMPTS):
            made = make(_draw(self.key, f"{kind}\0{identity}\0{attempt}"))
            if not self._meets(made.casefold()):
                usable = usable or made
                if made not in taken:
                    return made
        return usable or made

    def _meets(self, made: str) -> bool:
        """Whether something new looks like something said, or holds what is to be replaced."""
        return made in self._said or any(value in made for value in self.values)


def pieces_of(found: Found) -> tuple[str, ...]:
    """The value and its parts that name somebody or some place alone."""
    if found.kind == "name":
        parts = (part for part in names.parts(found.written) if len(part) > 1 and not _stays(part))
        return tuple(dict.fromkeys((found.written, *parts)))
    return tuple(filter(None, (found.written, found.part)))


def variants(found: Found, inventor: Inventor) -> list[tuple[str, str]]:
    """The value and its parts, as they may come again in the texts, each with its stand-in."""
    pairs = [(found.written, inventor.stand_in(found))]
    if found.part:
        pairs.append((found.part, _road(found, inventor)))
    if found.kind == "name":
        pairs += [(part, _part_of_name(part, inventor)) for part in pieces_of(found)[1:]]
        pairs += [(value.upper(), other.upper()) for value, other in pairs if len(value) > 2]
        pairs += [(value.title(), other.title()) for value, other in pairs if value.islower()]
    return list(dict.fromkeys(pairs))


def _draw(key: bytes, what: str) -> Draw:
    rest = int.from_bytes(hmac.new(key, what.encode(), hashlib.sha512).digest(), "big")

    def draw(below: int) -> int:
        nonlocal rest
        rest, drawn = divmod(rest, below)
        return drawn

    return draw


def _like(pattern: str, draw: Draw, *, letters: bool) -> str:
    """A random text with a digit for each digit and, if asked, a letter for each ASCII letter."""

    def other(character: str) -> str:
        if character.isdigit():
            return str(draw(10))
        if letters and character.isascii() and character.isalpha():
            drawn = string.ascii_uppercase[draw(26)]
            return drawn if character.isupper() else drawn.lower()
        return character

    return "".join(map(other, pattern))


def reshaped(written: str, made: str) -> str:
    """Letters and digits of ``made`` at the places of those in ``written``, in their case; equally many."""
    rest = iter(made)

    def other(character: str) -> str:
        new = next(rest) if character.isalnum() else character
        return new.lower() if character.islower() else new

    return "".join(map(other, written))


def _order(found: Found, inventor: Inventor) -> str:
    """The first three signs stay: they name a marketplace, not a person."""
    head, tail = found.identity[:3], found.identity[3:]
    made = inventor.made(found.kind, found.identity, lambda draw: head + _like(tail, draw, letters=False))
    return reshaped(found.written, made)


def _number(found: Found, inventor: Inventor) -> str:
    letters = sum(map(str.isdigit, found.identity)) < FEW_DIGITS
    made = inventor.made(
        found.kind, found.identity, lambda draw: _like(found.identity, draw, letters=letters)
    )
    return reshaped(found.written, made)


def _iban(found: Found, inventor: Inventor) -> str:
    def make(draw: Draw) -> str:
        country, account = found.identity[:2], found.identity[4:]
        made = (BANK + _like("0" * len(account), draw, letters=False))[: len(account)]
        rest = iban_rest(f"{country}00{made}")
        return f"{country}{98 - rest:02}{made}"

    return reshaped(found.written, inventor.made(found.kind, found.identity, make))


def _card(found: Found, inventor: Inventor) -> str:
    def make(draw: Draw) -> str:
        made = ISSUER + _like("0" * (len(found.identity) - len(ISSUER) - 1), draw, letters=False)
        return made + str(-luhn(f"{made}0") % 10)

    return reshaped(found.written, inventor.made(found.kind, found.identity, make))


def _mail(found: Found, inventor: Inventor) -> str:
    domain = found.identity.rpartition("@")[2] if RELAY in found.identity else INVENTED_DOMAIN

    def make(draw: Draw) -> str:
        return f"buyer-{draw(16**6):06x}@{domain}"

    return inventor.made(found.kind, found.identity, make)


def _telephone(found: Found, inventor: Inventor) -> str:
    def make(draw: Draw) -> str:
        return telephones.invent(found.identity, inventor.region, draw)

    made = inventor.made(found.kind, found.identity, make)
    return telephones.written_like(made, found.written, inventor.region)


def _message_id(found: Found, inventor: Inventor) -> str:
    return inventor.made(found.kind, found.identity, lambda draw: f"id-{draw(16**12):012x}")


def _postcode(found: Found, inventor: Inventor) -> str:
    like, what = addresses.parted(found.identity)
    start = addresses.invented()[like].code

    def make(draw: Draw) -> str:
        random = _like(what, draw, letters=True)
        fixed = zip(start, random, strict=False)
        return (
            "".join(one if one.isdigit() == two.isdigit() else two for one, two in fixed)
            + random[len(start) :]
        )

    return reshaped(found.written, inventor.made(found.kind, what, make))


def _town(found: Found, inventor: Inventor) -> str:
    like, what = addresses.parted(found.identity)
    return _cased(found.written, inventor.made(found.kind, what, _one_of(addresses.invented()[like].town)))


def _road(found: Found, inventor: Inventor) -> str:
    like, what = addresses.parted(found.identity)
    return _cased(found.part, inventor.made("street", what, _one_of(addresses.invented()[like].road)))


def _street(found: Found, inventor: Inventor) -> str:
    """Another road, another number of as many digits."""
    before, road, behind = found.written.partition(found.part) if found.part else (found.written, "", "")

    def digits(pattern: str) -> str:
        identity = f"{found.identity} {pattern}"
        return _like(pattern, _draw(inventor.key, identity), letters=False) if pattern.strip() else pattern

    return f"{digits(before)}{_road(found, inventor) if road else ''}{digits(behind)}"


def _name(found: Found, inventor: Inventor) -> str:
    """Another name, word by word; particles and marks stay."""

    def other(word: re.Match[str]) -> str:
        part = next(iter(names.parts(word[0])), "")
        if not part or _stays(part):
            return word[0]
        given = word.end() < len(found.written)
        return word[0].replace(part, _part_of_name(part, inventor, given=given))

    return _WORDS.sub(other, found.written)


def _part_of_name(part: str, inventor: Inventor, *, given: bool = False) -> str:
    known = names.invented()
    if names.has_signs(part):
        return _name_in_signs(part, inventor, known)
    if len(part) == 1:
        return inventor.made("initial", part.casefold(), _one_of(string.ascii_uppercase))
    return _cased(part, inventor.made("name", part.casefold(), _one_of(known["first" if given else "last"])))


def _name_in_signs(part: str, inventor: Inventor, known: Mapping[str, Sequence[str]]) -> str:
    title = next((one for one in names.titles() if part.endswith(one) and part != one), "")
    if title:
        return inventor.made("name", part, _one_of(known["han_single"])) + title
    if any("\u30a0" <= one <= "\u30ff" for one in part):
        return inventor.made("name", part, _one_of(known["kana"]))
    return inventor.made("name", part, _one_of(known["han" if inventor.japanese else "han_double"]))


def _stays(part: str) -> bool:
    """Particles such as ``von``, which name nobody."""
    return part.casefold() in names.PARTICLES


def _one_of(choice: Sequence[str]) -> Callable[[Draw], str]:
    return lambda draw: choice[draw(len(choice))]


def _cased(written: str, made: str) -> str:
    if written.isupper() and len(written) > 1:
        return made.upper()
    return made.lower() if written.islower() else made


_MAKERS: Mapping[Kind, Callable[[Found, Inventor], str]] = {
    "order id": _order,
    "tracking number": _number,
    "other number": _number,
    "e-mail address": _mail,
    "telephone number": _telephone,
    "IBAN": _iban,
    "card number": _card,
    "street": _street,
    "postcode": _postcode,
    "town": _town,
    "name": _name,
    "message id": _message_id,
}
