"""Chroma, embedded or as a server: one collection per release, vectors always given, cosine distance.

Embedded, every collection has a folder of its own: a release is dropped by deleting its folder, and a folder
left by a crash or broken by a full disk harms no other release.
"""

import shutil
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import numpy as np
import numpy.typing as npt

from knowledge_base.errors import KnowledgeUnavailable
from knowledge_base.faults import vector_store

if TYPE_CHECKING:
    from chromadb.api.models.Collection import Collection

Matrix = npt.NDArray[np.float32]

_BATCH = 1_000
"""Vectors per call; Chroma's own limit is about five thousand."""
_GRAPH: dict[str, Any] = {"ef_construction": 400, "max_neighbors": 48, "ef_search": 800}
"""Wide enough that two builds of one release find the same: with Chroma's defaults, up to 4 of 330 labelled
questions came out otherwise from build to build."""
_PREFIX = "release-"


class VectorStore:
    """Collections by name. Embedded: the first use takes the folder's lock until :meth:`close`."""

    def __init__(self, home: Path, url: str | None = None) -> None:
        """``home`` holds the folders of the embedded store; with ``url`` a Chroma server is used instead."""
        self._folder = home / "vectors"
        self._url = url
        self._lock: Any = None
        self._clients: dict[str, Any] = {}
        self._guard = threading.RLock()

    def open(self) -> None:
        """Take the lock, or reach the server.

        Raises:
            KnowledgeUnavailable: another process holds the folder, or the server does not answer.
        """
        with self._guard:
            if self._url is not None:
                with vector_store(f"reach the Chroma server {self._url}"):
                    self._client("")
            elif self._lock is None:
                self._take_lock()

    def _take_lock(self) -> None:
        import filelock

        with vector_store(f"open the vectors in {self._folder}"):
            self._folder.mkdir(parents=True, exist_ok=True)
            lock = filelock.FileLock(self._folder / ".lock", thread_local=False)
            try:
                lock.acquire(timeout=0)
            except filelock.Timeout:
                raise KnowledgeUnavailable(
                    f"the vectors in {self._folder} are in use by another process; stop it, use its HTTP "
                    "interface, or run a Chroma server and set REPLYDESK_CHROMA_URL"
                ) from None
        self._lock = lock

    def _client(self, name: str) -> Any:
        """Chroma's client for a collection: one per folder, or one for the server."""
        import chromadb
        from chromadb.config import Settings

        key = "" if self._url else name
        with self._guard:
            if key not in self._clients:
                settings = Settings(anonymized_telemetry=False)
                if self._url:
                    address = urlsplit(self._url)
                    self._clients[key] = chromadb.HttpClient(
                        host=address.hostname or "localhost",
                        port=address.port or (443 if address.scheme == "https" else 80),
                        ssl=address.scheme == "https",
                        settings=settings,
                    )
                else:
                    self._clients[key] = chromadb.PersistentClient(self._folder / name, settings=settings)
            return self._clients[key]

    def create(
        self,
        name: str,
        metadata: dict[str, str | int],
        ids: Sequence[str],
        owners: Sequence[str],
        matrix: Matrix,
    ) -> "Collection":
        """Build a collection completely and count it.

        ``owners[i]`` is the ``chunk_id`` that row ``i`` of ``matrix`` (rows × dimension) stands for.

        Raises:
            KnowledgeUnavailable: it cannot be written, or not all rows arrived; nothing is left behind.
        """
        self.open()
        try:
            with vector_store(f"write the vectors of {name}"):
                collection: Collection = self._client(name).create_collection(
                    name,
                    metadata=metadata,
                    configuration={"hnsw": {"space": "cosine", **_GRAPH}},
                    embedding_function=None,
                )
                for start in range(0, len(ids), _BATCH):
                    rows = slice(start, start + _BATCH)
                    collection.add(
                        ids=list(ids[rows]),
                        embeddings=matrix[rows],
                        metadatas=[{"chunk_id": owner} for owner in owners[rows]],
                    )
                if (count := collection.count()) != len(ids):
                    raise KnowledgeUnavailable(f"{name} holds {count} vectors where {len(ids)} were written")
        except KnowledgeUnavailable:
            self.delete(name)
            raise
        return collection

    def get(self, name: str) -> "Collection":
        """An existing collection.

        Raises:
            KnowledgeUnavailable: it is missing or broken.
        """
        self.open()
        if self._url is None and not (self._folder / name).is_dir():
            raise KnowledgeUnavailable(f"the vectors {name} are missing; run `replydesk kb publish`")
        with vector_store(f"open the vectors {name}"):
            collection: Collection = self._client(name).get_collection(name, embedding_function=None)
            return collection

    def names(self) -> list[str]:
        """Names of all collections of releases, whole or not."""
        self.open()
        if self._url is None:
            return sorted(folder.name for folder in self._folder.glob(f"{_PREFIX}*"))
        with vector_store("list the collections"):
            return sorted(
                one.name for one in self._client("").list_collections() if one.name.startswith(_PREFIX)
            )

    def delete(self, name: str) -> None:
        """Drop a collection; one that does not exist is no error."""
        with self._guard:
            if self._url is not None:
                if name in self.names():
                    with vector_store(f"delete {name}"):
                        self._client("").delete_collection(name)
                return
            self._forget(name)
            shutil.rmtree(self._folder / name, ignore_errors=True)

    def _forget(self, name: str) -> None:
        client = self._clients.pop(name, None)
        if client is not None:
            with vector_store(f"close {name}"):
                client.close()

    def close(self) -> None:
        """Let go of clients and lock; safe to call twice."""
        with self._guard:
            for name in list(self._clients):
                self._forget(name)
            if self._lock is not None:
                self._lock.release()
                self._lock = None


def collection_name(number: int, encoder: str, nonce: str) -> str:
    """Name within Chroma's alphabet; the nonce keeps a crashed build from blocking the next one."""
    plain = "".join(char if char.isascii() and char.isalnum() else "-" for char in encoder)
    return f"{_PREFIX}{number}-{plain[:60]}-{nonce}"
