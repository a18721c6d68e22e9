"""The knowledge base: documents, vector cache, releases and their chunks."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "kb_documents",
        sa.Column("document_id", sa.String(200), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("chunks", sa.Integer, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("imported_at", sa.String(32), nullable=False),
        sa.Column("actor", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("document_id"),
    )
    op.create_table(
        "kb_vectors",
        sa.Column("encoder", sa.String(100), nullable=False),
        sa.Column("text_hash", sa.String(64), nullable=False),
        sa.Column("vector", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("encoder", "text_hash"),
    )
    op.create_table(
        "kb_releases",
        sa.Column("number", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("documents", sa.Integer, nullable=False),
        sa.Column("chunks", sa.Integer, nullable=False),
        sa.Column("languages", sa.Text, nullable=False),
        sa.Column("encoder", sa.String(100), nullable=False),
        sa.Column("dimension", sa.Integer, nullable=False),
        sa.Column("collection", sa.String(200), nullable=False),
        sa.Column("analysis", sa.Integer, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("actor", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_table(
        "kb_release_chunks",
        sa.Column("release", sa.Integer, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("chunk_id", sa.String(32), nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("terms", sa.Text, nullable=False),
        sa.Column("vectors", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("release", "position"),
        sa.ForeignKeyConstraint(["release"], ["kb_releases.number"], ondelete="CASCADE"),
    )
    op.create_index("ix_kb_release_chunks_chunk_id", "kb_release_chunks", ["chunk_id"])
