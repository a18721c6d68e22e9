import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from knowledge_base import analysis, releases, tables
from knowledge_base.base import KnowledgeBase
from knowledge_base.embeddings import NamedEmbeddings
from knowledge_base.errors import EmbeddingMismatch, KnowledgeInvalid, KnowledgeNotFound, KnowledgeUnavailable
from knowledge_base.types import Query

Write = Callable[..., Path]


def _texts(knowledge: KnowledgeBase, words: str = "words") -> set[str]:
    return {hit.chunk.text for hit in knowledge.search(Query(words, k=20))}


def test_publish_and_roll_back(knowledge: KnowledgeBase, folder: Path, write: Write) -> None:
    write("a", "Old words.")
    knowledge.import_paths([folder])
    first = knowledge.publish(note="start", actor="kim")
    assert (first.number, first.documents, first.chunks, first.languages) == (1, 1, 1, {"en": 1})
    assert (first.encoder, first.dimension, first.note, first.actor, first.name) == (
        "words",
        64,
        "start",
        "kim",
        "r1",
    )
    write("a", "New words.")
    knowledge.import_paths([folder], publish=True)
    assert _texts(knowledge) == {"New words."}

    assert knowledge.rollback(1).active
    assert _texts(knowledge) == {"Old words."}
    assert knowledge.search(Query("words"))[0].release == "r1"
    assert [(one.number, one.active) for one in knowledge.releases()] == [(2, False), (1, True)]
    assert knowledge.publish().number == 3  # the draft is still the new one
    assert _texts(knowledge) == {"New words."}
    with pytest.raises(KnowledgeNotFound, match="no release r9; kept are: r1, r2, r3"):
        knowledge.rollback(9)


def test_nothing_to_publish(knowledge: KnowledgeBase, folder: Path, write: Write) -> None:
    with pytest.raises(KnowledgeInvalid, match="no documents to publish"):
        knowledge.publish()
    path = write("a")
    knowledge.import_paths([folder], publish=True)
    path.unlink()
    knowledge.import_paths([folder], publish=True)
    assert knowledge.search(Query("words")) == []
    active = knowledge.active_release()
    assert active is not None
    assert (active.number, active.documents) == (2, 0)


def test_old_releases_and_orphans_go(
    knowledge: KnowledgeBase, folder: Path, write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(releases, "KEEP", 2)
    crashed = tmp_path / "vectors" / "release-9-words-dead"
    crashed.mkdir(parents=True)
    write("a", "Words.")
    knowledge.import_paths([folder], publish=True)
    assert not crashed.exists()
    knowledge.publish()
    knowledge.rollback(1)
    knowledge.publish()
    knowledge.publish()
    assert [one.number for one in knowledge.releases()] == [4, 3]
    assert len(list((tmp_path / "vectors").glob("release-*"))) == 2


def test_a_failed_build_leaves_the_active_release(
    knowledge: KnowledgeBase, folder: Path, write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("a", "Words.")
    knowledge.import_paths([folder], publish=True)

    def full(*_: object) -> None:
        raise KnowledgeUnavailable("cannot publish: database or disk is full")

    monkeypatch.setattr(releases, "insert_active", full)
    with pytest.raises(KnowledgeUnavailable, match="disk is full"):
        knowledge.publish()
    monkeypatch.undo()
    assert knowledge.search(Query("words"))[0].release == "r1"
    assert len(list((tmp_path / "vectors").glob("release-*"))) == 1


def test_half_written_vectors_are_never_served(
    knowledge: KnowledgeBase, folder: Path, write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chromadb.api.models.Collection import Collection

    write("a", "Words.")
    knowledge.import_paths([folder])
    monkeypatch.setattr(Collection, "add", lambda *_, **__: None)
    with pytest.raises(KnowledgeUnavailable, match="holds 0 vectors where"):
        knowledge.publish()
    assert knowledge.active_release() is None
    assert list((tmp_path / "vectors").glob("release-*")) == []


def test_another_encoder_is_told_how_to_go_on(
    knowledge: KnowledgeBase, engine: sa.Engine, folder: Path, write: Write, tmp_path: Path, encoder: object
) -> None:
    write("a", "Words.")
    knowledge.import_paths([folder], publish=True)
    knowledge.close()
    named = NamedEmbeddings("other", 64, encoder)  # type: ignore[arg-type]
    with KnowledgeBase(engine, tmp_path, embeddings=lambda: named) as other:
        with pytest.raises(
            EmbeddingMismatch, match=r"made with the encoder 'words' .* `replydesk kb publish`"
        ):
            other.search(Query("words"))
        assert other.publish().encoder == "other"
        assert other.search(Query("words"))[0].release == "r2"
        with pytest.raises(EmbeddingMismatch):
            other.rollback(1)
        assert other.search(Query("words"))[0].release == "r2"


def test_a_restart_finds_everything(
    knowledge: KnowledgeBase, engine: sa.Engine, folder: Path, write: Write, tmp_path: Path, encoder: object
) -> None:
    write("a", "Words for ever.")
    knowledge.import_paths([folder], publish=True)
    before = knowledge.search(Query("words"))
    knowledge.close()
    with engine.begin() as connection:  # as if written by an older analysis
        connection.execute(sa.update(tables.releases).values(analysis=analysis.VERSION - 1))
        connection.execute(sa.update(tables.release_chunks).values(terms="stale"))
    named = NamedEmbeddings("words", 64, encoder)  # type: ignore[arg-type]
    with KnowledgeBase(engine, tmp_path, embeddings=lambda: named) as again:
        assert again.search(Query("words")) == before


@pytest.mark.parametrize("damage", ["missing", "broken"])
def test_damaged_vectors_are_said_and_repaired(
    knowledge: KnowledgeBase,
    engine: sa.Engine,
    folder: Path,
    write: Write,
    tmp_path: Path,
    encoder: object,
    damage: str,
) -> None:
    import shutil

    write("a", "Words.")
    knowledge.import_paths([folder], publish=True)
    knowledge.close()
    [path] = (tmp_path / "vectors").glob("release-*")
    if damage == "missing":
        shutil.rmtree(path)
    else:
        (path / "chroma.sqlite3").write_bytes(b"this is no database" * 1000)
    named = NamedEmbeddings("words", 64, encoder)  # type: ignore[arg-type]
    with KnowledgeBase(engine, tmp_path, embeddings=lambda: named) as again:
        with pytest.raises(KnowledgeUnavailable, match="replydesk kb publish"):
            again.search(Query("words"))
        again.publish()
        assert _texts(again) == {"Words."}


def test_unreadable_chunks_are_said(
    knowledge: KnowledgeBase, engine: sa.Engine, folder: Path, write: Write
) -> None:
    write("a", "Words.")
    knowledge.import_paths([folder], publish=True)
    with engine.begin() as connection:
        connection.execute(sa.update(tables.release_chunks).values(content="{"))
    with pytest.raises(KnowledgeUnavailable, match="release r1 cannot be read"):
        releases.load_chunks(engine, 1)


def test_search_while_publishing_sees_one_release(
    knowledge: KnowledgeBase, folder: Path, write: Write
) -> None:
    for name in ("a", "b", "c"):
        write(name, "Words of round 0.")
    knowledge.import_paths([folder], publish=True)
    stop, faults, seen = threading.Event(), [], set()

    def look() -> None:
        while not stop.is_set():
            try:
                hits = knowledge.search(Query("words round", k=10))
            except Exception as error:
                faults.append(error)
                return
            seen.add((hits[0].release, frozenset(hit.chunk.text for hit in hits), len(hits)))

    searchers = [threading.Thread(target=look) for _ in range(3)]
    for searcher in searchers:
        searcher.start()
    for number in range(1, 5):
        for name in ("a", "b", "c"):
            write(name, f"Words of round {number}.")
        knowledge.import_paths([folder], publish=True)
    stop.set()
    for searcher in searchers:
        searcher.join()
    assert faults == []
    assert seen <= {(f"r{number + 1}", frozenset({f"Words of round {number}."}), 3) for number in range(5)}
    assert len(seen) > 1
