"""A small deterministic encoder, a database per test, files written in one line."""

import hashlib
import math
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from langchain_core.embeddings import Embeddings  # noqa: TID251 - the fake stands in for an adapter

from knowledge_base import tables
from knowledge_base.base import KnowledgeBase
from knowledge_base.embeddings import NamedEmbeddings

DIMENSION = 64


class WordEmbeddings(Embeddings):
    """Texts that share words are near each other. ``texts`` lists everything that was encoded."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._lock = threading.Lock()

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        with self._lock:
            self.texts.extend(texts)
        return [self.embed_query(text) for text in texts]

    def embed_query(self, text: str) -> list[float]:
        vector = [0.01] * DIMENSION
        for word in text.casefold().split():
            vector[hashlib.sha256(word.strip(".,?!:").encode()).digest()[0] % DIMENSION] += 1.0
        length = math.sqrt(sum(value * value for value in vector))
        return [value / length for value in vector]


@pytest.fixture
def encoder() -> WordEmbeddings:
    return WordEmbeddings()


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[sa.Engine]:
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'kb.sqlite3'}")
    tables.metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def knowledge(engine: sa.Engine, tmp_path: Path, encoder: WordEmbeddings) -> Iterator[KnowledgeBase]:
    named = NamedEmbeddings("words", DIMENSION, encoder)
    with KnowledgeBase(engine, tmp_path, embeddings=lambda: named) as knowledge:
        yield knowledge


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder for knowledge files."""
    path = tmp_path / "files"
    path.mkdir()
    return path


@pytest.fixture
def write(folder: Path) -> Callable[..., Path]:
    """Write a Markdown document; keywords are front matter."""

    def write_document(name: str, body: str = "Some words.", **fields: object) -> Path:
        metadata = {
            "document_id": name,
            "title": f"About {name}",
            "language": "en",
            "kind": "policy",
        } | fields
        lines = "".join(f"{key}: {value}\n" for key, value in metadata.items())
        path = folder / f"{name}.md"
        path.write_text(f"---\n{lines}---\n{body}\n", encoding="utf-8")
        return path

    return write_document
