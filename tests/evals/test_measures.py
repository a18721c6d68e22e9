"""The figures themselves, on small worlds whose right answer is plain."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from rich.console import Console

from assistant.domain import Case
from assistant.pipeline import Desk
from evals import __main__ as command
from evals.data import DemoMessage, Question
from evals.drafting import Drafted, draft_all
from evals.report import languages_table, misses_table, model_table
from evals.retrieval import Looked, answers, look_up, recall
from knowledge_base.types import Chunk, Hit, Query


def hit(document: str, text: str = "", score: float = 0.9) -> Hit:
    return Hit(Chunk("c", document, document, "de", "prose", text), score, "r1")


def question(**fields: Any) -> Question:
    return Question.model_validate(
        {"id": "q", "query": "Wie laut?", "language": "de", "marketplace": "DE", "relevant": ("a",)} | fields
    )


@pytest.mark.parametrize(
    ("asked", "found", "right"),
    [
        (question(), hit("a"), True),
        (question(), hit("b"), False),
        (question(relevant=("b",), relevant_other=("a",)), hit("a"), True),
        (question(contains_by_document={"a": "45 dB"}), hit("a", "Es sind 45 DB."), True),
        (question(contains_by_document={"a": "45 dB"}), hit("a", "Es ist leise."), False),
        (question(relevant=()), hit("a"), False),
    ],
)
def test_a_hit_answers_only_with_the_right_passage(asked: Question, found: Hit, right: bool) -> None:
    assert answers(asked, found) is right


class Knowledge:
    """Finds what its questions are mapped to."""

    def __init__(self, **hits: list[Hit]) -> None:
        self.hits = hits
        self.asked: list[Query] = []

    def search(self, query: Query) -> list[Hit]:
        self.asked.append(query)
        return self.hits.get(query.text, [])[: query.k]


def test_ranks_and_recall() -> None:
    questions = [
        question(query="first"),
        question(query="third"),
        question(query="missing"),
        question(query="nothing", relevant=()),
    ]
    knowledge = Knowledge(first=[hit("a")], third=[hit("b"), hit("c"), hit("a")], missing=[hit("b")])
    looked = look_up(knowledge, questions, 3)  # type: ignore[arg-type]
    assert [one.rank for one in looked] == [1, 3, 0, 0]
    assert recall(looked) == pytest.approx(2 / 3)
    assert recall([]) == 0.0
    assert knowledge.asked[0].at == date(2026, 11, 22)


def test_the_scope_of_a_question_is_the_buyers() -> None:
    knowledge = Knowledge()
    look_up(knowledge, [question(asin="B0VNAF5501")], 3)  # type: ignore[arg-type]
    asked = knowledge.asked[0]
    assert (asked.language, asked.marketplace, asked.asins) == ("de", "DE", ("B0VNAF5501",))


@pytest.fixture
def drafted(make_case: Callable[..., Case], now: datetime) -> list[Drafted]:
    labels = [("a", "de", 1, "tracking"), ("b", "en", 3, "legal_threat")]
    messages = [
        DemoMessage.model_validate(
            {
                "id": name,
                "case": make_case("Wo ist mein Paket, bitte? Ich warte."),
                "label": {"id": name, "language": language, "tier": tier, "intent": intent},
            }
        )
        for name, language, tier, intent in labels
    ]
    return list(draft_all(Desk(search=lambda query: [], model=None, now=lambda: now), messages))


def test_a_draft_is_judged_beside_its_label(drafted: list[Drafted]) -> None:
    right, wrong = drafted
    assert (right.in_buyers_language, right.passes, right.tier_is_right, right.flags_are_right) == (True,) * 4
    assert (wrong.in_buyers_language, wrong.tier_is_right, wrong.intent_is_right) == (False,) * 3
    found = command.measures(drafted)
    assert found["draft in the buyer's language"] == 0.5
    assert found["guard verdict pass"] == 1.0
    assert found["tier as labelled"] == 0.5


def test_figures_on_questions() -> None:
    looked = [
        Looked(question(), [hit("a")], 1),
        Looked(question(cross=True), [hit("b")], 0),
        Looked(question(relevant=()), [hit("b", score=0.2)], 0),
        Looked(question(relevant=()), [hit("b", score=0.8)], 0),
    ]
    assert command.found(looked, "x") == {
        "x: recall@3, same language": 1.0,
        "x: recall@3, across languages": 0.0,
        "x: abstains where nothing answers": 0.5,
    }


@pytest.mark.parametrize(("share", "code"), [(1.0, 0), (0.9, 1)])
def test_a_broken_floor_is_a_no(share: float, code: int) -> None:
    console = Console(record=True, width=100)
    assert command._judge(console, {"guard verdict pass": share, "tier as labelled": 0.1}) == code
    assert ("BROKEN" in console.export_text()) is bool(code)


def test_tables_show_what_was_missed() -> None:
    console = Console(record=True, width=160)
    looked = [Looked(question(), [hit("a")], 1), Looked(question(id="q-miss"), [hit("b")], 0)]
    console.print(languages_table(looked, "Retrieval"), misses_table(looked))
    text = console.export_text()
    assert "0.50" in text
    assert "q-miss" in text


@contextmanager
def _app(drafted: list[Drafted], now: datetime) -> Iterator[Any]:
    desk = Desk(search=lambda query: [], model=None, now=lambda: now)
    yield SimpleNamespace(desk=desk, knowledge=Knowledge())


def test_the_whole_run_prints_its_tables_and_says_no(
    drafted: list[Drafted], now: datetime, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "demo_app", lambda **changes: _app(drafted, now))
    monkeypatch.setattr(command, "demo_messages", lambda: tuple(one.message for one in drafted))
    monkeypatch.setattr("sys.argv", ["evals"])
    assert command.main() == 1
    assert "recall@3" in capsys.readouterr().out


def test_a_model_run_prints_every_round(
    drafted: list[Drafted], now: datetime, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def as_if_by_model(desk: Desk, messages: object) -> Iterator[Drafted]:
        for one in drafted:
            rounds = tuple(
                attempt.model_copy(update={"drafter": "llm", "raw_reply": "raw words"})
                for attempt in one.proposal.rounds
            )
            yield Drafted(one.message, one.proposal.model_copy(update={"rounds": rounds}))

    monkeypatch.setattr(command, "demo_app", lambda **changes: _app(drafted, now))
    monkeypatch.setattr(command, "draft_all", as_if_by_model)
    monkeypatch.setattr("sys.argv", ["evals", "--model", "--raw"])
    assert command.main() == 0
    printed = capsys.readouterr().out
    assert "raw words" in printed
    assert "verdict of the final draft" in printed


def test_a_run_that_no_model_wrote_in_says_so(drafted: list[Drafted]) -> None:
    console = Console(record=True, width=120)
    console.print(model_table(drafted))
    assert "others: holding reply only" in console.export_text()
