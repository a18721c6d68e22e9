"""What the commands write: JSON for programs, tables for people, one clear line for errors."""

import json
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console


def json_line(value: Any) -> str:
    """One line of JSON. Half a surrogate pair, which UTF-8 cannot hold, makes the whole line ASCII."""
    line = json.dumps(value, ensure_ascii=False, separators=(", ", ": "))
    try:
        line.encode()
    except UnicodeEncodeError:
        return json.dumps(value)
    return line


def emit(value: Any) -> None:
    """Write one JSON line and hand it on at once: whoever reads a pipe gets results as they come."""
    sys.stdout.write(json_line(value) + "\n")
    sys.stdout.flush()


def say(text: str) -> None:
    """Write a line for people. Texts of buyers are never read as markup or escape sequences."""
    sys.stdout.write(printable(text) + "\n")


def complain(text: str) -> None:
    """Write the one line that says what went wrong."""
    line = " ".join(printable(text).split())
    sys.stderr.write(f"replydesk: {line}\n")


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a table."""
    from rich.box import SIMPLE
    from rich.table import Table
    from rich.text import Text

    shown = Table(title=title or None, title_justify="left", box=SIMPLE, pad_edge=False)
    for column in columns:
        shown.add_column(column, overflow="fold")
    for row in rows:
        shown.add_row(*(Text(printable(str(cell))) for cell in row))
    _console().print(shown)


def printable(text: str) -> str:
    """The text without control characters, which could steer a terminal; breaks and tabs stay."""
    return "".join(char for char in text if char in "\n\t" or char.isprintable() or char == "\u3000")


def first_words(text: str, width: int = 160) -> str:
    """The start of a text on one line, for a table; `--json` gives all of it."""
    line = " ".join(text.split())
    return line if len(line) <= width else line[: width - 1] + "…"


def _console() -> "Console":
    from rich.console import Console

    # in a pipe nothing is folded, so that lines can be searched
    return Console(width=None if sys.stdout.isatty() else 10_000)
