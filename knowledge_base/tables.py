"""Relational tables of the knowledge base (SQLite and PostgreSQL): drafts, vector cache, releases."""

from sqlalchemy import Boolean, Column, ForeignKey, Integer, LargeBinary, MetaData, String, Table, Text

metadata = MetaData()

documents = Table(
    "kb_documents",
    metadata,
    Column("document_id", String(200), primary_key=True),
    Column("content_hash", String(64), nullable=False),
    Column("content", Text, nullable=False),  # JSON list: one document per language and scope
    Column("chunks", Integer, nullable=False),
    Column("source", Text, nullable=False),  # absolute path of its file; decides what is "removed"
    Column("imported_at", String(32), nullable=False),
    Column("actor", String(200), nullable=False),
)

vectors = Table(
    "kb_vectors",
    metadata,
    Column("encoder", String(100), primary_key=True),
    Column("text_hash", String(64), primary_key=True),
    Column("vector", LargeBinary, nullable=False),  # little-endian float32
)

releases = Table(
    "kb_releases",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("created_at", String(32), nullable=False),
    Column("active", Boolean, nullable=False),
    Column("documents", Integer, nullable=False),
    Column("chunks", Integer, nullable=False),
    Column("languages", Text, nullable=False),  # JSON object: language to number of chunks
    Column("encoder", String(100), nullable=False),
    Column("dimension", Integer, nullable=False),
    Column("collection", String(200), nullable=False),
    Column("analysis", Integer, nullable=False),  # version of the lexical analysis that made `terms`
    Column("note", Text, nullable=False),
    Column("actor", String(200), nullable=False),
)

release_chunks = Table(
    "kb_release_chunks",
    metadata,
    Column("release", Integer, ForeignKey("kb_releases.number", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("chunk_id", String(32), nullable=False, index=True),
    Column("content", Text, nullable=False),  # JSON of the chunk
    Column("terms", Text, nullable=False),  # lexical terms, separated by blanks
    Column("vectors", Integer, nullable=False),  # how many vectors stand for the chunk
)
