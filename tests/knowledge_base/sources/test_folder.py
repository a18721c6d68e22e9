from collections.abc import Callable
from pathlib import Path

import pytest

from assistant import vocabulary
from knowledge_base.sources import fields, folder


def test_vocabulary_is_that_of_the_product() -> None:
    assert fields.LANGUAGES == vocabulary.LANGUAGES
    assert fields.MARKETPLACES == vocabulary.MARKETPLACES


def test_one_document_id_belongs_to_one_file(folder: Path, write: Callable[..., Path]) -> None:
    write("a", document_id="same")
    write("b", document_id="same")
    first, second = _read(folder)
    assert list(first.documents) == ["same"]
    assert second.documents == {}
    assert str(folder / "a.md") in second.refusals[0].reason
    assert second.refusals[0].origin == str(folder / "b.md")


def test_a_file_given_twice_is_read_once(folder: Path, write: Callable[..., Path]) -> None:
    path = write("a")
    assert len(list(_read(folder, path))) == 1


def test_what_is_not_read_says_so(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "manual.pdf").write_bytes(b"%PDF")
    (folder / ".hidden.md").write_text("x")
    (folder / "vectors.npz").write_text("x")
    (folder / "big.md").write_text("x" * 100)
    monkeypatch.setattr("knowledge_base.sources.folder.MAX_BYTES", 50)
    found = _read(folder, folder / "missing.csv", folder / "vectors.npz")
    reasons = {Path(refusal.origin).name: refusal.reason for file in found for refusal in file.refusals}
    assert set(reasons) == {"manual.pdf", "big.md", "missing.csv", "vectors.npz"}
    assert "type .pdf" in reasons["manual.pdf"]
    assert "no such file" in reasons["missing.csv"]
    assert "larger" in reasons["big.md"]


def test_an_unreadable_file_is_refused(
    folder: Path, write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    write("a")

    def fail(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", fail)
    [file] = _read(folder)
    assert file.refusals[0].reason == "cannot be read: Permission denied"


def _read(*paths: Path) -> list[folder.SourceFile]:
    return list(folder.read_files(paths))
