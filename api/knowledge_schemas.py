"""Bodies of the routes on knowledge."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints

from assistant.domain import Noun
from assistant.vocabulary import Instant, ShortText

MAX_CONTENT = 100_000_000
"""Characters; the size of the request is the tighter bound. A bound makes Pydantic refuse half surrogates."""


class Upload(Noun):
    """One knowledge file. ``metadata`` is what a sidecar file would say, for formats without front matter."""

    filename: Annotated[str, StringConstraints(pattern=r"^\w[\w .()-]{0,119}\.[A-Za-z0-9]{2,8}$")]
    content: Annotated[str, StringConstraints(max_length=MAX_CONTENT)]
    encoding: Literal["utf-8", "base64"] = Field(default="utf-8", description="base64 for XLSX, PDF and DOCX")
    metadata: dict[str, Any] | None = None


class PublishRequest(Noun):
    """Make all imported knowledge the release that is served."""

    note: ShortText = ""


class _FromKnowledge(Noun):
    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)


Names = Annotated[tuple[str, ...], AfterValidator(lambda names: tuple(sorted(names)))]


class DocumentView(_FromKnowledge):
    """A document of the draft state. Empty ``marketplaces`` or ``asins``: valid for all."""

    document_id: str
    title: str
    kind: str
    status: str
    languages: tuple[str, ...]
    chunks: int = Field(description="Passages it is cut into")
    origin: str
    imported_at: Instant
    actor: str
    marketplaces: Names
    asins: Names
    effective_from: date | None = None
    effective_to: date | None = None
    review_by: date | None = None


class DocumentList(Noun):
    """Documents of the draft state, ordered by id."""

    items: tuple[DocumentView, ...]


class RefusalView(_FromKnowledge):
    """A row, file or document and what is wrong with it."""

    origin: str
    reason: str


class ImportResult(_FromKnowledge):
    """What an import did, by document id. Nothing of it is searched before it is published."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: tuple[str, ...]
    refused: tuple[RefusalView, ...]
    embedded: int = Field(description="Passages that had to be encoded")
    seconds: float


class CheckResult(Noun):
    """What a knowledge manager should look at: duplicates, gaps, contradictions, things out of date."""

    ok: bool
    problems: tuple[RefusalView, ...]


class ReleaseView(_FromKnowledge):
    """A published state of the knowledge."""

    number: int
    created_at: Instant
    documents: int
    chunks: int
    active: bool
    note: str
    actor: str
    languages: dict[str, int] = Field(description="Passages by language")
    encoder: str


class ReleaseList(Noun):
    """Releases that are kept, newest first."""

    items: tuple[ReleaseView, ...]
