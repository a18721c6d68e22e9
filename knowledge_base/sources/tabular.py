"""CSV and JSONL: one Q/A entry per row; rows of one document, language and scope form one document."""

import csv
import itertools
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from knowledge_base.sources.fields import EntryFields, FieldError, Fields, read_fields
from knowledge_base.types import Document, Refusal

Row = tuple[int, dict[str, Any]]
"""Line number (from 1) and raw fields."""

_REQUIRED = {"document_id", "language", "question", "answer"}
_LONGEST_RECORD = 200
"""Physical lines one CSV record may span: an unclosed quote must not swallow the file."""
_SPARE = "\x00spare"
"""Key for cells beyond the header; no column can be called so."""


def read_csv(path: Path, origin: str) -> Iterator[Document | Refusal]:
    """Read a CSV file with a header line; separated by comma, semicolon or tab.

    Raises:
        OSError: the file cannot be read at all.
    """
    lines = _lines(path)
    try:
        delimiter, header = _header(lines)
    except csv.Error as error:
        yield Refusal(f"{origin}:1", f"the header cannot be read: {error}")
        return
    if missing := sorted(_REQUIRED - set(header)):
        yield Refusal(f"{origin}:1", f"the header lacks the column {missing[0]!r}")
        return
    if unknown := sorted(set(header) - set(EntryFields.model_fields)):
        known = ", ".join(EntryFields.model_fields)
        yield Refusal(f"{origin}:1", f"unknown column {unknown[0]!r}; known are {known}")
        return
    if len(set(header)) < len(header):
        yield Refusal(f"{origin}:1", "a column stands twice in the header")
        return
    yield from _documents(_csv_rows(lines, delimiter, header), origin)


def read_jsonl(path: Path, origin: str) -> Iterator[Document | Refusal]:
    """Read a file with one JSON object a line, same keys as the CSV columns.

    Raises:
        OSError: the file cannot be read at all.
    """
    yield from _documents(_json_rows(_lines(path)), origin)


def _lines(path: Path) -> list[str]:
    """Physical lines, whatever system ended them.

    Bytes that are not UTF-8 become lone surrogates, which refuse only their own row.
    """
    text = path.read_bytes().decode("utf-8", errors="surrogateescape").removeprefix("\ufeff")
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _header(lines: list[str]) -> tuple[str, list[str]]:
    best = (",", [""])
    for delimiter in ",;\t":
        names = [name.strip().lower() for name in next(csv.reader(lines[:1], delimiter=delimiter), [""])]
        if len(names) > len(best[1]):
            best = (delimiter, names)
    return best


def _csv_rows(lines: list[str], delimiter: str, header: list[str]) -> Iterator[Row | Refusal]:
    at = 1
    while at < len(lines):
        if not lines[at].strip(delimiter + " \t"):
            at += 1
            continue
        taken, problem, cells = _record(lines, at, delimiter, len(header))
        if problem:
            yield Refusal(str(at + 1), problem)
        else:
            yield at + 1, {name: cell for name, cell in zip(header, cells, strict=True) if cell.strip()}
        at += taken


def _record(lines: list[str], at: int, delimiter: str, width: int) -> tuple[int, str, list[str]]:
    """One record from line ``at``: physical lines to move on, what is wrong, cells.

    A broken record costs one line only, so that rows behind an unclosed quote are still read.
    """
    window = (f"{line}\n" for line in itertools.islice(lines, at, at + _LONGEST_RECORD))
    reader = csv.reader(window, delimiter=delimiter, strict=True)
    try:
        cells = [cell.removesuffix("\n") for cell in next(reader)]
    except csv.Error as error:
        return 1, f"cannot be read, see its quotes and length: {error}", []
    if len(cells) != width:
        return 1, f"{len(cells)} cells where the header has {width} columns", []
    return reader.line_num, "", cells


def _json_rows(lines: list[str]) -> Iterator[Row | Refusal]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError) as error:
            yield Refusal(str(number), f"is not JSON: {error}")
            continue
        if isinstance(value, dict):
            yield number, value
        else:
            yield Refusal(str(number), "is not a JSON object")


def _documents(rows: Iterable[Row | Refusal], origin: str) -> Iterator[Document | Refusal]:
    """Group good rows, in the order of the file; bad rows are handed on as refusals."""
    grouped: dict[tuple[object, ...], tuple[EntryFields, int, list[tuple[str, str]]]] = {}
    for row in rows:
        if isinstance(row, Refusal):
            yield Refusal(f"{origin}:{row.origin}", row.reason)
            continue
        line, raw = row
        try:
            entry = read_fields(EntryFields, raw)
        except FieldError as error:
            yield Refusal(f"{origin}:{line}", str(error))
            continue
        # A title of its own does not make a document of its own: rows may be titled one by one.
        key = tuple(getattr(entry, name) for name in Fields.model_fields if name != "title")
        grouped.setdefault(key, (entry, line, []))[2].append((entry.question, entry.answer))
    for first, line, entries in grouped.values():
        titled = first.model_copy(update={"title": first.title or first.question[:500]})
        yield titled.document(origin=f"{origin}:{line}", entries=entries)
