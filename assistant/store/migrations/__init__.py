"""Alembic migrations of the store and of the knowledge base, which share one database."""
