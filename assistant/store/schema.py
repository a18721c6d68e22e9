"""Bringing a database to the schema of this version, one process at a time."""

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from assistant.errors import StoreUnavailable
from assistant.store.engine import IMMEDIATE, create, explained

HEAD = "0002"
"""Newest migration, as a test checks; knowing it here spares most starts the import of Alembic."""

_MIGRATION_LOCK = 0x5265706C79  # any number, the same in every process ("Reply")


def open_store(url: str) -> Engine:
    """Open a database and migrate it where needed.

    Raises:
        SettingsInvalid: the address is not one.
        StoreUnavailable: unreachable, locked, full, or made by a newer version.
    """
    engine = create(url)
    try:
        migrate(engine)
    except BaseException:
        engine.dispose()
        raise
    return engine


def migrate(engine: Engine) -> None:
    """Upgrade to :data:`HEAD` in one transaction, so that a crash leaves the old schema."""
    with explained(engine), engine.execution_options(**IMMEDIATE).begin() as connection:
        if engine.dialect.name == "postgresql":  # on SQLite the transaction itself keeps others out
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
        if revision(connection) != HEAD:
            _upgrade(connection)


def revision(connection: Connection) -> str | None:
    """Migration the database is at; ``None`` for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    folder = Path(__file__).parent / "migrations"
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    found = revision(connection)
    if found is not None and found not in known:
        raise StoreUnavailable(
            f"the database has schema {found}, this version knows {HEAD}: install the newer ReplyDesk"
        )
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
