"""Addresses, and what is said when a database cannot be used."""

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine, event
from sqlalchemy.exc import IntegrityError

from assistant.errors import SettingsInvalid, StoreUnavailable
from assistant.store import engine as store_engine
from assistant.store.engine import create, database_url, read, write
from assistant.store.keys import OPERATOR, Keys
from assistant.store.schema import open_store
from assistant.vocabulary import Role


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store.sqlite3"


@pytest.fixture
def engine(path: Path) -> Iterator[Engine]:
    engine = open_store(f"sqlite:///{path}")
    yield engine
    engine.dispose()


@pytest.mark.parametrize(
    "url",
    ["postgres://u:p@h:1/n?x=1", "postgresql://u:p@h:1/n?x=1", "postgresql+psycopg://u:p@h:1/n?x=1"],
)
def test_every_spelling_of_postgresql_gets_our_driver(url: str) -> None:
    address = database_url(url)
    assert address.render_as_string(hide_password=False) == "postgresql+psycopg://u:p@h:1/n?x=1"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "nonsense",
        "mysql://h/n",
        "sqlite://",
        "sqlite:///:memory:",
        "postgresql+asyncpg://h/n",
        "http://h",
    ],
)
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(SettingsInvalid, match="REPLYDESK_DATABASE_URL"):
        database_url(url)


def test_sqlite_is_set_up_for_many_readers_and_real_foreign_keys(engine: Engine) -> None:
    with engine.connect() as connection:
        found = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "foreign_keys")
        ]
        assert found == ["wal", 1]
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == store_engine.BUSY_SECONDS * 1000


def test_rows_without_parents_are_refused_as_a_fault_of_ours(engine: Engine) -> None:
    with pytest.raises(IntegrityError), write(engine) as connection:
        connection.execute(
            sa.text(
                "INSERT INTO suggestion_drafts (suggestion_id, number, created_at, proposal) "
                "VALUES ('none', 1, '2026-11-22 00:00:00.000000', '{}')"
            )
        )


def test_a_locked_database_is_told_after_a_short_wait(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    open_store(f"sqlite:///{path}").dispose()
    monkeypatch.setattr(store_engine, "BUSY_SECONDS", 0.1)
    engine = create(f"sqlite:///{path}")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnavailable, match="is locked by another process"), write(engine):
        pass
    with read(engine) as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM audit_rows")).scalar() == 0
    other.close()
    with write(engine):
        pass
    engine.dispose()


def test_a_full_disk_is_told_and_leaves_everything_as_it_was(
    engine: Engine, tmp_path: Path, now: Any
) -> None:
    keys = Keys(engine, tmp_path, now=lambda: now)
    keys.add(Role.AGENT)

    def small_disk(connection: Any, record: Any) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}").close()

    engine.dispose()
    event.listen(engine, "connect", small_disk)
    with pytest.raises(StoreUnavailable, match="disk is full"):
        list(map(keys.add, [Role.AGENT] * 500))
    before = len(keys.listing())
    event.remove(engine, "connect", small_disk)
    engine.dispose()
    keys.add(Role.AGENT)
    assert len(keys.listing()) == before + 1


def test_a_file_that_is_no_database_is_told(path: Path) -> None:
    path.write_text("this is a text file, long enough to have a header of sixteen bytes" * 20)
    with pytest.raises(StoreUnavailable, match="is not a database"):
        open_store(f"sqlite:///{path}")


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="cannot be opened"):
        open_store(f"sqlite:///{tmp_path / 'missing' / 'x.sqlite3'}")


def test_a_server_that_is_not_there_is_told_without_the_password() -> None:
    with pytest.raises(StoreUnavailable) as caught:
        open_store("postgresql://u:geheim@127.0.0.1:9/n")
    assert "does not accept connections" in str(caught.value)
    assert "geheim" not in str(caught.value)


def test_a_reader_sees_one_state_while_a_writer_goes_on(engine: Engine, tmp_path: Path, now: Any) -> None:
    keys = Keys(engine, tmp_path, now=lambda: now)
    count = sa.text("SELECT count(*) FROM access_keys")
    with read(engine) as connection:
        assert connection.execute(count).scalar() == 0
        writer = threading.Thread(target=keys.add, args=(Role.AGENT, "x"), kwargs={"by": OPERATOR})
        writer.start()
        writer.join(10)
        assert not writer.is_alive()
        assert connection.execute(count).scalar() == 0
    assert len(keys.listing()) == 1
