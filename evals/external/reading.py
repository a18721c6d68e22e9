"""Files of public sets: rows one by one, an even choice among them, clear words where one cannot be read."""

import csv
import hashlib
import heapq
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

from assistant.errors import InvalidInput

MAX_JSON = 200 * 1024 * 1024
"""Bytes of a JSON file, which has to be read as a whole."""

T = TypeVar("T")


def rows(path: Path, columns: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a CSV file with a header, one at a time, each with the number of its last line.

    Raises:
        InvalidInput: it cannot be read, or lacks a column.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            missing = [name for name in columns if name not in (reader.fieldnames or ())]
            if missing:
                raise InvalidInput(f"{path}: the header lacks {', '.join(missing)}")
            for row in reader:
                yield reader.line_num, {name: row[name] or "" for name in columns}
    except OSError as error:
        raise InvalidInput(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InvalidInput(f"{path}: not UTF-8 near byte {error.start}") from error
    except csv.Error as error:
        raise InvalidInput(f"{path}, line {reader.line_num}: {error}") from error


def whole(path: Path) -> Any:
    """The content of a JSON file.

    Raises:
        InvalidInput: it cannot be read, is too large or no JSON.
    """
    try:
        if path.stat().st_size > MAX_JSON:
            raise InvalidInput(f"{path}: larger than {MAX_JSON // 1024 // 1024} MB; split it")
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise InvalidInput(f"{path}: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise InvalidInput(f"{path}: not JSON in UTF-8: {error}"[:300]) from error


def chosen(items: Iterable[T], key: Callable[[T], str], limit: int | None, seed: int) -> list[T]:
    """At most ``limit`` items, always the same for a seed, whatever their order; those in their order.

    Keeps no more than ``limit`` of them in memory: the items whose hashed keys come first.
    """
    numbered = enumerate(items)
    if limit is None:
        return [item for _, item in numbered]
    first = heapq.nsmallest(limit, numbered, key=lambda pair: (_lot(key(pair[1]), seed), pair[0]))
    return [item for _, item in sorted(first, key=lambda pair: pair[0])]


def _lot(key: str, seed: int) -> bytes:
    return hashlib.sha256(f"{seed}\n{key}".encode()).digest()
