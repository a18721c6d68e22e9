"""What an adapter to a public set is, and what it gives: our figures, published ones, what was left out."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from assistant.domain import Noun
from assistant.errors import InvalidInput
from assistant.settings import Settings
from assistant.vocabulary import Language
from evals.metrics import Estimate
from evals.planning import SEED

Progress = Callable[[str, int, int], None]
"""Called with the part under way, items done and items in all."""


class Options(Noun):
    """What of a set is measured. ``limit``: most items of each part, an even choice by ``seed``."""

    limit: Annotated[int, Field(ge=1)] | None = None
    seed: Annotated[int, Field(ge=0, lt=2**32)] = SEED
    languages: tuple[Language, ...] = ()


@dataclass(frozen=True, slots=True)
class Task:
    """A folder to measure on, with the settings of the product and somebody to tell how far it is."""

    folder: Path
    options: Options
    settings: Settings
    progress: Progress | None = None

    def tell(self, part: str, done: int, total: int) -> None:
        """Report how far it is."""
        if self.progress:
            self.progress(part, done, total)


class Figure(Noun):
    """One of our figures for a part of the set, with its 95 % interval and the number of items behind it."""

    part: str
    name: str
    estimate: Estimate


class Published(Noun):
    """A figure of somebody else for a part of the set; ``note`` says what is different about it."""

    part: str
    name: str
    system: str
    value: float
    source: str
    note: str = ""


class Measured(Noun):
    """What an adapter found. ``left_out``: how many items do not count, by reason."""

    figures: tuple[Figure, ...]
    left_out: dict[str, int] = Field(default_factory=dict)


class ExternalReport(Measured):
    """The figures of a set beside those that were published, with what has to be known to read them."""

    name: str
    question: str
    notes: tuple[str, ...]
    published: tuple[Published, ...]


@dataclass(frozen=True, slots=True)
class External:
    """A public set. ``notes``: what weakens the figures or the comparison; ``files``: what a folder holds."""

    name: str
    question: str
    files: str
    notes: tuple[str, ...]
    measure: Callable[[Task], Measured]


def measured(one: External, task: Task) -> ExternalReport:
    """Measure on a folder.

    Raises:
        InvalidInput: the folder does not hold the files of the set, or one of them cannot be read.
    """
    if not task.folder.is_dir():
        raise InvalidInput(f"{task.folder} is no folder; {one.name} needs one with {one.files}")
    found = one.measure(task)
    if not found.figures:
        raise InvalidInput(f"{task.folder} holds nothing of {one.name}; it needs {one.files}")
    parts = {figure.part for figure in found.figures}
    return ExternalReport(
        name=one.name,
        question=one.question,
        notes=one.notes,
        figures=found.figures,
        left_out=found.left_out,
        published=tuple(row for row in published(one.name) if row.part in parts),
    )


def published(name: str) -> tuple[Published, ...]:
    """The published figures for a set."""
    return tuple(Published.model_validate(row) for row in table("published")[name]["figure"])


@cache
def table(name: str) -> Mapping[str, Any]:
    """One of the tables beside the adapters."""
    return tomllib.loads(Path(__file__).with_name(f"{name}.toml").read_text(encoding="utf-8"))
