"""The tables of turns of phrase: complete, compiled, and safe against texts without full stops."""

import pytest

from assistant.guard import grounding, legal, privacy, promises, safety
from assistant.guard.check import check_with
from assistant.guard.context import GuardContext
from assistant.guard.normalise import View
from assistant.guard.notions import TABLES, occurs, spans
from assistant.guard.phrases import table
from assistant.vocabulary import LANGUAGES

_NOTIONS = [(part, name) for part in TABLES for name in table(part)["words"]]


@pytest.mark.parametrize(("part", "name"), _NOTIONS)
def test_a_notion_speaks_every_language(part: str, name: str) -> None:
    row = table(part)["words"][name]
    assert set(row) - {"any", "except"} == set(LANGUAGES)
    assert not occurs(name, "")


def test_names_are_one_namespace() -> None:
    assert len({name for _, name in _NOTIONS}) == len(_NOTIONS)


def test_a_hit_knows_its_language_and_its_place() -> None:
    view = View.of("Bitte beachten: wir werden Ihnen den Betrag erstatten.")
    (hit,) = spans(view, "refund_promise")
    assert hit.language == "de"
    assert view.folded[hit.start : hit.end] == "wir werden ihnen den betrag erstatten"


def test_words_of_another_language_do_not_forgive() -> None:
    assert occurs("conditional", "se ha realizado")
    assert not occurs("conditional", "se ha realizado", "es")


@pytest.mark.parametrize(
    "text",
    [
        "1 " * 50_000,
        "we will refund " * 7_000,
        "a" * 100_000,
        "已退款" * 30_000,
        "1/1/" * 25_000,
        "1" * 100_000,
        "die frist " * 10_000,
    ],
    ids=lambda text: text[:8],
)
def test_hostile_texts_are_judged(text: str) -> None:
    rules = (*grounding.RULES, *promises.RULES, *safety.RULES, *legal.RULES, *privacy.RULES)
    context = GuardContext.model_validate(
        {"marketplace": "DE", "passages": [], "thread": [{"from": "buyer", "text": "x"}]}
    )
    report = check_with(rules, text, context)
    assert not [finding for finding in report.findings if "could not be evaluated" in finding.message]
