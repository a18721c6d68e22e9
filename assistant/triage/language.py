"""Which of the seven languages a text is in, right on ten words and honest about mixtures.

Scripts decide Japanese and Chinese; a trigram model (lingua, low-accuracy mode: 15 MB resident where the
high-accuracy mode takes 160 MB) together with a table of function words decides between the other five.
"""

import math
import threading
import tomllib
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import chain
from typing import TYPE_CHECKING, Any

import regex

from assistant.triage.quotation import own_words
from assistant.vocabulary import Language

if TYPE_CHECKING:
    from lingua import LanguageDetector

_ISO: dict[str, Language] = {
    "ENGLISH": "en",
    "GERMAN": "de",
    "FRENCH": "fr",
    "ITALIAN": "it",
    "SPANISH": "es",
}
_READ_AT_MOST = 8_000
"""Characters that decide; the share of languages does not change beyond them, the time would."""
_MIXED_SHARE = 0.12
_MIXED_WORDS = 3
_SURE = 0.6
_HINT = math.log(6)
_COURTESY = 2
"""A message of so few words is a greeting or a thank-you; the model only guesses there, the table knows."""
_SHORT = 20
"""Latin letters below which an unsure guess gives way to the language that the caller expects."""
_FEW_WORDS = 4
"""Up to so many words the language that the caller expects counts like one function word."""
_CJK_LETTER = 2.5
"""One Han or kana character says about as much as this many Latin letters."""

_TOKEN = regex.compile(r"[\p{Latin}\p{M}\d][\p{Latin}\p{M}\d.@:/_\-]*+")
_NAME_LIKE = regex.compile(r"\d|@|//|www\.|_|\p{Ll}\p{Lu}|^\p{Lu}{2,}-")
_BRACKETED = regex.compile(r"[「『【《\"“„«][^「」『』【】《》\"“”„«»\n]{1,80}[」』】》\"”“»]")
_SENTENCE = regex.compile(r"[.!?;:\n。！？；…]+")
_LATIN_RUN = regex.compile(r"[\p{Latin}\p{M}'’\s,()\-/&+%]+")
_WORD = regex.compile(r"[\p{Latin}\p{M}]+(?:['’][\p{Latin}\p{M}]*)*")
_KANA = regex.compile(r"[\p{Hiragana}\p{Katakana}ー]")
_LATIN_LETTER = regex.compile(r"\p{Latin}")
_HIRAGANA = regex.compile(r"\p{Hiragana}")
_HAN = regex.compile(r"\p{Han}")


@dataclass(frozen=True, slots=True)
class LanguageGuess:
    """The main language by share of text; ``confidence`` 0..1, 0 where the text says nothing about language.

    ``mixed`` lists the other languages that have a sentence of their own, largest share first.
    """

    language: Language
    confidence: float
    mixed: tuple[Language, ...] = ()


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads((files("assistant.triage") / "tables" / "language.toml").read_text("utf-8"))


@cache
def _languages_of_word() -> dict[str, tuple[Language, ...]]:
    languages: defaultdict[str, list[Language]] = defaultdict(list)
    words: dict[str, Any] = _table()["function_words"]
    for language in _ISO.values():
        for word in words[language]:
            languages[word].append(language)
    return {word: tuple(found) for word, found in languages.items()}


_loading = threading.Lock()


def _detector() -> "LanguageDetector":
    with _loading:
        return _load_detector()


@cache
def _load_detector() -> "LanguageDetector":
    from lingua import Language as Lingua
    from lingua import LanguageDetectorBuilder

    names = [getattr(Lingua, name) for name in _ISO]
    return LanguageDetectorBuilder.from_languages(*names).with_low_accuracy_mode().build()


def identify(text: str, *, fallback: Language = "en") -> LanguageGuess:
    """Say which language ``text`` is in; quoted mail, links, ids and model names are not counted.

    A text without words (empty, digits, emoji) is ``fallback`` with confidence 0; a text of one or two words
    that could be several languages is ``fallback`` too, with the low confidence it deserves. Thread-safe; the
    model is loaded at the first call that needs it.
    """
    mass: defaultdict[Language, float] = defaultdict(float)
    sure_mass: defaultdict[Language, float] = defaultdict(float)
    total = 0.0
    for language, confidence, size, stands_alone in _pieces(_cleaned(text), fallback):
        mass[language] += confidence * size
        total += size
        if stands_alone and confidence >= _SURE:
            sure_mass[language] += size
    if not total:
        return LanguageGuess(fallback, 0.0)
    main = max(mass, key=lambda language: (mass[language], language == fallback))
    confidence = min(1.0, mass[main] / total)
    if confidence < _SURE and not sure_mass and total < _SHORT:
        return LanguageGuess(fallback, round(min(confidence, 1 - _SURE), 3))
    others = sorted((other for other in sure_mass if other != main), key=lambda other: -sure_mass[other])
    mixed = tuple(other for other in others if sure_mass[other] / total >= _MIXED_SHARE)
    return LanguageGuess(main, round(confidence, 3), mixed)


def possible(text: str) -> tuple[Language, ...]:
    """Languages that the scripts in ``text`` allow; none where it has no letters."""
    east_asian = _HAN.search(text) or _KANA.search(text)
    latin = tuple(_ISO.values()) if _LATIN_LETTER.search(text) else ()
    return (*latin, "ja", "zh") if east_asian else latin


def of_marketplace(marketplace: str | None) -> Language:
    """The language a marketplace is kept in, for messages that do not show their own."""
    language: Language = _table()["marketplaces"].get(marketplace, "en")
    return language


def _cleaned(text: str) -> str:
    own = unicodedata.normalize("NFKC", own_words(text[: 4 * _READ_AT_MOST])[:_READ_AT_MOST])
    own = _TOKEN.sub(_without_names, own.replace("’", "'"))
    unquoted = _BRACKETED.sub(" ", own)
    # A name in brackets is foreign to the sentence around it, unless there is no sentence around it.
    return unquoted if _letters(unquoted) >= 6 else own


def _without_names(token: regex.Match[str]) -> str:
    """Addresses, links, ids, amounts and model names are in no language."""
    return " " if _NAME_LIKE.search(token[0]) else token[0]


def _letters(text: str) -> int:
    return sum(character.isalpha() for character in text)


def _pieces(text: str, expected: Language) -> Iterator[tuple[Language, float, float, bool]]:
    """Yield (language, confidence, size in Latin letters, big enough to count as a language of its own)."""
    short: list[str] = []
    for sentence in _SENTENCE.split(text):
        characters = _HAN.findall(sentence)
        kana = _KANA.findall(sentence)
        if characters or kana:
            size = _CJK_LETTER * (len(characters) + len(kana))
            yield *_east_asian(sentence, len(characters), len(kana)), size, size >= 4 * _CJK_LETTER
            runs = [run for run in _LATIN_RUN.findall(sentence) if len(_WORD.findall(run)) > _MIXED_WORDS]
        else:
            runs = [sentence]
        for run in runs:
            words = _WORD.findall(run)
            if len(words) < _MIXED_WORDS:
                short.extend(words)
            else:
                yield *_latin(words, expected), float(sum(map(len, words))), True
    if short:
        yield *_latin(short, expected), float(sum(map(len, short))), False


def _east_asian(sentence: str, han: int, kana: int) -> tuple[Language, float]:
    table = _table()
    chinese = sum(character in table["chinese"]["characters"] for character in sentence)
    if kana:
        hiragana = len(_HIRAGANA.findall(sentence))
        loan_words_only = hiragana <= 1 and chinese >= 2
        return ("zh", 0.8) if loan_words_only or kana / (han + kana) < 0.06 else ("ja", 1.0)
    japanese = sum(character in table["japanese"]["characters"] for character in sentence)
    japanese += 2 * sum(word in sentence for word in table["japanese"]["words"])
    return ("ja", 0.9) if japanese > chinese else ("zh", 0.95 if chinese else 0.8)


def _hints(word: str) -> tuple[Language, ...]:
    """Languages whose function word this is, or that alone write one of its letters."""
    letters = _table()["letters"]
    own = next((name for name in _ISO.values() if any(letter in word for letter in letters[name])), None)
    return (own,) if own else _languages_of_word().get(word, ())


def _latin(words: list[str], expected: Language) -> tuple[Language, float]:
    """Model and function words multiplied as independent evidence; returns the best and its probability."""
    folded = [word.lower() for word in words]
    values = _detector().compute_language_confidence_values(" ".join(folded))
    logs = {_ISO[value.language.name]: math.log(max(value.value, 0.05)) for value in values}
    hints = [_hints(word) for word in folded]
    for hint in hints:
        for language in hint:
            logs[language] += _HINT / len(hint)
    if len(words) <= _FEW_WORDS and expected in logs:
        logs[expected] += _HINT
    if len(words) <= _COURTESY and len(only := set(chain(*hints))) == 1:
        return only.pop(), 0.8
    top = max(logs.values())
    odds = {language: math.exp(value - top) for language, value in logs.items()}
    best = max(odds, key=lambda language: odds[language])
    return best, odds[best] / sum(odds.values())
