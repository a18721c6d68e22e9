"""The knowledge base as the rest of the product sees it: import, publish, roll back, search."""

import functools
import hashlib
import secrets
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType

import numpy as np
import sqlalchemy as sa

from knowledge_base import faults, ingest, quality, releases
from knowledge_base import search as ranking
from knowledge_base.codec import dump_chunk
from knowledge_base.embeddings import NamedEmbeddings
from knowledge_base.encoding import Progress, VectorCache, fitting
from knowledge_base.errors import EmbeddingMismatch, KnowledgeInvalid, KnowledgeNotFound
from knowledge_base.facets import facets
from knowledge_base.index import ReleaseIndex, vector_ids
from knowledge_base.search import Floats
from knowledge_base.split import split
from knowledge_base.types import Chunk, DocumentInfo, Hit, ImportReport, Query, Refusal, ReleaseInfo
from knowledge_base.vectors import VectorStore, collection_name

_READY_INDEXES = 2
"""Releases kept in memory: the active one and the one before, so that a rollback is instant."""
_KEPT_QUERIES = 256
"""Query vectors kept in memory: a reply drafted again and standing questions need no second encoding."""
_BUILD_TIME = timedelta(hours=1)
"""On a Chroma server a collection younger than this may be another process's build in progress."""


class KnowledgeBase:
    """Documents in the database, vectors in Chroma, one active release. Safe to use from many threads.

    Imports and publishing run one at a time; searches go on meanwhile on the release that is active.
    """

    def __init__(
        self,
        engine: sa.Engine,
        home: Path,
        *,
        embeddings: Callable[[], NamedEmbeddings],
        chroma_url: str | None = None,
    ) -> None:
        """Nothing is opened yet; ``embeddings`` is called when the first vector is needed.

        The engine's database must have the tables of :mod:`knowledge_base.tables`.
        """
        self._engine = engine
        self._store = VectorStore(home, chroma_url)
        self._embedded = chroma_url is None
        self._named = functools.cache(embeddings)
        self._encoded = functools.lru_cache(_KEPT_QUERIES)(self._encode)
        self._writing = threading.RLock()
        self._loading = threading.RLock()
        self._indexes: Mapping[str, ReleaseIndex] = {}
        self._tidied = False

    def __enter__(self) -> "KnowledgeBase":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of Chroma and its lock; the engine stays the caller's."""
        with self._writing, self._loading:
            self._indexes = {}
            self._store.close()

    # --- writing ---

    def import_paths(
        self,
        paths: Iterable[Path | str],
        *,
        publish: bool = False,
        actor: str = "",
        progress: Progress | None = None,
    ) -> ImportReport:
        """Bring files and folders into the draft state and, if asked, publish it.

        ``progress`` is called with (texts encoded, texts to encode).

        Raises:
            KnowledgeUnavailable: a store or the encoder fails; the draft is as before.
        """
        with self._writing:
            if publish:
                self._open()  # a folder in use is said before the work, not after it
            report = ingest.import_files(
                self._engine, self._cache(), map(Path, paths), actor=actor, progress=progress
            )
            if publish:
                self.publish(note="import", actor=actor)
            return report

    def seed_vectors(self, path: Path) -> int:
        """Fill the vector cache from a file of ``knowledge_base.demo_vectors``; returns how many it holds.

        Raises:
            KnowledgeInvalid: the file is no such archive.
        """
        return self._cache().seed(path)

    def publish(self, note: str = "", actor: str = "") -> ReleaseInfo:
        """Build a release of the draft state beside the active one, check it, then switch over.

        Raises:
            KnowledgeInvalid: there is nothing to publish.
            KnowledgeUnavailable: a store or the encoder fails; the active release stays.
        """
        with self._writing:
            self._open()
            documents = ingest.drafts(self._engine)
            if not documents and self.active_release() is None:
                raise KnowledgeInvalid("there are no documents to publish; import some first")
            chunks = [chunk for parts in documents for chunk in split(parts)]
            return self._release(chunks, len(documents), note=note, actor=actor)

    def adopt(self, source: sa.Engine, number: int | None = None) -> ReleaseInfo:
        """Publish here what is a release of another knowledge base, the active one by default.

        The other one is only read, and only its database: a service may be running on it. Vectors it has are
        taken over, others are encoded.

        Raises:
            KnowledgeNotFound: there is no such release.
            KnowledgeUnavailable: a store or the encoder fails.
        """
        theirs = releases.active(source) if number is None else releases.named(source, number)
        if theirs is None:
            raise KnowledgeNotFound("there is no active release to take over; publish one first")
        with self._writing:
            self._open()
            chunks = [stored.chunk for stored in releases.load_chunks(source, theirs.number)]
            texts = [text for chunk in chunks for text in facets(chunk)]
            self._cache().borrow(source, texts)
            return self._release(chunks, theirs.documents, note=f"copy of {theirs.name}", actor=theirs.actor)

    def _release(self, chunks: Sequence[Chunk], documents: int, *, note: str, actor: str) -> ReleaseInfo:
        """Encode, build the collection beside the active one, switch over, tidy up."""
        texts = [facets(chunk) for chunk in chunks]
        flat = [text for one in texts for text in one]
        cache = self._cache()
        cache.encode(flat)
        stored = [releases.stored_chunk(chunk, len(one)) for chunk, one in zip(chunks, texts, strict=True)]
        info = self._info(documents, stored, note=note, actor=actor)
        ids = [one for chunk in stored for one in vector_ids(chunk)]
        owners = [chunk.chunk.chunk_id for chunk in stored for _ in range(chunk.vectors)]
        metadata: dict[str, str | int] = {
            "encoder": info.encoder, "dimension": info.dimension, "created_at": info.created_at
        }  # fmt: skip
        collection = self._store.create(info.collection, metadata, ids, owners, cache.matrix(flat))
        index = ReleaseIndex(info, stored, collection)
        try:
            releases.insert_active(self._engine, info, stored)
        except BaseException:
            self._store.delete(info.collection)
            raise
        self._remember(index)
        releases.drop_old(self._engine)
        self._drop_orphans()
        cache.keep_only(flat)
        return info

    def _info(
        self, documents: int, stored: list[releases.StoredChunk], *, note: str, actor: str
    ) -> ReleaseInfo:
        number, named = releases.next_number(self._engine), self._named()
        return ReleaseInfo(
            number=number,
            created_at=datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
            documents=documents,
            chunks=len(stored),
            active=True,
            note=note,
            languages=releases.language_counts(stored),
            encoder=named.name,
            dimension=named.dimension,
            collection=collection_name(number, named.name, secrets.token_hex(4)),
            actor=actor,
        )

    def rollback(self, number: int) -> ReleaseInfo:
        """Serve an earlier (or later) release again.

        Raises:
            KnowledgeNotFound: it is not kept any more.
            EmbeddingMismatch: it was made with another encoder.
            KnowledgeUnavailable: its vectors are missing or broken; the active release stays.
        """
        with self._writing:
            wanted = next((one for one in self.releases() if one.number == number), None)
            if wanted is not None:
                self._index(wanted)
            return replace(releases.activate(self._engine, number), active=True)

    # --- reading ---

    def releases(self) -> list[ReleaseInfo]:
        """Releases that are kept, newest first."""
        return releases.listing(self._engine)

    def active_release(self) -> ReleaseInfo | None:
        """The release that is searched, if any."""
        return releases.active(self._engine)

    def fingerprint(self) -> str:
        """SHA-256 over the passages of the active release: the same content has the same one."""
        info = self.active_release()
        chunks = [stored.chunk for stored in releases.load_chunks(self._engine, info.number)] if info else []
        said = sorted(dump_chunk(replace(chunk, origin="")) for chunk in chunks)
        return hashlib.sha256("\n".join(said).encode()).hexdigest()

    def documents(self) -> list[DocumentInfo]:
        """Documents of the draft state, ordered by id."""
        return ingest.listing(self._engine)

    def check(self) -> list[Refusal]:
        """What a knowledge manager should look at in the draft state."""
        return quality.check(ingest.drafts(self._engine), today=datetime.now(UTC).date())

    def search(self, query: Query) -> list[Hit]:
        """The best ``query.k`` passages of the active release in scope, best first; none without a release.

        Raises:
            KnowledgeInvalid: the query cannot be searched.
            EmbeddingMismatch: the active release was made with another encoder.
            KnowledgeUnavailable: a store or the encoder fails.
        """
        query = ranking.searchable(query)
        info = self.active_release()
        if info is None or not query.text:
            return []
        index = self._index(info)
        return ranking.search(index, self._encoded(query.text), query)

    # --- inside ---

    def _encode(self, text: str) -> Floats:
        named = self._named()
        with faults.encoder(named.name):
            vector = np.asarray(named.embeddings.embed_query(text), np.float32)
            return fitting(vector, (named.dimension,), named.name)

    def _cache(self) -> VectorCache:
        return VectorCache(self._engine, self._named())

    def _open(self) -> None:
        """Open Chroma; the first time, remove what crashed builds have left."""
        self._store.open()
        if not self._tidied:
            self._drop_orphans()
            self._tidied = True

    def _drop_orphans(self) -> None:
        kept = {one.collection for one in self.releases()}
        for name in self._store.names():
            if name not in kept and (self._embedded or self._is_old(name)):
                self._store.delete(name)

    def _is_old(self, name: str) -> bool:
        created = str((self._store.get(name).metadata or {}).get("created_at", ""))
        oldest = (datetime.now(UTC) - _BUILD_TIME).isoformat(timespec="seconds").replace("+00:00", "Z")
        return created < oldest

    def _index(self, info: ReleaseInfo) -> ReleaseIndex:
        """The release in memory, loaded at its first use."""
        if (ready := self._indexes.get(info.collection)) is not None:
            return ready
        with self._loading:
            if (ready := self._indexes.get(info.collection)) is not None:
                return ready
            self._check_encoder(info)
            self._open()
            collection = self._store.get(info.collection)
            index = ReleaseIndex(info, releases.load_chunks(self._engine, info.number), collection)
            self._remember(index)
            return index

    def _remember(self, index: ReleaseIndex) -> None:
        with self._loading:
            others = [one for name, one in self._indexes.items() if name != index.info.collection]
            self._indexes = {one.info.collection: one for one in [*others, index][-_READY_INDEXES:]}

    def _check_encoder(self, info: ReleaseInfo) -> None:
        named = self._named()
        if (info.encoder, info.dimension) != (named.name, named.dimension):
            raise EmbeddingMismatch(
                f"release {info.name} was made with the encoder {info.encoder!r} ({info.dimension} numbers), "
                f"now {named.name!r} ({named.dimension}) is set; embed the knowledge again with "
                "`replydesk kb publish`, or set REPLYDESK_EMBEDDINGS back"
            )
