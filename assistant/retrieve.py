"""Finding the passages a reply may rest on, scoped to the buyer's product and marketplace.

Two kinds of question are asked: the buyer's own words, and for each matter of procedure its plain standing
question in the buyer's language, so that the entry on the matter is found whatever else the message tells.
"""

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from importlib.resources import files

from assistant.domain import Case, Passage, Triage
from assistant.triage.quotation import own_words
from knowledge_base.types import Hit, Query

Search = Callable[[Query], Sequence[Hit]]

PASSAGES = 6
"""Passages handed on: more of them cost tokens and pull weak drafters off the point."""

STANDING = 2
"""Passages that a standing question may add: it asks for one entry and its neighbour, not for a survey."""

QUERY_CHARACTERS = 600
"""Longest query from a message: the matter stands at its start, and time to encode grows with length."""


def retrieve(case: Case, triage: Triage, search: Search, *, now: datetime) -> tuple[Passage, ...]:
    """Return at most ``PASSAGES`` passages, best first; scores keep the meaning they have in the search."""
    found: dict[tuple[str, str], Hit] = {}
    for text, k in _questions(case, triage):
        query = Query(
            text=text,
            language=triage.language,
            marketplace=case.message.marketplace,
            asins=case.asins,
            k=k,
            at=now.date(),
        )
        for hit in search(query):
            key = hit.chunk.document_id, hit.chunk.chunk_id
            if key not in found or hit.score > found[key].score:
                found[key] = hit
    best = sorted(found.values(), key=lambda hit: -hit.score)[:PASSAGES]
    return tuple(_passage(hit) for hit in best)


def query_text(case: Case) -> str:
    """The buyer's own words, without quoted earlier mail; the subject only where the text says too little."""
    body = own_words(case.message.text).strip()
    subject = (case.message.subject or "").strip()
    words = f"{subject}\n{body}".strip() if len(body) < len(subject) + 20 else body
    return words[:QUERY_CHARACTERS]


def _questions(case: Case, triage: Triage) -> Iterator[tuple[str, int]]:
    own = query_text(case)
    if own:
        yield own, PASSAGES
    standing = _standing_questions().get(triage.language, {})
    for intent in triage.intents:
        if intent.name.value in standing:
            yield standing[intent.name.value], STANDING


@cache
def _standing_questions() -> Mapping[str, Mapping[str, str]]:
    table = files("assistant.triage") / "tables" / "questions.toml"
    return tomllib.loads(table.read_text(encoding="utf-8"))


def _passage(hit: Hit) -> Passage:
    chunk = hit.chunk
    return Passage.model_validate(
        {
            "document_id": chunk.document_id,
            "chunk_id": chunk.chunk_id,
            "release": hit.release,
            "title": chunk.title,
            "language": chunk.language,
            "asins": sorted(chunk.asins),
            "text": chunk.text,
            "score": hit.score,
            "question": chunk.question,
            "answer": chunk.answer,
        }
    )
