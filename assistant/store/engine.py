"""Opening the database and the only two kinds of transaction: :func:`read` and :func:`write`."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, exc, select
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import (
    ArgumentError,
    DataError,
    DBAPIError,
    IntegrityError,
    ProgrammingError,
)

from assistant.errors import InvalidInput, SettingsInvalid, StoreUnavailable
from assistant.store.tables import audit_head

BUSY_SECONDS = 5
"""How long a writer waits for another one; past it the caller is told that the database is locked."""

CONNECT_SECONDS = 5
IMMEDIATE = {"sqlite_immediate": True}
"""Execution option of a SQLite transaction that reads before it writes: it waits its turn at the start.
Without it such a transaction fails at once where another one wrote in between."""

_SNAPSHOT = {"sqlite": {}, "postgresql": {"isolation_level": "REPEATABLE READ"}}

_CAUSES = (
    ("database is locked", "is locked by another process"),
    ("database or disk is full", "or its disk is full"),
    ("no space left", "or its disk is full"),
    ("readonly database", "is read-only"),
    ("unable to open", "cannot be opened; check the folder and its permissions"),
    ("not a database", "is not a database"),
    ("malformed", "is damaged; restore a backup"),
    ("connection refused", "does not accept connections"),
    ("password authentication", "refuses the user name or password"),
    ("does not exist", "does not exist"),
)


def database_url(url: str) -> URL:
    """Read an address; PostgreSQL always gets the driver we ship.

    Raises:
        SettingsInvalid: not an address, or of a database that is not supported.
    """
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise SettingsInvalid("REPLYDESK_DATABASE_URL is not a database address") from None
    if parsed.drivername in {"postgres", "postgresql", "postgresql+psycopg"}:
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername == "sqlite" and parsed.database not in {None, "", ":memory:"}:
        return parsed
    raise SettingsInvalid("REPLYDESK_DATABASE_URL must be sqlite:///FILE or postgresql://USER@HOST/NAME")


def create(url: str) -> Engine:
    """Make an engine without touching the database."""
    address = database_url(url)
    if address.get_backend_name() == "sqlite":
        engine = create_engine(address, connect_args={"timeout": BUSY_SECONDS})
        event.listen(engine, "connect", _on_sqlite_connect)
        event.listen(engine, "begin", _on_sqlite_begin)
        return engine
    return create_engine(address, pool_pre_ping=True, connect_args={"connect_timeout": CONNECT_SECONDS})


@contextmanager
def read(engine: Engine) -> Iterator[Connection]:
    """One short transaction that sees one state of the database and never waits for a writer."""
    snapshot = _SNAPSHOT[engine.dialect.name]
    with explained(engine), engine.connect().execution_options(**snapshot) as connection, connection.begin():
        yield connection


@contextmanager
def write(engine: Engine) -> Iterator[Connection]:
    """One short transaction that writes. Writers queue: what one reads no other changes before it commits."""
    with explained(engine), engine.execution_options(**IMMEDIATE).begin() as connection:
        connection.execute(select(audit_head.c.seq).with_for_update())
        yield connection


@contextmanager
def explained(engine: Engine) -> Iterator[None]:
    """Turn driver errors into one clear line.

    Raises:
        StoreUnavailable: locked, full, unreachable, broken.
        InvalidInput: a value that the database cannot hold.
    """
    try:
        yield
    except DataError as error:
        raise InvalidInput(f"the database cannot hold this value: {_first_line(error)}") from error
    except IntegrityError:
        raise
    except ProgrammingError as error:
        raise StoreUnavailable(
            f"the database {_shown(engine)} lacks what is needed: {_first_line(error)}"
        ) from error
    except (DBAPIError, exc.TimeoutError) as error:
        text = str(error).lower()
        cause = next((words for sign, words in _CAUSES if sign in text), f"failed: {_first_line(error)}")
        raise StoreUnavailable(f"the database {_shown(engine)} {cause}") from error


def _on_sqlite_connect(connection: Any, record: Any) -> None:  # noqa: ARG001
    connection.isolation_level = None  # transactions are begun by _on_sqlite_begin, never by the driver
    for pragma in ("journal_mode = WAL", "foreign_keys = ON", "synchronous = FULL"):
        connection.execute(f"PRAGMA {pragma}").close()


def _on_sqlite_begin(connection: Connection) -> None:
    immediate = connection.get_execution_options().get("sqlite_immediate")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def _first_line(error: Exception) -> str:
    cause = getattr(error, "orig", None) or error
    return str(cause).strip().split("\n", 1)[0]


def _shown(engine: Engine) -> str:
    if engine.dialect.name == "sqlite":
        return str(engine.url.database)
    return engine.url.render_as_string(hide_password=True)
