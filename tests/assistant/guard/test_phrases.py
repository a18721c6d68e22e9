"""The phrase tables: sound, small enough to run, and right on further phrasings."""

import tomllib
from pathlib import Path

import pytest

from assistant.guard import phrases
from assistant.guard.check import check
from assistant.guard.context import GuardContext
from assistant.guard.normalise import View
from assistant.guard.registry import RULES
from assistant.vocabulary import LANGUAGES

_PHRASINGS = tomllib.loads((Path(__file__).parent / "phrasings.toml").read_text("utf-8"))
_WORDS = {
    name: row for table in phrases.TABLES for name, row in phrases.table(table).get("words", {}).items()
}


@pytest.mark.parametrize(
    ("rule", "text"), [(rule, text) for rule, texts in _PHRASINGS["found"].items() for text in texts]
)
def test_a_further_phrasing_is_found(rule: str, text: str) -> None:
    context = GuardContext(marketplace="US" if "555" in text else "DE")
    assert rule in {finding.rule for finding in check(text, context).findings}


@pytest.mark.parametrize("text", _PHRASINGS["passed"]["texts"])
def test_ordinary_service_passes(text: str) -> None:
    report = check(text, GuardContext(marketplace="DE"))
    assert report.verdict == "pass", report.findings


@pytest.mark.parametrize("name", _WORDS)
def test_a_notion_has_a_reason_and_known_languages(name: str) -> None:
    assert _WORDS[name]["reason"]
    assert set(_WORDS[name]) <= {*LANGUAGES, "any", "reason", "except"}


def test_patterns_name_rules_and_notions_that_exist() -> None:
    known = {rule.id for rule in RULES}
    for rule, patterns in phrases.lexicon().patterns.items():
        assert rule in known
        for pattern in patterns:
            assert pattern.reason
            used = {name for group in pattern.groups for name in group}
            assert used | set(pattern.unless) | set(pattern.unless_buyer) <= set(_WORDS)


def test_no_expression_is_so_big_that_its_automaton_could_run_out_of_memory() -> None:
    lexicon = phrases.lexicon()
    sizes = {name: finder.programsize for name, finder in zip(lexicon.names, lexicon.finders, strict=True)}
    assert max(sizes.values()) < 60_000, sizes


@pytest.mark.parametrize("silence", [None, []])
def test_an_automaton_that_gives_up_is_a_fault_and_no_pass(
    monkeypatch: pytest.MonkeyPatch, silence: list[int] | None
) -> None:
    class Dumb:
        def Match(self, text: str) -> list[int] | None:  # noqa: N802
            return silence

    lexicon = phrases.lexicon()
    broken = phrases.Lexicon(lexicon.names, Dumb(), lexicon.finders, lexicon.exceptions, lexicon.patterns)
    monkeypatch.setattr(phrases, "lexicon", lambda: broken)
    with pytest.raises(MemoryError):
        phrases.Hits("text")


def test_a_blank_in_a_table_stands_for_a_line_break_too() -> None:
    assert phrases.spans(View.of("leave us five\nstars"), "stars")
