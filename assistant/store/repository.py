"""Suggestions in the database. Every function works inside the caller's transaction."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Row, and_, func, insert, or_, select, update
from ulid import ULID

from assistant.domain import Message, Proposal
from assistant.errors import Conflict, NotFound
from assistant.store.records import (
    OPEN,
    Page,
    Position,
    QueueFilter,
    Record,
    StoredDraft,
    supersedes,
    thread_key,
)
from assistant.store.tables import suggestion_drafts, suggestions
from assistant.vocabulary import Status

_BATCH = 500


def new_id(at: datetime) -> str:
    """A ULID: unique, and ids sort by time."""
    return str(ULID.from_datetime(at))


def add(connection: Connection, record: Record) -> None:
    """Store a new suggestion."""
    connection.execute(insert(suggestions).values(**_columns(record), id=record.suggestion.id, version=1))


def load(connection: Connection, identity: str) -> Record:
    """Return one suggestion.

    Raises:
        NotFound: no such suggestion.
    """
    row = None
    if identity.isascii() and identity.isalnum():  # what no id can be is not sent to the database
        row = connection.execute(select(suggestions).where(suggestions.c.id == identity)).one_or_none()
    if row is None:
        raise NotFound(f"there is no suggestion {identity[:40]!r}")
    return _record(row)


def save(connection: Connection, record: Record) -> Record:
    """Store a change of the version that was loaded; return it with its new version.

    Raises:
        Conflict: somebody else changed the suggestion in the meantime.
    """
    table, identity = suggestions.c, record.suggestion.id
    changed = connection.execute(
        update(suggestions)
        .where(table.id == identity, table.version == record.version)
        .values(**_columns(record), version=record.version + 1)
    )
    if changed.rowcount != 1:
        raise Conflict(
            f"suggestion {identity} was changed by somebody else in the meantime: look at it again"
        )
    return record.model_copy(update={"version": record.version + 1})


def superseded(connection: Connection, message: Message) -> list[Record]:
    """Open suggestions that a new message of their thread makes stale."""
    key = thread_key(message)
    if key is None:
        return []
    rows = connection.execute(
        select(suggestions)
        .where(suggestions.c.thread_key == key, suggestions.c.status.in_(OPEN))
        .order_by(suggestions.c.id)
    )
    return [record for record in map(_record, rows) if supersedes(message, record.suggestion.case.message)]


def has_successor(connection: Connection, record: Record) -> bool:
    """Whether a later suggestion answers a newer message of the same thread."""
    mine = record.suggestion
    key = thread_key(mine.case.message)
    if key is None:
        return False
    later = and_(suggestions.c.thread_key == key, suggestions.c.created_at > mine.created_at)
    found = map(_record, connection.execute(select(suggestions).where(later)))
    return any(supersedes(other.suggestion.case.message, mine.case.message) for other in found)


def queue(connection: Connection, wanted: QueueFilter) -> Page:
    """Return a page of the queue.

    Raises:
        InvalidInput: the cursor is not one.
    """
    table = suggestions.c
    query = select(suggestions).order_by(table.due_at, table.tier.desc(), table.id).limit(wanted.limit + 1)
    for column in ("tier", "marketplace", "assignee"):
        value = getattr(wanted, column)
        if value is not None:
            query = query.where(table[column] == value)
    if wanted.status:
        query = query.where(table.status.in_(wanted.status))
    if wanted.cursor is not None:
        query = query.where(_after(Position.read(wanted.cursor)))
    found = [_record(row).suggestion for row in connection.execute(query)]
    items = tuple(found[: wanted.limit])
    more = len(found) > wanted.limit
    return Page(items=items, next_cursor=Position.of(items[-1]).cursor() if more else None)


def created(
    connection: Connection, since: datetime | None = None, until: datetime | None = None
) -> Iterator[Record]:
    """Suggestions with ``since <= created_at < until``, oldest first; ``None`` leaves an end open.

    Read in batches: a reader that stops half-way leaves no cursor open.
    """
    table = suggestions.c
    query = select(suggestions).order_by(table.id).limit(_BATCH)
    if since is not None:
        query = query.where(table.created_at >= since)
    if until is not None:
        query = query.where(table.created_at < until)
    last = ""
    while rows := connection.execute(query.where(table.id > last)).all():
        yield from map(_record, rows)
        last = rows[-1].id


def counts(connection: Connection) -> dict[Status, int]:
    """Number of suggestions by state; a state without any is absent."""
    state = suggestions.c.status
    rows = connection.execute(select(state, func.count()).group_by(state))
    return {Status(status): number for status, number in rows}


def add_draft(
    connection: Connection, identity: str, proposal: Proposal, *, instructions: str | None, at: datetime
) -> int:
    """Keep a run of the pipeline; return its number."""
    table = suggestion_drafts.c
    last = connection.execute(select(func.max(table.number)).where(table.suggestion_id == identity)).scalar()
    number = (last or 0) + 1
    connection.execute(
        insert(suggestion_drafts).values(
            suggestion_id=identity,
            number=number,
            created_at=at,
            instructions=instructions.replace("\x00", "") if instructions else None,
            proposal=proposal.model_dump_json(exclude_none=True, by_alias=True),
        )
    )
    return number


def drafts(connection: Connection, identity: str) -> tuple[StoredDraft, ...]:
    """Every run of the pipeline for a suggestion, oldest first."""
    table = suggestion_drafts.c
    rows = connection.execute(
        select(suggestion_drafts).where(table.suggestion_id == identity).order_by(table.number)
    )
    return tuple(
        StoredDraft(
            number=row.number,
            created_at=row.created_at,
            instructions=row.instructions,
            proposal=Proposal.model_validate_json(row.proposal),
        )
        for row in rows
    )


def _after(place: Position) -> ColumnElement[bool]:
    table = suggestions.c
    same_due = and_(
        table.due_at == place.due_at,
        or_(table.tier < place.tier, and_(table.tier == place.tier, table.id > place.id)),
    )
    return or_(table.due_at > place.due_at, same_due)


def _columns(record: Record) -> dict[str, object]:
    kept = record.suggestion.model_copy(update={"history": ()})
    document = record.model_copy(update={"suggestion": kept})
    return {
        "status": kept.status.value,
        "tier": kept.triage.tier,
        "marketplace": kept.case.message.marketplace,
        "assignee": kept.assignee,
        "due_at": kept.clock.due_at,
        "created_at": kept.created_at,
        "thread_key": thread_key(kept.case.message),
        "document": document.model_dump_json(exclude={"version"}, exclude_none=True, by_alias=True),
    }


def _record(row: Row[tuple[object, ...]]) -> Record:
    return Record.model_validate_json(row.document).model_copy(update={"version": row.version})
