"""The chat models of an evaluation: one that replays a tape, one that records on it, one that says its part.

All keep the promises of ``EvalModel``. A request that is not put makes its whole case unscored: what the
pipeline does without an answer says nothing of the model.
"""

import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import NoReturn

from assistant.domain import Usage
from assistant.drafting.chat_model import ChatModel, ChatReply, ChatRequest
from assistant.errors import InvalidInput, ModelUnavailable
from assistant.settings import Settings
from evals.tapes import Recorded, Tape, key_of
from prompts.loader import active_references


@dataclass(frozen=True, slots=True)
class Budget:
    """What a run may spend; ``None``: no limit. Calls under way when the money runs out are still paid."""

    max_calls: int | None = None
    max_usd: Decimal | None = None

    def __post_init__(self) -> None:
        if (self.max_calls or 0) < 0 or (self.max_usd or 0) < 0:
            raise InvalidInput("a budget of calls or USD must be 0 or more")

    def spent_by(self, calls: int, usd: Decimal) -> str | None:
        """Why no further call may be made, if none may."""
        if self.max_calls is not None and calls >= self.max_calls:
            return f"budget of {self.max_calls} calls is spent"
        if self.max_usd is not None and usd >= self.max_usd:
            return f"budget of {self.max_usd} USD is spent"
        return None


class _Refusals(threading.local):
    """What was not put, thread by thread: the cases of other threads are not touched by it."""

    reason: str | None = None

    def refuse(self, reason: str) -> NoReturn:
        self.reason = self.reason or reason
        raise ModelUnavailable(reason)

    def taken(self) -> str | None:
        reason, self.reason = self.reason, None
        return reason


class ReplayModel:
    """Answers from a tape alone; what is not on it is refused."""

    calls = 0

    def __init__(self, tape: Tape) -> None:
        self._tape = tape
        self._refusals = _Refusals()

    @property
    def name(self) -> str:
        """Name of the model that was recorded."""
        return self._tape.model

    def complete(self, request: ChatRequest) -> ChatReply:
        """What was recorded, faults too.

        Raises:
            ModelUnavailable: the model failed when it was recorded, or nothing is recorded for the request.
        """
        key = key_of(request)
        recorded = self._tape.find(key)
        if recorded is None:
            self._refusals.refuse(
                f"no reply of {self.name} is recorded for request {key[:12]}; {_prompts_since(self._tape)}"
            )
        return recorded.play()

    def refusal(self) -> str | None:
        """Why a request of this thread was not put, since last asked."""
        return self._refusals.taken()


class RecordingModel:
    """Asks a real model within a budget and keeps every answer on a tape.

    What the tape holds already is replayed and costs nothing, unless ``refresh``. A fault is kept too, so
    that a replay meets it, but is no answer: another recording asks again. A request is asked once a run,
    also with ``refresh``: two cases with the same request shall not differ from what a replay gives.
    """

    def __init__(
        self, model: ChatModel, tape: Tape, budget: Budget | None = None, *, refresh: bool = False
    ) -> None:
        self._model = model
        self._tape = tape
        self._budget = budget or Budget()
        self._refresh = refresh
        self._asked: set[str] = set()
        self._calls = 0
        self._usd = Decimal(0)
        self._lock = threading.Lock()
        self._one_at_a_time: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        self._refusals = _Refusals()

    @property
    def name(self) -> str:
        """Name of the model."""
        return self._model.name

    @property
    def calls(self) -> int:
        """Calls made to the real model."""
        return self._calls

    @property
    def usd(self) -> Decimal:
        """What they cost."""
        return self._usd

    def complete(self, request: ChatRequest) -> ChatReply:
        """What is recorded, or else what the model says now.

        Raises:
            ModelUnavailable: the model fails, or the budget is spent.
            StoreUnavailable: the tape cannot be written.
        """
        key = key_of(request)
        with self._lock:
            mine = self._one_at_a_time[key]
        with mine:
            recorded = self._tape.find(key)
            if recorded is None or self._to_be_asked(key, recorded):
                recorded = self._ask(key, request)
        return recorded.play()

    def refusal(self) -> str | None:
        """Why a request of this thread was not put, since last asked."""
        return self._refusals.taken()

    def _to_be_asked(self, key: str, recorded: Recorded) -> bool:
        return key not in self._asked and (self._refresh or recorded.fault is not None)

    def _ask(self, key: str, request: ChatRequest) -> Recorded:
        with self._lock:
            spent = self._budget.spent_by(self._calls, self._usd)
            if spent is None:
                self._calls += 1
                self._asked.add(key)
        if spent:
            self._refusals.refuse(spent)
        recorded = self._answer(key, request)
        with self._lock:
            self._usd += recorded.usage.cost_usd
        self._tape.keep(recorded)
        return recorded

    def _answer(self, key: str, request: ChatRequest) -> Recorded:
        started = time.perf_counter()
        prompts = active_references()
        try:
            reply = self._model.complete(request)
        except ModelUnavailable as fault:
            took = round((time.perf_counter() - started) * 1000, 1)
            return Recorded(request=key, model=self.name, fault=str(fault), latency_ms=took, prompts=prompts)
        return Recorded(
            request=key,
            model=self.name,
            reply=reply.text,
            usage=reply.usage,
            latency_ms=round(reply.latency_ms, 1),
            prompts=prompts,
        )


class ScriptedModel:
    """Says the same whatever it is asked: a model that was taken over."""

    name = "scripted"
    calls = 0

    def __init__(self, reply: str) -> None:
        self._reply = reply

    def complete(self, _: ChatRequest) -> ChatReply:
        """The text it was given."""
        return ChatReply(self._reply, Usage())

    def refusal(self) -> str | None:
        """Nothing is ever refused."""
        return None


@contextmanager
def recording(
    settings: Settings, folder: Path, budget: Budget | None = None, *, refresh: bool = False
) -> Iterator[RecordingModel]:
    """The chat model of the settings, recorded on its tape in ``folder``.

    Raises:
        InvalidInput: the tape cannot be read, or a budget in money is set and the model has no price.
    """
    from assistant.bootstrap import chat_model

    free = not settings.llm_input_usd_per_million and not settings.llm_output_usd_per_million
    if budget and budget.max_usd is not None and free:
        raise InvalidInput(
            "a budget in USD needs prices: set REPLYDESK_LLM_INPUT_USD_PER_MILLION and "
            "REPLYDESK_LLM_OUTPUT_USD_PER_MILLION, or limit the calls instead"
        )
    tape = Tape(folder, settings.llm_model)
    model = chat_model(settings)
    try:
        yield RecordingModel(model, tape, budget, refresh=refresh)
    finally:
        model.close()


def _prompts_since(tape: Tape) -> str:
    """What has become of the prompts since the tape was recorded."""
    then, now = tape.prompts, active_references()
    if not then:
        return "its tape is empty"
    changed = {task: reference for task, reference in then.items() if now.get(task) != reference}
    if not changed:
        return f"the prompts are still {_listed(then)}: the case, the facts or the pipeline changed"
    return f"recorded with {_listed(changed)}, now {_listed({task: now.get(task) for task in changed})}"


def _listed(references: Mapping[str, str | None]) -> str:
    return ", ".join(reference or f"no {task}" for task, reference in sorted(references.items()))
