"""`replydesk kb`."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Replydesk = Callable[..., Any]


@pytest.fixture
def published(replydesk: Replydesk, knowledge_files: Path) -> None:
    ran = replydesk("kb", "import", str(knowledge_files), "--publish", "--json")
    assert ran.code == 0, ran.err
    assert len(json.loads(ran.out)["added"]) == 3


@pytest.mark.usefixtures("published")
def test_search_answers(replydesk: Replydesk) -> None:
    ran = replydesk(
        "kb", "search", "Is the basket dishwasher safe?",
        "--asin", "B0VNAF5501", "--language", "en", "-k", "1", "--json",
    )  # fmt: skip
    found = json.loads(ran.out)
    assert ran.code == 0
    assert [hit["document_id"] for hit in found["hits"]] == ["faq-dishwasher"]
    shown = replydesk("kb", "search", stdin="Is the basket dishwasher safe?")
    assert "faq-dishwasher" in shown.out


@pytest.mark.usefixtures("published")
def test_search_in_a_batch(replydesk: Replydesk) -> None:
    lines = '{"id": "q1", "query": "dishwasher safe?", "language": "en", "k": 2}\n{"id": "q2", "k": 2}\n'
    ran = replydesk("kb", "search", "--jsonl", "-", stdin=lines)
    first, second = (json.loads(line) for line in ran.out.splitlines())
    assert ran.code == 2
    assert list(first) == ["id", "hits"]
    assert first["hits"][0].keys() >= {"document_id", "chunk_id", "title", "score", "language", "text"}
    assert second == {"id": "q2", "error": "line 2: query: is missing"}


@pytest.mark.usefixtures("published")
def test_releases_are_published_shown_and_taken_back(replydesk: Replydesk) -> None:
    second = replydesk("kb", "publish", "--note", "again", "--json")
    assert json.loads(second.out)["number"] == 2
    assert replydesk("kb", "rollback", "1").out.startswith("release 1 is served: 3 documents")
    status = json.loads(replydesk("kb", "status", "--json").out)
    assert {one["number"]: one["active"] for one in status["releases"]} == {1: True, 2: False}
    assert "again" in replydesk("kb", "status").out
    gone = replydesk("kb", "rollback", "9")
    assert gone.code == 2
    assert len(gone.err.splitlines()) == 1


def test_an_import_says_what_it_refused(replydesk: Replydesk, tmp_path: Path) -> None:
    (tmp_path / "bad.md").write_text("no front matter")
    ran = replydesk("kb", "import", str(tmp_path / "bad.md"))
    assert ran.code == 2
    assert "1 refused" in ran.out
    assert "bad.md" in ran.out
    assert ran.err == "replydesk: 1 row(s) or file(s) were not taken\n"


def test_nothing_to_publish_is_said(replydesk: Replydesk) -> None:
    ran = replydesk("kb", "publish")
    assert ran.code == 2
    assert "nothing" in ran.err or "no documents" in ran.err


@pytest.mark.usefixtures("published")
def test_check_says_no_with_1(replydesk: Replydesk, tmp_path: Path) -> None:
    before = replydesk("kb", "check", "--json")
    assert before.code == (0 if json.loads(before.out)["ok"] else 1)
    old = "document_id: policy-old\ntitle: Old\nlanguage: en\nkind: policy\nreview_by: 2020-01-01"
    (tmp_path / "old.md").write_text(f"---\n{old}\n---\n# Old\n\nThis was reviewed long ago.\n")
    replydesk("kb", "import", str(tmp_path / "old.md"))
    after = replydesk("kb", "check")
    assert after.code == 1
    assert "policy-old" in after.out or "old.md" in after.out
