"""The secret behind the stand-ins is made once and kept to its owner."""

import stat
from pathlib import Path

import pytest

from assistant.errors import StoreUnavailable
from evals.personal.secret import FILE, case_key


def test_a_key_is_the_same_for_the_same_suggestion_of_a_home(tmp_path: Path) -> None:
    first = case_key(tmp_path, "a")
    assert case_key(tmp_path, "a") == first
    assert len({first, case_key(tmp_path, "b"), case_key(tmp_path / "other", "a")}) == 3


def test_the_secret_is_for_its_owner_alone(tmp_path: Path) -> None:
    case_key(tmp_path, "a")
    path = tmp_path / FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_who_comes_second_takes_the_first_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = case_key(tmp_path, "a")
    monkeypatch.setattr(Path, "exists", lambda path: False)
    assert case_key(tmp_path, "a") == first


def test_a_secret_that_cannot_be_used_is_said(tmp_path: Path) -> None:
    (tmp_path / FILE).parent.mkdir()
    (tmp_path / FILE).write_bytes(b"short")
    with pytest.raises(StoreUnavailable, match="does not hold 32 bytes"):
        case_key(tmp_path, "a")
    (tmp_path / "home").write_text("a file")
    with pytest.raises(StoreUnavailable, match="cannot be read or made"):
        case_key(tmp_path / "home", "a")
