"""Corrected labels go into the files of cases, and nothing else changes there."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import InvalidInput, StoreUnavailable
from evals.cases import split_of
from evals.corrections import Correction, apply, read_corrections, replaced
from evals.runner import AnySuite
from evals.scores import content_of
from evals.suite import Suite

LINES = (
    '{"id":"a", "input": {"text": "日本 \\u00e9"},"target":   {"text" :"A"} , "language": "en"%s}\r',
    "",
    '  {"note": "old", "id": "b", "language": "de", "input": {"text": "b"}, "target": {"text": "B"}%s}',
    '{"id": "c", "input": {"text": "{\\"target\\": 1}"}, "target": {"text": "C"}, "language": "en"%s}',
)


@pytest.fixture
def suites(shout: Suite[Any, Any, Any]) -> dict[str, AnySuite]:
    return {"shout": shout}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Cases written by hand: mixed spacing, an empty line, CRLF, a byte order mark."""
    folder = tmp_path / "data" / "shout"
    folder.mkdir(parents=True)
    text = "\n".join(line % split(name) if line else line for name, line in zip("a-bc", LINES, strict=True))
    (folder / "cases.jsonl").write_bytes(b"\xef\xbb\xbf" + text.encode())
    (folder / "other.jsonl").write_bytes(f"{LINES[3] % split('d')}\n".replace('"c"', '"d"').encode())
    return tmp_path / "data"


@pytest.fixture
def correct(data: Path, suites: dict[str, AnySuite]) -> Callable[..., Correction]:
    """A correction of a case as it stands now."""
    known = {case.id: case for case in suites["shout"].cases(data)}

    def make(identity: str, target: dict[str, Any], **more: Any) -> Correction:
        fields = {
            "suite": "shout",
            "id": identity,
            "target": target,
            "data": content_of(known[identity].said),
        }
        return Correction.model_validate(fields | more)

    return make


def split(identity: str) -> str:
    return f', "split": "{split_of(identity)}"'


def text_of(data: Path, name: str = "cases.jsonl") -> str:
    return (data / "shout" / name).read_bytes().decode()


def test_only_the_target_changes(
    data: Path, correct: Callable[..., Correction], suites: dict[str, AnySuite]
) -> None:
    before, other = text_of(data), text_of(data, "other.jsonl")
    (changed,) = apply([correct("a", {"text": "新"})], data, suites)
    assert text_of(data) == before.replace('{"text" :"A"}', '{"text": "新"}')
    assert text_of(data, "other.jsonl") == other
    assert (changed.suite, changed.id, changed.file, changed.line) == ("shout", "a", "cases.jsonl", 1)
    assert (changed.before, changed.after) == ({"text": "A"}, {"text": "新"})
    assert sorted(one.name for one in (data / "shout").iterdir()) == ["cases.jsonl", "other.jsonl"]


def test_a_note_replaces_the_note_or_is_added(
    data: Path, correct: Callable[..., Correction], suites: dict[str, AnySuite]
) -> None:
    before = text_of(data)
    changed = apply(
        [correct("c", {"text": "C2"}, note="n"), correct("b", {"text": "B"}, note="new")], data, suites
    )
    assert [(one.id, one.line) for one in changed] == [("c", 4), ("b", 3)]
    expected = before.replace('"note": "old"', '"note": "new"').replace('{"text": "C"}', '{"text": "C2"}')
    assert text_of(data) == expected[:-1] + ', "note": "n"}'


def test_several_files_at_once(
    data: Path, correct: Callable[..., Correction], suites: dict[str, AnySuite]
) -> None:
    changed = apply([correct("a", {"text": "x"}), correct("d", {"text": "y"})], data, suites)
    assert [(one.file, one.line) for one in changed] == [("cases.jsonl", 1), ("other.jsonl", 1)]
    assert [case.target.text for case in suites["shout"].cases(data)] == ["x", "B", "C", "y"]


def test_applied_twice_changes_nothing_more(
    data: Path, correct: Callable[..., Correction], suites: dict[str, AnySuite]
) -> None:
    corrections = [correct("a", {"text": "x"}, note="because")]
    apply(corrections, data, suites)
    after = text_of(data)
    assert apply(corrections, data, suites) == ()
    assert text_of(data) == after


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"suite": "whisper"}, "whisper/a: no suite whisper; there are shout"),
        ({"id": "z"}, "shout/z: there is no such case"),
        ({"data": "0" * 64}, "shout/a: the case has changed since it was judged"),
        ({"target": {"text": 3}}, "shout/a: target.text"),
        ({"target": {"words": "x"}}, "shout/a: target"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_written(
    data: Path,
    correct: Callable[..., Correction],
    suites: dict[str, AnySuite],
    more: dict[str, Any],
    reason: str,
) -> None:
    before = text_of(data)
    wrong = correct("a", {"text": "x"}).model_copy(update=more)
    with pytest.raises(InvalidInput, match=reason):
        apply([correct("b", {"text": "y"}), wrong], data, suites)
    assert text_of(data) == before


def test_many_refusals_are_summed_up(
    data: Path, correct: Callable[..., Correction], suites: dict[str, AnySuite]
) -> None:
    wrong = [correct("a", {"text": "x"}).model_copy(update={"id": f"z{n}"}) for n in range(7)]
    with pytest.raises(InvalidInput, match=r"z4.*\(and 2 more\)"):
        apply(wrong, data, suites)


def test_two_wishes_for_one_line_are_refused(
    data: Path, correct: Callable[..., Correction], suites: dict[str, AnySuite]
) -> None:
    both = {**suites, "echo": replace(suites["shout"], name="echo", folder="shout")}
    same = [correct("a", {"text": "x"}), correct("a", {"text": "x"}, suite="echo")]
    other = [correct("a", {"text": "x"}), correct("a", {"text": "y"}, suite="echo")]
    with pytest.raises(InvalidInput, match="echo/a: another correction wants something else"):
        apply(other, data, both)
    assert len(apply(same, data, both)) == 2


def test_a_line_that_is_broken_by_now_is_left_alone(
    data: Path, correct: Callable[..., Correction], suites: dict[str, AnySuite]
) -> None:
    correction = correct("a", {"text": "x"})
    path = data / "shout" / "cases.jsonl"
    path.write_bytes(path.read_bytes() + b"\n{broken\n[1]\n" + b"[" * 100_000)
    assert [one.id for one in apply([correction], data, suites)] == ["a"]
    assert "{broken\n[1]\n[[[" in text_of(data)


def test_files_that_cannot_be_read_or_written_are_named(
    data: Path, correct: Callable[..., Correction], suites: dict[str, AnySuite]
) -> None:
    correction = correct("a", {"text": "x"})
    beside = data / "shout" / "cases.jsonl.new"
    beside.mkdir()
    with pytest.raises(StoreUnavailable, match="cannot be written"):
        apply([correction], data, suites)
    beside.rmdir()
    (data / "shout" / "bad.jsonl").write_bytes(b"\xff")
    with pytest.raises(InvalidInput, match=r"bad\.jsonl: not UTF-8"):
        apply([correction], data, suites)


def test_a_file_of_corrections(tmp_path: Path, correct: Callable[..., Correction]) -> None:
    corrections = (correct("a", {"text": "x"}, note="ü"), correct("b", {"text": "y"}))
    path = tmp_path / "corrections.jsonl"
    path.write_text(
        "\ufeff\n" + "\n\n".join(one.model_dump_json() for one in corrections) + "\n", encoding="utf-8"
    )
    assert read_corrections(path) == corrections


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\xff", "not UTF-8"),
        (b'{"suite": "s"}', "line 1: id"),
        (b"nothing", "line 1"),
        (b'\n{"suite":"s","id":"a","target":{},"data":"x"}', "line 2: data"),
        (b'{"suite":"s","id":"a","target":[],"data":"%s"}' % (b"0" * 64), "line 1: target"),
        (
            b'{"suite":"s","id":"a","target":{},"data":"%s"}\n' % (b"0" * 64) * 2,
            "line 2: s/a is corrected twice",
        ),
    ],
)
def test_a_file_that_is_none_is_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "corrections.jsonl"
    path.write_bytes(content)
    with pytest.raises(InvalidInput, match=reason):
        read_corrections(path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="No such file"):
        read_corrections(tmp_path / "none.jsonl")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@given(
    st.dictionaries(st.text(), JSON, min_size=1, max_size=5),
    st.dictionaries(st.sampled_from(["target", "note"]), JSON, min_size=1),
    st.sampled_from([None, 1]),
    st.booleans(),
)
def test_only_what_is_wanted_differs(
    line: dict[str, Any], values: dict[str, Any], indent: int | None, ascii_only: bool
) -> None:
    text = json.dumps(line, indent=indent, ensure_ascii=ascii_only)
    found = json.loads(replaced(text, values))
    assert found == line | values
    assert list(found) == list(line | values)
