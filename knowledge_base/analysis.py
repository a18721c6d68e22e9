"""Lexical analysis per language: text to terms for BM25. Dictionaries load when a text first needs them."""

import functools
import re
import threading
import unicodedata
from collections.abc import Iterator
from typing import Any

VERSION = 1
"""Counts up when terms change; a release analysed by another version is analysed anew when it is opened."""

_STEMMERS = {"en": "english", "de": "german", "fr": "french", "it": "italian", "es": "spanish"}
_WORD = re.compile(r"\w+(?:-\w+)*")
_GRAM = 5
_COMPOUND = 8
"""German words from this length on also give 5-grams: ``Akkulaufzeit`` is found by ``Laufzeit``."""
_SILENT = frozenset({"助詞", "助動詞", "補助記号", "空白"})
"""Japanese parts of speech that say nothing: particles, auxiliaries, marks, blanks."""
_lock = threading.Lock()
"""Dictionaries are loaded once; Sudachi's tokenizer serves one thread at a time."""


def terms(text: str, language: str) -> list[str]:
    """Terms of a text in reading order, with repetitions; for an unknown language: plain words."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    if language == "ja":
        return list(_japanese(folded))
    if language == "zh":
        return [word for word in _jieba().cut_for_search(folded) if _WORD.fullmatch(word)]
    return list(_latin(folded, language))


def _latin(text: str, language: str) -> Iterator[str]:
    for word in _WORD.findall(text):
        if "-" in word:  # model numbers count as a whole and in parts
            yield word
        for part in word.split("-"):
            stem = _stem(part, language)
            yield stem
            if language == "de" and len(stem) >= _COMPOUND:
                yield from (stem[start : start + _GRAM] for start in range(len(stem) - _GRAM + 1))


@functools.lru_cache(maxsize=50_000)
def _stem(word: str, language: str) -> str:
    with _lock:  # stemmers keep state between calls
        stemmer = _stemmer(language)
        return str(stemmer.stemWord(word)) if stemmer else word


@functools.cache
def _stemmer(language: str) -> Any:
    import snowballstemmer

    return snowballstemmer.stemmer(_STEMMERS[language]) if language in _STEMMERS else None


def _japanese(text: str) -> Iterator[str]:
    with _lock:
        morphemes = [(m.normalized_form(), m.part_of_speech()[0]) for m in _sudachi().tokenize(text[:10_000])]
    yield from (form.casefold() for form, part in morphemes if part not in _SILENT)


@functools.cache
def _sudachi() -> Any:
    from sudachipy import Dictionary, SplitMode  # type: ignore[import-untyped]

    return Dictionary(dict="core").tokenizer(mode=SplitMode.A)


def _jieba() -> Any:
    with _lock:
        return _load_jieba()


@functools.cache
def _load_jieba() -> Any:
    """Jieba's tokenizer without its habits: no log lines, no warning, no cache file in a shared folder."""
    import logging
    import warnings
    from pathlib import Path

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it imports pkg_resources, which warns
        import jieba

        jieba.setLogLevel(logging.ERROR)
        tokenizer = jieba.Tokenizer()
        with Path(jieba.__file__).with_name("dict.txt").open("rb") as words:
            tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(words)
        tokenizer.initialized = True
    return tokenizer
