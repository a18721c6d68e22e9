"""The chat model behind a small port: a real one through LangChain's OpenAI client, and a recorded one.

Whatever goes wrong on the other side (absent, slow, refusing, cut off, not a chat server at all) becomes
:class:`ModelUnavailable` with a reason that can be stored and shown.
"""

import asyncio
import hashlib
import json
import threading
import time
from collections.abc import Coroutine, Mapping
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, Protocol

from pydantic import SecretStr

from assistant.domain import Usage
from assistant.errors import ModelUnavailable

CONCURRENT_CALLS = 4
MAX_REPLY_TOKENS = 900
PAUSE_SECONDS = 0.5
"""Before asking a failing server again, where it does not say how long."""
SCHEMA: dict[str, Any] = {
    "name": "reply",
    "strict": True,
    "schema": {
        "type": "object",
        "additionalProperties": False,
        "required": ["reply", "citations", "outcome"],
        "properties": {
            "reply": {"type": "string"},
            "citations": {
                "type": "array",
                "items": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["passage", "quote"],
                    "properties": {"passage": {"type": "integer"}, "quote": {"type": "string"}},
                },
            },
            "outcome": {"type": "string", "enum": ["answerable", "needs_information", "escalate"]},
        },
    },
}


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of the conversation with the model."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """What the model is asked; ``seconds`` is the time it has, everything included.

    ``form``: name and JSON schema of the answer, as the OpenAI API takes them; ``None``: those of a reply.
    """

    turns: tuple[Turn, ...]
    seconds: float
    form: Mapping[str, Any] | None = None

    @property
    def text(self) -> str:
        """The request as it is stored: canonical JSON of its turns."""
        return json.dumps([[turn.role, turn.content] for turn in self.turns], ensure_ascii=False)

    @property
    def sha256(self) -> str:
        """Key under which a reply is recorded; a form other than that of a reply counts too."""
        form = "" if self.form is None else f"\n{json.dumps(self.form, sort_keys=True)}"
        return hashlib.sha256(f"{self.text}{form}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class ChatReply:
    """The raw text of the model and what it cost."""

    text: str
    usage: Usage
    latency_ms: float = 0.0


class ChatModel(Protocol):
    """Port with two implementations: :class:`OpenAIChatModel` and :class:`RecordedChatModel`."""

    @property
    def name(self) -> str:
        """Name of the model as stored with a draft."""
        ...

    def complete(self, request: ChatRequest) -> ChatReply:
        """Return the model's answer.

        Raises:
            ModelUnavailable: no usable answer in time; the text says why.
        """
        ...


class RecordedChatModel:
    """Replays recorded replies by the hash of the request; an unknown request is a fault, never a guess."""

    def __init__(self, name: str, replies: Mapping[str, ChatReply]) -> None:
        self._name = name
        self._replies = replies

    @property
    def name(self) -> str:
        """Name of the model that was recorded."""
        return self._name

    def complete(self, request: ChatRequest) -> ChatReply:
        """Return the recorded reply."""
        try:
            return self._replies[request.sha256]
        except KeyError:
            raise ModelUnavailable(f"no reply is recorded for request {request.sha256[:12]}") from None


class OpenAIChatModel:
    """Any OpenAI-compatible server. Thread-safe; all calls run on one event loop, so a deadline ends them."""

    def __init__(
        self,
        model: str,
        *,
        api_key: SecretStr | None,
        base_url: str | None,
        input_usd_per_million: Decimal = Decimal(0),
        output_usd_per_million: Decimal = Decimal(0),
    ) -> None:
        from langchain_openai import ChatOpenAI  # noqa: TID251
        from openai import DefaultAsyncHttpxClient, DefaultHttpxClient

        self._model = model
        self._prices = (input_usd_per_million, output_usd_per_million)
        self._openai = ChatOpenAI(
            model=model,
            api_key=api_key or SecretStr("none"),
            base_url=base_url,
            temperature=0.3,
            max_retries=0,  # see _ask: a pause that a busy server asks for must fit into the deadline
            use_responses_api=False,
            # LangChain shares one pool per address otherwise, and closing it would end every other model
            http_client=DefaultHttpxClient(),
            http_async_client=DefaultAsyncHttpxClient(),
        )
        self._client = self._openai.bind(max_tokens=MAX_REPLY_TOKENS)
        self._loop = asyncio.new_event_loop()
        self._limit = asyncio.Semaphore(CONCURRENT_CALLS)
        self._thread = threading.Thread(target=self._loop.run_forever, name="chat-model", daemon=True)
        self._thread.start()

    @property
    def name(self) -> str:
        """Name of the model as configured."""
        return self._model

    def complete(self, request: ChatRequest) -> ChatReply:
        """Ask the server; waiting for a free place counts against the deadline."""
        started = time.perf_counter()
        message = self._run(self._ask(request), request.seconds)
        text = message.content if isinstance(message.content, str) else ""
        if (
            message.additional_kwargs.get("refusal")
            or message.response_metadata.get("finish_reason") == "content_filter"
        ):
            raise ModelUnavailable("the model refused to answer")
        if not text.strip():
            raise ModelUnavailable("the model answered with nothing")
        used: Mapping[str, Any] = message.usage_metadata or {}
        usage = self._usage(int(used.get("input_tokens", 0)), int(used.get("output_tokens", 0)))
        return ChatReply(text, usage, (time.perf_counter() - started) * 1000)

    def close(self) -> None:
        """End the connections and the event loop; calls under way are dropped."""
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self._openai.root_client.close()

    async def _end(self) -> None:
        under_way = asyncio.all_tasks() - {asyncio.current_task()}
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)
        await self._openai.root_async_client.close()

    async def _ask(self, request: ChatRequest) -> Any:
        """Ask, and once more where the server is busy or failing, if the pause it wants fits in."""
        turns = [(turn.role, turn.content) for turn in request.turns]
        form = {"type": "json_schema", "json_schema": request.form or SCHEMA}
        async with self._limit:
            try:
                return await self._client.ainvoke(turns, response_format=form)
            except Exception as error:
                pause = _pause(error)
                if pause is None or pause >= request.seconds:
                    raise
            await asyncio.sleep(pause)
            return await self._client.ainvoke(turns, response_format=form)

    def _run(self, work: Coroutine[Any, Any, Any], seconds: float) -> Any:
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return future.result(timeout=seconds)
        except FutureTimeoutError:
            future.cancel()
            raise ModelUnavailable(f"the model did not answer within {seconds:.0f} s") from None
        except Exception as error:  # LangChain and openai raise many kinds; all of them mean the same to us
            raise ModelUnavailable(_reason(error)) from error

    def _usage(self, prompt: int, completion: int) -> Usage:
        cost = (prompt * self._prices[0] + completion * self._prices[1]) / 1_000_000
        return Usage(prompt_tokens=prompt, completion_tokens=completion, cost_usd=cost)


CUT_SHORT = {
    "LengthFinishReasonError": "the model's answer was cut off at its longest length",
    "ContentFilterFinishReasonError": "the model refused to answer",
}


def _pause(error: Exception) -> float | None:
    """Seconds after which it may help to ask again; ``None`` where it will not."""
    from openai import APIConnectionError, APIStatusError

    if isinstance(error, APIStatusError) and (error.status_code == 429 or error.status_code >= 500):
        asked = error.response.headers.get("retry-after", "")
        return float(asked) if asked.isdecimal() else PAUSE_SECONDS
    return PAUSE_SECONDS if isinstance(error, APIConnectionError) else None


def _reason(error: Exception) -> str:
    """One line without addresses or keys: the class says it, a status says more."""
    from openai import OpenAIError

    if known := CUT_SHORT.get(type(error).__name__):
        return known
    if not isinstance(error, OpenAIError):
        return f"what the model server sends is no chat answer ({type(error).__name__})"
    status = getattr(error, "status_code", None)
    return f"the model server failed: {type(error).__name__}" + (f" (HTTP {status})" if status else "")
