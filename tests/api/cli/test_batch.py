"""Batch files: order, bad lines, odd bytes."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.cli import batch
from api.cli.batch import Line, answer, read_lines
from assistant.errors import InvalidInput

Replydesk = Callable[..., Any]


def _double(case: dict[str, Any]) -> dict[str, Any]:
    if case.get("n") == 13:
        raise InvalidInput("thirteen is not taken")
    return {"double": case["n"] * 2}


def _results(content: bytes) -> list[dict[str, Any]]:
    return [answer(line, _double) for line in read_lines(io.BytesIO(content))]


def test_results_come_in_order_with_their_ids() -> None:
    assert _results(b'{"id": "a", "n": 1}\n{"n": 2}\n\n{"id": 7, "n": 3}') == [
        {"id": "a", "double": 2},
        {"id": None, "double": 4},
        {"id": 7, "double": 6},
    ]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            b'{"id": "b", "n": 1',
            {"id": "b", "error": "line 1: not JSON: Expecting ',' delimiter at column 19"},
        ),
        (b'{"id": "\xff", "n": 1}', {"id": None, "error": "line 1: not UTF-8"}),
        (b"[1]", {"id": None, "error": "line 1: not a JSON object"}),
        (b"null", {"id": None, "error": "line 1: not a JSON object"}),
        (b'{"id": "c", "n": NaN}', {"id": "c", "error": "line 1: not JSON: NaN is no JSON number"}),
        (b'{"id": {"x": 1}, "n": 1}', {"id": {"x": 1}, "error": "line 1: id: must be a string or a number"}),
        (b'{"id": "d", "n": 13}', {"id": "d", "error": "line 1: thirteen is not taken"}),
        (b'{"id": "e"}', {"id": "e", "error": "line 1: unexpected fault (KeyError)"}),
        (b"[" * 100_000, {"id": None, "error": "line 1: nested too deeply"}),
        (b'{"id": 1, "n": ' + b"9" * 5_000 + b"}", None),
    ],
)
def test_a_bad_line_says_why(line: bytes, expected: dict[str, Any] | None) -> None:
    [result] = _results(line)
    if expected is None:
        assert result["error"].startswith("line 1: not JSON")
    else:
        assert result == expected


def test_a_bad_line_in_the_middle_stops_nothing() -> None:
    results = _results(b'{"id": 1, "n": 1}\nbroken\n{"id": 3, "n": 3}\n')
    assert [result["id"] for result in results] == [1, None, 3]
    assert results[1]["error"].startswith("line 2: ")


def test_byte_order_mark_and_windows_line_ends_are_read() -> None:
    assert _results(b'\xef\xbb\xbf{"id": 1, "n": 1}\r\n{"id": 2, "n": 2}\r\n') == [
        {"id": 1, "double": 2},
        {"id": 2, "double": 4},
    ]


def test_an_empty_file_gives_nothing() -> None:
    assert _results(b"") == []
    assert _results(b"\n \n") == []


def test_a_huge_line_is_refused_and_the_next_one_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "MAX_LINE", 1_000)
    long = b'{"id": "long", "n": 1, "x": "' + b"x" * 3_500 + b'"}\n'
    lines = list(read_lines(io.BytesIO(long + b'{"id": 2, "n": 2}\n')))
    results = [answer(line, _double) for line in lines]
    assert results[0]["id"] == "long"
    assert "longer than" in results[0]["error"]
    assert results[1] == {"id": 2, "double": 4}
    assert lines[-1].end == len(long) + 18


@pytest.mark.parametrize("size", [999, 1_000])
def test_a_line_of_just_the_longest_length_is_whole(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(batch, "MAX_LINE", 1_000)
    body = b'{"n": 1, "x": "' + b"x" * (size - 17) + b'"}'
    assert len(body) == size
    for end in (b"", b"\n"):
        [line] = read_lines(io.BytesIO(body + end))
        assert line.whole


@given(st.binary(max_size=200))
def test_any_bytes_give_one_result_a_line(content: bytes) -> None:
    lines = [line for line in content.split(b"\n") if line.removeprefix(b"\xef\xbb\xbf").strip()]
    results = _results(content)
    assert len(results) == len(lines)
    assert all("error" in result or "double" in result for result in results)


@given(st.recursive(st.none() | st.integers() | st.text(), st.lists, max_leaves=5))
def test_an_id_comes_back_as_it_was(identity: Any) -> None:
    line = Line(1, json.dumps({"id": identity, "n": 1}).encode(), 0, True)
    assert answer(line, _double)["id"] == identity


def test_a_batch_with_a_bad_line_exits_2(replydesk: Replydesk, tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl"
    good = {"text": "Thank you for your patience.", "marketplace": "UK"}
    path.write_text("\n".join([json.dumps({"id": 1, **good}), "{", json.dumps({"id": 3, **good, "mood": 1})]))
    ran = replydesk("guard", "check", "--jsonl", str(path))
    results = [json.loads(line) for line in ran.out.splitlines()]
    assert ran.code == 2
    assert [result["id"] for result in results] == [1, None, 3]
    assert results[0]["verdict"]
    assert results[2]["error"] == "line 3: mood: is not a known field"
    assert ran.err == "replydesk: 2 line(s) could not be taken; each has its reason in its result\n"


def test_a_batch_file_that_is_not_there(replydesk: Replydesk, tmp_path: Path) -> None:
    ran = replydesk("triage", "--jsonl", str(tmp_path / "none"))
    assert ran.code == 2
    assert "No such file" in ran.err
    assert len(ran.err.splitlines()) == 1


def test_half_a_surrogate_pair_does_not_break_the_output(replydesk: Replydesk) -> None:
    line = '{"id": "\\ud800", "text": "Where is it?", "marketplace": "UK"}\n'
    ran = replydesk("triage", "--jsonl", "-", stdin=line)
    assert ran.code == 0
    assert json.loads(ran.out)["id"] == "\ud800"
