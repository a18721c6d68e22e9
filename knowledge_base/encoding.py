"""Texts to vectors through a cache in the database: a text that was encoded once is never encoded again."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from knowledge_base import faults, tables
from knowledge_base.codec import text_hash
from knowledge_base.embeddings import NamedEmbeddings
from knowledge_base.errors import KnowledgeInvalid, KnowledgeUnavailable

Matrix = npt.NDArray[np.float32]
Progress = Callable[[int, int], None]

_BATCH = 64
"""Texts per call of the encoder and per transaction: what a killed import loses at most."""
_IN = 500
"""Keys per query; SQLite allows about a thousand bound values in old builds."""


def fitting(vectors: Matrix, shape: tuple[int, ...], encoder: str) -> Matrix:
    """The vectors, of the shape that is expected.

    Raises:
        KnowledgeUnavailable: a server gave others, as one does that runs another model under this name.
    """
    if vectors.shape != shape or not np.isfinite(vectors).all():
        raise KnowledgeUnavailable(
            f"the encoder {encoder!r} gives vectors of the shape {vectors.shape} or with holes where "
            f"{shape} is expected; see REPLYDESK_EMBEDDINGS_MODEL and the server behind it"
        )
    return vectors


class VectorCache:
    """Vectors of one encoder by hash of the text."""

    def __init__(self, engine: sa.Engine, named: NamedEmbeddings) -> None:
        """``named`` is the encoder whose vectors are meant."""
        self._engine = engine
        self._named = named

    def missing(self, texts: Iterable[str]) -> list[str]:
        """Distinct texts without a vector, in order."""
        hashes = {text_hash(text): text for text in texts}
        known = self._load(list(hashes))
        return [text for key, text in hashes.items() if key not in known]

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> int:
        """Encode the texts that have no vector yet, batch by batch; returns how many that were.

        Raises:
            KnowledgeUnavailable: encoder or database fail; batches done so far are kept.
        """
        todo = self.missing(texts)
        for start in range(0, len(todo), _BATCH):
            batch = todo[start : start + _BATCH]
            with faults.encoder(self._named.name):
                matrix = np.asarray(self._named.embeddings.embed_documents(batch), np.float32)
            fitting(matrix, (len(batch), self._named.dimension), self._named.name)
            self.store([text_hash(text) for text in batch], matrix)
            if progress is not None:
                progress(start + len(batch), len(todo))
        return len(todo)

    def matrix(self, texts: Sequence[str]) -> Matrix:
        """Vectors of texts that are all cached: rows × dimension, in the order of the texts."""
        hashes = [text_hash(text) for text in texts]
        known = self._load(list(dict.fromkeys(hashes)))
        matrix = np.empty((len(texts), self._named.dimension), np.float32)
        for row, key in enumerate(hashes):
            matrix[row] = known[key]
        return matrix

    def store(self, hashes: Sequence[str], matrix: Matrix) -> None:
        """Keep vectors; a key that is there already stays as it is."""
        rows = [
            {"encoder": self._named.name, "text_hash": key, "vector": row.astype("<f4").tobytes()}
            for key, row in zip(hashes, matrix, strict=True)
        ]
        insert = (postgresql if self._engine.dialect.name == "postgresql" else sqlite).insert
        statement = insert(tables.vectors).on_conflict_do_nothing()
        if rows:
            with faults.writing(self._engine, "keep vectors") as connection:
                connection.execute(statement, rows)

    def borrow(self, source: sa.Engine, texts: Sequence[str]) -> None:
        """Take over the vectors that another database has for these texts."""
        known = VectorCache(source, self._named)._load(list({text_hash(text): None for text in texts}))
        if known:
            self.store(list(known), np.stack(list(known.values())))

    def keep_only(self, texts: Iterable[str]) -> None:
        """Forget the vectors of all other texts of this encoder."""
        column = tables.vectors.c
        mine = column.encoder == self._named.name
        with faults.writing(self._engine, "tidy the vectors") as connection:
            stored = set(connection.scalars(sa.select(column.text_hash).where(mine)))
            stale = sorted(stored - {text_hash(text) for text in texts})
            for start in range(0, len(stale), _IN):
                keys = stale[start : start + _IN]
                connection.execute(sa.delete(tables.vectors).where(mine, column.text_hash.in_(keys)))

    def seed(self, path: Path) -> int:
        """Load vectors made elsewhere (see ``demo_vectors``); returns how many. Another encoder's are left.

        Raises:
            KnowledgeInvalid: the file is no such archive.
        """
        try:
            with np.load(path, allow_pickle=False) as archive:
                encoder, hashes, matrix = str(archive["encoder"]), archive["hashes"], archive["vectors"]
        except (OSError, ValueError, KeyError, EOFError) as error:
            raise KnowledgeInvalid(f"{path} holds no vectors: {error}") from error
        if encoder != self._named.name or matrix.ndim != 2 or matrix.shape[1] != self._named.dimension:
            return 0
        self.store([bytes(key).hex() for key in hashes], matrix.astype(np.float32))
        return len(hashes)

    def _load(self, hashes: Sequence[str]) -> dict[str, Matrix]:
        column = tables.vectors.c
        found: dict[str, Matrix] = {}
        with faults.database("read vectors"), self._engine.connect() as connection:
            for start in range(0, len(hashes), _IN):
                keys = hashes[start : start + _IN]
                query = sa.select(column.text_hash, column.vector).where(
                    column.encoder == self._named.name, column.text_hash.in_(keys)
                )
                found |= {key: np.frombuffer(blob, "<f4") for key, blob in connection.execute(query)}
        return found
