"""A piece of personal data in a text, and the form in which texts are searched for it."""

from dataclasses import dataclass
from typing import Literal, get_args

Kind = Literal[
    "order id",
    "tracking number",
    "other number",
    "e-mail address",
    "telephone number",
    "IBAN",
    "card number",
    "street",
    "postcode",
    "town",
    "name",
    "message id",
]
KINDS: tuple[Kind, ...] = get_args(Kind)

_DASHES = "‐‑‒–—―−ー"
_ONE_FOR_ONE = (
    {place: place - 0xFEE0 for place in range(0xFF01, 0xFF5F)}
    | dict.fromkeys(map(ord, _DASHES), "-")
    | {0x3000: " ", 0xA0: " ", 0x2007: " ", 0x202F: " "}
)
_SIGNS = ((0x3005, 0x30FF), (0x3400, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x323AF))


@dataclass(frozen=True, slots=True)
class Found:
    """Personal data at ``text[start:end]``, as ``written`` there.

    ``identity``: what it stands for, the same however it is written; equal ones get one stand-in. ``part``:
    the piece of it that also names it alone, such as a road without its house number.
    """

    kind: Kind
    start: int
    end: int
    written: str
    identity: str
    part: str = ""


def plain(text: str) -> str:
    """The text with full-width signs, dashes and blanks as in ASCII, character for character."""
    return text.translate(_ONE_FOR_ONE)


def compact(text: str) -> str:
    """Letters and digits alone."""
    return "".join(filter(str.isalnum, text))


def is_sign(character: str) -> bool:
    """Whether a character is Chinese or Japanese: words of those are not set apart by blanks."""
    return any(first <= ord(character) <= last for first, last in _SIGNS)


def is_word(character: str) -> bool:
    """Whether a neighbouring character makes one word with a Latin name or a number."""
    return character.isalnum() and not is_sign(character)


def stands_alone(text: str, start: int, end: int) -> bool:
    """Whether ``text[start:end]`` is no part of a longer word or number."""
    before, after = text[start - 1 : start] if start else "", text[end : end + 1]
    joined_before = before and is_word(before) and is_word(text[start])
    joined_after = after and is_word(after) and is_word(text[end - 1])
    return not joined_before and not joined_after


def apart(found: list[Found]) -> tuple[Found, ...]:
    """In order of place; of those that overlap, the one that was found first."""
    kept: list[Found] = []
    for one in found:
        if all(one.end <= other.start or other.end <= one.start for other in kept):
            kept.append(one)
    return tuple(sorted(kept, key=lambda one: one.start))
