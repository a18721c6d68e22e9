"""Questions in each language find their paragraph among those of each language."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import InvalidInput
from evals.external.adapter import Task
from evals.external.xquad import measure

TEXTS = {
    "en": [
        ("The blue heron nests in old willows.", "where nests the heron"),
        ("Copper melts late.", "when melts copper"),
    ],
    "de": [
        ("Der Reiher brütet in alten Weiden.", "wo brütet der reiher"),
        ("Kupfer schmilzt spät.", "wann schmilzt kupfer"),
    ],
}


def squad(language: str) -> dict[str, Any]:
    paragraphs = [
        {"context": f"\ufeff{text}", "qas": [{"id": f"Q{place}", "question": question, "answers": []}]}
        for place, (text, question) in enumerate(TEXTS[language])
    ]
    return {"data": [{"title": "t", "paragraphs": paragraphs}]}


pytestmark = pytest.mark.usefixtures("_word_hashes")


def test_paragraphs_are_found(
    make_task: Callable[..., Task], write_json: Callable[[str, Any], Path], figures: Callable[[Any], Any]
) -> None:
    told: list[tuple[str, int, int]] = []
    task = make_task(told)
    for language in TEXTS:
        write_json(f"xquad.{language}.json", squad(language))
    write_json("xquad.hi.json", {})
    values = figures(measure(task))
    assert {part for part, _ in values} == {"en→en", "de→en", "en→de", "de→de"}
    assert {name for _, name in values} == {"recall@1", "recall@3", "nDCG@10"}
    assert values["en→en", "recall@1"] == values["de→de", "recall@1"] == (1.0, 2)
    assert values["en→en", "nDCG@10"] == (1.0, 2)
    assert values["de→en", "recall@3"] == (1.0, 2)
    assert told[0] == ("en→en", 2, 2)
    assert not task.settings.home.exists()


def test_languages_and_questions_can_be_limited(
    make_task: Callable[..., Task], write_json: Callable[[str, Any], Path], figures: Callable[[Any], Any]
) -> None:
    task = make_task(limit=1, languages=("de", "fr"))
    for language in TEXTS:
        write_json(f"xquad.{language}.json", squad(language))
    assert {(part, n) for (part, _), (_, n) in figures(measure(task)).items()} == {("de→de", 1)}


def test_a_folder_without_an_edition_gives_nothing(make_task: Callable[..., Task]) -> None:
    assert measure(make_task()).figures == ()


@pytest.mark.parametrize(
    ("english", "message"),
    [
        ({"data": [{"paragraphs": [{"context": "a"}]}]}, r"xquad\.en\.json: not in the format of SQuAD 1\.1"),
        ([], "not in the format"),
    ],
)
def test_other_files_are_refused(
    english: Any, message: str, make_task: Callable[..., Task], write_json: Callable[[str, Any], Path]
) -> None:
    task = make_task()
    write_json("xquad.en.json", english)
    write_json("xquad.de.json", squad("de"))
    with pytest.raises(InvalidInput, match=message):
        measure(task)


def test_editions_have_to_ask_the_same(
    make_task: Callable[..., Task], write_json: Callable[[str, Any], Path]
) -> None:
    task = make_task()
    write_json("xquad.en.json", squad("en"))
    turned = squad("de")
    turned["data"][0]["paragraphs"].reverse()
    write_json("xquad.de.json", turned)
    with pytest.raises(InvalidInput, match=r"xquad\.de\.json: question Q0 is not that of the other files"):
        measure(task)
