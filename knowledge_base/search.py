"""Dense and lexical evidence to one ranking and one score. Only here does a similarity become relevance."""

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from knowledge_base.errors import KnowledgeInvalid
from knowledge_base.index import ReleaseIndex
from knowledge_base.scope import Mask
from knowledge_base.types import Hit, Query

Floats = npt.NDArray[np.float32]

MOST_HITS = 100
LONGEST = 2_000
"""Characters of a query that are looked at; encoders cut at about 512 tokens anyway."""


@functools.cache
def settings() -> Mapping[str, Any]:
    """The table ``relevance.toml``."""
    with Path(__file__).with_name("relevance.toml").open("rb") as file:
        return tomllib.load(file)


def searchable(query: Query) -> Query:
    """The query with a text that every encoder takes: cut, no NUL (it ends a C string), no lone surrogates.

    Raises:
        KnowledgeInvalid: ``k`` is out of range.
    """
    if not 1 <= query.k <= MOST_HITS:
        raise KnowledgeInvalid(f"k must be between 1 and {MOST_HITS}, not {query.k}")
    text = query.text[:LONGEST].replace("\x00", " ").encode("utf-8", "replace").decode("utf-8")
    return replace(query, text=text.strip())


def search(index: ReleaseIndex, vector: Floats, query: Query) -> list[Hit]:
    """The best ``k`` passages in scope, best first; ``vector`` is the encoded query.

    A score below 0.5 says that the passage probably does not answer.
    """
    allowed = index.scope.allowed(query)
    if not allowed.any():
        return []
    vector = vector / max(float(np.linalg.norm(vector)), 1e-9)
    language = query.language or index.lexical.guess_language(query.text)
    lexical = _lexical(index, query.text, language, allowed)
    own = index.scope.own(query.asins)
    fusion = settings()["fusion"]
    best_words = np.argsort(-lexical, kind="stable")[: fusion["lexical_candidates"]]
    also = [*(place for place in best_words if lexical[place] > 0), *np.flatnonzero(own & allowed)]
    similar = index.similarities(vector, allowed, enough=4 * query.k, also=also)
    background = index.background(vector)
    # Written as a sum of similarities, the ranking is that of 0.8 dense z + 0.2 lexical z, and the
    # absolute height, which a z-score throws away, is kept for the score.
    spread = float(np.concatenate(list(background.values())).std())
    fused = similar + spread * (fusion["lexical"] / fusion["dense"] * lexical + fusion["own_product"] * own)
    fused[~allowed] = -np.inf
    if language is not None:
        fused += _language_correction(index, fused, language, background)
    order = np.argsort(-fused, kind="stable")[: query.k]
    scores = relevance(fused, index.info.encoder)
    return [
        Hit(index.chunks[place], round(float(scores[place]), 4), index.info.name)
        for place in order
        if np.isfinite(fused[place])
    ]


def relevance(similarity: Floats, encoder: str) -> Floats:
    """Probability that a passage of this fused similarity answers; 0..1."""
    curves = settings()["encoder"]
    curve = curves.get(encoder, curves["other"])
    exponent = np.clip(-curve["steepness"] * (similarity - curve["midpoint"]), -60, 60)
    scores: Floats = 1.0 / (1.0 + np.exp(exponent))
    return scores


def _lexical(index: ReleaseIndex, text: str, language: str | None, allowed: Mask) -> Floats:
    """Lexical z-score per chunk among all in the query's language; 0 out of scope and for other languages."""
    scores = np.zeros(len(index.chunks), np.float32)
    positions, raw = index.lexical.scores(text, language)
    if len(raw) and raw.max() > 0:
        deviation = max(float(raw.std()), 1e-6)
        scores[positions] = np.clip((raw - raw.mean()) / deviation, 0.0, settings()["fusion"]["lexical_cap"])
    return np.where(allowed, scores, np.float32(0))


def _language_correction(
    index: ReleaseIndex, fused: Floats, language: str, background: Mapping[str, Floats]
) -> Floats:
    """What to add per chunk: encoders favour passages in the question's language.

    The bias is the difference of mean similarities; it is taken away only as far as no passage in the
    question's language is a good answer.
    """
    correction = np.zeros(len(index.chunks), np.float32)
    if language not in background:
        return correction
    same = fused[index.languages == language]
    best = (
        float(relevance(same.max(keepdims=True), index.info.encoder)[0]) if np.isfinite(same).any() else 0.0
    )
    reference = float(background[language].mean())
    for other, sample in background.items():
        correction[index.languages == other] = (1.0 - best) * (reference - float(sample.mean()))
    return correction
