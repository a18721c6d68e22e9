"""Run by Alembic; the connection and its transaction come from ``assistant.store.schema``."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
with context.begin_transaction():
    context.run_migrations()
