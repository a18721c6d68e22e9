"""Finding the passages a reply may rest on: one query, scoped to the buyer's product and marketplace."""

from collections.abc import Callable, Sequence
from datetime import datetime

from assistant.domain import Case, Passage, Triage
from assistant.triage.quotation import own_words
from knowledge_base.types import Hit, Query

Search = Callable[[Query], Sequence[Hit]]

PASSAGES = 6
"""Passages handed on: more of them cost tokens and pull weak drafters off the point."""

QUERY_CHARACTERS = 1_200
"""Longest query: an encoder reads some 500 tokens, and the matter stands at the start of a message."""


def retrieve(case: Case, triage: Triage, search: Search, *, now: datetime) -> tuple[Passage, ...]:
    """Return at most ``PASSAGES`` passages, best first; scores keep the meaning they have in the search."""
    text = query_text(case)
    if not text:
        return ()
    query = Query(
        text=text,
        language=triage.language,
        marketplace=case.message.marketplace,
        asins=case.asins,
        k=PASSAGES,
        at=now.date(),
    )
    return tuple(_passage(hit) for hit in search(query))


def query_text(case: Case) -> str:
    """The buyer's own words, without quoted earlier mail; the subject only where the text says too little."""
    body = own_words(case.message.text).strip()
    subject = (case.message.subject or "").strip()
    words = f"{subject}\n{body}".strip() if len(body) < len(subject) + 20 else body
    return words[:QUERY_CHARACTERS]


def _passage(hit: Hit) -> Passage:
    chunk = hit.chunk
    return Passage.model_validate(
        {
            "document_id": chunk.document_id,
            "chunk_id": chunk.chunk_id,
            "release": hit.release,
            "title": chunk.title,
            "language": chunk.language,
            "text": chunk.text,
            "score": hit.score,
            "question": chunk.question,
            "answer": chunk.answer,
        }
    )
