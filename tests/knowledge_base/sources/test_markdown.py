from pathlib import Path

import pytest

from knowledge_base.sources.markdown import read
from knowledge_base.types import Document, Refusal

HEAD = "document_id: d1\ntitle: T\nlanguage: en\nkind: policy\n"


def _read(tmp_path: Path, raw: bytes) -> Document | Refusal:
    path = tmp_path / "a.md"
    path.write_bytes(raw)
    [item] = read(path, "a.md")
    return item


def test_everything_is_read(tmp_path: Path) -> None:
    head = (
        "document_id: d1\ntitle: Zurück\nlanguage: de-DE\nkind: product\nmarketplaces: [de, GB]\n"
        "asins: [B0VNAF5501]\neffective_from: 2026-01-01\neffective_to: '2026-12-31'\nreview_by: 2027-01-01\n"
        "status: superseded\n"
    )
    document = _read(tmp_path, f"\ufeff---\n{head}---\n# Über\n\nText\n".encode())
    assert isinstance(document, Document)
    assert (document.language, document.kind, document.status) == ("de", "product", "superseded")
    assert document.marketplaces == {"DE", "UK"}
    assert document.asins == {"B0VNAF5501"}
    assert str(document.effective_to) == "2026-12-31"
    assert document.body.startswith("# Über")
    assert document.origin == "a.md"


@pytest.mark.parametrize(
    ("raw", "place", "reason"),
    [
        (b"no front matter", "a.md:1", "no YAML front matter"),
        (b"---\n" + HEAD.encode() + b"---\n\n", "a.md:1", "no text"),
        (b"---\ntitle: [\n---\nx", "a.md:3", "not YAML"),
        (b"---\na: 2026-13-45\n---\nx", "a.md:1", "not YAML"),
        (b"---\n" + HEAD.encode() + b"---\nline\nbad \xff byte", "a.md:8", "UTF-8"),
        (b"---\n" + HEAD.encode() + b"---\nnul \x00", "a.md:1", "not text"),
        (
            b"---\n" + HEAD.encode() + b"efective_to: 2026-01-01\n---\nx",
            "a.md:1",
            "did you mean 'effective_to'",
        ),
        (b"---\n" + HEAD.encode() + b"language: ko\n---\nx", "a.md:1", "unknown language 'ko'"),
        (b"---\n" + HEAD.encode() + b"kind: manual\n---\nx", "a.md:1", "'manual' is none of faq"),
        (b"---\n" + HEAD.encode() + b"status: done\n---\nx", "a.md:1", "'done' is none of active"),
        (b"---\n" + HEAD.encode() + b"marketplaces: [XX]\n---\nx", "a.md:1", "unknown marketplace 'XX'"),
        (b"---\n" + HEAD.encode() + b"marketplaces: no\n---\nx", "a.md:1", "must be a list"),
        (b"---\n" + HEAD.encode() + b"asins: [12]\n---\nx", "a.md:1", "list of words"),
        (b"---\n" + HEAD.encode() + b"asins: [a b]\n---\nx", "a.md:1", "asins"),
        (b"---\n" + HEAD.encode() + b"effective_to: soon\n---\nx", "a.md:1", "not a date like"),
        (
            b"---\n" + HEAD.encode() + b"effective_from: 2026-02-01\neffective_to: 2026-01-01\n---\nx",
            "a.md:1",
            "before effective_from",
        ),
        (b"---\ndocument_id: d\nlanguage: en\nkind: faq\n---\nx", "a.md:1", "'title' is missing"),
        (b"---\ndocument_id: d\ntitle: ''\nlanguage: en\nkind: faq\n---\nx", "a.md:1", "'title' is empty"),
        (b"---\ndocument_id: '../x y'\ntitle: t\nlanguage: en\nkind: faq\n---\nx", "a.md:1", "document_id"),
    ],
)
def test_refused_with_place_and_reason(tmp_path: Path, raw: bytes, place: str, reason: str) -> None:
    refusal = _read(tmp_path, raw)
    assert isinstance(refusal, Refusal)
    assert refusal.origin == place
    assert reason in refusal.reason


def test_a_number_is_a_fine_document_id(tmp_path: Path) -> None:
    document = _read(tmp_path, b"---\ndocument_id: 42\ntitle: t\nlanguage: en\nkind: faq\n---\nx")
    assert isinstance(document, Document)
    assert document.document_id == "42"
