"""A large run made up for measuring and testing the report: real messages, real stages, an invented model.

The bundled cases are asked again and again, each time with other words at the end of the message, so that no
two traces are the same. Search answers from the demo knowledge without an index, and the model first writes
what the guard stops, then something better, so that traces hold prompts and repair rounds.
"""

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from assistant.domain import Usage
from assistant.drafting.chat_model import ChatReply, ChatRequest
from assistant.pipeline import Desk
from assistant.settings import Settings
from evals.cases import BUNDLED, EvalCase, fingerprint
from evals.causes import gather
from evals.data import DEMO_NOW, KNOWLEDGE
from evals.runner import AnySuite, Plan, run
from evals.runs import Run, RunFolder
from evals.suites import SUITES
from evals.workplace import Workplace
from knowledge_base.sources.folder import read_files
from knowledge_base.split import split
from knowledge_base.types import Chunk, Hit, Query

NAMES = ("end_to_end", "triage", "guard", "drafts")
"""Suites that need no index; together they have every kind of trace."""
STOPPED = "We guarantee your full refund tomorrow. Call +49 30 901820 or write to help@shop.example. ({})"
BETTER = "Thank you for telling us about it. We are looking into it today and will answer here. ({})"


def synthetic_run(folder: RunFolder, count: int, *, seed: int = 7) -> Run:
    """Write a finished run of ``count`` cases into a folder and return its record."""
    suites = [SUITES[name] for name in NAMES]
    share, rest = divmod(count, len(suites))
    work = tuple((suite, _cases(suite, share + (place < rest))) for place, suite in enumerate(suites))
    causes = gather(
        model="invented",
        knowledge="synthetic",
        data={suite.name: fingerprint(cases) for suite, cases in work},
        seed=seed,
        at=DEMO_NOW,
        selection={},
    )
    with _Offhand(folder.path) as workplace:
        return run(Plan(work, causes), folder, workplace)


def _cases(suite: AnySuite, count: int) -> tuple[EvalCase[Any, Any], ...]:
    """The bundled cases, as often as needed; copies are variants of the same family."""
    known = suite.cases(BUNDLED)
    spread = random.Random(suite.name).sample(known, len(known))  # noqa: S311 - only mixes the languages
    return tuple(_variant(spread[place % len(spread)], place // len(spread)) for place in range(count))


def _variant(case: EvalCase[Any, Any], number: int) -> EvalCase[Any, Any]:
    if not number:
        return case
    given = case.input
    more = f" ({number})"
    if "message" in type(given).model_fields:
        message = given.message.model_copy(update={"text": given.message.text + more})
        given = given.model_copy(update={"message": message})
    else:
        given = given.model_copy(update={"text": given.text + more})
    return case.model_copy(update={"id": f"{case.id}.v{number}", "input": given})


@dataclass(frozen=True, slots=True)
class _Invented:
    """Writes what must be stopped when first asked, something better when told."""

    name: str = "invented"
    calls: int = 0

    def complete(self, request: ChatRequest) -> ChatReply:
        first = len(request.turns) == 2
        words = (STOPPED if first else BETTER).format(request.sha256[:8])
        reply = {"reply": words, "citations": [{"passage": 1, "quote": ""}], "outcome": "answerable"}
        return ChatReply(json.dumps(reply), Usage(prompt_tokens=1_900, completion_tokens=60))

    def refusal(self) -> str | None:
        return None


class _Offhand(Workplace):
    """A workplace without an index: the search picks passages of the language at random, always the same."""

    def __init__(self, home: Path) -> None:
        super().__init__(Settings(home=home), model=_Invented())

    @property
    def desk(self) -> Desk:
        return Desk(search=_search, model=self.model, now=lambda: DEMO_NOW)


def _search(query: Query) -> Sequence[Hit]:
    passages = [one for one in _passages() if one.language == query.language]
    chance = random.Random(query.text)  # noqa: S311 - nothing depends on it
    chosen = chance.sample(passages, min(query.k, len(passages)))
    return [Hit(chunk, round(0.9 - 0.1 * place, 2), "synthetic") for place, chunk in enumerate(chosen)]


@cache
def _passages() -> tuple[Chunk, ...]:
    files = read_files([KNOWLEDGE])
    return tuple(chunk for file in files for parts in file.documents.values() for chunk in split(parts))
