"""Adding cases fails in one clear line, and nothing is half written."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from assistant.errors import StoreUnavailable
from assistant.triage.classify import TriageRequest
from evals import additions
from evals.additions import LOCK, Place, add_case
from evals.cases import EvalCase
from evals.suites import SUITES
from evals.targets import TriageTarget


@pytest.fixture
def case(make_labelled: Callable[..., EvalCase[Any, Any]]) -> EvalCase[Any, Any]:
    return make_labelled(
        EvalCase[TriageRequest, TriageTarget],
        {"text": "Wo bleibt es?"},
        {"tier": 1, "intents": ["tracking"]},
        origin="anonymised",
    )


def test_a_case_without_words_is_near_to_nothing(
    tmp_path: Path, make_labelled: Callable[..., EvalCase[Any, Any]], case: EvalCase[Any, Any]
) -> None:
    place = Place(tmp_path, (), tmp_path)
    assert place.all == (tmp_path,)
    add_case(case, "triage", place, SUITES)
    empty = {"input": TriageRequest(text=""), "id": "b", "split": "tune"}
    assert add_case(case.model_copy(update=empty), "triage", place, SUITES).exists()


def test_one_process_at_a_time(
    tmp_path: Path, case: EvalCase[Any, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(additions, "WAIT_SECONDS", 0.05)
    (tmp_path / LOCK).parent.mkdir()
    with FileLock(tmp_path / LOCK), pytest.raises(StoreUnavailable, match="another process has been adding"):
        add_case(case, "triage", Place(tmp_path / "data", (), tmp_path), SUITES)


def test_a_folder_that_cannot_be_written(tmp_path: Path, case: EvalCase[Any, Any]) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(StoreUnavailable, match=r"added\.jsonl cannot be written: Not a directory"):
        add_case(case, "triage", Place(tmp_path / "data", (), tmp_path), SUITES)
