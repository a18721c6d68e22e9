"""Names of people: behind closings, in greetings, beside forms of address, where one is told, at the end.

There is no list of names: ``names.toml`` holds the words around them, and a name has to look like one. A name
in the middle of a sentence with nothing around it is not found.
"""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import re2

from evals.personal.found import Found, is_sign

PARTICLES = frozenset(
    {"de", "da", "di", "del", "della", "von", "van", "der", "den", "la", "le", "du", "dos", "bin", "al", "zu"}
)
_WORD = r"\p{Lu}[\p{Latin}\p{M}'’-]*\.?"
_SMALL = rf"(?:(?:{'|'.join(sorted(PARTICLES))}) ){{0,2}}"
_NAME = rf"{_WORD}(?: {_SMALL}{_WORD}){{0,3}}"
_SIGNS = r"(?:\p{Han}{2,4}|\p{Han}{1,3}[ \x{3000}]\p{Han}{1,3}|[\p{Katakana}ー・]{2,12})"
_LOWER = r"[\p{Ll}'’-]{3,}(?: [\p{Ll}'’-]{3,})?"
_MARKS = " \t\r\u3000,.;:!?…~*_-–—()（）。！，、・♥❤☺"
_WHOLE = re2.compile(rf"({_NAME}(?:, {_NAME})?|{_SIGNS})")
_QUIET = re2.compile(rf"({_LOWER})")
_AFTER = r"(?:[ \t]*[,.!:;…。！，-]+[ \t]*|[ \t\x{3000}]+|$)"
_ENDS = ".!?。！？…)~"
LONGEST = 60
"""Characters of a line that may be a name."""


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    text: str


@dataclass(frozen=True, slots=True)
class _Cues:
    """The words of the table as expressions; ``none``: what is no name though it stands like one."""

    closing: Any
    before: Any
    greeting: Any
    told: Any
    signs: tuple[tuple[Any, bool], ...]
    none: frozenset[str]
    inside: frozenset[str]


def names(text: str, familiar: frozenset[str] = frozenset()) -> Iterator[Found]:
    """Names in a text. ``familiar``: case-folded words that are no names here, such as those of products."""
    lines = _lines(text)
    cues = _cues()
    yield from _closed(lines, cues)
    yield from _beside(text, cues)
    yield from _signed(text, cues)
    yield from _last(lines, cues, familiar)


def invented() -> dict[str, list[str]]:
    """The names to take instead, by kind."""
    return {kind: row for kind, row in _table()["invented"].items() if kind != "why"}


def parts(written: str) -> list[str]:
    """The words of a name, without marks."""
    return [part for part in (word.strip(_MARKS) for word in written.split()) if part]


def closing_ends(text: str) -> Iterator[int]:
    """Where closings end."""
    return (found.end() for found in _cues().closing.finditer(text))


def titles() -> tuple[str, ...]:
    """Forms of address behind names in Chinese and Japanese."""
    return tuple(_table()["titles"]["says"])


def is_no_name(word: str) -> bool:
    """Whether a word stands where names stand, and is none."""
    return word.casefold().strip(_MARKS) in _cues().none


def _closed(lines: Sequence[_Line], cues: _Cues) -> Iterator[Found]:
    """On the line of a closing behind it, else on the next one."""
    for place, line in enumerate(lines):
        ends = [found.end() for found in cues.closing.finditer(line.text)]
        if not ends:
            continue
        rest = _Line(line.start + ends[-1], line.text[ends[-1] :])
        last = place >= len(lines) - 2
        if rest.text.strip(_MARKS):
            yield from _as_name(rest, cues, quiet=False)
        elif place + 1 < len(lines):
            yield from _as_name(lines[place + 1], cues, quiet=last)


def _beside(text: str, cues: _Cues) -> Iterator[Found]:
    for cue in (cues.before, cues.greeting, cues.told):
        for found in cue.finditer(text):
            start = found.start(1)
            yield from _found(text, start, start + len(_cut(found[1], cues.none)), cues)


def _signed(text: str, cues: _Cues) -> Iterator[Found]:
    for sign, titled in cues.signs:
        for found in sign.finditer(text):
            start, end = next(found.span(place) for place in range(1, sign.groups + 1) if found[place])
            if titled and cues.inside & set(text[start:end]):
                continue
            # one sign stands in a thousand words: only with its form of address
            yield from _found(text, start, end if end - start > 1 else found.end(), cues)


def _last(lines: Sequence[_Line], cues: _Cues, familiar: frozenset[str]) -> Iterator[Found]:
    """A last line that is nothing but a name, behind a sentence that has ended."""
    if len(lines) < 2 or not lines[-2].text.rstrip().endswith(tuple(_ENDS)):
        return
    for found in _as_name(lines[-1], cues, quiet=False):
        if not familiar & set(found.identity.split()) and len(found.written.split()) <= 3:
            yield found


def _as_name(line: _Line, cues: _Cues, *, quiet: bool) -> Iterator[Found]:
    """The line, if it looks like a name as a whole; in small letters where ``quiet``."""
    start = len(line.text) - len(line.text.lstrip(_MARKS))
    shown = line.text.strip(_MARKS)
    titled = cues.before.search(f"{shown}\n")
    if titled and titled.start() == 0:
        start, shown = start + titled.start(1), shown[titled.start(1) :]
    match = _WHOLE.fullmatch(shown) or (_QUIET.fullmatch(shown) if quiet else None)
    if match and len(shown) <= LONGEST:
        place = line.start + start
        yield from _found(f"{' ' * place}{shown}", place, place + len(shown), cues)


def _found(text: str, start: int, end: int, cues: _Cues) -> Iterator[Found]:
    written = text[start:end].rstrip("'’-")
    words = parts(written)
    if words and len(words[-1]) > 1:
        written = written.rstrip(".")  # that of a sentence, not of an initial
    large = {
        word.casefold()
        for place, word in enumerate(words)
        if (not word[0].islower() or written.islower()) and not (place and word.casefold() in PARTICLES)
    }
    letters = sum(map(str.isalpha, written))
    if letters >= 2 and not cues.none & {written.casefold(), *large}:
        yield Found("name", start, start + len(written), written, " ".join(written.casefold().split()))


def _cut(name: str, none: frozenset[str]) -> str:
    """The name up to a word that is none: a sentence has gone on."""
    end = 0
    for word in name.split(" "):
        small = word.casefold().rstrip(".'’-")
        if word[:1].isupper() and small in none and not (end and small in PARTICLES):
            break
        end += len(word) + 1
    return name[: max(end - 1, 0)]


def _lines(text: str) -> list[_Line]:
    """The lines that are not blank."""
    lines, start = [], 0
    for line in text.split("\n"):
        if line.strip():
            lines.append(_Line(start, line))
        start += len(line) + 1
    return lines


@cache
def _cues() -> _Cues:
    table = _table()

    def either(kind: str) -> str:
        return "|".join(f"(?:{one})" for row in table[kind] for one in row["says"])

    title = rf"(?i:{either('before')})\.? +(?:(?i:dr|prof|dott)\.? +)?"
    name = rf"({_NAME})"
    edge = r"(?:^|[^\p{L}\p{N}])"
    options = re2.Options()
    options.max_mem = 64 << 20
    return _Cues(
        closing=re2.compile(
            rf"(?i)(?:^|[\s.!?,;。！，])(?:{either('closing')}){_AFTER}",
            options,
        ),
        before=re2.compile(rf"{edge}{title}{name}", options),
        greeting=re2.compile(
            rf"(?m)(?:^|[.!?] )[ \t]*(?i:{either('greeting')})[, ]+(?:{title})?{name}[ \t]*(?:[,!.:;–-]|$)",
            options,
        ),
        told=re2.compile(rf"{edge}(?i:{either('told')})[ \t]*{name}", options),
        signs=tuple(
            (re2.compile(one, options), row.get("titled", False))
            for row in table["sign"]
            for one in row["says"]
        ),
        none=frozenset(word.casefold() for row in table["none"] for word in row["says"]),
        inside=frozenset(table["inside"]["says"]),
    )


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("names.toml").read_text(encoding="utf-8"))


def has_signs(written: str) -> bool:
    """Whether a name is written in Chinese or Japanese signs."""
    return any(map(is_sign, written))
