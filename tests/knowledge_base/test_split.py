import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge_base.facets import facets, table_rows, windows
from knowledge_base.split import PROSE_WORDS, TABLE_WORDS, blocks, sentences, split, words
from knowledge_base.types import Chunk, Document

WORD = st.text(alphabet="abcäß漢カ7", min_size=1, max_size=9)
SENTENCE = st.lists(WORD, min_size=1, max_size=40).map(lambda found: f"{' '.join(found)}. ")
PARAGRAPH = st.lists(SENTENCE, min_size=1, max_size=12).map("".join)
ROW = st.tuples(WORD, WORD).map(lambda cells: f"| {cells[0]} | {cells[1]} |")
TABLE = st.lists(ROW, min_size=1, max_size=8).map(lambda rows: "\n".join(["| A | B |", "|---|---|", *rows]))
HEADING = st.builds(lambda level, text: f"{'#' * level} {text}", st.integers(1, 4), WORD)
QUESTION = WORD.map(lambda text: f"## {text}?")
MARKDOWN = st.lists(st.one_of(PARAGRAPH, TABLE, HEADING, QUESTION), min_size=1, max_size=10).map("\n\n".join)


def _document(body: str = "", *entries: tuple[str, str]) -> Document:
    return Document("d", "Title", "en", "policy", body=body, entries=entries)


def _said(chunks: tuple[Chunk, ...]) -> str:
    return "".join(f"{chunk.heading}\n{chunk.text}\n" for chunk in chunks)


@settings(deadline=None, max_examples=60)
@given(MARKDOWN)
def test_no_word_is_lost_and_ids_are_stable(body: str) -> None:
    chunks = split([_document(body)])
    said = re.sub(r"\s", "", _said(chunks))
    for word in re.findall(r"[^\s|#-]+", body):
        assert word in said
    assert [chunk.chunk_id for chunk in chunks] == [chunk.chunk_id for chunk in split([_document(body)])]
    assert len({chunk.chunk_id for chunk in chunks}) == len(chunks)
    assert all(facets(chunk) for chunk in chunks)
    assert all(words(chunk.text) <= PROSE_WORDS for chunk in chunks if chunk.kind == "prose")


@settings(deadline=None, max_examples=30)
@given(st.lists(TABLE, min_size=1, max_size=3))
def test_tables_stay_whole(tables: list[str]) -> None:
    body = "# H\n\nIntro.\n\n" + "\n\nbetween\n\n".join(tables)
    found = [chunk for chunk in split([_document(body)]) if chunk.kind == "table"]
    assert [chunk.text for chunk in found] == tables
    assert {chunk.heading for chunk in found} == {"H"}


@settings(deadline=None, max_examples=30)
@given(st.lists(st.tuples(SENTENCE, PARAGRAPH), min_size=1, max_size=5))
def test_a_pair_is_never_torn(pairs: list[tuple[str, str]]) -> None:
    chunks = split([_document("", *pairs)])
    assert [(chunk.question, chunk.answer) for chunk in chunks] == pairs
    for chunk, (question, answer) in zip(chunks, pairs, strict=True):
        assert question in chunk.text
        assert answer in chunk.text


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text_can_be_split(text: str) -> None:
    assert "".join(sentences(text)) == text
    assert all(facets(chunk) for chunk in split([_document(text)]) if chunk.text.strip())


def test_structure() -> None:
    body = (
        "Opening.\n\n# One\n\n## Two\n\nText [link].\n\n[link]: https://example.com\n\n### Why so?\n\n"
        "Because.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n# Empty\n\n# Last\n\n- x\n- y\n"
    )
    shape = [(chunk.kind, chunk.heading, chunk.text) for chunk in split([_document(body)])]
    assert shape == [
        ("prose", "", "Opening."),
        ("prose", "One › Two", "Text [link].\n\n[link]: https://example.com"),
        ("qa", "One › Two", "Why so?\nBecause.\n\n| a | b |\n|---|---|\n| 1 | 2 |"),
        ("prose", "Empty", "Empty"),
        ("prose", "Last", "- x\n- y"),
    ]


def test_a_very_long_table_repeats_its_header() -> None:
    rows = [f"| row {number} | {'word ' * 20}|" for number in range(60)]
    table = "\n".join(["| A | B |", "|---|---|", *rows])
    chunks = split([_document(table)])
    assert len(chunks) > 1
    assert all(chunk.text.startswith("| A | B |\n|---|---|\n") for chunk in chunks)
    assert all(words(chunk.text) <= TABLE_WORDS for chunk in chunks)
    assert [row for chunk in chunks for row in chunk.text.split("\n")[2:]] == rows


def test_an_edit_elsewhere_keeps_the_other_ids() -> None:
    before = split([_document("# A\n\nfirst\n\n# B\n\nsecond")])
    after = split([_document("# A\n\nchanged\n\n# B\n\nsecond")])
    assert before[1].chunk_id == after[1].chunk_id
    assert before[0].chunk_id != after[0].chunk_id


def test_equal_texts_in_one_document_have_ids_of_their_own() -> None:
    assert len({chunk.chunk_id for chunk in split([_document("", ("Q", "A"), ("Q", "A"))])}) == 2


@pytest.mark.parametrize("text", ["a" * 9000, "漢" * 2000, "word " * 500, "line\n" * 400])
def test_monsters_are_cut(text: str) -> None:
    chunks = split([_document(text)])
    assert all(words(chunk.text) <= PROSE_WORDS for chunk in chunks)
    assert "".join("".join(chunk.text.split()) for chunk in chunks) == "".join(text.split())


def test_rows_are_told_with_their_header() -> None:
    assert table_rows("| Code | Meaning | Do |\n|:--|--|--:|\n| E1 | a \\| b | |\n| E2 | x | y | z |") == [
        "Code: E1; Meaning: a \\| b",
        "Code: E2; Meaning: x; Do: y; z",
    ]
    assert table_rows("| Item | Value |\n|---|---|\n| Weight | 5 kg |") == ["Weight: 5 kg"]


def test_list_numbers_do_not_end_sentences() -> None:
    assert windows("1. Open it. 2. Close it.") == ["1. Open it. 2. Close it."]
    assert sentences("1. Open it. 2. Close it.") == ["1. Open it. ", "2. Close it."]


def test_blocks_survive_odd_line_ends() -> None:
    assert [block.text for block in blocks("# A\r\n\r\ntext\u2028more\x0cpage\r\n")] == [
        "A",
        "text\u2028more\x0cpage",
    ]
