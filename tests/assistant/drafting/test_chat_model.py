import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from pydantic import SecretStr

from assistant.domain import Usage
from assistant.drafting.chat_model import (
    ChatModel,
    ChatReply,
    ChatRequest,
    OpenAIChatModel,
    RecordedChatModel,
    Turn,
)
from assistant.errors import ModelUnavailable

REQUEST = ChatRequest((Turn("system", "Be kind."), Turn("user", "Where is it?")), seconds=5)
HTML = b"<html><body>Bad gateway</body></html>"


@pytest.fixture
def model(model_server: Any) -> Iterator[OpenAIChatModel]:
    made = OpenAIChatModel(
        "fake",
        api_key=SecretStr("sk-secret-of-a-test"),
        base_url=model_server.url,
        input_usd_per_million=Decimal(2),
        output_usd_per_million=Decimal(10),
    )
    yield made
    made.close()


@pytest.fixture
def recorded() -> RecordedChatModel:
    reply = ChatReply("hello", Usage(prompt_tokens=100, completion_tokens=20, cost_usd=Decimal("0.0004")))
    return RecordedChatModel("fake", {REQUEST.sha256: reply})


class TestContract:
    """Both models behind the port keep the same promises."""

    @pytest.fixture(params=["openai", "recorded"])
    def either(
        self,
        request: pytest.FixtureRequest,
        model_server: Any,
        completion: Callable[..., bytes],
        recorded: RecordedChatModel,
    ) -> ChatModel:
        if request.param == "recorded":
            return recorded
        model_server.says(completion("hello"))
        made: ChatModel = request.getfixturevalue("model")
        return made

    def test_it_answers_with_text_and_cost(self, either: ChatModel) -> None:
        reply = either.complete(REQUEST)
        assert reply.text == "hello"
        assert reply.usage == Usage(prompt_tokens=100, completion_tokens=20, cost_usd=Decimal("0.0004"))
        assert either.name == "fake"


def test_an_unrecorded_request_is_a_fault(recorded: RecordedChatModel) -> None:
    with pytest.raises(ModelUnavailable, match="no reply is recorded"):
        recorded.complete(ChatRequest((Turn("user", "another"),), seconds=1))


def test_the_schema_and_the_turns_are_sent(
    model: OpenAIChatModel, model_server: Any, completion: Callable[..., bytes]
) -> None:
    model_server.says(completion("hello"))
    model.complete(REQUEST)
    sent = model_server.requests[0]
    assert [(m["role"], m["content"]) for m in sent["messages"]] == [
        ("system", "Be kind."),
        ("user", "Where is it?"),
    ]
    assert sent["response_format"]["json_schema"]["schema"]["required"] == ["reply", "citations", "outcome"]


def test_another_form_is_asked_for_where_the_request_names_one(
    model: OpenAIChatModel, model_server: Any, completion: Callable[..., bytes]
) -> None:
    model_server.says(completion("hello"))
    form = {"name": "grade", "strict": True, "schema": {"type": "object"}}
    model.complete(ChatRequest(REQUEST.turns, seconds=5, form=form))
    assert model_server.requests[0]["response_format"] == {"type": "json_schema", "json_schema": form}


@pytest.mark.parametrize(
    "case", ["empty", "none", "refusal", "filtered", "html", "error", "not_json", "no_choices"]
)
def test_every_bad_answer_is_one_honest_fault(
    model: OpenAIChatModel, model_server: Any, completion: Callable[..., bytes], case: str
) -> None:
    match case:
        case "empty":
            model_server.says(completion(""))
        case "none":
            model_server.says(completion(None))
        case "refusal":
            model_server.says(completion(None, message={"refusal": "I cannot help"}))
        case "filtered":
            model_server.says(completion("x", finish_reason="content_filter"))
        case "html":
            model_server.says(HTML, kind="text/html")
        case "error":
            model_server.says(b'{"error": {"message": "sk-secret-of-a-test is wrong"}}', status=401)
        case "not_json":
            model_server.says(b"{", kind="application/json")
        case "no_choices":
            model_server.says(completion("x", choices=[]))
    with pytest.raises(ModelUnavailable) as caught:
        model.complete(REQUEST)
    assert "sk-secret" not in str(caught.value)
    assert model_server.url not in str(caught.value)


@pytest.mark.parametrize(
    ("finish", "reason"), [("length", "cut off at its longest"), ("content_filter", "refused to answer")]
)
def test_an_unfinished_answer_says_why(
    model: OpenAIChatModel, model_server: Any, completion: Callable[..., bytes], finish: str, reason: str
) -> None:
    model_server.says(completion('{"reply": "half', finish_reason=finish))
    with pytest.raises(ModelUnavailable, match=reason):
        model.complete(REQUEST)


def test_the_deadline_ends_a_hanging_server(
    model: OpenAIChatModel, model_server: Any, completion: Callable[..., bytes]
) -> None:
    model_server.says(completion("late"), wait=60)
    started = time.monotonic()
    with pytest.raises(ModelUnavailable, match="did not answer within"):
        model.complete(ChatRequest(REQUEST.turns, seconds=0.3))
    assert time.monotonic() - started < 60  # before the server would have answered


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_server_is_asked_once_more(
    model: OpenAIChatModel,
    model_server: Any,
    completion: Callable[..., bytes],
    monkeypatch: pytest.MonkeyPatch,
    status: int,
) -> None:
    monkeypatch.setattr("assistant.drafting.chat_model.PAUSE_SECONDS", 0.01)
    model_server.says(b"{}", status=status)
    model_server.says(completion("hello"))
    assert model.complete(REQUEST).text == "hello"
    assert len(model_server.requests) == 2


@pytest.mark.parametrize(("seconds", "asked"), [("30", 1), ("0", 2), ("Wed, 21 Oct 2026 07:28:00 GMT", 2)])
def test_a_pause_longer_than_the_deadline_is_not_waited_for(
    model: OpenAIChatModel, model_server: Any, monkeypatch: pytest.MonkeyPatch, seconds: str, asked: int
) -> None:
    monkeypatch.setattr("assistant.drafting.chat_model.PAUSE_SECONDS", 0.01)
    model_server.says(b"{}", status=429, retry_after=seconds)
    started = time.monotonic()
    with pytest.raises(ModelUnavailable, match="HTTP 429"):
        model.complete(REQUEST)
    assert time.monotonic() - started < REQUEST.seconds
    assert len(model_server.requests) == asked


@pytest.mark.parametrize("body", [HTML, b"[1, 2]"])
def test_what_is_no_chat_server_is_called_so(model: OpenAIChatModel, model_server: Any, body: bytes) -> None:
    model_server.says(body, kind="text/html" if body is HTML else "application/json")
    with pytest.raises(ModelUnavailable, match="no chat answer"):
        model.complete(REQUEST)


def test_an_absent_server_is_a_fault() -> None:
    absent = OpenAIChatModel("fake", api_key=None, base_url="http://127.0.0.1:9/v1")
    with pytest.raises(ModelUnavailable, match="the model server failed"):
        absent.complete(REQUEST)
    absent.close()


def test_closing_one_model_leaves_another_of_the_same_server_alone(
    model: OpenAIChatModel, model_server: Any, completion: Callable[..., bytes]
) -> None:
    model_server.says(completion("hello"))
    other = OpenAIChatModel("fake", api_key=None, base_url=model_server.url)
    assert other.complete(REQUEST).text == "hello"
    other.close()
    assert model.complete(REQUEST).text == "hello"


def test_a_request_is_known_by_its_turns_alone() -> None:
    assert REQUEST.sha256 == ChatRequest(REQUEST.turns, seconds=99).sha256
    assert REQUEST.sha256 != ChatRequest(REQUEST.turns[:1], seconds=5).sha256
    assert REQUEST.sha256 != ChatRequest(REQUEST.turns, seconds=5, form={"name": "grade"}).sha256
