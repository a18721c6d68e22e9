"""Migrations and metadata say the same on both databases, and only one process migrates."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from assistant.errors import StoreUnavailable
from assistant.store import schema, tables
from assistant.store.engine import create, read, write
from assistant.store.schema import HEAD, open_store
from knowledge_base import tables as knowledge_tables


def test_migrations_make_what_the_tables_say(store_url: str) -> None:
    everything = sa.MetaData()
    for table in (*tables.metadata.tables.values(), *knowledge_tables.metadata.tables.values()):
        table.to_metadata(everything)
    engine = create(store_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, everything) == []
        assert schema.revision(connection) == HEAD
    engine.dispose()


def test_head_is_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", "assistant:store/migrations")
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_several_openers_of_an_empty_database_migrate_it_once(empty_url: str) -> None:
    program = f"from assistant.store.schema import open_store; open_store({empty_url!r}).dispose()"
    command = [sys.executable, "-c", program]
    with ThreadPoolExecutor(3) as pool:
        runs = list(pool.map(lambda _: subprocess.run(command, capture_output=True, check=False), range(3)))
    assert [(run.returncode, run.stderr) for run in runs] == [(0, b"")] * 3
    engine = open_store(empty_url)
    with engine.connect() as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM audit_head")).scalar() == 1
    engine.dispose()


def test_a_crash_in_a_migration_leaves_nothing_half_made(
    empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("alembic.operations.Operations.create_index", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        open_store(empty_url)
    monkeypatch.undo()
    engine = create(empty_url)
    assert sa.inspect(engine).get_table_names() == []
    engine.dispose()
    open_store(empty_url).dispose()


def test_a_newer_schema_is_refused_in_one_line(store_url: str) -> None:
    engine = create(store_url)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(StoreUnavailable, match=r"has schema 9999.*install the newer"):
        open_store(store_url)


def test_a_database_without_tables_is_told(empty_url: str) -> None:
    engine = create(empty_url)
    with pytest.raises(StoreUnavailable, match="audit_head"), write(engine):
        pass
    engine.dispose()


def test_instants_keep_their_moment_and_come_back_in_utc(engine: Engine) -> None:
    moment = datetime(2026, 11, 22, 1, 2, 3, 456789, tzinfo=timezone(timedelta(hours=9)))
    with read(engine) as connection:
        found, nothing = (
            connection.execute(sa.select(sa.literal(value, tables.UtcDateTime()))).scalar()
            for value in (moment, None)
        )
    assert (found, nothing) == (moment, None)
    assert found is not None
    assert found.utcoffset() == timedelta(0)
