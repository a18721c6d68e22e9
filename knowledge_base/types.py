"""Nouns of the knowledge base, frozen; texts are untrusted data, never instructions."""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

DocumentKind = Literal["faq", "product", "policy", "template"]
DocumentStatus = Literal["active", "superseded", "draft"]
ChunkKind = Literal["qa", "prose", "table"]


@dataclass(frozen=True, slots=True)
class Document:
    """One document in one language as read from a file. ``entries`` holds Q/A pairs, ``body`` Markdown.

    ``marketplaces`` and ``asins`` empty mean: valid for all. ``origin`` is file and line, for people.
    """

    document_id: str
    title: str
    language: str
    kind: DocumentKind
    body: str = ""
    entries: tuple[tuple[str, str], ...] = ()
    marketplaces: frozenset[str] = frozenset()
    asins: frozenset[str] = frozenset()
    status: DocumentStatus = "active"
    effective_from: date | None = None
    effective_to: date | None = None
    review_by: date | None = None
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row or file that was not taken: where, why, and what would be right."""

    origin: str
    reason: str


@dataclass(frozen=True, slots=True)
class Chunk:
    """A passage to search and to cite. ``chunk_id`` hashes document, place and text: equal text, equal id.

    For ``qa`` the text is question and answer together; ``question`` and ``answer`` keep them apart.
    ``heading`` is the path of headings above it.
    """

    chunk_id: str
    document_id: str
    title: str
    language: str
    kind: ChunkKind
    text: str
    heading: str = ""
    question: str | None = None
    answer: str | None = None
    marketplaces: frozenset[str] = frozenset()
    asins: frozenset[str] = frozenset()
    status: DocumentStatus = "active"
    effective_from: date | None = None
    effective_to: date | None = None
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Query:
    """What to look for. Empty scopes do not narrow. ``at`` is the day on which answers must hold."""

    text: str
    language: str | None = None
    marketplace: str | None = None
    asins: tuple[str, ...] = ()
    k: int = 5
    at: date | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A chunk found. ``score`` 0..1: how likely the passage answers the query."""

    chunk: Chunk
    score: float
    release: str


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, by document id; ``embedded`` counts chunks that had to be encoded."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    refused: tuple[Refusal, ...] = ()
    embedded: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class ReleaseInfo:
    """A published state of the knowledge; ``number`` counts up from 1."""

    number: int
    created_at: str
    documents: int
    chunks: int
    active: bool
    note: str = ""
    languages: dict[str, int] = field(default_factory=dict)
    encoder: str = ""
    dimension: int = 0
    collection: str = ""
    actor: str = ""

    @property
    def name(self) -> str:
        """How citations name it: ``r3``."""
        return f"r{self.number}"


@dataclass(frozen=True, slots=True)
class DocumentInfo:
    """A document of the draft state as listings show it; tables and JSONL may hold several languages."""

    document_id: str
    title: str
    kind: DocumentKind
    status: DocumentStatus
    languages: tuple[str, ...]
    chunks: int
    origin: str
    imported_at: str
    actor: str = ""
    marketplaces: frozenset[str] = frozenset()
    asins: frozenset[str] = frozenset()
    effective_from: date | None = None
    effective_to: date | None = None
    review_by: date | None = None
