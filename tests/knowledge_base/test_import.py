from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from knowledge_base import tables
from knowledge_base.base import KnowledgeBase
from knowledge_base.errors import KnowledgeInvalid, KnowledgeUnavailable
from knowledge_base.types import Query

Write = Callable[..., Path]


def test_only_what_is_new_is_encoded(
    knowledge: KnowledgeBase, folder: Path, write: Write, encoder: object
) -> None:
    write("a", "Old words here.")
    write("b", "Other words there.")
    seen: list[tuple[int, int]] = []
    report = knowledge.import_paths(
        [folder], actor="kim", progress=lambda done, all_: seen.append((done, all_))
    )
    assert (report.added, report.changed, report.unchanged, report.embedded) == (("a", "b"), (), (), 2)
    assert seen[-1][0] == seen[-1][1] == len(encoder.texts)  # type: ignore[attr-defined]
    encoder.texts.clear()  # type: ignore[attr-defined]

    write("b", "Changed words there.")
    report = knowledge.import_paths([folder])
    assert (report.added, report.changed, report.unchanged, report.embedded) == ((), ("b",), ("a",), 1)
    assert all("Changed" in text for text in encoder.texts)  # type: ignore[attr-defined]
    assert [(one.document_id, one.actor) for one in knowledge.documents()] == [("a", "kim"), ("b", "")]


def test_a_changed_scope_needs_no_encoding(knowledge: KnowledgeBase, folder: Path, write: Write) -> None:
    write("a", "Words.")
    knowledge.import_paths([folder])
    write("a", "Words.", marketplaces="[DE]")
    report = knowledge.import_paths([folder])
    assert (report.changed, report.embedded) == (("a",), 0)
    assert knowledge.documents()[0].marketplaces == {"DE"}


def test_a_moved_file_is_unchanged(knowledge: KnowledgeBase, folder: Path, write: Write) -> None:
    path = write("a")
    knowledge.import_paths([folder])
    path.rename(folder / "moved.md")
    report = knowledge.import_paths([folder])
    assert (report.unchanged, report.removed) == (("a",), ())
    (folder / "moved.md").unlink()
    assert knowledge.import_paths([folder]).removed == ("a",)


def test_what_has_left_its_folder_is_removed(
    knowledge: KnowledgeBase, folder: Path, write: Write, tmp_path: Path
) -> None:
    write("a")
    gone = write("b")
    elsewhere = tmp_path / "elsewhere.csv"
    elsewhere.write_text("document_id,language,question,answer\nc,en,Q?,A\n")
    knowledge.import_paths([folder, elsewhere])
    gone.unlink()
    report = knowledge.import_paths([folder])
    assert (report.removed, report.unchanged) == (("b",), ("a",))
    assert [one.document_id for one in knowledge.documents()] == ["a", "c"]


def test_a_document_behind_a_broken_row_is_not_removed(knowledge: KnowledgeBase, folder: Path) -> None:
    table = folder / "faq.csv"
    table.write_text("document_id,language,question,answer\nx,en,Q?,A\ny,en,Q?,A\nz,en,Q?,A\n")
    knowledge.import_paths([table])
    table.write_text('document_id,language,question,answer\nx,en,Q?,A\ny,en,"Q?,A\n')
    report = knowledge.import_paths([table])
    assert (report.unchanged, report.removed) == (("x",), ())
    assert [refusal.origin for refusal in report.refused] == [f"{table}:3"]
    assert [one.document_id for one in knowledge.documents()] == ["x", "y", "z"]


def test_a_table_in_several_languages(knowledge: KnowledgeBase, folder: Path) -> None:
    (folder / "faq.csv").write_text("document_id,language,question,answer\nx,en,Lamp?,Yes\nx,de,Lampe?,Ja\n")
    knowledge.import_paths([folder], publish=True)
    [info] = knowledge.documents()
    assert (info.languages, info.chunks, info.kind) == (("en", "de"), 2, "faq")
    assert knowledge.search(Query("Lampe?", "de"))[0].chunk.answer == "Ja"


def test_nothing_is_searched_before_it_is_published(
    knowledge: KnowledgeBase, folder: Path, write: Write
) -> None:
    write("a", "First words.")
    knowledge.import_paths([folder])
    assert knowledge.search(Query("words")) == []
    knowledge.publish()
    write("b", "Second words.")
    knowledge.import_paths([folder])
    assert {hit.chunk.document_id for hit in knowledge.search(Query("words"))} == {"a"}


def test_a_failing_encoder_leaves_the_draft_alone(
    knowledge: KnowledgeBase, folder: Path, write: Write, encoder: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(texts: list[str]) -> list[list[float]]:
        raise OSError("server is down")

    write("a")
    monkeypatch.setattr(encoder, "embed_documents", fail)
    with pytest.raises(KnowledgeUnavailable, match="encoder 'words' gives no vectors: server is down"):
        knowledge.import_paths([folder])
    assert knowledge.documents() == []


@pytest.mark.parametrize("broken", [[0.5] * 3, [float("nan")] * 64])
def test_vectors_of_another_model_are_refused_and_not_kept(
    knowledge: KnowledgeBase,
    folder: Path,
    write: Write,
    encoder: Any,
    monkeypatch: pytest.MonkeyPatch,
    broken: list[float],
) -> None:
    write("one")
    with monkeypatch.context() as patch:
        patch.setattr(encoder, "embed_documents", lambda texts: [broken for _ in texts])
        with pytest.raises(KnowledgeUnavailable, match="REPLYDESK_EMBEDDINGS_MODEL"):
            knowledge.import_paths([folder])
    assert knowledge.import_paths([folder], publish=True).embedded == 1
    monkeypatch.setattr(encoder, "embed_query", lambda text: broken)
    with pytest.raises(KnowledgeUnavailable, match="REPLYDESK_EMBEDDINGS_MODEL"):
        knowledge.search(Query("words"))


def test_a_locked_database_is_said(engine: sa.Engine, knowledge: KnowledgeBase) -> None:
    tables.metadata.drop_all(engine)
    with pytest.raises(KnowledgeUnavailable, match="the database says"):
        knowledge.documents()


def test_seeding(knowledge: KnowledgeBase, folder: Path, tmp_path: Path) -> None:
    import numpy as np

    from knowledge_base.codec import text_hash

    (folder / "f.csv").write_text("document_id,language,question,answer\nx,en,Q?,A.\n")
    hashes = np.array([list(bytes.fromhex(text_hash(text))) for text in ("Q?", "A.")], np.uint8)
    path = tmp_path / "v.npz"
    np.savez_compressed(path, encoder=np.array("words"), hashes=hashes, vectors=np.ones((2, 64), np.float16))
    assert knowledge.seed_vectors(path) == 2
    assert knowledge.seed_vectors(path) == 2  # again is no harm
    assert knowledge.import_paths([folder]).embedded == 0
    np.savez_compressed(path, encoder=np.array("other"), hashes=hashes, vectors=np.ones((2, 64), np.float16))
    assert knowledge.seed_vectors(path) == 0
    path.write_bytes(b"junk")
    with pytest.raises(KnowledgeInvalid, match="holds no vectors"):
        knowledge.seed_vectors(path)


def test_check_lists_what_is_stale(knowledge: KnowledgeBase, folder: Path, write: Write) -> None:
    write("late", review_by="2020-01-01")
    write("over", effective_to="2020-01-01")
    write("gone", status="superseded", review_by="2020-01-01")
    (folder / "f.csv").write_text(
        "document_id,language,marketplaces,question,answer\n"
        "p,en,,Is it blue?,Yes.\nq,en,DE,is it  blue?,No.\nr,de,,Is it blue?,Nein.\n"
    )
    knowledge.import_paths([folder])
    reasons = [finding.reason for finding in knowledge.check()]
    assert [reason.split(":")[0] for reason in reasons] == ["late", "over", "q"]
    assert "otherwise than p" in reasons[2]
