"""A tape gives back what was recorded, byte for byte, and says which line is broken."""

import json
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.domain import Usage
from assistant.drafting.chat_model import ChatRequest, Turn
from assistant.errors import InvalidInput, ModelUnavailable, StoreUnavailable
from evals.tapes import Recorded, Tape, file_name, key_of

REQUEST = ChatRequest((Turn("system", "Be kind."), Turn("user", "Wo ist es?")), seconds=5)
KEY = key_of(REQUEST)


@pytest.fixture
def tape(tmp_path: Path) -> Tape:
    return Tape(tmp_path, "m")


def line(reply: str = "hello", **more: Any) -> Recorded:
    return Recorded.model_validate({"request": KEY, "model": "m", "reply": reply, **more})


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(st.lists(st.text(st.characters()), min_size=1, max_size=4))
def test_a_reply_comes_back_byte_for_byte(tmp_path: Path, replies: list[str]) -> None:
    tape = Tape(tmp_path, "m")
    for reply in replies:
        tape.keep(line(reply))
    again = Tape(tmp_path, "m").find(KEY)
    assert again is not None
    assert again.play().text == replies[-1]  # of several the last one counts


def test_everything_about_an_answer_is_kept(tape: Tape) -> None:
    usage = Usage.model_validate({"prompt_tokens": 900, "completion_tokens": 120, "cost_usd": "0.00042"})
    prompts = {"reply": "reply/v1@12345678"}
    kept = line("a\r\nb\ud83d", usage=usage, latency_ms=1234.5, prompts=prompts)
    tape.keep(kept)
    again = Tape(tape.path.parent, "m")
    assert (len(again), again.prompts) == (1, prompts)
    assert again.find(KEY) == kept
    answered = kept.play()
    assert (answered.text, answered.usage, answered.latency_ms) == ("a\r\nb\ud83d", usage, 1234.5)


def test_a_fault_is_met_again(tape: Tape) -> None:
    tape.keep(Recorded(request=KEY, model="m", fault="the model did not answer within 20 s"))
    again = Tape(tape.path.parent, "m").find(KEY)
    assert again is not None
    with pytest.raises(ModelUnavailable, match="did not answer within 20 s"):
        again.play()


def test_all_that_decides_an_answer_is_in_the_key() -> None:
    form = {"name": "grade", "schema": {"type": "object"}}
    others = [
        ChatRequest(REQUEST.turns[:1], 5),
        ChatRequest((*REQUEST.turns, Turn("assistant", "x")), 5),
        ChatRequest((Turn("user", "Be kind."), *REQUEST.turns[1:]), 5),
        ChatRequest(REQUEST.turns, 5, form=form),
        ChatRequest(REQUEST.turns, 5, form={**form, "strict": True}),
    ]
    assert len({KEY, *map(key_of, others)}) == 6
    assert key_of(ChatRequest(REQUEST.turns, seconds=99)) == KEY
    assert REQUEST.sha256 != others[3].sha256


def test_half_a_line_at_the_end_is_left_out_and_cut_off(tape: Tape) -> None:
    tape.keep(line("whole"))
    with tape.path.open("ab") as stream:
        stream.write(b'{"request": "12')
    again = Tape(tape.path.parent, "m")
    assert len(again) == 1
    again.keep(line("new"))
    assert [json.loads(one)["reply"] for one in tape.path.read_text().splitlines()] == ["whole", "new"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("not json", "line 2: not a JSON object"),
        ("[" * 100_000, "line 2: not a JSON object"),
        ("[]", "line 2: line: Input should be"),
        (json.dumps({"request": "abc", "model": "m", "reply": "x"}), "line 2: request: String should match"),
        (json.dumps({"request": KEY, "model": "m"}), "line 2: line: .*exactly one of reply and fault"),
        (json.dumps({"request": KEY, "model": "m", "reply": "x", "fault": "y"}), "exactly one of"),
        (json.dumps({"request": KEY, "model": "other", "reply": "x"}), "recorded from other, not from m"),
        (json.dumps({"request": KEY, "model": "m", "reply": "x", "more": 1}), "line 2: more: Extra inputs"),
    ],
)
def test_a_broken_line_is_named(tape: Tape, text: str, reason: str) -> None:
    tape.keep(line())
    with tape.path.open("a") as stream:
        stream.write(f"{text}\n")
    with pytest.raises(InvalidInput, match=rf"m\.jsonl, {reason}|m\.jsonl, line 2: .*{reason}"):
        Tape(tape.path.parent, "m")


def test_a_tape_that_cannot_be_read_or_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "m.jsonl").mkdir()
    with pytest.raises(InvalidInput, match="Is a directory"):
        Tape(tmp_path, "m")
    (tmp_path / "file").write_text("")
    blocked = Tape(tmp_path, "n")
    blocked.path = tmp_path / "file" / "n.jsonl"
    with pytest.raises(StoreUnavailable, match="cannot be written"):
        blocked.keep(line())
    assert len(blocked) == 0


def test_threads_do_not_cut_into_each_other(tape: Tape) -> None:
    def write(number: int) -> None:
        for turn in range(20):
            key = key_of(ChatRequest((Turn("user", f"{number} {turn}"),), 1))
            tape.keep(line("x" * 5_000, request=key))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(Tape(tape.path.parent, "m")) == len(tape) == 80


@pytest.mark.parametrize(
    ("model", "name"),
    [
        ("Qwen/Qwen3-4B", "qwen-qwen3-4b"),
        ("gpt-4.1-mini", "gpt-4.1-mini"),
        ("../../etc", "etc"),
        ("模型", "model"),
    ],
)
def test_a_model_has_a_file_of_its_own(model: str, name: str) -> None:
    assert file_name(model) == name
