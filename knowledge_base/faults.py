"""Faults of stores as errors of ours: full disk, locked database, broken folder, each one clear line."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from knowledge_base.errors import KnowledgeError, KnowledgeUnavailable


@contextmanager
def database(doing: str) -> Iterator[None]:
    """Turn a fault of the relational store into :class:`KnowledgeUnavailable`."""
    try:
        yield
    except SQLAlchemyError as error:
        cause = str(getattr(error, "orig", None) or error).splitlines()[0]
        raise KnowledgeUnavailable(f"cannot {doing}: the database says: {cause}") from error


@contextmanager
def writing(engine: Engine, doing: str) -> Iterator[Connection]:
    """A transaction that may read before it writes, with the faults of :func:`database`.

    Where our engine is SQLite it waits its turn at the start (see ``assistant.store.engine.IMMEDIATE``):
    otherwise a writer that commits in between makes it fail as locked.
    """
    with database(doing), engine.execution_options(sqlite_immediate=True).begin() as connection:
        yield connection


@contextmanager
def vector_store(doing: str) -> Iterator[None]:
    """Turn any fault of Chroma, its folder or its server into :class:`KnowledgeUnavailable`.

    Chroma has no common base of errors; its engine even raises panics beside ``Exception``.
    """
    try:
        yield
    except (KnowledgeError, KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:
        cause = (str(error) or type(error).__name__).splitlines()[0]
        raise KnowledgeUnavailable(
            f"cannot {doing}: {cause}; see to disk and server, then build anew with `replydesk kb publish`"
        ) from error


@contextmanager
def encoder(name: str) -> Iterator[None]:
    """Turn a fault of an encoder (a server that is down, a key that is refused) into one of ours."""
    try:
        yield
    except KnowledgeError:
        raise
    except Exception as error:
        cause = (str(error) or type(error).__name__).splitlines()[0]
        raise KnowledgeUnavailable(f"the encoder {name!r} gives no vectors: {cause}") from error
