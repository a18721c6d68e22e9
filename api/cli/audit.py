"""``replydesk audit``: prove and hand out what was done."""

from pathlib import Path
from typing import Annotated, Any

import typer

from api.cli import options
from api.cli.output import emit, json_line, say
from api.cli.times import instant
from api.cli.wiring import store_app

audit = typer.Typer(help="The audit trail: verify, export.", no_args_is_help=True)


@audit.command("verify")
def verify(as_json: options.Json = False) -> None:
    """Check the chain of all rows; exit 1 when it is broken."""
    from assistant.errors import AuditBroken

    with store_app() as app:
        try:
            rows = app.audit.verify()
        except AuditBroken as error:
            if as_json:
                emit({"ok": False, "rows": None, "error": str(error)})
            else:
                say(f"broken: {error}")
            raise typer.Exit(1) from None
    if as_json:
        emit({"ok": True, "rows": rows, "error": None})
    else:
        say(f"whole: {rows} rows")


@audit.command("export")
def export(
    since: Annotated[
        str | None, typer.Option("--since", help="From this time on (RFC 3339 or a day).")
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", help="Before this time (RFC 3339 or a day).")
    ] = None,
    days: Annotated[
        int | None, typer.Option("--days", min=1, help="The last so many days instead of --since.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="File to write; default standard output.")] = None,
    as_json: options.Json = False,  # noqa: ARG001  rows are JSON in any case
) -> None:
    """Write the rows as JSON lines, oldest first."""
    from datetime import UTC, datetime, timedelta

    start = datetime.now(UTC) - timedelta(days=days) if days else instant(since, "--since")
    end = instant(until, "--until")
    with store_app() as app:
        rows = app.audit.export(start, end)
        if out is None:
            for row in rows:
                emit(row)
        else:
            say(f"{_write(out, rows)} rows in {out}")


def _write(out: Path, rows: Any) -> int:
    number = 0
    try:
        with out.open("w", encoding="utf-8") as file:
            for number, row in enumerate(rows, 1):  # noqa: B007
                file.write(json_line(row) + "\n")
    except OSError as error:
        raise typer.BadParameter(f"{out}: {error.strerror}", param_hint="--out") from None
    return number
