"""Suggestions, drafts, idempotency keys, the audit chain and access keys."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables and the triggers that keep the audit rows as they were written."""
    op.create_table(
        "suggestions",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("tier", sa.Integer, nullable=False),
        sa.Column("marketplace", sa.String(2), nullable=False),
        sa.Column("assignee", sa.String(200)),
        sa.Column("due_at", _INSTANT, nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("thread_key", sa.String(64)),
        sa.Column("document", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_suggestions"),
    )
    op.create_index("ix_suggestions_queue", "suggestions", ["status", "due_at"])
    op.create_index("ix_suggestions_due_at", "suggestions", ["due_at"])
    op.create_index("ix_suggestions_thread_key", "suggestions", ["thread_key"])
    op.create_table(
        "suggestion_drafts",
        sa.Column("suggestion_id", sa.String(26), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("instructions", sa.Text),
        sa.Column("proposal", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("suggestion_id", "number", name="pk_suggestion_drafts"),
        sa.ForeignKeyConstraint(
            ["suggestion_id"], ["suggestions.id"], name="fk_suggestion_drafts_suggestion_id"
        ),
    )
    op.create_table(
        "idempotency_keys",
        sa.Column("actor", sa.String(64), nullable=False),
        sa.Column("key_hash", sa.String(64), nullable=False),
        sa.Column("request_hash", sa.String(64), nullable=False),
        sa.Column("run", sa.String(64), nullable=False),
        sa.Column("claim", sa.String(26), nullable=False),
        sa.Column("reserved_at", _INSTANT, nullable=False),
        sa.Column("suggestion_id", sa.String(26)),
        sa.PrimaryKeyConstraint("actor", "key_hash", name="pk_idempotency_keys"),
        sa.ForeignKeyConstraint(
            ["suggestion_id"], ["suggestions.id"], name="fk_idempotency_keys_suggestion_id"
        ),
    )
    op.create_table(
        "access_keys",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("role", sa.String(30), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("mac", sa.String(64), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("last_used_at", _INSTANT),
        sa.Column("revoked_at", _INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_access_keys"),
    )
    _create_audit_tables()
    _forbid_changes(op.get_bind().dialect.name)


def _create_audit_tables() -> None:
    op.create_table(
        "audit_rows",
        sa.Column("seq", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("at", sa.String(27), nullable=False),
        sa.Column("actor", sa.String(200), nullable=False),
        sa.Column("key_id", sa.String(64), nullable=False),
        sa.Column("role", sa.String(30), nullable=False),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("details", sa.Text, nullable=False),
        sa.Column("previous_hash", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_audit_rows"),
    )
    op.create_index("ix_audit_rows_subject", "audit_rows", ["subject"])
    op.create_index("ix_audit_rows_at", "audit_rows", ["at"])
    head = op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_head"),
    )
    op.bulk_insert(head, [{"id": 1, "seq": 0, "hash": "0" * 64}])


def _forbid_changes(dialect: str) -> None:
    if dialect == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER audit_rows_no_{act.lower()} BEFORE {act} ON audit_rows "
                "BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END"
            )
        op.execute(  # INSERT OR REPLACE deletes without asking the trigger above
            "CREATE TRIGGER audit_rows_no_replace BEFORE INSERT ON audit_rows "
            "WHEN EXISTS (SELECT 1 FROM audit_rows WHERE seq = NEW.seq) "
            "BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END"
        )
        return
    op.execute(
        "CREATE FUNCTION audit_rows_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the audit trail is append-only'; END $$"
    )
    for act in ("UPDATE", "DELETE", "TRUNCATE"):
        op.execute(
            f"CREATE TRIGGER audit_rows_no_{act.lower()} BEFORE {act} ON audit_rows "
            "FOR EACH STATEMENT EXECUTE FUNCTION audit_rows_refuse()"
        )
