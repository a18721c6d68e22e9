import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import InvalidInput
from evals.cases import EvalCase, family_of, fingerprint, read, split_of
from evals.targets import GroundingTarget, GuardRequest, GuardTarget

Guarded = EvalCase[GuardRequest, GuardTarget]


def line(identity: str = "a.en", **changes: Any) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": identity,
        "input": {"text": "Thank you.", "marketplace": "US"},
        "target": {"verdict": "pass"},
        "language": "en",
        "split": split_of(identity),
    }
    return row | changes


def write(folder: Path, *rows: dict[str, Any] | str, name: str = "cases.jsonl") -> Path:
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


@given(st.text("abcdefgh-0123", min_size=1, max_size=20), st.text("abc.xyz", max_size=10))
def test_the_split_follows_from_the_family_alone(family: str, variant: str) -> None:
    identity = f"{family}.{variant}"
    assert family_of(identity) == family
    assert split_of(identity) == split_of(family)


def test_about_a_quarter_is_held_back() -> None:
    held = sum(split_of(f"case-{number}") == "held" for number in range(4_000))
    assert 900 < held < 1_100


def test_cases_are_read_in_order_of_file_and_line(tmp_path: Path) -> None:
    write(tmp_path, line("c"), "", line("b"), name="2.jsonl")
    write(tmp_path, line("a"), name="1.jsonl")
    (tmp_path / "2.jsonl").write_bytes(b"\xef\xbb\xbf" + (tmp_path / "2.jsonl").read_bytes())
    assert [case.id for case in read(tmp_path, Guarded)] == ["a", "c", "b"]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("{", "cases.jsonl, line 1: "),
        ("[1]", "not a JSON object"),
        ("[" * 200_000, "nested too deeply"),
        ('"' + "x" * 2_100_000 + '"', "longer than 2097152 characters"),
        (line(extra=1), "extra: Extra inputs are not permitted"),
        (line(input={"text": "x"}), "input.marketplace: Field required"),
        (line(target={"verdict": "blocked"}), "rules: needed where the verdict is not pass"),
        (line(target={"verdict": "pass", "rules": ["AMZ-01"]}), "and only there"),
        (line(split="held" if split_of("a.en") == "tune" else "tune"), "it follows from the id a.en"),
        (line("Ä"), "id: String should match"),
        (line(tags=["Has Space"]), "tags.0"),
        (line(origin="invented"), "origin"),
    ],
)
def test_a_line_that_is_no_case_is_named(tmp_path: Path, row: dict[str, Any] | str, reason: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read(write(tmp_path, row), Guarded)
    assert reason in str(refused.value)
    assert "cases.jsonl, line 1" in str(refused.value)


def test_a_double_id_names_both_places_and_many_faults_are_counted(tmp_path: Path) -> None:
    write(tmp_path, line("a"), line("a"), *["{"] * 6)
    with pytest.raises(
        InvalidInput, match=r"line 2: the id a is already that of cases.jsonl, line 1.*and 2 more"
    ):
        read(tmp_path, Guarded)


def test_files_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"holds no \.jsonl file"):
        read(tmp_path, Guarded)
    (tmp_path / "bad.jsonl").write_bytes(b"\xff\xfe")
    with pytest.raises(InvalidInput, match=r"bad\.jsonl: not UTF-8 at byte 0"):
        read(tmp_path, Guarded)
    (tmp_path / "bad.jsonl").unlink()
    (tmp_path / "bad.jsonl").mkdir()
    with pytest.raises(InvalidInput, match=r"bad\.jsonl: Is a directory"):
        read(tmp_path, Guarded)


def test_the_fingerprint_is_of_content_not_of_order_or_notes(tmp_path: Path) -> None:
    one, other = (Guarded.model_validate(line(name)) for name in ("a", "b"))
    noted = Guarded.model_validate(line("a", note="a reason"))
    relabelled = Guarded.model_validate(line("a", tags=["soft"]))
    assert fingerprint([one, other]) == fingerprint([other, noted])
    assert fingerprint([one, other]) != fingerprint([relabelled, other])


def test_a_grounding_target_holds_a_claim() -> None:
    with pytest.raises(ValueError, match="at least one claim"):
        GroundingTarget()
