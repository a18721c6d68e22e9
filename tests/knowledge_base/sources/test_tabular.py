from pathlib import Path

import pytest

from knowledge_base.sources.tabular import read_csv, read_jsonl
from knowledge_base.types import Document, Refusal

HEADER = "document_id,language,marketplaces,asins,question,answer\n"


def _csv(tmp_path: Path, text: str | bytes) -> tuple[list[Document], list[Refusal]]:
    path = tmp_path / "a.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    items = list(read_csv(path, "a.csv"))
    return [one for one in items if isinstance(one, Document)], [
        one for one in items if isinstance(one, Refusal)
    ]


def _jsonl(tmp_path: Path, text: str) -> tuple[list[Document], list[Refusal]]:
    path = tmp_path / "a.jsonl"
    path.write_text(text)
    items = list(read_jsonl(path, "a.jsonl"))
    return [one for one in items if isinstance(one, Document)], [
        one for one in items if isinstance(one, Refusal)
    ]


def test_rows_of_one_document_belong_together(tmp_path: Path) -> None:
    documents, refusals = _csv(
        tmp_path,
        HEADER
        + 'd1,de,DE;AT,,"Wo, bitte?","Hier.\nUnd da."\n\nd1,de,,,F2,A2\nd2,en,UK,B0VNAF5501,Q,A\n,,,,,\n',
    )
    assert [refusal.origin for refusal in refusals] == ["a.csv:2"]  # AT is no marketplace
    assert [(one.document_id, one.entries) for one in documents] == [
        ("d1", (("F2", "A2"),)),
        ("d2", (("Q", "A"),)),
    ]
    assert documents[1].asins == {"B0VNAF5501"}
    assert documents[1].origin == "a.csv:6"
    assert documents[1].title == "Q"
    assert documents[1].kind == "faq"


def test_translations_under_one_id_are_parts_of_their_own(tmp_path: Path) -> None:
    documents, _ = _csv(tmp_path, HEADER + "d,de,,,F,A\nd,en,,,Q,A\nd,de,,,F2,A2\n")
    assert [(one.language, len(one.entries)) for one in documents] == [("de", 2), ("en", 1)]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_of_every_system(tmp_path: Path, end: str) -> None:
    text = (HEADER + 'd1,de,,,F,"A\nB"\nbad,de\nd2,de,,,F,A\n').replace("\n", end)
    documents, refusals = _csv(tmp_path, text)
    assert [(one.document_id, one.entries[0]) for one in documents] == [
        ("d1", ("F", "A\nB")),
        ("d2", ("F", "A")),
    ]
    assert [refusal.origin for refusal in refusals] == ["a.csv:4"]


@pytest.mark.parametrize("mark", [";", "\t"])
def test_other_separators(tmp_path: Path, mark: str) -> None:
    text = (HEADER + "d,de,,,F,A\n").replace(",", mark)
    documents, refusals = _csv(tmp_path, "\ufeff" + text)
    assert (len(documents), refusals) == (1, [])


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ('bad,de,,,"never closed,A', "see its quotes"),
        ('bad,de,,,"x"y,A', "see its quotes"),
        ("bad,de,,,Q," + "a" * 200_000, "field limit"),
        ("bad,de,,,too,many,cells", "7 cells where the header has 6"),
        ("bad,de,,few", "4 cells"),
        ("bad,de,,,Q,", "'answer' is missing"),
        ("bad,de,,, ,A", "'question' is missing"),
        ("bad,xx,,,Q,A", "unknown language"),
        ("bad,de,,B!,Q,A", "asins"),
        (b"bad,de,,,Q,\xff", "not UTF-8"),
        ("bad,de,,,Q,nul\x00", "not UTF-8"),
    ],
)
def test_a_broken_row_costs_only_itself(tmp_path: Path, row: str | bytes, reason: str) -> None:
    raw = row if isinstance(row, bytes) else row.encode()
    good = b'd1,de,,,F,A\n%s\nd2,de,,,"F,2",A\nd3,de,,,F,A\n'
    documents, refusals = _csv(tmp_path, HEADER.encode() + good % raw)
    assert [one.document_id for one in documents] == ["d1", "d2", "d3"]
    assert [refusal.origin for refusal in refusals] == ["a.csv:3"]
    assert reason in refusals[0].reason


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("document_id,language,question", "lacks the column 'answer'"),
        ("document_id,language,question,answer,colour", "unknown column 'colour'"),
        ("document_id,language,question,answer,answer", "stands twice"),
        ("", "lacks the column"),
        ("a" * 200_000, "the header cannot be read"),
    ],
)
def test_a_bad_header_refuses_the_file(tmp_path: Path, header: str, reason: str) -> None:
    documents, refusals = _csv(tmp_path, f"{header}\nd,de,F,A,x\n")
    assert documents == []
    assert [refusal.origin for refusal in refusals] == ["a.csv:1"]
    assert reason in refusals[0].reason


def test_jsonl(tmp_path: Path) -> None:
    good = (
        '{"document_id": "d%d", "language": "ja", "marketplaces": ["JP"], "question": "Q", "answer": "A"}\n'
    )
    bad = [
        '{"document_id": ',
        "[1]",
        '{"document_id": "x", "frage": "F"}',
        '{"answer": "\\ud800"}',
        "[" * 100_000,
    ]
    documents, refusals = _jsonl(tmp_path, good % 1 + "\n" + "\n".join(bad) + "\n" + good % 2)
    assert [one.document_id for one in documents] == ["d1", "d2"]
    assert documents[0].marketplaces == {"JP"}
    assert [refusal.origin for refusal in refusals] == [f"a.jsonl:{line}" for line in (3, 4, 5, 6, 7)]


def test_null_is_an_absent_key(tmp_path: Path) -> None:
    documents, refusals = _jsonl(
        tmp_path,
        '{"document_id": "d", "language": "en", "asins": null, "question": "Q", "answer": "A"}',
    )
    assert refusals == []
    assert documents[0].asins == frozenset()
