"""Alembic migrations of the store and of the knowledge base, which share one database.

There is no way back: a downgrade would destroy the audit trail. Restore a backup instead.
"""
