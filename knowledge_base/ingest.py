"""Files into the draft state: read, compare, encode what is new, then one transaction."""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from knowledge_base import faults, tables
from knowledge_base.codec import content_hash, dump_documents, load_documents
from knowledge_base.encoding import Progress, VectorCache
from knowledge_base.facets import facets
from knowledge_base.sources.folder import SourceFile, read_files
from knowledge_base.split import split
from knowledge_base.types import Chunk, Document, DocumentInfo, ImportReport, Refusal

_table = tables.documents
_columns = _table.c


@dataclass(slots=True)
class _Plan:
    """What an import is going to do; ``sources`` is the file of every document that was read."""

    changes: dict[str, tuple[Document, ...]] = field(default_factory=dict)
    sources: dict[str, Path] = field(default_factory=dict)
    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)


def import_files(
    engine: sa.Engine,
    cache: VectorCache,
    paths: Iterable[Path],
    *,
    actor: str = "",
    progress: Progress | None = None,
) -> ImportReport:
    """Bring files and folders into the draft state; nothing of it is searched before it is published.

    Vectors are kept batch by batch, documents in one transaction at the end: a killed import leaves the
    draft as it was and, run again, goes on encoding where it stopped.

    Raises:
        KnowledgeUnavailable: database or encoder fail.
    """
    started = time.monotonic()
    roots = [Path(path) for path in paths]
    plan = _plan(engine, roots, list(read_files(roots)))
    chunks = {name: split(parts) for name, parts in plan.changes.items()}
    embedded = _encode(cache, [chunk for group in chunks.values() for chunk in group], progress)
    _apply(engine, plan, {name: len(group) for name, group in chunks.items()}, actor)
    return ImportReport(
        added=tuple(plan.added),
        changed=tuple(plan.changed),
        removed=tuple(plan.removed),
        unchanged=tuple(plan.unchanged),
        refused=tuple(plan.refused),
        embedded=embedded,
        seconds=round(time.monotonic() - started, 3),
    )


def _plan(engine: sa.Engine, roots: Sequence[Path], files: Sequence[SourceFile]) -> _Plan:
    plan = _Plan()
    with faults.database("read the documents"), engine.connect() as connection:
        query = sa.select(_columns.document_id, _columns.content_hash, _columns.source)
        known = {name: (digest, Path(source)) for name, digest, source in connection.execute(query)}
    for file in files:
        plan.refused.extend(file.refusals)
        for name, parts in file.documents.items():
            plan.sources[name] = file.path
            if known.get(name) == (content_hash(parts), file.path):
                plan.unchanged.append(name)
            else:
                plan.changes[name] = parts
                same = name in known and known[name][0] == content_hash(parts)  # only the file has moved
                (plan.unchanged if same else plan.changed if name in known else plan.added).append(name)
    doubtful = {file.path for file in files if file.refusals}
    plan.removed = [
        name for name, (_, source) in known.items() if _is_gone(name, source, plan, roots, doubtful)
    ]
    return plan


def _is_gone(name: str, source: Path, plan: _Plan, roots: Sequence[Path], doubtful: set[Path]) -> bool:
    """Whether a document came from what was imported now and is no longer there.

    A file with refusals proves nothing: the document may be behind the bad row.
    """
    inside = any(source.is_relative_to(root.resolve()) for root in roots if root.exists())
    return inside and name not in plan.sources and source not in doubtful


def _encode(cache: VectorCache, chunks: Sequence[Chunk], progress: Progress | None) -> int:
    """Encode all facets that are new; returns the number of chunks that had any."""
    of_chunk = [facets(chunk) for chunk in chunks]
    texts = [text for one in of_chunk for text in one]
    new = set(cache.missing(texts))
    cache.encode(texts, progress)
    return sum(not new.isdisjoint(one) for one in of_chunk)


def _apply(engine: sa.Engine, plan: _Plan, sizes: Mapping[str, int], actor: str) -> None:
    now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    rows = [
        {
            "document_id": name,
            "content_hash": content_hash(parts),
            "content": dump_documents(parts),
            "chunks": sizes[name],
            "source": str(plan.sources[name]),
            "imported_at": now,
            "actor": actor,
        }
        for name, parts in plan.changes.items()
    ]
    gone = [*plan.changes, *plan.removed]
    with faults.writing(engine, "keep the documents") as connection:
        for name in gone:
            connection.execute(sa.delete(_table).where(_columns.document_id == name))
        if rows:
            connection.execute(sa.insert(_table), rows)


def drafts(engine: sa.Engine) -> list[tuple[Document, ...]]:
    """All documents of the draft state, ordered by id."""
    with faults.database("read the documents"), engine.connect() as connection:
        query = sa.select(_columns.content).order_by(_columns.document_id)
        return [load_documents(content) for content in connection.scalars(query)]


def listing(engine: sa.Engine) -> list[DocumentInfo]:
    """All documents of the draft state without their text, ordered by id."""
    with faults.database("list the documents"), engine.connect() as connection:
        rows = connection.execute(sa.select(_table).order_by(_columns.document_id)).all()
    return [_info(row) for row in rows]


def _info(row: sa.Row[tuple[object, ...]]) -> DocumentInfo:
    parts = load_documents(row.content)
    first = parts[0]
    return DocumentInfo(
        document_id=first.document_id,
        title=first.title,
        kind=first.kind,
        status=first.status,
        languages=tuple(dict.fromkeys(part.language for part in parts)),
        chunks=row.chunks,
        origin=first.origin,
        imported_at=row.imported_at,
        actor=row.actor,
        marketplaces=frozenset().union(*(part.marketplaces for part in parts)),
        asins=frozenset().union(*(part.asins for part in parts)),
        effective_from=first.effective_from,
        effective_to=first.effective_to,
        review_by=first.review_by,
    )
