import tomllib
from collections.abc import Callable
from datetime import datetime
from importlib.resources import files
from typing import Any

import pytest

from assistant.domain import Case, ScoredIntent, Triage
from assistant.retrieve import PASSAGES, QUERY_CHARACTERS, query_text, retrieve
from assistant.vocabulary import LANGUAGES, Intent
from knowledge_base.types import Chunk, Hit, Query

MakeCase = Callable[..., Case]
MakeTriage = Callable[..., Triage]


def hit(name: str, score: float, **chunk: Any) -> Hit:
    return Hit(Chunk(name, f"doc-{name}", "Title", "de", "qa", f"text {name}", **chunk), score, "r1")


class Index:
    """Answers every query with what its first words are mapped to, and remembers the queries."""

    def __init__(self, **answers: list[Hit]) -> None:
        self.answers = answers
        self.queries: list[Query] = []

    def __call__(self, query: Query) -> list[Hit]:
        self.queries.append(query)
        key = "standing" if query.k < PASSAGES else "own"
        return self.answers.get(key, [])[: query.k]


def test_the_search_is_scoped_to_the_case(
    make_case: MakeCase, make_triage: MakeTriage, shipped_order: dict[str, Any], now: datetime
) -> None:
    index = Index(own=[hit("a", 0.9, asins=frozenset({"B0VNAF5501"}))])
    passages = retrieve(make_case("Wo?", order=shipped_order), make_triage(), index, now=now)
    assert {(q.language, q.marketplace, q.asins, q.at) for q in index.queries} == {
        ("de", "DE", ("B0VNAF5501",), now.date())
    }
    assert (passages[0].document_id, passages[0].release, passages[0].score) == ("doc-a", "r1", 0.9)
    assert passages[0].asins == ("B0VNAF5501",)


def test_a_matter_of_procedure_is_also_asked_plainly(
    make_case: MakeCase, make_triage: MakeTriage, now: datetime
) -> None:
    index = Index(own=[hit("a", 0.4), hit("b", 0.3)], standing=[hit("b", 0.8), hit("c", 0.2)])
    passages = retrieve(make_case(), make_triage(Intent.RETURN_REQUEST), index, now=now)
    assert "Rückversand" in index.queries[1].text
    assert [(p.chunk_id, p.score) for p in passages] == [("b", 0.8), ("a", 0.4), ("c", 0.2)]


def test_a_product_question_is_asked_in_the_buyers_words_alone(
    make_case: MakeCase, make_triage: MakeTriage, now: datetime
) -> None:
    index = Index()
    retrieve(make_case("Wie laut ist er?"), make_triage(Intent.PRODUCT_QUESTION), index, now=now)
    assert [query.text for query in index.queries] == ["Wie laut ist er?"]


def test_an_empty_message_asks_only_what_triage_knows(
    make_case: MakeCase, make_triage: MakeTriage, now: datetime
) -> None:
    index = Index()
    assert retrieve(make_case(""), make_triage(Intent.OTHER), index, now=now) == ()
    assert index.queries == []


def test_no_more_than_the_limit_comes_back(
    make_case: MakeCase, make_triage: MakeTriage, now: datetime
) -> None:
    index = Index(own=[hit(str(n), 0.5) for n in range(6)], standing=[hit("x", 0.9), hit("y", 0.1)])
    triage = make_triage(
        intents=tuple(ScoredIntent(name=name, confidence=0.9) for name in (Intent.DAMAGED, Intent.WARRANTY))
    )
    passages = retrieve(make_case(), triage, index, now=now)
    assert len(passages) == PASSAGES
    assert passages[0].chunk_id == "x"
    assert "y" not in [passage.chunk_id for passage in passages]


@pytest.mark.parametrize(
    ("text", "subject", "query"),
    [
        (
            "Wo ist mein Paket? Ich warte seit einer Woche.",
            "Frage",
            "Wo ist mein Paket? Ich warte seit einer Woche.",
        ),
        ("Hallo?", "Rechnung fehlt", "Rechnung fehlt\nHallo?"),
        ("", "Rechnung fehlt", "Rechnung fehlt"),
        ("Neu.\n> Alt und lang und zitiert", None, "Neu."),
        ("x" * 5_000, None, "x" * QUERY_CHARACTERS),
    ],
)
def test_what_is_asked(make_case: MakeCase, text: str, subject: str | None, query: str) -> None:
    assert query_text(make_case(text, message={"subject": subject})) == query


def test_every_language_asks_the_same_standing_questions() -> None:
    table = tomllib.loads((files("assistant.triage") / "tables" / "questions.toml").read_text("utf-8"))
    assert set(table) == set(LANGUAGES)
    assert {frozenset(questions) for questions in table.values()} == {frozenset(table["en"])}
    assert set(table["en"]) <= {intent.value for intent in Intent}
    texts = [text for questions in table.values() for text in questions.values()]
    assert len(texts) == len(set(texts))
