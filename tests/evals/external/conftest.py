"""Tiny invented files in the formats of the public sets; none of their sentences."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant.settings import Settings
from evals.external.adapter import Options, Task


@pytest.fixture
def make_task(tmp_path: Path) -> Callable[..., Task]:
    """A task on ``tmp_path / "set"``; ``told`` collects what it reports."""
    (tmp_path / "set").mkdir()

    def make(told: list[tuple[str, int, int]] | None = None, **asked: Any) -> Task:
        def tell(part: str, done: int, total: int) -> None:
            if told is not None:
                told.append((part, done, total))

        settings = Settings(home=tmp_path / "home")
        return Task(
            tmp_path / "set", Options.model_validate(asked), settings, tell if told is not None else None
        )

    return make


@pytest.fixture
def write_csv(tmp_path: Path) -> Callable[..., Path]:
    def write(name: str, header: tuple[str, ...], *rows: tuple[str, ...]) -> Path:
        path = tmp_path / "set" / name
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows((header, *rows))
        return path

    return write


@pytest.fixture
def write_json(tmp_path: Path) -> Callable[[str, Any], Path]:
    def write(name: str, content: Any) -> Path:
        path = tmp_path / "set" / name
        path.write_text(json.dumps(content), "utf-8")
        return path

    return write


@pytest.fixture
def figures() -> Callable[[Any], dict[tuple[str, str], tuple[float | None, int]]]:
    """Value and number of items by part and name."""

    def read(found: Any) -> dict[tuple[str, str], tuple[float | None, int]]:
        return {(one.part, one.name): (one.estimate.value, one.estimate.n) for one in found.figures}

    return read
