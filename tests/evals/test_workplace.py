"""The product on a throw-away home: the moment stands still, the knowledge of a home is copied."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assistant.bootstrap import build
from assistant.drafting.chat_model import ChatReply, ChatRequest
from assistant.settings import Settings
from evals.workplace import CannotAsk, Workplace
from knowledge_base.errors import KnowledgeNotFound
from knowledge_base.types import Query

AT = datetime(2026, 11, 1, 9, tzinfo=UTC)


class Refusing:
    """A model that could not be asked once."""

    name = "refusing"
    calls = 3

    def __init__(self) -> None:
        self.reasons: list[str | None] = ["left over", "no reply is recorded"]

    def complete(self, request: ChatRequest) -> ChatReply:
        raise AssertionError("nobody asks here")

    def refusal(self) -> str | None:
        return self.reasons.pop(0) if self.reasons else None


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Settings]:
    """A home with one published document, its service still open."""
    settings = Settings(home=tmp_path / "home")
    (tmp_path / "kettle.md").write_text(
        "---\ndocument_id: kettle\ntitle: Kettle\nlanguage: en\nkind: product\n---\nThe kettle holds 1.7 l.\n"
    )
    with build(settings) as app:
        app.knowledge.import_paths([tmp_path / "kettle.md"], publish=True)
        yield settings


def test_the_home_is_copied_while_its_service_runs(home: Settings) -> None:
    with Workplace(home, knowledge="home", at=AT) as workplace:
        hits = workplace.app.knowledge.search(Query("How much does the kettle hold?", "en", "US", (), 3))
        assert [hit.chunk.document_id for hit in hits] == ["kettle"]
        assert workplace.desk.now() == AT
        assert workplace.knowledge.startswith("home@")
        copy = workplace.app.settings.home
        assert copy != home.home
    assert not copy.exists()


def test_a_home_without_knowledge_is_said(tmp_path: Path) -> None:
    with (
        Workplace(Settings(home=tmp_path / "home"), knowledge="home") as workplace,
        pytest.raises(KnowledgeNotFound, match="publish one first"),
    ):
        _ = workplace.app


def test_a_case_whose_request_was_not_put_is_no_result(tmp_path: Path) -> None:
    model = Refusing()
    workplace = Workplace(Settings(home=tmp_path), model=model)
    assert (workplace.model, workplace.calls) == (model, 3)
    with pytest.raises(CannotAsk, match="no reply is recorded"), workplace.asking():
        pass
    with workplace.asking():
        pass


def test_without_a_model_nothing_is_refused(tmp_path: Path, make_case: Callable[..., object]) -> None:
    workplace = Workplace(Settings(home=tmp_path))
    assert (workplace.model, workplace.calls) == (None, 0)
    with workplace.asking():
        pass
