"""Documents and chunks to JSON and back, with one spelling per value, so that equal content hashes alike."""

import functools
import hashlib
import json
from collections.abc import Sequence
from typing import Any

from pydantic import TypeAdapter

from knowledge_base.types import Chunk, Document


@functools.cache
def _documents() -> TypeAdapter[Document]:
    return TypeAdapter(Document)


@functools.cache
def _chunks() -> TypeAdapter[Chunk]:
    return TypeAdapter(Chunk)


def _plain(value: Document | Chunk) -> dict[str, Any]:
    adapter: TypeAdapter[Any] = _documents() if isinstance(value, Document) else _chunks()
    plain: dict[str, Any] = adapter.dump_python(value, mode="json")
    plain["marketplaces"], plain["asins"] = sorted(plain["marketplaces"]), sorted(plain["asins"])
    return plain


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def dump_documents(parts: Sequence[Document]) -> str:
    """All parts (languages, scopes) of one document as a JSON list."""
    return _dump([_plain(part) for part in parts])


def load_documents(text: str) -> tuple[Document, ...]:
    """The reverse of :func:`dump_documents`."""
    return tuple(_documents().validate_python(part) for part in json.loads(text))


def dump_chunk(chunk: Chunk) -> str:
    """One chunk as a JSON object."""
    return _dump(_plain(chunk))


def load_chunk(text: str) -> Chunk:
    """The reverse of :func:`dump_chunk`."""
    return _chunks().validate_json(text)


def content_hash(parts: Sequence[Document]) -> str:
    """SHA-256 of everything that matters to a reader: a file moved elsewhere is still the same document."""
    return text_hash(_dump([{**_plain(part), "origin": ""} for part in parts]))


def text_hash(text: str) -> str:
    """SHA-256 of a text in hexadecimal: the key of its vector."""
    return hashlib.sha256(text.encode()).hexdigest()
