"""Does a text say something, whatever its letters look like?

Both sides are folded: NFKC, lower case, one space, one kind of apostrophe. What a wording is made of decides
where it may stand: a number is never found inside a longer one, a unit never as the beginning of a word, a
code in capitals never inside a word; other words may be part of a compound.
"""

import unicodedata
from collections.abc import Iterable, Sequence

import re2

NUMBER = re2.compile(r"\d{1,3}(?:[.,]\d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)?")
RUN = re2.compile(r"\d+(?:[.,]\d+)*")
UNIT = re2.compile(r"\d ?[a-z]{1,2}$")
LETTER = re2.compile(r"[a-zà-ÿ]")
LONGEST_NUMBER = 40
"""Characters on either side that are read to see a number whole."""

APOSTROPHES = str.maketrans("’‘ʼ", "'''")


def fold(text: str) -> str:
    """The text as it is compared."""
    plain = unicodedata.normalize("NFKC", text).casefold().translate(APOSTROPHES)
    return " ".join(plain.split())


def said(text: str, wording: Iterable[str]) -> str | None:
    """The first of the alternatives that the text holds."""
    folded = fold(text)
    return next((one for one in wording if _holds(folded, one)), None)


def missing(text: str, wordings: Iterable[Sequence[str]]) -> list[str]:
    """The wordings of which no alternative is said, each by its first alternative."""
    return [wording[0] for wording in wordings if said(text, wording) is None]


def _holds(folded: str, alternative: str) -> bool:
    wanted = fold(alternative)
    code = alternative.isascii() and alternative.isalpha() and alternative.isupper()
    start = folded.find(wanted)
    while wanted and start >= 0:
        end = start + len(wanted)
        if _stands(folded, start, end, code=code):
            return True
        start = folded.find(wanted, start + 1)
    return False


def _stands(folded: str, start: int, end: int, *, code: bool) -> bool:
    """Whether the place is no mere part of something else."""
    before, after = folded[start - 1 : start], folded[end : end + 1]
    if code and (LETTER.match(before) or LETTER.match(after)):
        return False
    if UNIT.search(folded[start:end]) and LETTER.match(after):
        return False
    return not _cuts_number(folded, start) and not _cuts_number(folded, end)


def _cuts_number(folded: str, place: int) -> bool:
    """Whether a number goes on across the place. In dates and versions, only digits must stay together."""
    start = max(0, place - LONGEST_NUMBER)
    near = RUN.finditer(folded[start : place + LONGEST_NUMBER])
    run = next((run for run in near if run.start() < place - start < run.end()), None)
    if run is None:
        return False
    whole = NUMBER.fullmatch(run[0]) is not None
    return whole or (folded[place - 1].isdigit() and folded[place].isdigit())
