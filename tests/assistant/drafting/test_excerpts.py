"""Which words of a passage go into a reply."""

# ruff: noqa: E501 (a case of a table stands on one line)

import pytest

from assistant.domain import Passage
from assistant.drafting.excerpts import LONGEST, excerpts, on_the_matter, plain, shortened

TABLE = """| Code | Meaning | What to do |
|---|---|---|
| E1 | Sensor fault | Unplug it. |
| E3 | **Too hot** | Let it cool for 45 minutes. |"""
STEPS = """## Cleaning

Always unplug the appliance first.

1. Take out the basket.
2. Wash the basket by hand.
3. Dry the basket.

- The housing is only wiped."""
PROSE = "The jacket is waterproof. Wash the jacket at low temperature. Do not iron the jacket. It comes with a bag."


def found(text: str, message: str, code: str | None = None, **fields: object) -> list[str]:
    passage = Passage.model_validate(
        {"document_id": "d", "language": "en", "score": 0.9, "text": text} | fields
    )
    return [one.text for one in excerpts([passage], message, code=code)]


def test_the_row_of_a_code_is_read_out_with_its_headings() -> None:
    told = found(TABLE, "It shows E3", "E3")
    assert told == ["E3 – Meaning: Too hot; What to do: Let it cool for 45 minutes."]
    assert found(TABLE, "It shows E9", "E9") == []


def test_a_row_of_two_cells_is_a_pair() -> None:
    assert found("| Part | Care |\n|---|---|\n| Basket | Wash the basket by hand |", "wash the basket?") == [
        "Basket: Wash the basket by hand"
    ]


def test_an_instruction_is_not_torn() -> None:
    assert found(STEPS, "How do I take out and wash the basket?") == [
        "1. Take out the basket.\n2. Wash the basket by hand.\n3. Dry the basket."
    ]


def test_of_prose_only_the_sentences_to_the_point_are_taken() -> None:
    assert found(PROSE, "May I wash the jacket at home?") == [
        "Wash the jacket at low temperature. Do not iron the jacket."
    ]
    assert found(PROSE, "Completely different matter") == []


def test_bullets_count_as_sentences() -> None:
    assert found(STEPS, "Is the housing wiped?") == ["The housing is only wiped."]


def test_japanese_is_matched_by_pairs_of_characters() -> None:
    text = "本体は軽いです。フィルターは水洗いできません。保証書は箱の中です。"
    passage = Passage(document_id="d", language="ja", score=0.9, text=text)
    told = excerpts([passage], "フィルターを水洗いしてもいいですか", code=None)
    assert [one.text for one in told] == ["フィルターは水洗いできません。"]


def passage_of(name: str, score: float, language: str | None = "de", **fields: object) -> Passage:
    return Passage.model_validate(
        {"document_id": name, "language": language, "score": score, "text": "?"} | fields
    )


@pytest.mark.parametrize(
    ("passages", "procedure", "usable"),
    [
        ([passage_of("a", 0.55), passage_of("b", 0.7)], True, ["b", "a"]),
        ([passage_of("a", 0.55), passage_of("b", 0.7)], False, ["b"]),
        ([passage_of("product", 0.9, asins=("B0VNAF5501",)), passage_of("service", 0.6)], True, ["service"]),
        ([passage_of("product", 0.9, asins=("B0VNAF5501",)), passage_of("service", 0.6)], False, ["product"]),
        ([passage_of("english", 0.9, "en"), passage_of("near", 0.7)], False, []),
        ([passage_of("english", 0.75, "en"), passage_of("ours", 0.7)], False, ["ours"]),
        ([passage_of("english", 0.9, "en"), passage_of("ours", 0.6)], True, ["ours"]),
        ([passage_of("unknown", 0.9, None), passage_of("low", 0.49)], True, []),
        ([], False, []),
    ],
)
def test_only_passages_on_the_matter_are_used(
    passages: list[Passage], procedure: bool, usable: list[str]
) -> None:
    assert [one.document_id for one in on_the_matter(passages, "de", procedure=procedure)] == usable


def test_no_words_are_said_twice() -> None:
    low = Passage(document_id="low", language="en", score=0.6, text="?", answer="B.")
    high = Passage(document_id="high", language="en", score=0.9, text="?", answer="A.")
    twin = Passage(document_id="twin", language="en", score=0.8, text="?", answer="A.")
    told = excerpts([high, twin, low], "", code=None)
    assert [one.citation.document_id for one in told] == ["high", "low"]


def test_a_long_answer_ends_with_a_whole_sentence() -> None:
    long = "This is a sentence. " * 80
    cut = shortened(long)
    assert cut is not None
    assert len(cut) <= LONGEST
    assert cut.endswith("sentence.")
    assert shortened("x" * (LONGEST + 1)) is None


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("**Wash** it `now`", "Wash it now"),
        ("# Care\n- one\n- two", "Care\n– one\n– two"),
        ("a\n\n\n\nb", "a\n\nb"),
    ],
)
def test_markdown_becomes_plain_text(markdown: str, text: str) -> None:
    assert plain(markdown) == text
