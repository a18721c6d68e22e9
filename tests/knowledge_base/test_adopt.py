"""A release can be taken over from another home, without asking anything of a service that runs there."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from knowledge_base import tables
from knowledge_base.base import KnowledgeBase
from knowledge_base.embeddings import NamedEmbeddings
from knowledge_base.errors import KnowledgeNotFound
from knowledge_base.types import Query

Write = Callable[..., Path]


@pytest.fixture
def other(tmp_path: Path, encoder: object) -> Iterator[KnowledgeBase]:
    """A second, empty home with the same encoder."""
    home = tmp_path / "other"
    home.mkdir()
    engine = sa.create_engine(f"sqlite:///{home / 'kb.sqlite3'}")
    tables.metadata.create_all(engine)
    named = NamedEmbeddings("words", 64, encoder)  # type: ignore[arg-type]
    with KnowledgeBase(engine, home, embeddings=lambda: named) as knowledge:
        yield knowledge
    engine.dispose()


def test_a_copy_finds_what_the_original_finds_and_encodes_nothing_anew(
    knowledge: KnowledgeBase,
    other: KnowledgeBase,
    engine: sa.Engine,
    folder: Path,
    write: Write,
    encoder: object,
) -> None:
    write("a", "The kettle holds seventeen cups.")
    write("b", "Returns within thirty days.")
    knowledge.import_paths([folder], publish=True)
    texts = getattr(encoder, "texts")  # noqa: B009 - the fake's own list
    texts.clear()
    copy = other.adopt(engine)
    assert texts == []
    assert (copy.documents, copy.note) == (2, "copy of r1")
    assert [hit.chunk.document_id for hit in other.search(Query("kettle cups", k=1))] == ["a"]
    assert other.fingerprint() == knowledge.fingerprint()


def test_an_older_release_can_be_taken(
    knowledge: KnowledgeBase, other: KnowledgeBase, engine: sa.Engine, folder: Path, write: Write
) -> None:
    write("a", "One.")
    knowledge.import_paths([folder], publish=True)
    first = knowledge.fingerprint()
    write("a", "Two.")
    knowledge.import_paths([folder], publish=True)
    assert knowledge.fingerprint() != first
    other.adopt(engine, 1)
    assert other.fingerprint() == first


def test_what_is_not_there_is_said(knowledge: KnowledgeBase, other: KnowledgeBase, engine: sa.Engine) -> None:
    with pytest.raises(KnowledgeNotFound, match="publish one first"):
        other.adopt(engine)
    with pytest.raises(KnowledgeNotFound, match="no release r7; kept are: none"):
        other.adopt(engine, 7)


def test_the_fingerprint_is_of_content_and_scope_not_of_number_or_place(
    knowledge: KnowledgeBase, folder: Path, write: Write
) -> None:
    empty = knowledge.fingerprint()
    write("a", "Words.")
    knowledge.import_paths([folder], publish=True)
    before = knowledge.fingerprint()
    knowledge.publish()
    assert knowledge.fingerprint() == before != empty
