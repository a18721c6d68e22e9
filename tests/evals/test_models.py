"""Replay gives what recording gave; what could not be asked makes a case unscored, never half judged."""

import threading
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from assistant.domain import Usage
from assistant.drafting.chat_model import ChatReply, ChatRequest, Turn
from assistant.errors import InvalidInput, ModelUnavailable
from assistant.settings import Settings
from evals.models import Budget, RecordingModel, ReplayModel, ScriptedModel, recording
from evals.tapes import Recorded, Tape, key_of
from evals.workplace import CannotAsk, EvalModel, Workplace
from prompts.loader import active_references

Asked = Callable[[str], ChatReply]


def request(text: str = "Where is it?") -> ChatRequest:
    return ChatRequest((Turn("user", text),), seconds=5)


class Fake:
    """Counts what it is asked; fails where told to."""

    name = "m"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def complete(self, asked: ChatRequest) -> ChatReply:
        text = asked.turns[-1].content
        self.asked.append(text)
        if text == "fail" and len(self.asked) == 1:
            raise ModelUnavailable("the model did not answer within 5 s")
        usage = Usage(prompt_tokens=10, completion_tokens=5, cost_usd=Decimal("0.4"))
        return ChatReply(f"{text} {len(self.asked)}", usage, 12.34)


@pytest.fixture
def tape(tmp_path: Path) -> Tape:
    return Tape(tmp_path, "m")


@pytest.fixture
def fake() -> Fake:
    return Fake()


def test_a_replay_gives_what_was_recorded(fake: Fake, tape: Tape) -> None:
    first: EvalModel = RecordingModel(fake, tape)
    told = first.complete(request())
    again: EvalModel = ReplayModel(Tape(tape.path.parent, "m"))
    replayed = again.complete(request())
    assert (told.text, told.usage) == (replayed.text, replayed.usage)
    assert replayed.latency_ms == 12.3
    assert (first.name, again.name, first.calls, again.calls) == ("m", "m", 1, 0)
    assert (first.refusal(), again.refusal()) == (None, None)
    assert Tape(tape.path.parent, "m").prompts == active_references()


def test_what_is_recorded_is_not_asked_again_unless_told_so(fake: Fake, tape: Tape) -> None:
    RecordingModel(fake, tape).complete(request("a"))
    second = RecordingModel(fake, tape)
    assert second.complete(request("a")).text == "a 1"
    assert second.calls == 0
    third = RecordingModel(fake, tape, refresh=True)
    assert third.complete(request("a")).text == "a 2"
    assert third.complete(request("a")).text == "a 2"  # once a run: as a replay will have it
    assert ReplayModel(tape).complete(request("a")).text == "a 2"


def test_a_fault_is_replayed_and_asked_again_when_recording(fake: Fake, tape: Tape) -> None:
    first = RecordingModel(fake, tape)
    replay = ReplayModel(tape)
    asking: tuple[EvalModel, ...] = (first, first, replay)
    for model in asking:
        with pytest.raises(ModelUnavailable, match="did not answer within 5 s"):
            model.complete(request("fail"))
        assert model.refusal() is None
    assert (first.calls, len(fake.asked)) == (1, 1)
    assert RecordingModel(fake, tape).complete(request("fail")).text == "fail 2"
    assert replay.complete(request("fail")).text == "fail 2"


@pytest.mark.parametrize(
    ("budget", "reason"),
    [
        (Budget(max_calls=2), "budget of 2 calls is spent"),
        (Budget(max_usd=Decimal("0.5")), "budget of 0.5 USD is spent"),
    ],
)
def test_a_spent_budget_leaves_further_cases_unscored(
    fake: Fake, tape: Tape, tmp_path: Path, budget: Budget, reason: str
) -> None:
    model = RecordingModel(fake, tape, budget)
    workplace = Workplace(Settings(home=tmp_path), model=model)
    for text in "ab":
        with workplace.asking():
            model.complete(request(text))

    def beyond() -> None:
        with workplace.asking():
            model.complete(request("a"))  # recorded: it costs nothing
            for text in "cd":
                with pytest.raises(ModelUnavailable):
                    model.complete(request(text))

    with pytest.raises(CannotAsk, match=reason):
        beyond()
    with workplace.asking():
        model.complete(request("b"))
    assert (model.calls, model.usd, workplace.calls) == (2, Decimal("0.8"), 2)


def test_a_budget_below_nothing_is_refused() -> None:
    with pytest.raises(InvalidInput, match="must be 0 or more"):
        Budget(max_usd=Decimal(-1))
    with pytest.raises(InvalidInput, match="must be 0 or more"):
        Budget(max_calls=-1)


@pytest.mark.parametrize(
    ("prompts", "reason"),
    [
        (None, "its tape is empty"),
        (active_references(), r"the prompts are still case/v1@\w+, .*: the case, the facts or the pipeline"),
        ({"reply": "reply/v0@00000000"}, r"recorded with reply/v0@00000000, now reply/v1@"),
        ({"old": "old/v1@00000000"}, "recorded with old/v1@00000000, now no old"),
    ],
)
def test_what_is_not_recorded_is_refused_with_its_reason(
    tape: Tape, prompts: dict[str, str] | None, reason: str
) -> None:
    if prompts is not None:
        tape.keep(Recorded(request=key_of(request("other")), model="m", reply="x", prompts=prompts))
    model = ReplayModel(tape)
    with pytest.raises(ModelUnavailable):
        model.complete(request())
    refusal = model.refusal()
    assert refusal is not None
    assert refusal.startswith(f"no reply of m is recorded for request {key_of(request())[:12]}; ")
    with pytest.raises(ModelUnavailable, match=reason):
        model.complete(request())


def test_a_refusal_belongs_to_the_thread_that_met_it(tape: Tape) -> None:
    model = ReplayModel(tape)

    def ask() -> None:
        with pytest.raises(ModelUnavailable):
            model.complete(request())

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    assert model.refusal() is None


def test_the_same_request_of_two_threads_is_asked_once(tape: Tape, fake: Fake) -> None:
    class Slow(Fake):
        def complete(self, asked: ChatRequest) -> ChatReply:
            time.sleep(0.05)
            return super().complete(asked)

    slow = Slow()
    model = RecordingModel(slow, tape)
    heard: list[str] = []
    threads = [threading.Thread(target=lambda: heard.append(model.complete(request()).text)) for _ in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert heard == ["Where is it? 1"] * 3


def test_a_scripted_model_says_its_part() -> None:
    model: EvalModel = ScriptedModel("As you wish.")
    assert [model.complete(request(text)).text for text in "ab"] == ["As you wish."] * 2
    assert (model.name, model.calls, model.refusal()) == ("scripted", 0, None)


def test_the_model_of_the_settings_is_recorded_and_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed: list[str] = []

    class Real(Fake):
        def close(self) -> None:
            closed.append("closed")

    monkeypatch.setattr("assistant.bootstrap.chat_model", lambda settings: Real())
    settings = Settings(home=tmp_path, llm_model="m")
    with recording(settings, tmp_path, Budget(max_calls=1)) as model:
        assert model.complete(request()).text == "Where is it? 1"
    assert closed == ["closed"]
    assert len(Tape(tmp_path, "m")) == 1


def test_a_budget_in_money_needs_prices(tmp_path: Path) -> None:
    priced = Settings(home=tmp_path, llm_model="m", llm_output_usd_per_million=Decimal(8))
    with recording(priced, tmp_path, Budget(max_usd=Decimal(1))) as model:
        assert model.calls == 0
    free = Settings(home=tmp_path, llm_model="m")
    with (
        pytest.raises(InvalidInput, match="USD_PER_MILLION"),
        recording(free, tmp_path, Budget(max_usd=Decimal(1))),
    ):
        pass
