"""Idempotency keys: one request, one suggestion, whatever is repeated, raced or killed.

A key is reserved before the draft and bound to the suggestion in the transaction that stores it. A
reservation belongs to a run (one process): it ends with it, and the next request with the key takes it over.
"""

import hashlib
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy import ColumnElement, Connection, and_, delete, insert, select, update
from ulid import ULID

from assistant.errors import Conflict, InvalidInput
from assistant.store.tables import idempotency_keys

LEASE = timedelta(minutes=2)
"""Age at which a reservation is taken over where its run cannot be seen, as on another machine."""

LONGEST_DRAFT = timedelta(minutes=15)
"""Age at which a reservation is taken over although its run lives: no draft takes that long."""

_SWEEP_SECONDS = 86_400

MAX_KEY = 255

_PATIENCE = {True: LONGEST_DRAFT, None: LEASE, False: timedelta(0)}


class Runs:
    """Tells which processes of this home live: each holds a lock on a file, which ends with the process."""

    def __init__(self, home: Path) -> None:
        self._folder = home / "runs"
        self._guard = threading.Lock()
        self._own: FileLock | None = None
        self._name = str(ULID())
        self._held: set[str] = set()

    def begin(self, claim: str) -> str:
        """Note that this run works on a claim; return the name of the run, alive from now on."""
        with self._guard:
            if self._own is None:
                self._folder.mkdir(parents=True, exist_ok=True)
                self._own = FileLock(self._folder / self._name, thread_local=False)
                self._own.acquire(timeout=0)
                self._sweep()
            self._held.add(claim)
        return self._name

    def end(self, claim: str) -> None:
        """Note that this run no longer works on a claim."""
        self._held.discard(claim)

    def is_alive(self, name: str, claim: str) -> bool | None:
        """Whether a run still works on a claim; ``None`` where it cannot be known: it is not of this home."""
        path = self._folder / name
        if name == self._name:
            return claim in self._held
        return _is_locked(path) if path.exists() else None

    def close(self) -> None:
        """End this run."""
        with self._guard:
            if self._own is not None:
                self._own.release()
                self._own = None

    def _sweep(self) -> None:
        """Remove what runs that ended long ago left behind."""
        for path in self._folder.iterdir():
            with suppress(FileNotFoundError):  # another process may sweep too
                if time.time() - path.stat().st_mtime > _SWEEP_SECONDS and not _is_locked(path):
                    path.unlink()


@dataclass(frozen=True, slots=True)
class Claim:
    """A reservation that this request holds."""

    actor: str
    key_hash: str
    token: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """Answer to a reservation: a ``claim`` (draft now), a ``suggestion_id`` (done), or neither (wait)."""

    claim: Claim | None = None
    suggestion_id: str | None = None


WAIT = Outcome()


def reserve(
    connection: Connection, runs: Runs, actor: str, key: str, request: str, *, now: datetime
) -> Outcome:
    """Reserve a key of an actor for a request (its canonical JSON).

    Raises:
        InvalidInput: the key is empty or too long.
        Conflict: the key was used for another request.
    """
    if not 1 <= len(key) <= MAX_KEY:
        raise InvalidInput(f"an idempotency key has 1 to {MAX_KEY} characters")
    key_hash, request_hash = _sha256(key), _sha256(request)
    table = idempotency_keys.c
    chosen = and_(table.actor == actor, table.key_hash == key_hash)
    row = connection.execute(select(idempotency_keys).where(chosen)).one_or_none()
    if row is not None and row.request_hash != request_hash:
        raise Conflict("this idempotency key was used for another request")
    if row is not None and row.suggestion_id is not None:
        return Outcome(suggestion_id=row.suggestion_id)
    if row is not None:
        patience = _PATIENCE[runs.is_alive(row.run, row.claim)]
        if row.reserved_at > now - patience:
            return WAIT
        connection.execute(delete(idempotency_keys).where(chosen))
    claim = Claim(actor, key_hash, str(ULID()))
    connection.execute(
        insert(idempotency_keys).values(
            actor=actor,
            key_hash=key_hash,
            request_hash=request_hash,
            run=runs.begin(claim.token),
            claim=claim.token,
            reserved_at=now,
        )
    )
    return Outcome(claim=claim)


def bind(connection: Connection, claim: Claim, suggestion_id: str) -> None:
    """Tie the key to its suggestion, in the transaction that stores it.

    Raises:
        Conflict: another request took the reservation over; this one's draft must not be stored.
    """
    bound = connection.execute(
        update(idempotency_keys).where(_held(claim)).values(suggestion_id=suggestion_id)
    )
    if bound.rowcount != 1:
        raise Conflict("another request with this idempotency key has taken over")


def release(connection: Connection, claim: Claim) -> None:
    """Give the key back after a draft that failed."""
    connection.execute(delete(idempotency_keys).where(_held(claim)))


def _held(claim: Claim) -> ColumnElement[bool]:
    table = idempotency_keys.c
    return and_(
        table.actor == claim.actor,
        table.key_hash == claim.key_hash,
        table.claim == claim.token,
        table.suggestion_id.is_(None),
    )


def _is_locked(path: Path) -> bool:
    try:
        with FileLock(path, timeout=0):
            return False
    except Timeout:
        return True


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
