"""Files and folders to documents; the suffix decides the reader, one ``document_id`` belongs to one file."""

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from knowledge_base.sources import markdown, tabular
from knowledge_base.types import Document, Refusal

READERS = {
    ".md": markdown.read,
    ".markdown": markdown.read,
    ".csv": tabular.read_csv,
    ".jsonl": tabular.read_jsonl,
}
_OFFICE = {".xlsx", ".xls", ".pdf", ".docx", ".doc", ".odt", ".html", ".htm", ".txt", ".json", ".tsv"}
MAX_BYTES = 50_000_000
"""Largest file that is read."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """What one file gave: documents by id (one per language and scope), and what was refused."""

    path: Path
    documents: dict[str, tuple[Document, ...]]
    refusals: tuple[Refusal, ...]


def read_files(paths: Iterable[Path]) -> Iterator[SourceFile]:
    """Read files and folders in a stable order, each file once.

    A ``document_id`` that an earlier file has taken is refused, naming both places.
    """
    owners: dict[str, str] = {}
    for path in dict.fromkeys(itertools.chain.from_iterable(map(_expand, paths))):
        documents: dict[str, tuple[Document, ...]] = {}
        refusals: list[Refusal] = []
        for item in _read(path):
            if isinstance(item, Refusal):
                refusals.append(item)
            elif item.document_id in owners and item.document_id not in documents:
                taken = owners[item.document_id]
                refusals.append(
                    Refusal(item.origin, f"document_id {item.document_id!r} is already in {taken}")
                )
            else:
                owners.setdefault(item.document_id, item.origin)
                documents[item.document_id] = (*documents.get(item.document_id, ()), item)
        yield SourceFile(path.resolve(), documents, tuple(refusals))


def _expand(path: Path) -> Iterator[Path]:
    """A file is itself; a folder is every readable file below it, hidden ones left out."""
    if not path.is_dir():
        yield path
        return
    for file in sorted(path.rglob("*")):
        hidden = any(part.startswith(".") for part in file.relative_to(path).parts)
        if not hidden and file.suffix.lower() in READERS.keys() | _OFFICE and file.is_file():
            yield file


def _read(path: Path) -> Iterator[Document | Refusal]:
    reader = READERS.get(path.suffix.lower())
    try:
        if not path.exists():
            yield Refusal(str(path), "no such file or folder")
        elif reader is None:
            known = ", ".join(READERS)
            yield Refusal(
                str(path), f"files of type {path.suffix or 'none'} are not read; give one of {known}"
            )
        elif path.stat().st_size > MAX_BYTES:
            yield Refusal(str(path), f"is larger than {MAX_BYTES // 1_000_000} MB; split it")
        else:
            yield from reader(path, str(path))
    except OSError as error:
        yield Refusal(str(path), f"cannot be read: {error.strerror or error}")
