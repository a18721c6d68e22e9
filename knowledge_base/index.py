"""One release in memory, immutable: chunks, scope, lexical index; the vectors stay in Chroma."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from knowledge_base.faults import vector_store
from knowledge_base.lexical import LexicalIndex
from knowledge_base.releases import StoredChunk
from knowledge_base.scope import Mask, Scope
from knowledge_base.types import ReleaseInfo

if TYPE_CHECKING:
    from chromadb.api.models.Collection import Collection

Floats = npt.NDArray[np.float32]

_OVERFETCH = 400
"""Nearest vectors asked for at once; several belong to one chunk and some are out of scope."""
_WIDEN = 4
_SAMPLE = 128
"""Vectors per language that stand for all of them where a mean is needed."""


def vector_ids(stored: StoredChunk) -> list[str]:
    """Ids of a chunk's vectors in Chroma, in the order of its facets."""
    return [f"{stored.chunk.chunk_id}.{place}" for place in range(stored.vectors)]


class ReleaseIndex:
    """What a search needs of one release; swapped as a whole, so a search never sees two releases."""

    def __init__(self, info: ReleaseInfo, stored: Sequence[StoredChunk], collection: "Collection") -> None:
        """``stored`` in the order of the release; ``collection`` holds exactly its vectors."""
        self.info = info
        self.chunks = tuple(one.chunk for one in stored)
        self.scope = Scope(self.chunks)
        self.languages = np.array([chunk.language for chunk in self.chunks])
        self.lexical = LexicalIndex([chunk.language for chunk in self.chunks], [one.terms for one in stored])
        self._collection = collection
        self._ids = [vector_ids(one) for one in stored]
        self._position = {chunk.chunk_id: place for place, chunk in enumerate(self.chunks)}
        self._total = sum(map(len, self._ids))
        self._samples = {language: self._sample(language) for language in sorted(set(self.languages))}

    def _sample(self, language: str) -> Floats:
        ids = [one for place in np.flatnonzero(self.languages == language) for one in self._ids[place]]
        return self._vectors(ids[:: max(1, len(ids) // _SAMPLE)])[1]

    def background(self, vector: Floats) -> dict[str, Floats]:
        """Similarities of the query to a sample of passages per language: what "unrelated" looks like."""
        return {language: sample @ vector for language, sample in self._samples.items()}

    def similarities(self, vector: Floats, allowed: Mask, *, enough: int, also: Iterable[int]) -> Floats:
        """Cosine similarity per chunk, that of its best vector; ``-inf`` for chunks that are far away.

        Asks Chroma for more and more neighbours until ``enough`` allowed chunks are among them; the
        positions in ``also`` are measured in any case. ``vector`` has length 1.
        """
        found = np.full(len(self.chunks), -np.inf, np.float32)
        wanted = min(enough, int(allowed.sum()))
        size = min(_OVERFETCH, self._total)
        while self._total:
            with vector_store(f"search release {self.info.name}"):
                answer = self._collection.query(
                    query_embeddings=[vector.tolist()], n_results=size, include=["distances"]
                )
            distances = (answer["distances"] or [[]])[0]
            self._improve(found, answer["ids"][0], 1.0 - np.asarray(distances, np.float32))
            if size >= self._total or int((np.isfinite(found) & allowed).sum()) >= wanted:
                break
            size = min(size * _WIDEN, self._total)
        far = [
            one for place in dict.fromkeys(also) if not np.isfinite(found[place]) for one in self._ids[place]
        ]
        if far:
            ids, vectors = self._vectors(far)
            self._improve(found, ids, vectors @ vector)
        return found

    def _improve(self, found: Floats, ids: Sequence[str], values: Floats) -> None:
        places = [self._position[one.rpartition(".")[0]] for one in ids]
        np.maximum.at(found, places, values)

    def _vectors(self, ids: list[str]) -> tuple[list[str], Floats]:
        """Vectors by id, of length 1, in the order in which Chroma gives them."""
        if not ids:
            return [], np.zeros((0, self.info.dimension), np.float32)
        with vector_store(f"read release {self.info.name}"):
            answer = self._collection.get(ids=ids, include=["embeddings"])
        matrix = np.asarray(answer["embeddings"], np.float32)
        lengths = np.linalg.norm(matrix, axis=1, keepdims=True)
        return list(answer["ids"]), matrix / np.maximum(lengths, 1e-9)
