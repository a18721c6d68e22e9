"""Texts that are nearly the same, and what that means: leakage across the split, dead weight inside a side.

Likeness is 1 less the share of characters to insert or delete (indel distance over both lengths, as
``rapidfuzz.fuzz.ratio``) of folded texts in one language. Cases of one family are variants on purpose and
always on one side, so they are not compared.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import singledispatch
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from assistant.domain import Case, Noun
from assistant.guard.context import GuardRequest
from assistant.triage.classify import TriageRequest
from evals.cases import family_of
from evals.problems import Labelled, Problem
from evals.scorers.wordings import fold
from evals.targets import InjectionInput, SearchInput

ALIKE = 0.8
"""Likeness from which two texts are taken for one.

Of 130,000 pairs of texts written apart on the same matters in the same language, one in ten thousand reaches
0.6 and none 0.7; a copy in which a name, a number or a sentence was changed stays above 0.8.
"""
READ = 2_000
"""Characters compared: a copied beginning gives a copy away, and the longest texts are mere filler."""
BLOCK = 256
SHORT = 64
"""Characters up to which comparing all costs less than choosing whom to compare."""
AKIN = 0.5
"""Cosine of two profiles from which longer texts are compared in full.

Texts on the same matters reach 0.08 in the middle and 0.3 at the 999th thousandth, long ones 0.45 at the 99th
percentile. Copies with a fifth replaced in one piece, or a half added, stay above 0.74, and those with every
tenth letter changed above 0.54; a text with more letters changed than that has been written anew.
"""
GRAM = 5
PLACES = 4_096
_PRIMES = np.array([2_654_435_761, 2_246_822_519, 3_266_489_917, 668_265_263, 374_761_393], np.uint64)
_SHIFT = np.uint64(7)

Profile = NDArray[np.float32]


@singledispatch
def essence(asked: Noun) -> str:
    """The words that make a case this case; context that many cases share is left out."""
    return asked.model_dump_json(exclude_defaults=True)


@essence.register
def _(asked: GuardRequest | TriageRequest) -> str:
    return asked.text


@essence.register
def _(asked: SearchInput) -> str:
    return asked.query


@essence.register
def _(asked: Case) -> str:
    return asked.message.text


@essence.register
def _(asked: InjectionInput) -> str:
    planted = (passage.text for passage in asked.planted)
    return "\n".join((asked.message.text, *planted, asked.model_reply or ""))


def near_duplicates(cases: Sequence[Labelled]) -> Iterator[Problem]:
    """An error for each pair on both sides of the split, a warning for each on one side."""
    by_language: dict[str, list[Labelled]] = defaultdict(list)
    for one in cases:
        by_language[one.case.language].append(one)
    for group in by_language.values():
        texts = [fold(essence(one.case.input))[:READ] for one in group]
        for first, second, likeness in alike(texts):
            one, other = sorted((group[first], group[second]), key=lambda labelled: labelled.path)
            if family_of(one.case.id) != family_of(other.case.id):
                yield _problem(one, other, likeness)


def nearest(new: Labelled, others: Sequence[Labelled], least: float = ALIKE) -> tuple[Labelled, float] | None:
    """The case in the same language whose text is most like a new one's, if any is ``ALIKE``."""
    rivals = [one for one in others if one.case.language == new.case.language]
    text = fold(essence(new.case.input))[:READ]
    texts = [fold(essence(one.case.input))[:READ] for one in rivals]
    found = process.extractOne(text, texts, scorer=fuzz.ratio, score_cutoff=least * 100) if text else None
    return (rivals[found[2]], found[1] / 100) if found else None


def alike(texts: Sequence[str], least: float = ALIKE) -> Iterator[tuple[int, int, float]]:
    """The pairs of texts that are alike, as positions, each pair once, with their likeness; no empty ones.

    Sorted by length, so that only texts are compared whose lengths allow for the likeness: it is at most
    twice the shorter over both lengths.
    """
    order = sorted((place for place, text in enumerate(texts) if text), key=lambda place: len(texts[place]))
    ordered = [texts[place] for place in order]
    lengths = np.array([len(text) for text in ordered])
    known = np.stack([profile(text) for text in ordered]) if ordered else np.zeros((0, PLACES))
    for start, end in pairwise([*range(0, len(ordered), BLOCK), len(ordered)]):
        longest = lengths[end - 1] * (2 - least) / least
        last = int(np.searchsorted(lengths, longest, side="right"))
        if lengths[start] > SHORT:
            worth = known[start:end] @ known[start:last].T >= AKIN
        else:
            rows, columns = ordered[start:end], ordered[start:last]
            worth = process.cdist(rows, columns, scorer=fuzz.ratio, score_cutoff=least * 100) > 0
        for row, column in np.argwhere(np.triu(worth, 1)):
            likeness = fuzz.ratio(ordered[start + row], ordered[start + column], score_cutoff=least * 100)
            if likeness:
                yield order[start + row], order[start + column], likeness / 100


def profile(text: str) -> Profile:
    """How often each run of five characters stands in a text: hashed, damped by the root, of length 1."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    runs = max(len(codes) - GRAM + 1, 0)
    mixed = np.zeros(runs, np.uint64)
    for place, prime in enumerate(_PRIMES):
        mixed += codes[place : place + runs] * prime
    counts = np.sqrt(np.bincount(((mixed >> _SHIFT) % PLACES).astype(np.int64), minlength=PLACES))
    return (counts / (np.linalg.norm(counts) or 1.0)).astype(np.float32)


def _problem(one: Labelled, other: Labelled, likeness: float) -> Problem:
    leaks = one.case.split != other.case.split
    where = "on both sides of the split" if leaks else f"both in {one.case.split}"
    return Problem(
        level="error" if leaks else "warning",
        kind="leakage" if leaks else "duplicate",
        suite=one.suite,
        cases=(one.path, other.path),
        message=f"{likeness:.0%} alike, {where}"
        + ("; give them one family, or write one of them anew" if leaks else ""),
    )
