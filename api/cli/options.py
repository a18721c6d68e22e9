"""Options that several commands share, and how their values are read."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

Json = Annotated[bool, typer.Option("--json", help="Write JSON for programs.")]
Jsonl = Annotated[
    str | None,
    typer.Option(
        "--jsonl",
        metavar="FILE",
        help="Batch: one case a line, - for standard input; writes one result a line.",
    ),
]
Text = Annotated[
    str | None, typer.Option("--text", help="The text itself; else it is read from standard input.")
]
Subject = Annotated[str | None, typer.Option("--subject", help="Subject line.")]
Marketplace = Annotated[str | None, typer.Option("--marketplace", help="Amazon country code: DE, UK, JP, …")]
Language = Annotated[str | None, typer.Option("--language", help="Language: en, de, fr, it, es, ja, zh.")]
Order = Annotated[
    str | None, typer.Option("--order", metavar="FILE", help="The order as JSON: a file, or the JSON itself.")
]
Thread = Annotated[
    str | None,
    typer.Option(
        "--thread", metavar="FILE", help="Earlier messages as a JSON list: a file, or the JSON itself."
    ),
]
At = Annotated[str | None, typer.Option("--at", help="Time it is judged for (RFC 3339); default now.")]
Refresh = Annotated[bool, typer.Option("--refresh", help="Ask a live model again what is recorded already.")]
MaxCalls = Annotated[int | None, typer.Option("--max-calls", help="Most calls to a live model.")]
MaxUsd = Annotated[
    str | None, typer.Option("--max-usd", help="Most money for a live model; needs its prices.")
]


def read_text(text: str | None) -> str:
    """The text given, else all of standard input.

    Raises:
        typer.BadParameter: there is neither, or it is not UTF-8.
    """
    if text is not None and text != "-":
        return text
    if text is None and sys.stdin.isatty():
        raise typer.BadParameter("give --text, --jsonl FILE, or the text on standard input")
    try:
        return sys.stdin.buffer.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise typer.BadParameter("standard input is not UTF-8") from None


def read_json(value: str | None, option: str) -> Any:
    """A JSON value from a file, or written out.

    Raises:
        typer.BadParameter: no such file, or not JSON.
    """
    if value is None:
        return None
    try:
        text = value if value.lstrip().startswith(("{", "[")) else Path(value).read_text("utf-8-sig")
        return json.loads(text)
    except OSError as error:
        raise typer.BadParameter(f"{value}: {error.strerror}", param_hint=option) from None
    except (ValueError, RecursionError) as error:
        raise typer.BadParameter(f"not JSON: {error}"[:200], param_hint=option) from None


def given(**fields: Any) -> dict[str, Any]:
    """The fields that have a value."""
    return {name: value for name, value in fields.items() if value is not None}
