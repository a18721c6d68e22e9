"""The audit trail: rows chained by SHA-256, appended in the transaction of the change they tell of.

Details hold ids, hashes, roles and reasons, never the text of a message.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, insert, select, update

from assistant.domain import Actor, HistoryEntry
from assistant.errors import AuditBroken
from assistant.store.engine import read
from assistant.store.tables import audit_head, audit_rows

GENESIS = "0" * 64
"""The hash before the first row."""

_HASHED = ("seq", "at", "actor", "key_id", "role", "action", "subject", "details")
_BATCH = 1_000


def append(
    connection: Connection,
    actor: Actor,
    action: str,
    subject: str,
    details: Mapping[str, Any],
    *,
    at: datetime,
) -> None:
    """Add one row; ``connection`` is inside a :func:`~assistant.store.engine.write` transaction.

    ``subject`` is the id of what was acted on; ``details`` must be JSON.
    """
    head = connection.execute(select(audit_head).with_for_update()).one()
    row = {
        "seq": head.seq + 1,
        "at": _stamp(at),
        "actor": actor.name,
        "key_id": actor.key_id,
        "role": actor.role.value,
        "action": action,
        "subject": subject,
        "details": _canonical(dict(details)),
    }
    digest = _hash(head.hash, row)
    connection.execute(insert(audit_rows).values(**row, previous_hash=head.hash, hash=digest))
    connection.execute(update(audit_head).values(seq=row["seq"], hash=digest))


def history(connection: Connection, subject: str) -> tuple[HistoryEntry, ...]:
    """What happened to one subject, oldest first; raises AuditBroken for a row that cannot be read."""
    rows = connection.execute(
        select(audit_rows).where(audit_rows.c.subject == subject).order_by(audit_rows.c.seq)
    )
    return tuple(map(_entry, rows))


def verify(engine: Engine) -> int:
    """Check every row and the end of the chain; return the number of rows.

    Raises:
        AuditBroken: names the first row that was changed, removed or put in.
    """
    count, previous = 0, GENESIS
    with read(engine) as connection:
        head = connection.execute(select(audit_head)).one_or_none()
        for row in _rows(connection):
            count += 1
            if row["seq"] != count:
                raise AuditBroken(f"audit row {count} is missing: row {row['seq']} follows row {count - 1}")
            if row["previous_hash"] != previous or row["hash"] != _hash(previous, row):
                raise AuditBroken(f"audit row {count} was changed: its hash does not fit ({row['action']})")
            previous = row["hash"]
    if head is None or (head.seq, head.hash) != (count, previous):
        known = head.seq if head is not None else "unknown"
        raise AuditBroken(
            f"audit row {count + 1} is missing: the trail ends at row {count}, its head is {known}"
        )
    return count


def export(
    engine: Engine, since: datetime | None = None, until: datetime | None = None
) -> Iterator[dict[str, Any]]:
    """Yield rows with ``since <= at < until`` in order, details parsed; ``None`` leaves an end open.

    Raises:
        AuditBroken: a row cannot be read.
    """
    with read(engine) as connection:
        for row in _rows(connection, since, until):
            with _readable(row["seq"]):
                details = json.loads(row["details"])
            yield {**row, "details": details}


@dataclass(frozen=True, slots=True)
class AuditTrail:
    """The trail of one database, for those who hold no engine."""

    engine: Engine

    def verify(self) -> int:
        """See :func:`verify`."""
        return verify(self.engine)

    def export(
        self, since: datetime | None = None, until: datetime | None = None
    ) -> Iterator[dict[str, Any]]:
        """See :func:`export`."""
        return export(self.engine, since, until)


def _rows(
    connection: Connection, since: datetime | None = None, until: datetime | None = None
) -> Iterator[dict[str, Any]]:
    """Rows in order, in batches: a reader that stops half-way leaves no cursor open."""
    query = select(audit_rows).order_by(audit_rows.c.seq).limit(_BATCH)
    if since is not None:
        query = query.where(audit_rows.c.at >= _stamp(since))
    if until is not None:
        query = query.where(audit_rows.c.at < _stamp(until))
    last = -1
    while batch := connection.execute(query.where(audit_rows.c.seq > last)).mappings().all():
        for row in batch:
            yield {**row}
        last = batch[-1]["seq"]


def _entry(row: Row[Any]) -> HistoryEntry:
    with _readable(row.seq):
        return HistoryEntry(
            at=datetime.fromisoformat(row.at),
            action=row.action,
            actor=row.actor,
            role=row.role,
            details=json.loads(row.details),
        )


@contextmanager
def _readable(seq: int) -> Iterator[None]:
    """What cannot be read was not written by us."""
    try:
        yield
    except ValueError:
        raise AuditBroken(f"audit row {seq} was changed: it cannot be read") from None


def _hash(previous: str, row: Mapping[str, Any]) -> str:
    body = _canonical({name: row[name] for name in _HASHED})
    return hashlib.sha256(f"{previous}\n{body}".encode()).hexdigest()


def _canonical(value: Mapping[str, Any]) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def _stamp(at: datetime) -> str:
    """Fixed width, so that text order is time order."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
