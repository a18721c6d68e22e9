"""Releases in the database: at most one is active, switching is one transaction."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from knowledge_base import analysis, faults, tables
from knowledge_base.codec import dump_chunk, load_chunk
from knowledge_base.errors import KnowledgeNotFound, KnowledgeUnavailable
from knowledge_base.types import Chunk, ReleaseInfo

KEEP = 5
"""Releases that stay for a rollback."""

_table = tables.releases
_columns = _table.c


@dataclass(frozen=True, slots=True)
class StoredChunk:
    """A chunk of a release with its lexical terms and the number of its vectors."""

    chunk: Chunk
    terms: tuple[str, ...]
    vectors: int


def listing(engine: sa.Engine) -> list[ReleaseInfo]:
    """All releases that are kept, newest first."""
    with faults.database("list releases"), engine.connect() as connection:
        rows = connection.execute(sa.select(_table).order_by(_columns.number.desc())).all()
    return [_info(row) for row in rows]


def active(engine: sa.Engine) -> ReleaseInfo | None:
    """The release that is served, if any."""
    with faults.database("read the active release"), engine.connect() as connection:
        # Two processes switching at the same instant may leave two active ones: the newest is served.
        query = sa.select(_table).where(_columns.active).order_by(_columns.number.desc()).limit(1)
        row = connection.execute(query).one_or_none()
    return _info(row) if row else None


def named(engine: sa.Engine, number: int) -> ReleaseInfo:
    """The release of this number.

    Raises:
        KnowledgeNotFound: no such release is kept.
    """
    kept = listing(engine)
    for info in kept:
        if info.number == number:
            return info
    raise _not_kept(number, [info.number for info in kept])


def _not_kept(number: int, kept: Sequence[int]) -> KnowledgeNotFound:
    names = ", ".join(f"r{one}" for one in sorted(kept)) or "none"
    return KnowledgeNotFound(f"no release r{number}; kept are: {names}")


def _info(row: sa.Row[tuple[object, ...]]) -> ReleaseInfo:
    fields = {name: value for name, value in row._mapping.items() if name != "analysis"}
    return ReleaseInfo(**{**fields, "languages": json.loads(row.languages)})


def next_number(engine: sa.Engine) -> int:
    """One more than the highest number that is kept; the newest release is never deleted."""
    with faults.database("number a release"), engine.connect() as connection:
        return int(connection.scalar(sa.select(sa.func.max(_columns.number))) or 0) + 1


def insert_active(engine: sa.Engine, info: ReleaseInfo, chunks: Sequence[StoredChunk]) -> None:
    """Write a release with its chunks and make it the active one, all or nothing.

    Raises:
        KnowledgeUnavailable: the database fails, or another process published the same number.
    """
    row = {name: getattr(info, name) for name in _columns.keys() if name not in {"languages", "analysis"}}  # noqa: SIM118
    row |= {"languages": json.dumps(info.languages), "analysis": analysis.VERSION, "active": True}
    rows = [
        {
            "release": info.number,
            "position": position,
            "chunk_id": stored.chunk.chunk_id,
            "content": dump_chunk(stored.chunk),
            "terms": " ".join(stored.terms),
            "vectors": stored.vectors,
        }
        for position, stored in enumerate(chunks)
    ]
    with faults.writing(engine, f"publish release r{info.number}") as connection:
        connection.execute(sa.update(_table).values(active=False))
        connection.execute(sa.insert(_table).values(row))
        if rows:
            connection.execute(sa.insert(tables.release_chunks), rows)


def activate(engine: sa.Engine, number: int) -> ReleaseInfo:
    """Make another release the active one.

    Raises:
        KnowledgeNotFound: no such release is kept.
    """
    with faults.writing(engine, f"switch to release r{number}") as connection:
        row = connection.execute(sa.select(_table).where(_columns.number == number)).one_or_none()
        if row is None:
            raise _not_kept(number, connection.scalars(sa.select(_columns.number)).all())
        connection.execute(sa.update(_table).values(active=_columns.number == number))
    return _info(row)


def drop_old(engine: sa.Engine) -> None:
    """Forget releases beyond the newest :data:`KEEP`; the active one always stays."""
    with faults.writing(engine, "drop old releases") as connection:
        numbers = connection.scalars(sa.select(_columns.number).order_by(_columns.number.desc())).all()
        old = numbers[KEEP:]
        gone = sa.select(_columns.number).where(_columns.number.in_(old), sa.not_(_columns.active))
        stale = connection.scalars(gone).all()
        connection.execute(sa.delete(tables.release_chunks).where(tables.release_chunks.c.release.in_(stale)))
        connection.execute(sa.delete(_table).where(_columns.number.in_(stale)))


def load_chunks(engine: sa.Engine, number: int) -> list[StoredChunk]:
    """The chunks of a release in their order; terms are made anew if the analysis has changed since.

    Raises:
        KnowledgeUnavailable: the database fails or the rows cannot be read.
    """
    column = tables.release_chunks.c
    with faults.database(f"read release r{number}"), engine.connect() as connection:
        version = connection.scalar(sa.select(_columns.analysis).where(_columns.number == number))
        query = sa.select(column.content, column.terms, column.vectors).where(column.release == number)
        rows = connection.execute(query.order_by(column.position)).all()
    try:
        return [
            stored_chunk(load_chunk(content), count)
            if version != analysis.VERSION
            else StoredChunk(load_chunk(content), tuple(known.split()), count)
            for content, known, count in rows
        ]
    except ValueError as error:
        raise KnowledgeUnavailable(f"release r{number} cannot be read; run `replydesk kb publish`") from error


def stored_chunk(chunk: Chunk, vectors: int) -> StoredChunk:
    """A chunk with its lexical terms: title and headings count as part of it."""
    text = "\n".join((chunk.title, chunk.heading, chunk.text))
    return StoredChunk(chunk, tuple(analysis.terms(text, chunk.language)), vectors)


def language_counts(chunks: Sequence[StoredChunk]) -> dict[str, int]:
    """Number of chunks per language."""
    return dict(sorted(Counter(stored.chunk.language for stored in chunks).items()))
