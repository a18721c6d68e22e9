"""The labelled data of the demo seller, read and validated."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from assistant.domain import Case
from assistant.errors import InvalidInput
from assistant.vocabulary import Intent, Language, MarketplaceCode, RiskFlag, Route, Tier

FOLDER = Path(str(files("evals"))) / "datasets"
KNOWLEDGE = Path(str(files("knowledge_base"))) / "demo"
DEMO_NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
"""The moment at which the demo messages are answered; their dates lie around it."""


Split = Literal["tune", "held"]
QUESTIONS: dict[Split, str] = {"tune": "demo_questions.jsonl", "held": "demo_questions_held.jsonl"}


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Label(_Row):
    """What a careful person says of a demo message; ``also``: other main intents that would be right too."""

    id: str
    tier: Tier
    intent: Intent
    flags: tuple[RiskFlag, ...] = ()
    language: Language
    route: Route | None = None
    also: tuple[Intent, ...] = ()
    note: str = ""


class Question(_Row):
    """A question to the knowledge base and the documents that answer it.

    ``cross``: no document in the question's language answers it. ``contains_by_document`` holds a piece of
    the answering passage of each long document. ``relevant`` empty: nothing answers it.
    """

    id: str
    query: str
    language: Language
    marketplace: MarketplaceCode
    asin: str | None = None
    relevant: tuple[str, ...] = ()
    relevant_other: tuple[str, ...] = ()
    contains_by_document: dict[str, str] = Field(default_factory=dict)
    cross: bool = False
    tags: tuple[str, ...] = ()


class DemoMessage(_Row):
    """A suggestion request with its label."""

    id: str
    case: Case
    label: Label = Field(repr=False)


def demo_messages() -> tuple[DemoMessage, ...]:
    """The buyer messages of the demo seller, each with its label.

    Raises:
        InvalidInput: a line is no valid request or has no label; names file and line.
    """
    labels = {row["id"]: row for _, row in _lines(FOLDER / "demo_messages_expected.jsonl")}
    found = []
    for place, row in _lines(FOLDER / "demo_messages.jsonl"):
        name = row.pop("id")
        if name not in labels:
            raise InvalidInput(f"{place}: {name} has no label in demo_messages_expected.jsonl")
        found.append(DemoMessage.model_validate({"id": name, "case": row, "label": labels[name]}))
    return tuple(found)


def demo_questions(split: Split) -> tuple[Question, ...]:
    """The retrieval questions on the demo seller's knowledge; nothing was ever tuned on those held back."""
    return tuple(Question.model_validate(row) for _, row in _lines(FOLDER / QUESTIONS[split]))


def _lines(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.strip():
            yield f"{path.name}, line {number}", json.loads(line)
