"""Batch files: one case a line in, one result a line out, in order; a bad line never stops the run."""

import json
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, NoReturn

import typer

from api.cli.output import emit
from api.field_errors import one_line

MAX_LINE = 16 * 1024 * 1024
"""Bytes; a longer line is a mistake, not a case."""

_BOM = b"\xef\xbb\xbf"
_ID = re.compile(rb'"id"\s*:\s*("(?:[^"\\\x00-\x1f]|\\.){1,200}"|-?\d{1,18})')

Work = Callable[[dict[str, Any]], dict[str, Any]]
"""From a case without its ``id`` to a result without it."""


class Line(NamedTuple):
    """A line as read; ``end`` is the place after it in bytes, ``whole`` is false where it was too long."""

    number: int
    content: bytes
    end: int
    whole: bool


class BadLine(Exception):
    """A line that is no case."""


def run_batch(source: str, work: Work) -> None:
    """Do the work for every line of a file, or of standard input for ``-``.

    Raises:
        typer.Exit: 2, when a line was bad; its result line says why.
    """
    bad = 0
    with _opened(source) as stream, _progress(source) as advance:
        for line in read_lines(stream):
            result = answer(line, work)
            bad += "error" in result
            emit(result)
            advance(line.end)
    if bad:
        sys.stderr.write(f"replydesk: {bad} line(s) could not be taken; each has its reason in its result\n")
        raise typer.Exit(2)


def answer(line: Line, work: Work) -> dict[str, Any]:
    """The result of one line, or ``{"id", "error"}``."""
    identity: Any = None
    try:
        case = parse(line)
        identity = case.pop("id", None)
        if isinstance(identity, dict | list):
            raise BadLine("id: must be a string or a number")
        return {"id": identity, **work(case)}
    except BadLine as error:
        return {"id": _id_in(line) if identity is None else identity, "error": f"line {line.number}: {error}"}
    except Exception as error:
        return {"id": identity, "error": f"line {line.number}: {reason(error)}"}


def parse(line: Line) -> dict[str, Any]:
    """Read a line as a JSON object.

    Raises:
        BadLine: it is not one.
    """
    if not line.whole:
        raise BadLine(f"longer than {MAX_LINE // 1024 // 1024} MiB")
    try:
        case = json.loads(line.content.decode("utf-8"), parse_constant=_no_number)
    except UnicodeDecodeError:
        raise BadLine("not UTF-8") from None
    except json.JSONDecodeError as error:
        raise BadLine(f"not JSON: {error.msg} at column {error.colno}") from None
    except RecursionError:
        raise BadLine("nested too deeply") from None
    except ValueError as error:
        raise BadLine(f"not JSON: {error}"[:200]) from None
    if not isinstance(case, dict):
        raise BadLine("not a JSON object")
    return case


def reason(error: Exception) -> str:
    """Why a case failed, in one line, without repeating what was sent."""
    from pydantic import ValidationError

    from assistant.errors import ReplyDeskError
    from knowledge_base.errors import KnowledgeError

    if isinstance(error, ValidationError):
        return one_line(error.errors(include_url=False, include_input=False))
    if isinstance(error, ReplyDeskError | KnowledgeError):
        return str(error)
    return f"unexpected fault ({type(error).__name__})"


def read_lines(stream: BinaryIO) -> Iterator[Line]:
    """Split a stream into its lines that are not blank; holds no more than one line in memory."""
    place = number = 0
    while piece := stream.readline(MAX_LINE + 1):
        number += 1
        place += len(piece)
        whole = piece.endswith(b"\n") or len(piece) <= MAX_LINE
        content = piece
        while not piece.endswith(b"\n") and (piece := stream.readline(MAX_LINE)):
            place += len(piece)
        if number == 1:
            content = content.removeprefix(_BOM)
        if content.strip():
            yield Line(number, content, place, whole)


def _id_in(line: Line) -> Any:
    """The id of a line that cannot be read, where it can be seen."""
    found = _ID.search(line.content[:10_000])
    try:
        return json.loads(found.group(1)) if found else None
    except ValueError:
        return None


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


@contextmanager
def _opened(source: str) -> Iterator[BinaryIO]:
    if source == "-":
        yield sys.stdin.buffer
        return
    try:
        stream = Path(source).open("rb")  # noqa: SIM115
    except OSError as error:
        raise typer.BadParameter(f"{source}: {error.strerror}", param_hint="--jsonl") from None
    with stream:
        yield stream


@contextmanager
def _progress(source: str) -> Iterator[Callable[[int], None]]:
    """A bar on a terminal whose results go elsewhere; nothing in a pipe."""
    if not sys.stderr.isatty() or sys.stdout.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import Progress

    size = Path(source).stat().st_size if source != "-" else None
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("working", total=size)
        yield lambda place: bar.update(task, completed=place)
