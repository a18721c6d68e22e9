"""Phrases of the composer, by language: typed, complete, checked once when they are read.

``phrase_slots.toml`` lists the slots and the values each variant must use; ``phrases/<language>.toml`` fills
them. A slot is addressed by its path, ``listen.tracking``.
"""

import hashlib
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Template
from typing import Any

FOLDER = Path(__file__).parent

VARIANTS = 3
"""Fewest different wordings of a slot: replies must not read alike."""


class PhrasesInvalid(ValueError):
    """A phrase file is not complete or uses the wrong values; the message names file and slot."""


@dataclass(frozen=True, slots=True)
class Symptom:
    """What goes wrong: ``words`` (case-folded) give it away in a message, ``say`` is said back."""

    words: tuple[str, ...]
    say: str


@dataclass(frozen=True, slots=True)
class PhraseBook:
    """All phrases of one language; ``sha256`` is that of the file."""

    language: str
    sha256: str
    slots: Mapping[str, tuple[str, ...]]
    names: Mapping[str, str]
    symptoms: tuple[Symptom, ...]

    @property
    def reference(self) -> str:
        """As stored with a draft: ``phrases@`` and the first eight digits of the hash."""
        return f"phrases@{self.sha256[:8]}"


def slots() -> dict[str, frozenset[str]]:
    """Every slot with the values each of its variants uses."""
    return {path: frozenset(values) for path, values in _leaves(_specification()["slots"])}


@cache
def book(language: str) -> PhraseBook:
    """Return the phrases of a language.

    Raises:
        PhrasesInvalid: there is no file for the language, or it is not complete.
    """
    path = FOLDER / "phrases" / f"{language}.toml"
    if not path.is_file():
        raise PhrasesInvalid(f"{path.name}: no phrases for this language")
    return parse(path.read_text(encoding="utf-8"), language)


def parse(text: str, language: str) -> PhraseBook:
    """Read a phrase file and check it against the list of slots.

    Raises:
        PhrasesInvalid: a slot is missing, unknown, too small, or uses other values than listed.
    """
    content = tomllib.loads(text)
    names, symptoms = content.pop("names", {}), content.pop("symptoms", {})
    found = {path: tuple(variants) for path, variants in _leaves(content)}
    expected = slots()
    _same_keys(language, "slots", found.keys(), expected.keys())
    for path, variants in found.items():
        if len(set(variants)) < VARIANTS:
            raise PhrasesInvalid(f"{language}: {path} needs {VARIANTS} different variants")
        for variant in variants:
            _uses(language, path, variant, expected[path])
    wanted: dict[str, list[str]] = _specification()["names"]
    _same_keys(language, "names", names.keys(), wanted.keys())
    for name, form in names.items():
        _uses(language, f"names.{name}", form, frozenset(wanted[name]))
    _same_keys(language, "symptoms", symptoms.keys(), frozenset(_specification()["symptoms"]["keys"]))
    return PhraseBook(
        language=language,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        slots=found,
        names=names,
        symptoms=tuple(
            Symptom(tuple(word.casefold() for word in row["words"]), row["say"]) for row in symptoms.values()
        ),
    )


@cache
def _specification() -> dict[str, Any]:
    return tomllib.loads((FOLDER / "phrase_slots.toml").read_text(encoding="utf-8"))


def _leaves(table: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, list[str]]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _leaves(value, f"{above}{key}.")
        else:
            yield f"{above}{key}", value


def _same_keys(language: str, what: str, found: Iterable[str], expected: Iterable[str]) -> None:
    if odd := set(found) ^ set(expected):
        raise PhrasesInvalid(f"{language}: {what} missing or unknown: {', '.join(sorted(odd))}")


def _uses(language: str, path: str, variant: str, expected: frozenset[str]) -> None:
    template = Template(variant)
    if not template.is_valid() or set(template.get_identifiers()) != expected:
        raise PhrasesInvalid(f"{language}: {path} must use exactly {sorted(expected)}: {variant!r}")
