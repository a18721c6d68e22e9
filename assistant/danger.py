"""Whether a text reports a hazard or an injury: the one answer that triage and the guard share (AMZ-38)."""

from collections.abc import Sequence

from assistant.triage import rules
from assistant.triage.language import LanguageGuess, identify, possible
from assistant.triage.quotation import own_words
from assistant.vocabulary import LANGUAGES, Language

_UNSURE = 0.85


def reports(text: rules.Folded, languages: Sequence[Language]) -> list[rules.Match]:
    """Return the dangers named, look-alikes left out; English is read beside every language."""
    tables = dict.fromkeys((*languages, "en"))
    return [match for language in tables for match in rules.find(rules.table(f"danger_{language}"), text)]


def reported_in(text: str) -> list[rules.Match]:
    """Return the dangers that a message names in its own words, in whatever language it is written."""
    own = own_words(text)
    return reports(rules.Folded.of(own), languages_of(own, identify(own, fallback="en")))


def languages_of(text: str, guess: LanguageGuess, declared: Language | None = None) -> tuple[Language, ...]:
    """Tables to read: those of the languages found; all that the script allows where it is hard to tell."""
    found = {guess.language, *guess.mixed, *([declared] if declared else [])}
    if guess.confidence < _UNSURE:
        found.update(possible(text))
    return tuple(language for language in LANGUAGES if language in found)
